"""Exercise 4: saving a trained model, loading it, and training it further."""

import pytest

from lab.recipes import RECIPES
from tests.checks import saving, visits
from tests.checks.classification import accuracy_on_test
from tests.checks.facts import equal
from tests.reference import mnist_bounds, recomputed, replay
from tests.reporting.answers import saving as answers

FORMATS = ("keras", "h5")


def question(number: str, points: float) -> pytest.MarkDecorator:
    return pytest.mark.question(number, points=points)


in_both_formats = pytest.mark.parametrize("file_format", FORMATS, ids="format={}".format)


@in_both_formats
@question("4.1", 2)
def test_predictions(file_format, laboratory, verify):
    """The predictions of 100 test images are the same to the bit before and after."""
    verify(saving.predictions_kept(laboratory.saved(file_format)))


@in_both_formats
@question("4.1", 1)
def test_weights(file_format, laboratory, verify):
    """The weights are the same to the bit."""
    verify(saving.weights_kept(laboratory.saved(file_format)))


@in_both_formats
@question("4.1", 1)
def test_configuration(file_format, laboratory, verify):
    """Layers, loss and optimizer settings come back as they were."""
    verify(saving.configuration_kept(laboratory.saved(file_format)))


@in_both_formats
@question("4.1", 1)
def test_optimizer_state(file_format, laboratory, verify):
    """The optimizer's state is kept to the bit."""
    verify(saving.optimizer_state_kept(laboratory.saved(file_format)))


@in_both_formats
@question("4.2", 1)
def test_file_size(file_format, laboratory, verify):
    """The file is as large as the weights and the optimizer's state."""
    verify(saving.file_size(laboratory.saved(file_format)))


@question("4.2", 1)
def test_file_size_without_optimizer(laboratory, verify):
    """Without the optimizer the file is as large as the weights."""
    verify(saving.file_size(laboratory.saved("h5", include_optimizer=False)))


@question("4.2", 1)
def test_accuracy_after_loading(laboratory, verify):
    """The loaded model classifies as many of all test images right as the one that was trained."""
    trained, loaded = (accuracy_on_test(laboratory.run(name)).hits for name in ("mnist", "mnist_reloaded"))
    verify(equal("test images classified right after loading", loaded, trained, "the loaded model is the trained one"))


@question("4.3", 0.5)
def test_recipe(laboratory, verify):
    """Training is resumed for two epochs."""
    verify(visits.recipe_is(laboratory.recipe("mnist_resumed"), RECIPES["mnist_resume"]))


@question("4.3", 0.25)
def test_steps(laboratory, verify):
    """Each epoch takes a step for each batch, in resumed training too."""
    verify(visits.steps(laboratory.visits("mnist_resumed")))


@question("4.3", 0.5)
def test_every_sample_once(laboratory, verify):
    """Each epoch visits every sample once and none of the validation part, in resumed training too."""
    verify(visits.every_sample_once(laboratory.visits("mnist_resumed")))


@question("4.3", 0.25)
def test_training(laboratory, verify):
    """A second training goes on where the first ended, the optimizer's state included, by the oracle's steps."""
    verify(replay.same_training(laboratory.visits("mnist_resumed")))


@question("4.3", 0.25)
def test_history(laboratory, verify):
    """The history is the resumed training's own, epoch for epoch."""
    verify(replay.true_history(laboratory.visits("mnist_resumed")))


@question("4.3", 1.75)
def test_resuming_equals_never_stopping(laboratory, verify):
    """With the optimizer's state, two more epochs on the same batches give the weights of never having stopped."""
    resumed, continued = laboratory.resumed_and_continued()
    reason = "weights, optimizer state and batches are the same, so every step is"
    verify(saving.same_weights("weights that differ from never stopping", continued.weights, resumed.weights, reason))


@question("4.3", 1)
def test_no_optimizer_in_file(laboratory, verify):
    """A file saved without the optimizer holds nothing of it."""
    verify(saving.no_optimizer_in_file(laboratory.saved("h5", include_optimizer=False)))


@question("4.3", 1)
def test_first_step_without_state(laboratory, verify):
    """Without the optimizer's state training starts as a fresh Adam does, at its whole rate."""
    verify(saving.starts_afresh(laboratory.first_steps(with_optimizer=False)))


with_and_without_state = pytest.mark.parametrize(
    "name",
    [
        pytest.param("mnist_resumed", id="optimizer_state=kept"),
        pytest.param("mnist_resumed_without_optimizer", id="optimizer_state=lost"),
    ],
)


@with_and_without_state
@question("4.3", 0.25)
def test_validation_figures(name, laboratory, verify):
    """The validation loss and accuracy that resumed training reported are those of the weights which it left."""
    verify(recomputed.validation_figures(laboratory.run(name)))


@with_and_without_state
@question("4.3", 1)
def test_resumed_accuracy(name, laboratory, verify):
    """After two resumed epochs the validation accuracy is a correct training's."""
    verify(mnist_bounds.resumed_accuracy(laboratory.run(name), laboratory.mnist().is_mnist))


@pytest.mark.parametrize(
    "number", [pytest.param(number, marks=question(number, 0), id=number) for number in answers.ANSWERS]
)
def test_answer(number, answer, verify):
    """The answer is a sentence made of numbers that were measured."""
    verify(answer(answers.ANSWERS[number]).complete())
