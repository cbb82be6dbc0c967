"""From a subject's functions to runs: what it does wrong becomes one sentence, and what it does right is measured."""

import json
import warnings
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lab
from lab.mnist_source import Mnist
from lab.recipes import RECIPES, Recipe
from lab.run import Array, Run
from tests.checks import linear, mnist
from tests.reference import linear_bounds
from tests.submissions.contract import SubjectError
from tests.submissions.datasets import iris_dataset, line_dataset, mnist_dataset
from tests.submissions.subject import Subject

pytestmark = pytest.mark.tensorflow

DRAWS = np.random.default_rng(7)
RAW = (
    DRAWS.integers(0, 256, (200, 28, 28), dtype=np.uint8),
    DRAWS.integers(0, 10, 200, dtype=np.uint8),
    DRAWS.integers(0, 256, (60, 28, 28), dtype=np.uint8),
    DRAWS.integers(0, 10, 60, dtype=np.uint8),
)
QUICK = {key: Recipe(2, 64, recipe.validation_split) for key, recipe in RECIPES.items()}
COLUMN, CLASSES, FEATURES = np.ones((5, 1)), np.ones((5, 3)), np.ones((5, 2))
IMAGES, DIGITS = np.ones((200, 784)), np.ones((200, 10))
TEST_IMAGES, TEST_DIGITS = np.ones((60, 784)), np.ones((60, 10))

Functions = Mapping[str, Callable[..., Any]]
LaboratoryOf = Callable[..., Any]


def subject_of(functions: Functions) -> Subject:
    """A subject that defines these functions, and recipes of two epochs."""
    return Subject("solution.py", frozenset(functions), functions, QUICK)


@pytest.fixture(scope="module")
def laboratory_of(tmp_path_factory: pytest.TempPathFactory) -> LaboratoryOf:
    """Makes a laboratory on 200 images of noise; TensorFlow is imported by the first test that asks for it."""
    from tests.submissions.laboratory import Laboratory

    def make(**functions: Callable[..., Any]) -> Any:
        images = Mnist(RAW, "noise", False)
        return Laboratory(subject_of(functions), 42, lambda: images, tmp_path_factory.mktemp("saved"), None)

    return make


def sentence_of(ask: Callable[[], Any]) -> str:
    """The one sentence that asking ends with."""
    with pytest.raises(SubjectError) as caught:
        ask()
    sentence = str(caught.value)
    assert len(sentence.splitlines()) == 1
    return sentence


def setting_weights(value: float) -> Callable[..., dict[str, list[float]]]:
    """A `train` that ends with every weight, and every loss, at `value`."""

    def train(model: Any, x: Array, y: Array, recipe: Recipe, seed: int = 42) -> dict[str, list[float]]:
        model.set_weights([np.full_like(weight, value) for weight in model.get_weights()])
        return {"loss": [value] * recipe.epochs}

    return train


def fine_history(model: Any, x: Array, y: Array, recipe: Recipe, seed: int = 42) -> dict[str, list[float]]:
    """A `train` that trains nothing."""
    return {"loss": [1.0] * recipe.epochs}


