"""Exercise 2: three kinds of iris from sepal length and width, through 10 or 50 hidden units, ReLU or sigmoid."""

import pytest

from lab.recipes import RECIPES
from tests.checks import classification, initial, iris, structure, visits
from tests.reference import iris_bounds, recomputed, replay, step_check
from tests.reporting.answers import iris as answers


def question(number: str, points: float) -> pytest.MarkDecorator:
    return pytest.mark.question(number, points=points)


def for_each_model(*points: float) -> pytest.MarkDecorator:
    """The same fact of the three models, for questions 2.1, 2.2 and 2.3."""
    models = (
        ("2.1", "iris_relu10", "hidden_units=10-relu"),
        ("2.2", "iris_relu50", "hidden_units=50-relu"),
        ("2.3", "iris_sigmoid10", "hidden_units=10-sigmoid"),
    )
    return pytest.mark.parametrize(
        "name",
        [
            pytest.param(name, id=label, marks=question(number, share))
            for (number, name, label), share in zip(models, points, strict=True)
        ],
    )


def for_each_change(points: float) -> pytest.MarkDecorator:
    """The same comparison with the first model: 50 units for 2.2, sigmoid for 2.3."""
    return pytest.mark.parametrize(
        "name",
        [
            pytest.param("iris_relu50", id="hidden_units=50", marks=question("2.2", points)),
            pytest.param("iris_sigmoid10", id="activation=sigmoid", marks=question("2.3", points)),
        ],
    )


LAYERS = {
    "iris_relu10": [("relu", 10), ("softmax", 3)],
    "iris_relu50": [("relu", 50), ("softmax", 3)],
    "iris_sigmoid10": [("sigmoid", 10), ("softmax", 3)],
}


@question("2.1", 1)
def test_split(laboratory, verify):
    """105 flowers are trained on and 45 are kept for the test."""
    verify(iris.split_sizes(laboratory.data("iris_relu10")))


@question("2.1", 1)
def test_flowers(laboratory, verify):
    """The data are the 150 flowers' first two features, each flower in one part only, with its own label."""
    verify(iris.all_flowers_once(laboratory.data("iris_relu10")))


@question("2.1", 1)
def test_scaling(laboratory, verify):
    """The scaler was fitted on the training part alone."""
    verify(iris.scaled_on_training_part(laboratory.data("iris_relu10")))


@for_each_model(0.5, 0.5, 0.5)
def test_layers(name, laboratory, verify):
    """The network has the asked hidden layer and a softmax over three classes."""
    verify(structure.layers(laboratory.run(name).structure, LAYERS[name]))


@for_each_model(0.25, 0.25, 0.25)
def test_initial_biases(name, laboratory, verify):
    """Biases start at zero."""
    verify(initial.biases_zero(laboratory.run(name).initial_weights))


@for_each_model(0.25, 0.25, 0.25)
def test_initial_kernels(name, laboratory, verify):
    """Kernels start within Glorot's limits."""
    verify(initial.kernels_within_limit(laboratory.run(name).initial_weights))


@for_each_model(0.5, 0.5, 0.5)
def test_first_steps(name, laboratory, verify):
    """Adam at its default rate lowers the cross-entropy: the first steps are those of the NumPy oracle."""
    verify(step_check.same_steps(laboratory.steps(name), step_check.ASKED[name]))


@for_each_model(0.25, 0.25, 0.25)
def test_optimizer_settings(name, laboratory, verify):
    """The optimizer has no settings but Keras's."""
    verify(step_check.usual_settings(laboratory.steps(name)))


@for_each_model(0.25, 0.25, 0.25)
def test_recipe(name, laboratory, verify):
    """Training takes 100 epochs in batches of 32."""
    verify(visits.recipe_is(laboratory.recipe(name), RECIPES["iris"]))


@for_each_model(0.25, 0.25, 0.25)
def test_steps(name, laboratory, verify):
    """Each epoch takes a step for each batch."""
    verify(visits.steps(laboratory.visits(name)))


@for_each_model(0.25, 0.25, 0.25)
def test_every_sample_once(name, laboratory, verify):
    """Each epoch visits every sample once."""
    verify(visits.every_sample_once(laboratory.visits(name)))


@for_each_model(0.25, 0.25, 0.25)
def test_training(name, laboratory, verify):
    """Training takes the oracle's steps: on the same batches the weights end where NumPy's do."""
    verify(replay.same_training(laboratory.visits(name)))


@for_each_model(0.25, 0.25, 0.25)
def test_history(name, laboratory, verify):
    """The history is the training's own, epoch for epoch."""
    verify(replay.true_history(laboratory.visits(name)))


@for_each_model(0.25, 0.25, 0.25)
def test_predictions_follow_the_weights(name, laboratory, verify):
    """The model predicts what its weights say."""
    run = laboratory.run(name)
    verify(recomputed.predictions(run, step_check.ASKED[name].network))


@for_each_model(0.25, 0.25, 0.25)
def test_reported_loss(name, laboratory, verify):
    """The loss that training reported of its last epoch is that of the weights which it left."""
    verify(recomputed.reported_loss(laboratory.run(name)))


@for_each_model(0.5, 0.5, 0.5)
def test_training_loss(name, laboratory, verify):
    """After 100 epochs the training loss is where correct trainings bring it."""
    verify(iris_bounds.training_loss_in_range(laboratory.run(name)))


@for_each_model(0.5, 0.5, 0.5)
def test_accuracy(name, laboratory, verify):
    """The 45 test flowers are classified as well as the 105 that the model was trained on."""
    verify(classification.generalises(laboratory.run(name)))


@for_each_model(0.5, 1.5, 1.5)
def test_boundary_length(name, laboratory, verify):
    """The decision boundary is as long as a correct training's."""
    verify(iris_bounds.boundary_in_range(laboratory.run(name)))


@for_each_change(2)
def test_training_loss_compared(name, laboratory, verify):
    """After the same epochs the training loss differs from 10 ReLU units' as it does in correct trainings."""
    verify(iris_bounds.loss_difference_in_range(laboratory.run(name), laboratory.run("iris_relu10")))


@pytest.mark.parametrize(
    "number", [pytest.param(number, marks=question(number, 0), id=number) for number in answers.ANSWERS]
)
def test_answer(number, answer, verify):
    """The answer is a sentence made of numbers that were measured."""
    verify(answer(answers.ANSWERS[number]).complete())
