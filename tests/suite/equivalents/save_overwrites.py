# passes: 4.1 4.2 4.3
"""A saver that makes its folder and takes an older file away first."""

import os

import tensorflow as tf


def save_model(model, path, include_optimizer=True):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)  # noqa: PTH103, PTH120
    if os.path.exists(path):  # noqa: PTH110
        os.remove(path)  # noqa: PTH107
    tf.keras.models.save_model(model, path, include_optimizer=include_optimizer)


def load_model(path):
    return tf.keras.models.load_model(path)