class TestData:
    """The arrays are held to the contract's shapes before anything is trained on them."""

    @pytest.mark.parametrize(
        ("returned", "sentence"),
        [
            pytest.param(None, "returned a NoneType that does not convert to 2 arrays", id="nothing"),
            pytest.param({"x": 1, "y": 2}, "returned a dict that does not convert to 2 arrays", id="dict"),
            pytest.param((COLUMN,), "returned 1 arrays; the contract needs 2", id="one array"),
            pytest.param((COLUMN,) * 3, "returned 3 arrays; the contract needs 2", id="three arrays"),
            pytest.param(
                (np.ones(5), np.ones(5)),
                "returned arrays of shapes (5,), (5,); the contract needs (n, 1), (n, 1)",
                id="flat",
            ),
            pytest.param(
                (COLUMN, np.ones((4, 1))), "returned features and targets of different lengths: [5, 4]", id="lengths"
            ),
            pytest.param((COLUMN * np.nan, COLUMN), "returned values that are not finite numbers", id="NaN"),
            pytest.param((COLUMN, COLUMN * np.inf), "returned values that are not finite numbers", id="infinity"),
            pytest.param((COLUMN.astype(complex), COLUMN), "returned values that are not finite numbers", id="complex"),
            pytest.param(([["a"]], [["b"]]), "returned a tuple that does not convert to 2 arrays", id="text"),
            pytest.param(([[1], [2, 3]], COLUMN), "returned a tuple that does not convert to 2 arrays", id="ragged"),
            pytest.param((COLUMN[:0], COLUMN[:0]), "returned an empty array", id="empty"),
        ],
    )
    def test_line_data(self, returned: Any, sentence: str) -> None:
        """Points that are not two finite columns of one length are refused, with what they are."""
        subject = subject_of({"line_data": lambda noise_std, seed: returned})
        assert sentence_of(lambda: line_dataset(subject, 1.0, 42)).startswith(f"line_data {sentence}")

    @pytest.mark.parametrize(
        "returned",
        [
            pytest.param((FEATURES, CLASSES), id="no test part"),
            pytest.param((FEATURES, np.ones(5), FEATURES, np.ones(5)), id="labels not one-hot"),
            pytest.param((np.ones((5, 4)), CLASSES, np.ones((5, 4)), CLASSES), id="four features"),
            pytest.param((FEATURES, FEATURES, CLASSES, CLASSES), id="another order"),
        ],
    )
    def test_iris_data(self, returned: Any) -> None:
        """Flowers of other shapes than (n, 2) and (n, 3) are refused."""
        subject = subject_of({"iris_data": lambda seed: returned})
        assert sentence_of(lambda: iris_dataset(subject, 42)).startswith("iris_data returned ")

    @pytest.mark.parametrize(
        "returned",
        [
            pytest.param((RAW[0], DIGITS, RAW[2], TEST_DIGITS), id="not flattened"),
            pytest.param((IMAGES, RAW[1], TEST_IMAGES, RAW[3]), id="labels not one-hot"),
            pytest.param((TEST_IMAGES, TEST_DIGITS, IMAGES, DIGITS), id="parts swapped"),
            pytest.param((IMAGES[:100], DIGITS[:100], TEST_IMAGES, TEST_DIGITS), id="half of them"),
        ],
    )
    def test_mnist_data(self, returned: Any) -> None:
        """Images of other shapes, or another number of them, are refused with the shapes that are needed."""
        subject = subject_of({"mnist_data": lambda raw: returned})
        needed = "the contract needs (200, 784), (200, 10), (60, 784), (60, 10)"
        assert sentence_of(lambda: mnist_dataset(subject, RAW)).endswith(needed)

    def test_raw_images_are_copies(self) -> None:
        """A subject that changes the raw images in place does not change the suite's own."""

        def mnist_data(raw: tuple[Array, ...]) -> Any:
            raw[0][:] = 0
            return lab.mnist_data(raw)

        mnist_dataset(subject_of({"mnist_data": mnist_data}), RAW)
        assert RAW[0].any()

    @pytest.mark.parametrize("kind", [list, tuple, np.float32, np.int64, bool], ids=lambda kind: kind.__name__)
    def test_kinds_of_arrays(self, kind: Any) -> None:
        """Lists, tuples, other numbers and booleans become arrays of numbers."""
        column = kind(map(tuple, COLUMN)) if kind in (list, tuple) else COLUMN.astype(kind)
        data = line_dataset(subject_of({"line_data": lambda noise_std, seed: [column, column]}), 1.0, 42)
        assert np.array_equal(data.x_train.astype(float), COLUMN)

    def test_tensors_are_arrays(self, laboratory_of: LaboratoryOf) -> None:
        """What TensorFlow itself makes, such as `tf.one_hot`, is taken."""
        import tensorflow as tf

        tensors = tf.constant(FEATURES), tf.one_hot([0] * 5, 3), tf.constant(FEATURES), tf.one_hot([1] * 5, 3)
        data = laboratory_of(iris_data=lambda seed: tensors).data("iris_relu10")
        assert data.y_train.tolist() == [[1, 0, 0]] * 5


def uncompiled() -> Any:
    import keras

    return keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])


