"""Saving a model to one file, `.keras` or `.h5`, and loading it again."""

from os import PathLike

import keras


def save_model(model: keras.Model, path: str | PathLike[str], include_optimizer: bool = True) -> None:
    """Write `model` to `path`; its ending, `.keras` or `.h5`, chooses the format.

    Only `.h5` can leave out the optimizer: Keras 2 then refuses to write `.keras`, and Keras 3 keeps the optimizer.
    """
    options = {} if include_optimizer else {"include_optimizer": False}  # Keras 2 refuses `.keras` with the option
    model.save(path, **options)


def load_model(path: str | PathLike[str]) -> keras.Model:
    """Read a model that `save_model` wrote."""
    return keras.models.load_model(path)
