"""Where exercise 1 ends when it is trained correctly: a cloud of (weight, bias) for each way of shuffling.

The squared Mahalanobis distance of a normal cloud in two dimensions is chi-squared with 2 degrees of freedom, which is
the exponential distribution of mean 2: its one-in-a-million point is 27.63. These clouds are not normal, because the
last batch of four moves the line far; depending on the data the true point is 22 to 37. So the bound keeps the
exponential tail and measures its mean: peaks over a threshold (Pickands 1975) with the generalised Pareto shape at 0,
where larger samples put it or below, which errs on the side of accepting.
"""

from dataclasses import dataclass

import numpy as np

from lab.recipes import Recipe
from tests.reference.oracle import Floats
from tests.reference.replicas import SHUFFLINGS, linear_replicas

REPLICAS = 4096  # the tail's mean excess is then known to 7 %
FALSE_ALARM_RATE = 1e-6  # how often a correct training may lie beyond a bound
TAIL = 0.05  # the share of the replicas that the tail is measured on


@dataclass(frozen=True)
class Cloud:
    """Correct trainings under one way of shuffling.

    `mean` (2,) and `covariance` (2, 2) of (weight, bias); the bound of the squared Mahalanobis distance; the mean of
    the last epoch's reported loss, and its bounds (low, high).
    """

    mean: Floats
    covariance: Floats
    distance_bound: float
    loss_mean: float
    loss_bounds: tuple[float, float]

    def mahalanobis_squared(self, weight: float, bias: float) -> float:
        """The squared distance of a line from the cloud's centre, in units of the cloud's spread."""
        return float(squared_distances(np.array([[weight, bias]]), self.mean, self.covariance)[0])


@dataclass(frozen=True)
class LinearReference:
    """The cloud of each way of shuffling. A training is right if it belongs to one of them."""

    reshuffled: Cloud
    repeated: Cloud

    def cloud(self, shuffling: str) -> Cloud:
        """The cloud of one way of shuffling."""
        if shuffling not in SHUFFLINGS:
            raise ValueError(f"shuffling is {shuffling!r}; it should be {' or '.join(SHUFFLINGS)}")
        return self.reshuffled if shuffling == "reshuffled" else self.repeated

    def mahalanobis_squared(self, weight: float, bias: float, shuffling: str) -> float:
        """The squared distance of a line from the cloud of `shuffling`."""
        return self.cloud(shuffling).mahalanobis_squared(weight, bias)

    def nearest(self, weight: float, bias: float) -> tuple[str, float, float]:
        """The shuffling whose cloud is nearer in terms of its own bound, the squared distance, and that bound."""
        measured = [
            (name, self.mahalanobis_squared(weight, bias, name), self.cloud(name).distance_bound) for name in SHUFFLINGS
        ]
        return min(measured, key=lambda entry: entry[1] / entry[2])


def squared_distances(lines: Floats, mean: Floats, covariance: Floats) -> Floats:
    """The squared Mahalanobis distance of each of `lines` (n, 2): (n,)."""
    apart = lines - mean
    return np.asarray((apart * np.linalg.solve(covariance, apart.T).T).sum(axis=1))


def tail_bound(values: Floats, rate: float = FALSE_ALARM_RATE) -> float:
    """What a further value exceeds with probability `rate`, if the tail of `values` (n,) is exponential.

    Beyond the threshold u that a share of TAIL exceeds, P(value > u + t) = TAIL exp(-t / mean excess). Two standard
    errors are added to the mean excess, so that a small sample errs on the side of accepting.
    """
    threshold = np.quantile(values, 1 - TAIL)
    excesses = values[values > threshold] - threshold
    mean_excess = excesses.mean() * (1 + 2 / np.sqrt(excesses.size))
    return float(threshold + mean_excess * np.log(TAIL / rate))


def cloud_of(lines: Floats, losses: Floats) -> Cloud:
    """The cloud of replicas: `lines` (replicas, 2), `losses` (replicas,)."""
    mean, covariance = lines.mean(axis=0), np.cov(lines.T)
    bound = tail_bound(squared_distances(lines, mean, covariance))
    return Cloud(mean, covariance, bound, float(losses.mean()), (-tail_bound(-losses), tail_bound(losses)))


def linear_reference(x: Floats, y: Floats, recipe: Recipe) -> LinearReference:
    """The clouds of correct trainings on `x` and `y`, each (n, 1), by `recipe`. Takes one to two seconds."""
    return LinearReference(
        **{name: cloud_of(*linear_replicas(x, y, recipe, REPLICAS, name, seed=0)) for name in SHUFFLINGS}
    )
