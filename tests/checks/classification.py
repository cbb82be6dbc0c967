"""What a classifier's outputs say: accuracy and its interval, loss, gap, comparison image by image."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import binomtest, fisher_exact

from lab.run import Array, Run
from tests.checks.facts import FALSE_ALARM, Fact, at_least

EPSILON = 1e-7  # Keras clips probabilities to [1e-7, 1 - 1e-7] before it takes the logarithm,
UNCLIPPED = 1e-38  # unless it knows the logits that they were made of: then float32's smallest number is the limit

Z = float(ndtri(0.975))  # of the normal distribution: 95 % lie within


@dataclass(frozen=True)
class Proportion:
    """`hits` of `trials`, with the ends of Wilson's 95 % interval."""

    hits: int
    trials: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """hits / trials."""
        return self.hits / self.trials


@dataclass(frozen=True)
class PairedComparison:
    """Two classifiers on the same samples: how many only one of them gets right.

    `difference` is the second's share of hits minus the first's; `low` and `high` end Newcombe's 95 % interval of it.
    """

    only_first: int
    only_second: int
    difference: float
    low: float
    high: float

    @property
    def p_value(self) -> float:
        """McNemar's exact test: among samples on which the two differ, either is right half of the time (binomial)."""
        differing = self.only_first + self.only_second
        return float(binomtest(self.only_first, differing).pvalue) if differing else 1.0


def hits(outputs: Array, targets: Array) -> NDArray[np.bool_]:
    """Which samples are classified right; both (n, classes), targets one-hot. Outputs with NaN are never right."""
    right = np.argmax(outputs, axis=1) == np.argmax(targets, axis=1)
    return np.asarray(right & np.isfinite(outputs).all(axis=1))


def proportion(right: NDArray[np.bool_]) -> Proportion:
    """The share of hits with Wilson's score interval at 95 % (E. B. Wilson, 1927).

    SciPy's, to the last bit, but SciPy tests a hypothesis as well, which takes fifty times as long.
    """
    count, trials = int(right.sum()), len(right)
    share, weight = count / trials, 2 * (trials + Z**2)
    centre = (2 * trials * share + Z**2) / weight
    reach = Z / weight * math.sqrt(4 * trials * share * (1 - share) + Z**2)
    low, high = centre - reach if count else 0.0, centre + reach if count < trials else 1.0
    return Proportion(count, trials, low, high)


def accuracy_on_test(run: Run) -> Proportion:
    """Share of the test part that the run classifies right."""
    return proportion(hits(run.test_predictions, run.data.y_test))


def trained_samples(run: Run) -> int:
    """How many of the training part were trained on: all but the share held out for validation."""
    return int(len(run.data.x_train) * (1 - run.recipe.validation_split))


def training_accuracy(run: Run) -> float:
    """Share of the samples trained on that the trained model classifies right (dropout off)."""
    count = trained_samples(run)
    return float(hits(run.train_predictions[:count], run.data.y_train[:count]).mean())


def validation_accuracy(run: Run) -> float:
    """Share of the samples held out that the trained model classifies right; NaN if there are none."""
    right = hits(run.train_predictions, run.data.y_train)[trained_samples(run) :]
    return float(right.mean()) if right.size else float("nan")


def generalises(run: Run) -> Fact:
    """The test part is classified as well as the training part, but for the luck of who is in which.

    Fisher's exact test, one-sided, by SciPy. A threshold on the accuracy would be either unfair or empty: correct
    trainings of these small networks reach anything from 31 % to 91 % of 45 flowers, depending on the split.
    """
    tested = hits(run.test_predictions, run.data.y_test)
    trained = hits(run.train_predictions, run.data.y_train)
    table = np.array([[part.sum(), (~part).sum()] for part in (tested, trained)])
    p_value = float(fisher_exact(table, alternative="less").pvalue)
    reason = (
        f"{table[0][0]} of {len(tested)} test samples and {table[1][0]} of {len(trained)} training samples are right; "
        f"Fisher's exact test, false alarms {FALSE_ALARM:g}"
    )
    return at_least(
        "p-value of the test part being classified as well as the training part", p_value, FALSE_ALARM, reason
    )


def generalisation_gap(run: Run) -> float:
    """Training accuracy minus test accuracy, both of the trained model with dropout off."""
    return training_accuracy(run) - accuracy_on_test(run).share


def cross_entropy(outputs: Array, targets: Array, epsilon: float = EPSILON) -> float:
    """Mean categorical cross-entropy of probabilities (n, classes) against one-hot targets, in nats."""
    probabilities = np.clip(outputs.astype(np.float64), epsilon, 1 - epsilon)
    return float(-np.mean(np.sum(targets * np.log(probabilities), axis=1)))


def training_loss(run: Run) -> float:
    """Cross-entropy of the trained model on the samples that it was trained on."""
    count = trained_samples(run)
    return cross_entropy(run.train_predictions[:count], run.data.y_train[:count])


def paired(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> PairedComparison:
    """Compare two classifiers by who is right on each of the same samples."""
    only_first, only_second = int((first & ~second).sum()), int((~first & second).sum())
    return PairedComparison(only_first, only_second, *_newcombe(first, second))


def _newcombe(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> tuple[float, float, float]:
    """The second's share minus the first's, and the ends of its 95 % interval (R. G. Newcombe 1998, method 10).

    It joins Wilson's intervals of both shares by the correlation of the pairs. SciPy has the former, but not this.
    """
    one, other = proportion(first), proportion(second)
    both, neither = int((first & second).sum()), int((~first & ~second).sum())
    apart: float = both * neither - int((first & ~second).sum()) * int((~first & second).sum())
    if apart > 0:
        apart = max(apart - len(first) / 2, 0)  # Newcombe's correction for continuity
    spread = one.hits * (one.trials - one.hits) * other.hits * (other.trials - other.hits)
    correlation = apart / np.sqrt(float(spread)) if spread else 0.0
    difference = other.share - one.share

    def reach(ours: float, theirs: float) -> float:
        return float(np.sqrt(ours**2 - 2 * correlation * ours * theirs + theirs**2))

    low = difference - reach(other.share - other.low, one.high - one.share)
    return difference, low, difference + reach(other.high - other.share, one.share - one.low)


def confusion_matrix(run: Run) -> NDArray[np.int64]:
    """Counts of test samples, rows the true class and columns the predicted one: (classes, classes)."""
    classes = run.data.y_test.shape[1]
    matrix = np.zeros((classes, classes), np.int64)
    np.add.at(matrix, (np.argmax(run.data.y_test, axis=1), np.argmax(run.test_predictions, axis=1)), 1)
    return matrix


def most_confused(matrix: NDArray[np.int64]) -> tuple[int, int, int]:
    """The pair (true class, taken for, how often) with the most errors."""
    errors = matrix - np.diag(np.diag(matrix))
    true, taken_for = np.unravel_index(np.argmax(errors), errors.shape)
    return int(true), int(taken_for), int(errors[true, taken_for])
