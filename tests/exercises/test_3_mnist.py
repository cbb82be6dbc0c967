"""Exercise 3: handwritten digits through 784-128-64-10, with and without dropout, at four batch sizes."""

import pytest

from lab.recipes import RECIPES
from tests.checks import initial, mnist, structure, visits
from tests.reference import mnist_bounds, recomputed, replay, step_check
from tests.reporting.answers import mnist as answers

RATE = 0.3
BATCH_SIZES = (16, 32, 64, 128)
PLAIN = [("relu", 128), ("relu", 64), ("softmax", 10)]
DROPPED = [("relu", 128), ("dropout", RATE), ("relu", 64), ("dropout", RATE), ("softmax", 10)]


RUNS = [
    ("mnist", "3.1", "dropout=0"),
    ("mnist_dropout", "3.2", f"dropout={RATE}"),
    *[(f"mnist_batch{size}", "3.3", f"batch_size={size}") for size in BATCH_SIZES],
]


def question(number: str, points: float) -> pytest.MarkDecorator:
    return pytest.mark.question(number, points=points)


def for_each_run(*points: float) -> pytest.MarkDecorator:
    """The same fact of the model without dropout for 3.1, with it for 3.2 and, by a third figure, of each batch size.

    The figures are the points of one run each.
    """
    shares = dict(zip(("3.1", "3.2", "3.3"), points, strict=False))
    return pytest.mark.parametrize(
        "name",
        [
            pytest.param(name, id=label, marks=question(number, shares[number]))
            for name, number, label in RUNS
            if number in shares
        ],
    )


@question("3.1", 1)
def test_images(laboratory, verify):
    """The images are scaled to [0, 1] and flattened, in their order."""
    verify(mnist.images_scaled(laboratory.data("mnist"), laboratory.mnist().arrays))


@question("3.1", 1)
def test_labels(laboratory, verify):
    """The labels are one-hot, each with its own image."""
    verify(mnist.labels_one_hot(laboratory.data("mnist"), laboratory.mnist().arrays))


@for_each_run(0.5, 0.5)
def test_layers(name, laboratory, verify):
    """The network is 784-128-64-10; with dropout, a layer of it after each hidden layer."""
    verify(structure.layers(laboratory.run(name).structure, PLAIN if name == "mnist" else DROPPED))


@for_each_run(0.25, 0.25, 0.125)
def test_initial_biases(name, laboratory, verify):
    """Biases start at zero."""
    verify(initial.biases_zero(laboratory.run(name).initial_weights))


@for_each_run(0.25, 0.25)
def test_initial_kernels(name, laboratory, verify):
    """Kernels start within Glorot's limits."""
    verify(initial.kernels_within_limit(laboratory.run(name).initial_weights))


@for_each_run(0.25, 0.25)
def test_initial_spread(name, laboratory, verify):
    """Kernels start uniform within Glorot's limits."""
    verify(initial.kernels_uniform(laboratory.run(name).initial_weights))


@for_each_run(0.25, 0.25)
def test_first_steps(name, laboratory, verify):
    """Adam at its default rate lowers the cross-entropy: the first steps, dropout off, are the NumPy oracle's."""
    verify(step_check.same_steps(laboratory.steps(name), step_check.ASKED[name]))


@for_each_run(0.25, 0.25)
def test_optimizer_settings(name, laboratory, verify):
    """The optimizer has no settings but Keras's."""
    verify(step_check.usual_settings(laboratory.steps(name)))


@for_each_run(0.25, 0.25, 0.25)
def test_recipe(name, laboratory, verify):
    """Training takes ten epochs in batches of 32 and holds a tenth out, or five in batches of the asked size."""
    verify(visits.recipe_is(laboratory.recipe(name), RECIPES[name.removesuffix("_dropout")]))


@for_each_run(0.25, 0.25, 0.25)
def test_steps(name, laboratory, verify):
    """Each epoch takes a step for each batch."""
    verify(visits.steps(laboratory.visits(name)))


