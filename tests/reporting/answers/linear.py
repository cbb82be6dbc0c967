"""The answers of exercise 1."""

from functools import partial

import numpy as np
from scipy.stats import chi2

from lab.datasets import line_data
from tests.checks import linear
from tests.reference.linear_bounds import reference_on
from tests.reference.published import PUBLISHED
from tests.reporting import figures
from tests.reporting.answers.answer import CONTRADICTED, REPRODUCED, Answer, Runs

NOTEBOOK_SEED = 42
NINETY_NINE = float(
    chi2.ppf(0.99, 2)
)  # squared Mahalanobis distance that 99 % of a normal cloud in the plane is within


def learned_line(runs: Runs) -> Answer:
    """1.1: the learned weight and bias."""
    run = runs.run("linear")
    weight, bias = linear.learned(run)
    best_weight, best_bias = linear.least_squares(run.data)
    verdict, reason = published_line()
    return Answer(
        sentence=(
            f"The model learned weight {weight:.4f} and bias {bias:.4f}; least squares on the same "
            f"{len(run.data.x_train)} points "
            f"gives {best_weight:.4f} and {best_bias:.4f}, so {run.recipe.epochs} epochs stop short of the best bias."
        ),
        measured={"weight": weight, "bias": bias, "least_squares_weight": best_weight, "least_squares_bias": best_bias},
        published=PUBLISHED["1.1"],
        verdict=verdict,
        reason=reason,
        figures={
            "linear_data": partial(figures.data_scatter, run),
            "linear_loss": partial(figures.loss_curve, run),
            "linear_fit": partial(figures.fitted_line, run),
        },
    )


def published_line() -> tuple[str, str]:
    """Whether correct trainings on the original notebook's data reach its weight and bias, and by which shuffle."""
    reference = reference_on(*line_data(1.0, NOTEBOOK_SEED))
    weight, bias = PUBLISHED["1.1"]["weight"], PUBLISHED["1.1"]["bias"]
    distances = {name: reference.mahalanobis_squared(weight, bias, name) for name in ("repeated", "reshuffled")}
    told = (
        f"On the notebook's data its weight and bias lie {np.sqrt(distances['repeated']):.1f} Mahalanobis units from "
        "trainings that repeat one order of the samples, as a seeded Keras 3 does, and "
        f"{np.sqrt(distances['reshuffled']):.1f} from trainings that shuffle anew in every epoch; 99 % lie within "
        f"{np.sqrt(NINETY_NINE):.1f}."
    )
    return (REPRODUCED if min(distances.values()) <= NINETY_NINE else CONTRADICTED), told


def closeness(runs: Runs) -> Answer:
    """1.2: how close the model is to Y = 3X + 5, and what the distance is made of."""
    run = runs.run("linear")
    split = linear.error_split(run)
    verdict, reason = published_errors()
    return Answer(
        sentence=(
            f"Against the noise-free line the mean absolute error is {split.mae:.4f} and the mean squared error "
            f"{split.mse:.4f}; as root mean squares {split.estimation:.3f} is the noise's doing (least squares against "
            f"3X + 5) and {split.optimisation:.3f} unfinished training (the model against least squares)."
        ),
        measured={
            "mae": split.mae,
            "mse": split.mse,
            "estimation_error": split.estimation,
            "optimisation_error": split.optimisation,
        },
        published=PUBLISHED["1.2"],
        verdict=verdict,
        reason=reason,
        figures={"linear_errors": partial(figures.error_split, run)},
    )


def published_errors() -> tuple[str, str]:
    """Whether the published errors follow from the published weight and bias, both printed with four decimals."""
    x, _ = line_data(1.0, NOTEBOOK_SEED)
    rounding = np.array([-0.5e-4, 0.5e-4])
    corners = np.array(
        [
            linear.noise_free_errors(
                x, linear.line(x, PUBLISHED["1.1"]["weight"] + one, PUBLISHED["1.1"]["bias"] + other)
            )
            for one in rounding
            for other in rounding
        ]
    )  # (4, 2): MAE and MSE of the outermost lines that print as published
    low, high = corners.min(axis=0) + rounding[0], corners.max(axis=0) + rounding[1]
    printed = np.array([PUBLISHED["1.2"]["mae"], PUBLISHED["1.2"]["mse"]])
    follows = bool(((low <= printed) & (printed <= high)).all())
    told = (
        f"The published weight and bias, printed with four decimals, give an MAE of {low[0]:.4f} to {high[0]:.4f} and "
        f"an MSE of {low[1]:.4f} to {high[1]:.4f} on the notebook's X: the published errors "
        f"{'follow' if follows else 'do not follow'} from them."
    )
    return (REPRODUCED if follows else CONTRADICTED), told


def noise(runs: Runs) -> Answer:
    """1.3: what more noise changes, and what it does not."""
    clean, noisy = runs.run("linear"), runs.run("linear_noisy")
    rates = [linear.contraction(run, runs.run(f"{run.name}_restarted")) for run in (clean, noisy)]
    weight, bias = linear.learned(noisy)
    split = linear.error_split(noisy)
    floors = [linear.loss_floor(run.data) for run in (clean, noisy)]
    scatters = [linear.scatter(run) for run in (clean, noisy)]
    published, before = PUBLISHED["1.3"], PUBLISHED["1.1"]
    weight_worse = abs(published["weight"] - 3) > abs(before["weight"] - 3)
    bias_worse = abs(published["bias"] - 5) > abs(before["bias"] - 5)
    return Answer(
        sentence=(
            f"With noise of standard deviation 5 the model learned weight {weight:.4f} and bias {bias:.4f}; the loss "
            f"floor rose from {floors[0]:.3f} to {floors[1]:.2f} and the loss's scatter from {scatters[0]:.4f} to "
            f"{scatters[1]:.3f}, but convergence kept its pace: an epoch left {rates[0]:.5f} of the distance at noise "
            f"1 and {rates[1]:.5f} at noise 5."
        ),
        measured={
            "weight": weight,
            "bias": bias,
            "mae": split.mae,
            "mse": split.mse,
            "loss_floor": floors[1],
            "loss_floor_noise_1": floors[0],
            "scatter": scatters[1],
            "scatter_noise_1": scatters[0],
            "contraction_an_epoch": rates[1],
            "contraction_an_epoch_noise_1": rates[0],
        },
        published=published,
        verdict=REPRODUCED if weight_worse and bias_worse else CONTRADICTED,
        reason=(
            f"Its own bias came nearer to 5 with more noise ({before['bias']} to {published['bias']}), while its text "
            "says that both deviate more; and the pace of convergence, which it expects to slow down, does not depend "
            "on the noise."
        ),
        figures={
            "linear_noisy_data": partial(figures.data_scatter, noisy),
            "linear_noisy_loss": partial(figures.loss_curve, noisy),
            "linear_noisy_fit": partial(figures.fitted_line, noisy),
            "linear_convergence": partial(figures.convergence, clean, noisy),
        },
    )


ANSWERS = {"1.1": learned_line, "1.2": closeness, "1.3": noise}
