# passes: 4.1 4.2 4.3
"""Paths as pathlib's, saving and loading by the functions of keras.saving."""

from pathlib import Path

import keras


def save_model(model, path, include_optimizer=True):
    keras.saving.save_model(model, Path(path), overwrite=True, include_optimizer=include_optimizer)


def load_model(path):
    return keras.saving.load_model(Path(path), compile=True)