@for_each_run(0.5, 0.5, 0.125)
def test_every_sample_once(name, laboratory, verify):
    """Each epoch visits every sample once, and none of the validation part."""
    verify(visits.every_sample_once(laboratory.visits(name)))


@for_each_run(0.25, 0.25, 0.125)
def test_training(name, laboratory, verify):
    """Training takes the oracle's steps: on the same batches the weights end where NumPy's do."""
    verify(replay.same_training(laboratory.visits(name)))


@for_each_run(0.25, 0.25, 0.125)
def test_history(name, laboratory, verify):
    """The history is the training's own, epoch for epoch."""
    verify(replay.true_history(laboratory.visits(name)))


@for_each_run(0.25, 0.25)
def test_validation_figures(name, laboratory, verify):
    """The validation loss and accuracy that training reported are those of the weights which it left."""
    verify(recomputed.validation_figures(laboratory.run(name)))


@for_each_run(0.25, 0.25)
def test_predictions_follow_the_weights(name, laboratory, verify):
    """The model predicts what its weights say."""
    verify(recomputed.predictions(laboratory.run(name), step_check.ASKED[name].network))


@for_each_run(0.25, 0.25)
def test_reported_loss(name, laboratory, verify):
    """The training loss that was reported is one of a correct training."""
    verify(mnist_bounds.reported_loss(laboratory.run(name), laboratory.mnist().is_mnist))


@for_each_run(1, 0.5, 0.5)
def test_accuracy(name, laboratory, verify):
    """The accuracy on the test images is a correct training's."""
    verify(mnist_bounds.accuracy(laboratory.run(name), laboratory.mnist().is_mnist))


@for_each_run(1, 0.5)
def test_training_loss(name, laboratory, verify):
    """The training loss after ten epochs is a correct training's."""
    verify(mnist_bounds.loss_on_training_part(laboratory.run(name), laboratory.mnist().is_mnist))


@question("3.1", 1)
def test_confusion_rows(laboratory, verify):
    """Each row of the confusion matrix sums to the number of images of its class."""
    verify(mnist.confusion_rows(laboratory.run("mnist"), laboratory.mnist().arrays[3]))


@question("3.1", 1)
def test_confusion_trace(laboratory, verify):
    """The trace of the confusion matrix is the number of images classified right."""
    verify(mnist.confusion_trace(laboratory.run("mnist")))


@pytest.mark.parametrize("check", [mnist.masking_rate, mnist.no_masking_at_inference], ids=["training", "inference"])
@pytest.mark.parametrize("layer", [0, 1], ids="layer={}".format)
@question("3.2", 0.75)
def test_masking(check, layer, laboratory, verify):
    """Each dropout layer zeroes the asked share of values in training, and changes nothing at inference."""
    verify(check(laboratory.run("mnist_dropout").masking, layer, RATE))


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(mnist_bounds.gap_change, id="gap", marks=question("3.2", 1.5)),
        pytest.param(mnist_bounds.accuracy_change, id="accuracy", marks=question("3.2", 0.5)),
    ],
)
def test_effect_of_dropout(check, laboratory, verify):
    """Dropout changes the generalisation gap, and the test accuracy, as it does in correct trainings."""
    verify(check(laboratory.run("mnist"), laboratory.run("mnist_dropout"), laboratory.mnist().is_mnist))


@pytest.mark.parametrize("batch_size", BATCH_SIZES, ids="batch_size={}".format)
@pytest.mark.parametrize("loop", ["fit", "compiled"], ids="loop={}".format)
@question("3.3", 0.25)
def test_training_time(loop, batch_size, laboratory, verify, time_training):
    """Training visits a fixed number of images in the steps that the batch size asks for, and is timed doing so."""
    verify(mnist.steps_taken(time_training(loop, batch_size)))


@pytest.mark.parametrize(
    "number", [pytest.param(number, marks=question(number, 0), id=number) for number in answers.ANSWERS]
)
def test_answer(number, answer, verify):
    """The answer is a sentence made of numbers that were measured."""
    verify(answer(answers.ANSWERS[number]).complete())
