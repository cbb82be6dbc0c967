"""Checks of exercise 2: three kinds of iris by two features, and the decision boundary."""

import numpy as np
from sklearn.datasets import load_iris

from lab.run import Dataset, Run
from tests.checks.boundary import boundary_length, decision_axes
from tests.checks.facts import Fact, at_most, equal

FEATURES = ("sepal length", "sepal width")


def split_sizes(data: Dataset) -> Fact:
    """105 flowers to train on and 45 to test on."""
    measured = [len(data.x_train), len(data.x_test)]
    return equal("flowers to train on and to test on", measured, [105, 45], "the lab tests on 30 % of 150 flowers")


def all_flowers_once(data: Dataset) -> Fact:
    """Both parts together are the 150 flowers, each with its own label, and none twice."""
    iris = load_iris()
    flowers = _rows(iris.data[:, :2], iris.target)
    measured = _rows(unscaled(data), np.argmax(np.concatenate([data.y_train, data.y_test]), axis=1))
    same = int((flowers == measured).all(axis=1).sum()) if flowers.shape == measured.shape else 0
    return equal(
        "flowers with the right features and label",
        same,
        150,
        "the data are Iris's first two features, each flower in one part only",
    )


def scaled_on_training_part(data: Dataset) -> Fact:
    """The training part has mean 0 and standard deviation 1, so the scaler saw nothing else."""
    count = len(data.x_train)
    divisors = (1.0, float(np.sqrt(1 - 1 / count)))  # scikit-learn divides by n, pandas by n - 1
    mean, deviation = data.x_train.mean(axis=0), data.x_train.std(axis=0)
    off = min(float(np.max(np.abs([mean, deviation - divisor]))) for divisor in divisors)
    reason = (
        "standardising on the training part leaves rounding alone (float32: 1e-6), with n or n - 1 in the standard "
        "deviation; on all 150 flowers it leaves 0.009 or more"
    )
    return at_most("largest deviation of the training part from mean 0 and standard deviation 1", off, 1e-5, reason)


def unscaled(data: Dataset) -> np.ndarray:
    """All features in cm: scaling is affine, so the smallest and largest flower tell it."""
    scaled, raw = np.concatenate([data.x_train, data.x_test]), load_iris().data[:, :2]
    factor = np.ptp(raw, axis=0) / np.ptp(scaled, axis=0)
    return np.asarray((scaled - scaled.min(axis=0)) * factor + raw.min(axis=0))


def run_boundary_length(run: Run) -> float:
    """Length of the run's decision boundary in cm, on the original notebook's 61,600 points."""
    if run.grid_predictions is None:
        return float("nan")
    lengths, widths = decision_axes()
    return boundary_length(np.argmax(run.grid_predictions, axis=1).reshape(len(widths), len(lengths)))


def _rows(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Sorted rows of features in whole millimetres and the label, to compare as a multiset."""
    rows = np.column_stack([np.rint(features * 10), labels]).astype(int)
    return rows[np.lexsort(rows.T)]
