"""The lab's solution: the functions that a subject may replace.

Importing this package imports no TensorFlow: each name is looked up in its module when it is first used.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "line_data": "datasets",
    "iris_data": "datasets",
    "mnist_data": "datasets",
    "linear_regressor": "models",
    "iris_classifier": "models",
    "mnist_classifier": "models",
    "RECIPES": "recipes",
    "train": "training",
    "save_model": "persistence",
    "load_model": "persistence",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'lab' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"lab.{_HOMES[name]}"), name)
