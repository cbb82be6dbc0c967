"""The subject's data as plain arrays, held to the contract's shapes."""

from typing import Any

import numpy as np
from sklearn.datasets import load_iris

import lab
from lab.alignment import aligned_copy
from lab.run import Array, Dataset
from tests.checks.boundary import decision_grid
from tests.submissions.contract import SubjectError
from tests.submissions.subject import Subject

NOISE = {"linear": 1.0, "linear_noisy": 5.0}  # standard deviations that the lab asks for


def line_dataset(subject: Subject, noise_std: float, seed: int) -> Dataset:
    """Exercise 1's points to train on; nothing is held out, so the test part is empty."""
    x, y = _arrays("line_data", subject.call("line_data", noise_std=noise_std, seed=seed), [(None, 1)] * 2)
    return Dataset(x, y, x[:0], y[:0])


def iris_dataset(subject: Subject, seed: int) -> Dataset:
    """Exercise 2's flowers."""
    shapes = [(None, 2), (None, 3)] * 2
    return Dataset(*_arrays("iris_data", subject.call("iris_data", seed=seed), shapes))


def mnist_dataset(subject: Subject, raw: tuple[Array, ...]) -> Dataset:
    """Exercises 3 and 4's images; the subject gets copies, so that it cannot change the suite's own."""
    copies = tuple(part.copy() for part in raw)
    shapes = [(len(raw[0]), 784), (len(raw[0]), 10), (len(raw[2]), 784), (len(raw[2]), 10)]
    return Dataset(*_arrays("mnist_data", subject.call("mnist_data", copies), shapes))


def lab_images(raw: tuple[Array, ...]) -> Dataset:
    """What `mnist_dataset` is for the lab itself, which needs no watching: in half the time, and in any thread."""
    return Dataset(*lab.mnist_data(raw))


def scaled_grid(data: Dataset) -> Array:
    """The decision grid (61600, 2) in the subject's own units.

    Scaling is affine, so each feature's smallest and largest flower tell it; the split does not matter.
    """
    scaled, raw = np.concatenate([data.x_train, data.x_test]), load_iris().data[:, :2]
    factor = np.ptp(scaled, axis=0) / np.ptp(raw, axis=0)
    return np.asarray((decision_grid() - raw.min(axis=0)) * factor + scaled.min(axis=0))


def _arrays(name: str, returned: Any, shapes: list[Any]) -> list[Array]:
    """`returned` as plain float arrays of the given shapes (None: any length, but the same for a pair)."""
    try:
        arrays = [np.asarray(part) for part in returned]
        # Booleans, and objects that are numbers, become floats; text and ragged lists do not.
        types = [part.dtype if np.issubdtype(part.dtype, np.number) else np.dtype(float) for part in arrays]
        # Copies, and no subclasses: they are the suite's from here on.
        arrays = [aligned_copy(part, dtype) for part, dtype in zip(arrays, types, strict=True)]
    except (TypeError, ValueError):
        raise SubjectError(
            f"{name} returned a {type(returned).__name__} that does not convert to {len(shapes)} arrays"
        ) from None
    if len(arrays) != len(shapes):
        raise SubjectError(f"{name} returned {len(arrays)} arrays; the contract needs {len(shapes)}")
    for array, shape in zip(arrays, shapes, strict=True):
        if array.ndim != 2 or array.shape[1] != shape[1] or (shape[0] not in (None, len(array))):
            found = ", ".join(str(part.shape) for part in arrays)
            wanted = ", ".join(f"({'n' if rows is None else rows}, {columns})" for rows, columns in shapes)
            raise SubjectError(f"{name} returned arrays of shapes {found}; the contract needs {wanted}")
        if not len(array):
            raise SubjectError(f"{name} returned an empty array, of shape {array.shape}")
        if np.iscomplexobj(array) or not np.isfinite(array).all():
            raise SubjectError(f"{name} returned values that are not finite numbers (dtype {array.dtype})")
    if any(len(features) != len(targets) for features, targets in zip(arrays[::2], arrays[1::2], strict=True)):
        raise SubjectError(
            f"{name} returned features and targets of different lengths: {[len(part) for part in arrays]}"
        )
    return arrays
