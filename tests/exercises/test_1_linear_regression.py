"""Exercise 1: one linear unit learns Y = 3X + 5 + noise."""

import numpy as np
import pytest

from lab.recipes import RECIPES
from tests.checks import initial, linear, structure, visits
from tests.checks.facts import inside
from tests.reference import linear_bounds, replay, step_check
from tests.reporting.answers import linear as answers

RUNS = {1: "linear", 5: "linear_noisy"}  # by noise standard deviation


def question(number: str, points: float) -> pytest.MarkDecorator:
    return pytest.mark.question(number, points=points)


def at_both_noise_levels(points: float) -> pytest.MarkDecorator:
    """The same fact at noise 1 for question 1.1 and at noise 5 for question 1.3."""
    return pytest.mark.parametrize(
        "noise_std",
        [
            pytest.param(1, id="noise_std=1", marks=question("1.1", points)),
            pytest.param(5, id="noise_std=5", marks=question("1.3", points)),
        ],
    )


def for_each_question(points: float) -> pytest.MarkDecorator:
    """The same fact of the training that all three questions rest on."""
    runs = {"1.1": "linear", "1.2": "linear", "1.3": "linear_noisy"}
    return pytest.mark.parametrize(
        "name", [pytest.param(name, id=number, marks=question(number, points)) for number, name in runs.items()]
    )


@pytest.fixture
def shufflings(laboratory):
    """How the subject's training orders its samples: it decides where correct trainings end."""
    return laboratory.shufflings()


@question("1.1", 0.5)
def test_number_of_points(laboratory, verify):
    """The data are 100 points."""
    verify(linear.points(laboratory.data("linear")))


@question("1.1", 0.75)
def test_x_range(laboratory, verify):
    """X lies in [0, 10)."""
    verify(linear.x_range(laboratory.data("linear")))


@question("1.1", 0.75)
def test_x_spread(laboratory, verify):
    """X is spread over its interval."""
    verify(linear.x_spread(laboratory.data("linear")))


@at_both_noise_levels(1)
def test_noise_level(noise_std, laboratory, verify):
    """The noise has the standard deviation that was asked for."""
    verify(linear.noise_level(laboratory.data(RUNS[noise_std]), noise_std))


@at_both_noise_levels(0.5)
def test_noise_centred(noise_std, laboratory, verify):
    """The noise has mean zero, so the points scatter around 3X + 5."""
    verify(linear.noise_centred(laboratory.data(RUNS[noise_std]), noise_std))


@question("1.1", 1)
def test_layers(laboratory, verify):
    """The model is one linear unit with a bias."""
    verify(structure.layers(laboratory.run("linear").structure, [("linear", 1)]))


@at_both_noise_levels(0.25)
def test_initial_bias(noise_std, laboratory, verify):
    """The bias starts at zero."""
    verify(initial.biases_zero(laboratory.run(RUNS[noise_std]).initial_weights))


@at_both_noise_levels(0.25)
def test_initial_weight(noise_std, laboratory, verify):
    """The weight starts within Glorot's limit."""
    verify(initial.kernels_within_limit(laboratory.run(RUNS[noise_std]).initial_weights))


@at_both_noise_levels(0.5)
def test_first_steps(noise_std, laboratory, verify):
    """SGD at its default rate lowers the mean squared error: the first steps are those of the NumPy oracle."""
    name = RUNS[noise_std]
    verify(step_check.same_steps(laboratory.steps(name), step_check.ASKED[name]))


@at_both_noise_levels(0.25)
def test_optimizer_settings(noise_std, laboratory, verify):
    """The optimizer has no settings but Keras's."""
    verify(step_check.usual_settings(laboratory.steps(RUNS[noise_std])))


@for_each_question(0.25)
def test_recipe(name, laboratory, verify):
    """Training takes 100 epochs in batches of 32."""
    verify(visits.recipe_is(laboratory.recipe(name), RECIPES["linear"]))


@for_each_question(0.25)
def test_steps(name, laboratory, verify):
    """Each epoch takes a step for each batch."""
    verify(visits.steps(laboratory.visits(name)))