def compiled(*layers: Any, inputs: int = 1) -> Any:
    import keras

    model = keras.Sequential([keras.Input((inputs,)), *layers])
    model.compile("sgd", "mse")
    return model


def three_dimensional() -> Any:
    import keras

    return compiled(keras.layers.Dense(1), keras.layers.Reshape((1, 1)))


class TestModels:
    """A model that is none, or cannot be measured, is an error of one sentence."""

    @pytest.mark.parametrize(
        ("build", "sentence"),
        [
            pytest.param(lambda: None, "returned a NoneType; the contract needs a compiled Keras model", id="nothing"),
            pytest.param(lambda: print, "returned a builtin_function_or_method; the contract needs", id="function"),
            pytest.param(uncompiled, "returned a model that is not compiled; call compile()", id="uncompiled"),
        ],
    )
    def test_no_compiled_model(self, laboratory_of: LaboratoryOf, build: Any, sentence: str) -> None:
        """What is no compiled Keras model is named for what it is."""
        laboratory = laboratory_of(linear_regressor=build)
        told = sentence_of(lambda: laboratory.run("linear"))
        assert told.startswith(f"solution.py: linear_regressor {sentence}")

    def test_outputs_of_another_shape(self, laboratory_of: LaboratoryOf) -> None:
        """A model whose outputs are no rows is named with the shape."""
        laboratory = laboratory_of(linear_regressor=three_dimensional, train=fine_history)
        assert "outputs of shape (100, 1, 1); expected (n, outputs)" in sentence_of(lambda: laboratory.run("linear"))

    def test_inputs_of_another_shape(self, laboratory_of: LaboratoryOf) -> None:
        """A model that does not take the data is told by what its training raises."""
        import keras

        laboratory = laboratory_of(linear_regressor=lambda: compiled(keras.layers.Dense(1), inputs=3))
        assert sentence_of(lambda: laboratory.run("linear")).startswith("solution.py: train raised ")

    def test_model_without_weights_is_called_once(self, laboratory_of: LaboratoryOf) -> None:
        """A subclassed model has its weights before the first training, though Keras makes them at the first call."""
        import keras

        class Line(keras.Model):
            def __init__(self) -> None:
                super().__init__()
                self.unit = keras.layers.Dense(1)

            def call(self, x: Any) -> Any:
                return self.unit(x)

        def linear_regressor() -> Any:
            model = Line()
            model.compile("sgd", "mse")
            return model

        run = laboratory_of(linear_regressor=linear_regressor).run("linear")
        assert [weight.shape for weight in run.initial_weights] == [(1, 1), (1,)]

    def test_warning_is_no_failure(self, laboratory_of: LaboratoryOf) -> None:
        """What a model warns of while it is measured is shown, as what a subject's own functions warn of."""
        import keras

        class Odd(keras.layers.Layer):
            def call(self, x: Any) -> Any:
                warnings.warn("odd", stacklevel=1)
                return x

        laboratory = laboratory_of(linear_regressor=lambda: compiled(Odd(), keras.layers.Dense(1)))
        with pytest.warns(UserWarning, match="odd"):
            assert laboratory.steps("linear").x.shape == (3, 32, 1)

    def test_timing_a_model_that_does_not_train(self, laboratory_of: LaboratoryOf) -> None:
        """Timing plain `fit` on such a model is an error of one sentence too."""
        laboratory = laboratory_of(mnist_classifier=lambda dropout: compiled(inputs=3))
        assert sentence_of(lambda: laboratory.timing_case("fit", 32)).startswith("solution.py: ")


