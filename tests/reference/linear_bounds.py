"""Exercise 1 held against replicas: how far from 3x + 5 a correct training may end, on the subject's own data."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from lab.recipes import RECIPES
from lab.run import Array, Run
from tests.checks.facts import Fact, at_most, equal, inside
from tests.checks.linear import contraction, error_split, learned, least_squares, line, noise_free_errors
from tests.reference.linear_reference import (
    DISTANCE_BOUND,
    FALSE_ALARM_RATE,
    REPLICAS,
    LinearReference,
    linear_reference,
)
from tests.reference.replicas import SHUFFLINGS, two_start_contraction

# The lab asks for this training, whatever the subject's recipe says.
RECIPE = RECIPES["linear"]
EVIDENCE = f"{REPLICAS:,} NumPy trainings on the same data under each shuffling; false alarms {FALSE_ALARM_RATE:g}"


def reference(run: Run) -> LinearReference:
    """Where correct trainings on the run's own data end."""
    return reference_on(run.data.x_train, run.data.y_train, run.loss_weighs_samples)


def reference_on(x: Array, y: Array, loss_weighs_samples: bool = True) -> LinearReference:
    """Where correct trainings on x and y, each (n, 1), end; calculated once for the same data."""
    return _reference(x.astype(np.float64).tobytes(), y.astype(np.float64).tobytes(), loss_weighs_samples)


@lru_cache(maxsize=8)
def _reference(x: bytes, y: bytes, loss_weighs_samples: bool) -> LinearReference:
    inputs, targets = (np.frombuffer(part).reshape(-1, 1) for part in (x, y))
    return linear_reference(inputs, targets, RECIPE, loss_weighs_samples)


def weight_and_bias(run: Run, shufflings: Sequence[str] = SHUFFLINGS) -> Fact:
    """The learned (weight, bias) belongs to the cloud of one of the shufflings, those that the training may have."""
    weight, bias = learned(run)
    if not np.isfinite([weight, bias]).all():
        return equal("learned weight and bias", [weight, bias], "two finite numbers", "the model is one linear unit")
    distances = {name: reference(run).mahalanobis_squared(weight, bias, name) for name in shufflings}
    shuffling = min(distances, key=distances.__getitem__)
    cloud = reference(run).cloud(shuffling)
    spread = np.sqrt(np.diag(cloud.covariance))
    reason = (
        f"squared Mahalanobis distance of (w {weight:.4f}, b {bias:.4f}) from correct trainings with a {shuffling} "
        f"order, w {cloud.mean[0]:.3f} ± {spread[0]:.3f}, b {cloud.mean[1]:.3f} ± {spread[1]:.3f}: {EVIDENCE}"
    )
    return at_most(
        "distance of the learned weight and bias from correct trainings", distances[shuffling], DISTANCE_BOUND, reason
    )


def mean_absolute_error(run: Run, shufflings: Sequence[str] = SHUFFLINGS) -> Fact:
    """MAE against 3x + 5 is at most the largest that an accepted line has."""
    worst = max(noise_free_errors(run.data.x_train, predicted)[0] for predicted in accepted_lines(run, shufflings))
    return at_most("MAE against 3X + 5", error_split(run).mae, worst, f"the worst line that is accepted: {EVIDENCE}")


def mean_squared_error(run: Run, shufflings: Sequence[str] = SHUFFLINGS) -> Fact:
    """MSE against 3x + 5 is at most the largest that an accepted line has."""
    worst = max(noise_free_errors(run.data.x_train, predicted)[1] for predicted in accepted_lines(run, shufflings))
    return at_most("MSE against 3X + 5", error_split(run).mse, worst, f"the worst line that is accepted: {EVIDENCE}")


def optimisation_error(run: Run, shufflings: Sequence[str] = SHUFFLINGS) -> Fact:
    """The distance from least squares is at most the largest that an accepted line has."""
    estimate = line(run.data.x_train, *least_squares(run.data))
    worst = max(float(np.sqrt(np.mean((predicted - estimate) ** 2))) for predicted in accepted_lines(run, shufflings))
    reason = f"100 epochs stop short of least squares; the worst line that is accepted: {EVIDENCE}"
    return at_most("optimisation error (learned against least squares)", error_split(run).optimisation, worst, reason)


def accepted_lines(run: Run, shufflings: Sequence[str]) -> list[Array]:
    """Predictions of the lines on the rim of what `weight_and_bias` accepts.

    Errors are convex in weight and bias, so the worst accepted line is there.
    """
    angles = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    lines = []
    for shuffling in shufflings:
        cloud = reference(run).cloud(shuffling)
        circle = np.sqrt(DISTANCE_BOUND) * np.stack([np.cos(angles), np.sin(angles)])  # (2, 720)
        rim = cloud.mean[:, None] + np.linalg.cholesky(cloud.covariance) @ circle
        lines += [line(run.data.x_train, weight, bias) for weight, bias in rim.T]
    return lines


def final_loss(run: Run, shufflings: Sequence[str] = SHUFFLINGS) -> Fact:
    """The last epoch's loss, as training reports it, lies where correct trainings end."""
    bounds = [reference(run).cloud(shuffling).loss_bounds() for shuffling in shufflings]
    low, high = min(low for low, _ in bounds), max(high for _, high in bounds)
    return inside(
        "loss of the last epoch", run.history["loss"][-1], low, high, f"range of correct trainings: {EVIDENCE}"
    )


def rate_of_convergence(run: Run, restarted: Run) -> Fact:
    """An epoch shrinks the distance between two starts by a factor that X and the learning rate fix, not the noise."""
    factors = np.concatenate(
        [two_start_contraction(run.data.x_train, RECIPE, REPLICAS, shuffling, seed=0) for shuffling in SHUFFLINGS]
    )
    spread = factors.max() - factors.min()  # the extremes of 8,192, widened by their whole range on either side
    reason = (
        "the noise drops out of the difference of two models on the same batches: the factor depends on X and the "
        f"learning rate alone; range of {len(factors):,} NumPy trainings, widened by itself on either side"
    )
    low, high = float(factors.min() - spread), float(factors.max() + spread)
    return inside("factor by which an epoch shrinks the distance", contraction(run, restarted), low, high, reason)