@for_each_question(0.25)
def test_every_sample_once(name, laboratory, verify):
    """Each epoch visits every sample once."""
    verify(visits.every_sample_once(laboratory.visits(name)))


@for_each_question(0.25)
def test_training(name, laboratory, verify):
    """Training takes the oracle's steps: on the same batches the weights end where NumPy's do."""
    verify(replay.same_training(laboratory.visits(name)))


@for_each_question(0.25)
def test_history(name, laboratory, verify):
    """The history is the training's own, epoch for epoch."""
    verify(replay.true_history(laboratory.visits(name)))


@at_both_noise_levels(1)
def test_weight_and_bias(noise_std, laboratory, shufflings, verify):
    """The learned weight and bias lie where correct trainings on this data end."""
    verify(linear_bounds.weight_and_bias(laboratory.run(RUNS[noise_std]), shufflings))


@pytest.mark.parametrize(
    "number", [pytest.param(number, marks=question(number, 0.5), id=number) for number in ("1.1", "1.2")]
)
def test_predictions_follow_the_line(number, laboratory, verify):
    """The model predicts wx + b."""
    verify(linear.predictions_follow_the_line(laboratory.run("linear")))


@pytest.mark.parametrize(
    "noise_std",
    [
        pytest.param(1, id="noise_std=1", marks=question("1.1", 1)),
        pytest.param(5, id="noise_std=5", marks=question("1.3", 0.25)),
    ],
)
def test_loss_falls(noise_std, laboratory, verify):
    """Training lowers the loss."""
    verify(linear.loss_falls(laboratory.run(RUNS[noise_std])))


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(linear_bounds.mean_absolute_error, id="MAE", marks=question("1.2", 1.75)),
        pytest.param(linear_bounds.mean_squared_error, id="MSE", marks=question("1.2", 1.75)),
        pytest.param(linear_bounds.optimisation_error, id="optimisation", marks=question("1.2", 1.5)),
    ],
)
def test_errors(check, laboratory, shufflings, verify):
    """Errors against 3X + 5, and what is left undone against least squares, are no larger than a correct training's."""
    verify(check(laboratory.run("linear"), shufflings))


@question("1.2", 1.25)
def test_estimation_error(laboratory, verify):
    """Least squares is as far from 3X + 5 as the noise explains."""
    verify(linear.estimation_error(laboratory.run("linear")))


@question("1.3", 0.5)
def test_loss_above_floor(laboratory, verify):
    """The loss at noise 5 stays above the least-squares floor of its data."""
    verify(linear.loss_above_floor(laboratory.run("linear_noisy")))


@at_both_noise_levels(0.5)
def test_reported_loss(noise_std, laboratory, shufflings, verify):
    """The last epoch's loss, as training reports it, is where correct trainings end."""
    verify(linear_bounds.final_loss(laboratory.run(RUNS[noise_std]), shufflings))


@question("1.3", 0.75)
def test_scatter(laboratory, verify):
    """The loss jumps more from epoch to epoch at noise 5 than at noise 1."""
    noisy, clean = (linear.scatter(laboratory.run(RUNS[noise_std])) for noise_std in (5, 1))
    reason = "the steps' noise grows with the residuals: twenty-five times the variance in the loss"
    measured = np.divide(noisy, clean)  # a loss that never changes has no scatter: infinity or NaN, which fails
    verify(inside("scatter of the loss at noise 5 over that at noise 1", measured, 1, float("inf"), reason))


@question("1.3", 1)
def test_rate_of_convergence(laboratory, verify):
    """An epoch at noise 5 shrinks the distance to the goal as much as one at noise 1."""
    verify(linear_bounds.rate_of_convergence(*laboratory.two_starts("linear_noisy")))


@pytest.mark.parametrize(
    "number", [pytest.param(number, marks=question(number, 0), id=number) for number in answers.ANSWERS]
)
def test_answer(number, answer, verify):
    """The answer is a sentence made of numbers that were measured."""
    verify(answer(answers.ANSWERS[number]).complete())