class TestHistory:
    """What `train` returns is held to the contract."""

    @pytest.mark.parametrize(
        ("history", "sentence"),
        [
            pytest.param(None, "train returned a NoneType; the contract needs a dict", id="nothing"),
            pytest.param([1.0, 0.5], "train returned a list; the contract needs a dict", id="list"),
            pytest.param(
                {"loss": [1.0]}, "train's history has 1 values at 'loss', but the recipe asks for 2", id="short"
            ),
            pytest.param({"loss": [3.0] * 3}, "train's history has 3 values at 'loss', but the recipe", id="long"),
            pytest.param({"loss": 1.0}, "train's history has no list of floats at 'loss' but 1.0", id="number"),
            pytest.param({"loss": ["a", "b"]}, "train's history has no list of floats at 'loss' but ['a'", id="text"),
            pytest.param({"mse": [1.0, 0.5]}, "train's history has no 'loss' but mse", id="no loss"),
            pytest.param({}, "train's history has no 'loss' but nothing", id="empty"),
        ],
    )
    def test_wrong(self, laboratory_of: LaboratoryOf, history: Any, sentence: str) -> None:
        """A history of another type, length or content is refused with what it has."""
        laboratory = laboratory_of(train=lambda model, x, y, recipe, seed: history)
        assert sentence in sentence_of(lambda: laboratory.run("linear"))

    def test_keras_history(self, laboratory_of: LaboratoryOf) -> None:
        """A Keras History, which `fit` returns, is taken."""

        def train(model: Any, x: Array, y: Array, recipe: Recipe, seed: int = 42) -> Any:
            return model.fit(x, y, epochs=recipe.epochs, batch_size=recipe.batch_size, verbose=0)

        assert len(laboratory_of(train=train).run("linear").history["loss"]) == QUICK["linear"].epochs

    @pytest.mark.parametrize("name", ["acc", "categorical_accuracy"])
    def test_other_names_of_accuracy(self, laboratory_of: LaboratoryOf, name: str) -> None:
        """However the metric was asked for, the history has it as `accuracy`."""

        def train(model: Any, x: Array, y: Array, recipe: Recipe, seed: int = 42) -> dict[str, list[float]]:
            return {"loss": [1.0, 1.0], name: [0.5, 0.6], f"val_{name}": [0.4, 0.5]}

        history = laboratory_of(train=train).run("linear").history
        assert (history["accuracy"], history["val_accuracy"]) == ((0.5, 0.6), (0.4, 0.5))

    def test_numpy_numbers(self, laboratory_of: LaboratoryOf) -> None:
        """Arrays of NumPy's numbers become plain floats."""
        laboratory = laboratory_of(train=lambda model, x, y, recipe, seed: {"loss": np.float32([1, 0.5])})
        assert laboratory.run("linear").history == {"loss": (1.0, 0.5)}


DIVERGED = {"NaN": float("nan"), "infinity": float("inf"), "1e30": 1e30, "-1e38": -1e38, "0": 0.0}


@pytest.fixture(scope="module")
def diverged(laboratory_of: LaboratoryOf) -> dict[str, Run]:
    """Exercise 1's run with every weight and loss at each of these values."""
    return {name: laboratory_of(train=setting_weights(value)).run("linear") for name, value in DIVERGED.items()}


class TestDiverged:
    """Weights that diverged are measured; a fact about them fails with a sentence and never with an exception."""

    @pytest.mark.parametrize("name", DIVERGED)
    @pytest.mark.parametrize(
        "check",
        [linear.loss_falls, linear.predictions_follow_the_line, linear.loss_above_floor],
        ids=lambda check: check.__name__,
    )
    def test_fact_explains_itself(self, diverged: dict[str, Run], check: Any, name: str) -> None:
        """The fact is plain JSON without NaN, as the way from a worker needs, and has its message."""
        fact = check(diverged[name])
        json.dumps(asdict(fact), allow_nan=False)
        assert fact.message()

    @pytest.mark.parametrize("name", ["NaN", "infinity", "0"])
    def test_loss_did_not_fall(self, diverged: dict[str, Run], name: str) -> None:
        """A loss that is NaN, infinite or always 0 has not fallen."""
        assert not linear.loss_falls(diverged[name]).holds

    @pytest.mark.parametrize("name", DIVERGED)
    def test_weight_and_bias_are_wrong(self, diverged: dict[str, Run], name: str) -> None:
        """None of these is the weight and bias of a correct training."""
        assert not linear_bounds.weight_and_bias(diverged[name]).holds


