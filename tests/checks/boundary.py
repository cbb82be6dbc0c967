"""The decision boundary of an Iris classifier, on the original notebook's grid."""

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_iris

STEP = 0.02  # cm, as in the original notebook
MARGIN = 1.0  # cm beyond the smallest and largest flower, as there


def decision_axes() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sepal lengths (280,) and sepal widths (220,) of the grid's columns and rows, in cm."""
    features = load_iris().data[:, :2]
    low, high = features.min(axis=0) - MARGIN, features.max(axis=0) + MARGIN
    return np.arange(low[0], high[0], STEP), np.arange(low[1], high[1], STEP)


def decision_grid() -> NDArray[np.float64]:
    """The grid's 61,600 points in cm, (61600, 2), row by row."""
    lengths, widths = np.meshgrid(*decision_axes())
    return np.column_stack([lengths.ravel(), widths.ravel()])


def boundary_length(classes: NDArray[np.integer]) -> float:
    """Length in cm of the line between cells of different class; `classes` is (220, 280).

    Each pair of neighbouring cells that differ has an edge of one step between them, so an oblique line counts as the
    staircase that follows it: up to sqrt(2) times its Euclidean length, the same for every model that is compared.
    """
    across = np.count_nonzero(classes[:, 1:] != classes[:, :-1])
    down = np.count_nonzero(classes[1:] != classes[:-1])
    return float(STEP * (across + down))
