"""Saving a model to one file, `.keras` or `.h5`, and loading it again."""

from os import PathLike

import keras


def save_model(model: keras.Model, path: str | PathLike[str], include_optimizer: bool = True) -> None:
    """Write `model` to `path`; its ending, `.keras` or `.h5`, chooses the format."""
    model.save(path, include_optimizer=include_optimizer)


def load_model(path: str | PathLike[str]) -> keras.Model:
    """Read a model that `save_model` wrote."""
    return keras.models.load_model(path)