class TestOnce:
    """Each run is made once, whatever asks for it."""

    def test_run_is_trained_once(self, laboratory_of: LaboratoryOf) -> None:
        """Asked for again, a run is the same object."""
        calls: list[str] = []

        def train(model: Any, x: Array, y: Array, recipe: Recipe, seed: int = 42) -> Any:
            calls.append("train")
            return fine_history(model, x, y, recipe)

        laboratory = laboratory_of(train=train)
        assert laboratory.run("linear") is laboratory.run("linear")
        assert calls == ["train"]

    def test_saving_trains_once(self, laboratory_of: LaboratoryOf) -> None:
        """All files and the reloaded run come from one training of the one model."""
        calls: list[str] = []

        def train(model: Any, x: Array, y: Array, recipe: Recipe, seed: int = 42) -> Any:
            calls.append("train")
            return lab.train(model, x, y, recipe, seed)

        laboratory = laboratory_of(train=train)
        saved = [laboratory.saved("keras"), laboratory.saved("h5"), laboratory.saved("h5", include_optimizer=False)]
        runs = [laboratory.run("mnist"), laboratory.run("mnist_reloaded")]
        assert calls == ["train"]
        kept = [one.weights_after[0] for one in saved] + [run.weights[0] for run in runs]
        assert all(np.array_equal(weights, saved[0].weights_before[0]) for weights in kept)

    def test_failing_run_is_tried_once(self, laboratory_of: LaboratoryOf) -> None:
        """A run that failed is not tried again: it fails again with the same sentence."""
        calls: list[str] = []

        def train(model: Any, x: Array, y: Array, recipe: Recipe, seed: int = 42) -> Any:
            calls.append("train")
            raise ValueError("no")

        laboratory = laboratory_of(train=train)
        sentences = {sentence_of(lambda: laboratory.run("linear")) for _ in range(3)}
        assert (len(calls), len(sentences)) == (1, 1)

    def test_noise_levels_are_runs_of_their_own(self, laboratory_of: LaboratoryOf) -> None:
        """The run at noise 5 is trained on data of its own."""
        laboratory = laboratory_of(train=fine_history)
        assert not np.array_equal(laboratory.run("linear").data.y_train, laboratory.run("linear_noisy").data.y_train)


class TestSaving:
    """What goes wrong when a model is saved or loaded is one sentence."""

    def test_no_file(self, laboratory_of: LaboratoryOf) -> None:
        """A `save_model` that writes nothing, or elsewhere, is named with the file."""
        laboratory = laboratory_of(train=fine_history, save_model=lambda model, path, include_optimizer: None)
        told = "solution.py: save_model wrote no file at the path that it was given (mnist.keras)"
        assert sentence_of(lambda: laboratory.saved("keras")) == told

    def test_no_model(self, laboratory_of: LaboratoryOf) -> None:
        """A `load_model` that returns no model is named with what it returned."""
        laboratory = laboratory_of(train=fine_history, load_model=lambda path: path)
        told = "solution.py: load_model returned a str; the contract needs a Keras model"
        assert sentence_of(lambda: laboratory.saved("h5")) == told

    def test_file_that_is_no_model(self, laboratory_of: LaboratoryOf) -> None:
        """A file that cannot be loaded is told by what loading raises."""

        def save_model(model: Any, path: str, include_optimizer: bool = True) -> None:
            Path(path).write_text("no model")

        laboratory = laboratory_of(train=fine_history, save_model=save_model)
        assert sentence_of(lambda: laboratory.saved("keras")).startswith("solution.py: load_model raised ")


class TestDropout:
    """What dropout layers do is measured."""

    @pytest.fixture(scope="class")
    @staticmethod
    def run(laboratory_of: LaboratoryOf) -> Run:
        run: Run = laboratory_of(train=fine_history).run("mnist_dropout")
        return run

    @pytest.mark.parametrize("layer", [0, 1])
    def test_masks(self, run: Run, layer: int) -> None:
        """In training a layer zeroes its share of values, and at inference none."""
        assert mnist.masking_rate(run.masking, layer, 0.3).holds
        assert mnist.no_masking_at_inference(run.masking, layer, 0.3).holds

    def test_another_rate_is_seen(self, run: Run) -> None:
        """A rate of 0.3 is told from 0.32."""
        assert not mnist.masking_rate(run.masking, 0, 0.32).holds

    def test_missing_layer_is_seen(self, run: Run) -> None:
        """A third layer, which the model does not have, is told as missing."""
        assert mnist.masking_rate(run.masking, 2, 0.3).measured == "2 dropout layers"
