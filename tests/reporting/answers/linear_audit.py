"""What the original notebook published on questions 1.1 and 1.2, judged on its own data."""

from collections.abc import Mapping

import numpy as np
from scipy import stats

from lab.run import Array, Dataset
from tests.checks import linear
from tests.reference.audit import RATE, exact, p_text
from tests.reference.linear_bounds import reference_on
from tests.reference.linear_reference import LinearReference
from tests.reference.published import NOTEBOOK_SEED, figure
from tests.reference.replicas import SHUFFLINGS
from tests.reference.verdicts import Judgement
from tests.reporting.answers.answer import Runs

ROUNDING = np.array([-0.5e-4, 0.5e-4])  # of a figure printed with four decimals
ORDERS = (
    "from trainings that repeat one order of the samples, as a seeded Keras 3 does, and {reshuffled:.1f} from "
    "trainings that shuffle anew in every epoch; 99 % lie within {within:.1f}"
)


def notebook_data() -> tuple[Array, Array, Array]:
    """The notebook's x, and its y at noise 1 and 5, each (100, 1): three draws of one stream."""
    draws = np.random.RandomState(NOTEBOOK_SEED)
    x = draws.rand(100, 1) * 10
    line = linear.line(x, linear.WEIGHT, linear.BIAS)
    return x, line + draws.normal(0, 1, (100, 1)), line + draws.normal(0, 5, (100, 1))


def line_claims(runs: Runs) -> Mapping[str, Judgement]:
    """1.1: the weight, the bias, and both as one line."""
    x, y, _ = notebook_data()
    reference = reference_on(x, y)
    weight, bias = figure("1.1-weight"), figure("1.1-bias")
    return {**coordinates(reference, "1.1", weight, bias), "1.1-line": line(reference, weight, bias)}


def coordinates(reference: LinearReference, question: str, weight: float, bias: float) -> dict[str, Judgement]:
    """Whether correct trainings on the notebook's data reach its weight and its bias, and by which order."""
    return {
        f"{question}-{name}": coordinate(reference, axis, value)
        for axis, (name, value) in enumerate((("weight", weight), ("bias", bias)))
    }


def coordinate(reference: LinearReference, axis: int, value: float) -> Judgement:
    """Whether one of the line's two numbers is a correct training's, by its distance in standard deviations."""
    clouds = {shuffling: reference.cloud(shuffling) for shuffling in SHUFFLINGS}
    away = {
        shuffling: abs(value - float(cloud.mean[axis])) / float(np.sqrt(cloud.covariance[axis, axis]))
        for shuffling, cloud in clouds.items()
    }
    return reached(away, float(stats.norm.isf(RATE / 2)), "standard deviations", "It lies")


def line(reference: LinearReference, weight: float, bias: float) -> Judgement:
    """Whether correct trainings on the notebook's data reach its weight and bias together, and by which order."""
    away = {name: float(np.sqrt(reference.mahalanobis_squared(weight, bias, name))) for name in SHUFFLINGS}
    within = float(np.sqrt(stats.chi2.isf(RATE, 2)))
    return reached(away, within, "Mahalanobis units", "On the notebook's data its weight and bias lie")


def reached(away: Mapping[str, float], within: float, unit: str, subject: str) -> Judgement:
    """Reproduced if it is as near to the trainings of either order as 99 % of them are."""
    told = f"{subject} {away['repeated']:.1f} {unit} {ORDERS.format(reshuffled=away['reshuffled'], within=within)}."
    return exact(min(away.values()) <= within, told, **{f"away_if_{name}": value for name, value in away.items()})


def closeness_claims(runs: Runs) -> Mapping[str, Judgement]:
    """1.2: the two errors, and that the line is close to the truth and to the data."""
    x, y, _ = notebook_data()
    learned = linear.line(x, figure("1.1-weight"), figure("1.1-bias"))
    return {
        **errors("1.2", x, figure("1.1-weight"), figure("1.1-bias")),
        "1.2-close": close(x, y, figure("1.2-mse")),
        "1.2-aligned": aligned(y, learned),
    }


def errors(question: str, x: Array, weight: float, bias: float) -> dict[str, Judgement]:
    """Whether the published MAE and MSE follow from the published weight and bias, each printed with four decimals."""
    corners = np.array(
        [
            linear.noise_free_errors(x, linear.line(x, weight + one, bias + other))
            for one in ROUNDING
            for other in ROUNDING
        ]
    )  # (4, 2): MAE and MSE of the outermost lines that print as published
    low, high = corners.min(axis=0) + ROUNDING[0], corners.max(axis=0) + ROUNDING[1]
    judged = {}
    for name, smallest, largest in zip(("mae", "mse"), low, high, strict=True):
        follows = bool(smallest <= figure(f"{question}-{name}") <= largest)
        told = (
            f"The published weight and bias, printed with four decimals, give an {name.upper()} of {smallest:.4f} to "
            f"{largest:.4f} on the notebook's X: the published one {'follows' if follows else 'does not follow'}."
        )
        judged[f"{question}-{name}"] = exact(follows, told, interval=[float(smallest), float(largest)])
    return judged


def close(x: Array, y: Array, mse: float) -> Judgement:
    """Close to the truth: nearer than the points are. How near least squares comes is said beside it."""
    truth = linear.line(x, linear.WEIGHT, linear.BIAS)
    noise = float(np.mean((y - truth) ** 2))
    best = linear.noise_free_errors(x, linear.line(x, *linear.least_squares(Dataset(x, y, x[:0], y[:0]))))[1]
    told = (
        f"The published line's mean square from the true one is {mse:.4f} and that of the points' noise {noise:.4f}; "
        f"least squares on the same points reaches {best:.4f}, and the rest is unfinished training, not noise."
    )
    return exact(mse < noise, told, noise=noise, least_squares=best)


def aligned(y: Array, learned: Array) -> Judgement:
    """The points scatter about the line as noise of deviation 1 does: how many are within 2, by the binomial test."""
    share = float(stats.norm.cdf(2) - stats.norm.cdf(-2))
    near = int((np.abs(y - learned) <= 2).sum())
    p_value = float(stats.binomtest(near, len(y), share, alternative="less").pvalue)
    told = (
        f"{near} of {len(y)} points lie within 2 noise deviations of the published line, where the true line has "
        f"{100 * share:.1f} % on average (exact binomial test, {p_text(p_value)})."
    )
    return exact(p_value >= RATE, told, near=near, p_value=p_value)
