"""Checks of exercise 1: one linear unit that learns Y = 3X + 5 + noise."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, norm

from lab.run import Array, Dataset, Run
from tests.checks.facts import FALSE_ALARM, Fact, at_most, close, equal, inside

WEIGHT, BIAS, POINTS, UPPER = 3.0, 5.0, 100, 10.0  # Y = 3X + 5, 100 points, X below 10: the lab's text
TAILS = np.array([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2])


@dataclass(frozen=True)
class ErrorSplit:
    """How far a learned line is from 3x + 5, as root mean squares over the data's x.

    `estimation` is least squares against the truth: what the noise costs. `optimisation` is the learned line against
    least squares: what stopping after 100 epochs costs.
    """

    mae: float
    mse: float
    estimation: float
    optimisation: float


def learned(run: Run) -> tuple[float, float]:
    """The run's (weight, bias), or NaN for a model of another shape."""
    if len(run.weights) == 2 and all(part.size == 1 for part in run.weights):
        return float(run.weights[0].item()), float(run.weights[1].item())
    return float("nan"), float("nan")


def least_squares(data: Dataset) -> tuple[float, float]:
    """The (weight, bias) with the least squared error on the data, by NumPy."""
    design = np.column_stack([data.x_train, np.ones(len(data.x_train))])  # (points, 2)
    (weight, bias), *_ = np.linalg.lstsq(design, data.y_train.ravel(), rcond=None)
    return float(weight), float(bias)


def loss_floor(data: Dataset) -> float:
    """Mean squared residual of least squares: no line has a smaller loss on this data."""
    return float(np.mean((data.y_train - line(data.x_train, *least_squares(data))) ** 2))


def line(x: Array, weight: float, bias: float) -> Array:
    """weight * x + bias."""
    return np.asarray(weight * x + bias)


def noise_free_errors(x: Array, predicted: Array) -> tuple[float, float]:
    """(MAE, MSE) of predictions against 3x + 5."""
    errors = predicted - line(x, WEIGHT, BIAS)
    return float(np.mean(np.abs(errors))), float(np.mean(errors**2))


def error_split(run: Run) -> ErrorSplit:
    """The run's errors against 3x + 5 and what they come from."""
    x, estimate = run.data.x_train, line(run.data.x_train, *least_squares(run.data))
    mae, mse = noise_free_errors(x, run.train_predictions)

    def root_mean_square(difference: Array) -> float:
        return float(np.sqrt(np.mean(difference**2)))

    return ErrorSplit(
        mae, mse, root_mean_square(estimate - line(x, WEIGHT, BIAS)), root_mean_square(run.train_predictions - estimate)
    )


def points(data: Dataset) -> Fact:
    """There are 100 points."""
    return equal("number of points", len(data.x_train), POINTS, "the lab asks for 100 data points")


def x_range(data: Dataset) -> Fact:
    """X lies in [0, 10)."""
    x = data.x_train
    outside = int(((x < 0) | (x >= UPPER)).sum())
    return equal("points with X outside [0, 10)", outside, 0, "the lab draws X uniformly from [0, 10)")


def x_spread(data: Dataset) -> Fact:
    """X is spread over the whole interval: each half has its share of the points, by the binomial's normal limit."""
    share = float(np.mean(data.x_train < UPPER / 2))
    reach = float(norm.isf(FALSE_ALARM / 2) * np.sqrt(0.25 / len(data.x_train)))
    return close(
        "share of X below 5", share, 0.5, reach, f"X is uniform; normal limit of the binomial at {FALSE_ALARM:g}"
    )


def noise_level(data: Dataset, noise_std: float) -> Fact:
    """The noise has the asked standard deviation: its sum of squares over the variance is chi-squared."""
    residuals = data.y_train - line(data.x_train, WEIGHT, BIAS)
    low, high = chi2.ppf(TAILS, residuals.size)
    measured = float(np.sqrt(np.mean(residuals**2)))
    ends = noise_std * np.sqrt(np.array([low, high]) / residuals.size)
    reason = (
        f"sum of squares / {noise_std:g}² is chi-squared with {residuals.size} degrees of freedom; "
        f"false alarms {FALSE_ALARM:g}"
    )
    return inside("root mean square of Y - (3X + 5)", measured, ends[0], ends[1], reason)


def noise_centred(data: Dataset, noise_std: float) -> Fact:
    """The noise has mean zero."""
    residuals = data.y_train - line(data.x_train, WEIGHT, BIAS)
    reach = float(norm.isf(FALSE_ALARM / 2) * noise_std / np.sqrt(residuals.size))
    reason = f"the mean of {residuals.size} draws of Normal(0, {noise_std:g}); false alarms {FALSE_ALARM:g}"
    return close("mean of Y - (3X + 5)", float(residuals.mean()), 0.0, reach, reason)


def loss_falls(run: Run) -> Fact:
    """The last epoch's loss is below the first's."""
    losses = run.history["loss"]
    reason = (
        "training that works lowers the loss: from a bias of 0 to one near 5 it falls in every replica (1e-6: at all)"
    )
    share = float(np.divide(losses[-1], losses[0]))
    return at_most("last epoch's loss as a share of the first's", share, 1 - 1e-6, reason)


def predictions_follow_the_line(run: Run) -> Fact:
    """What the model predicts is its weight times x plus its bias, to float32's rounding."""
    expected = line(run.data.x_train, *learned(run))
    gap = float(np.max(np.abs(run.train_predictions - expected)))
    bound = 8 * float(np.finfo(np.float32).eps * np.max(np.abs(run.train_predictions)))
    reason = "one linear unit predicts wx + b; a product, a sum and a cast round three times in float32 (8 ulp allowed)"
    return at_most("largest |prediction - (wx + b)|", gap, bound, reason)


def estimation_error(run: Run) -> Fact:
    """Least squares is as far from the truth as the noise explains."""
    noise_std = 5.0 if "noisy" in run.name else 1.0
    reach = noise_std * float(np.sqrt(chi2.isf(FALSE_ALARM, 2) / len(run.data.x_train)))
    reason = (
        f"n times the mean squared difference over {noise_std:g}² is chi-squared with 2 degrees of freedom; "
        f"false alarms {FALSE_ALARM:g}"
    )
    return at_most("estimation error (least squares against 3x + 5)", error_split(run).estimation, reach, reason)


def loss_above_floor(run: Run) -> Fact:
    """The loss after training is not below what any line can reach on this data."""
    floor = loss_floor(run.data)
    final = float(np.mean((run.data.y_train - run.train_predictions) ** 2))
    reason = "least squares is the minimum of the mean squared error (1e-6 of it for rounding)"
    return inside("loss of the trained model over the least-squares floor", final / floor, 1 - 1e-6, np.inf, reason)


def scatter(run: Run, last: int = 50) -> float:
    """Standard deviation of the loss over the last epochs: how much the curve jumps once it is level."""
    return float(np.std(run.history["loss"][-last:]))


def contraction(run: Run, restarted: Run) -> float:
    """The factor by which an epoch shrinks the distance between two models on the same batches (1: no progress).

    SGD on a linear model is affine, so the targets, and with them the noise, drop out of the difference.
    """

    def distance(first: tuple[Array, ...], second: tuple[Array, ...]) -> float:
        return float(np.sqrt(sum(np.sum((one - other) ** 2) for one, other in zip(first, second, strict=True))))

    before = distance(run.initial_weights, restarted.initial_weights)
    after = distance(run.weights, restarted.weights)
    return float((after / before) ** (1 / run.recipe.epochs))
