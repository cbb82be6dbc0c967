"""The answers of exercise 1."""

from functools import partial

from tests.checks import linear
from tests.reporting import figures
from tests.reporting.answers.answer import Answer, Runs
from tests.reporting.answers.linear_audit import closeness_claims, line_claims
from tests.reporting.answers.noise_audit import noise_claims
from tests.reporting.audit import audited


def learned_line(runs: Runs) -> Answer:
    """1.1: the learned weight and bias."""
    run = runs.run("linear")
    weight, bias = linear.learned(run)
    best_weight, best_bias = linear.least_squares(run.data)
    return Answer(
        sentence=(
            f"The model learned weight {weight:.4f} and bias {bias:.4f}; least squares on the same "
            f"{len(run.data.x_train)} points "
            f"gives {best_weight:.4f} and {best_bias:.4f}, so {run.recipe.epochs} epochs stop short of the best bias."
        ),
        measured={"weight": weight, "bias": bias, "least_squares_weight": best_weight, "least_squares_bias": best_bias},
        **audited("1.1", line_claims, runs),
        figures={
            "linear_data": partial(figures.data_scatter, run),
            "linear_loss": partial(figures.loss_curve, run),
            "linear_fit": partial(figures.fitted_line, run),
        },
    )


def closeness(runs: Runs) -> Answer:
    """1.2: how close the model is to Y = 3X + 5, and what the distance is made of."""
    run = runs.run("linear")
    split = linear.error_split(run)
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
        **audited("1.2", closeness_claims, runs),
        figures={"linear_errors": partial(figures.error_split, run)},
    )


def noise(runs: Runs) -> Answer:
    """1.3: what more noise changes, and what it does not."""
    clean, noisy = runs.run("linear"), runs.run("linear_noisy")
    rates = [linear.contraction(*runs.two_starts(run.name)) for run in (clean, noisy)]
    weight, bias = linear.learned(noisy)
    split = linear.error_split(noisy)
    floors = [linear.loss_floor(run.data) for run in (clean, noisy)]
    scatters = [linear.scatter(run) for run in (clean, noisy)]
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
        **audited("1.3", noise_claims, runs),
        figures={
            "linear_noisy_data": partial(figures.data_scatter, noisy),
            "linear_noisy_loss": partial(figures.loss_curve, noisy),
            "linear_noisy_fit": partial(figures.fitted_line, noisy),
            "linear_convergence": partial(figures.convergence, clean, noisy),
        },
    )


ANSWERS = {"1.1": learned_line, "1.2": closeness, "1.3": noise}
