"""In the sandbox `fit` trains in few calls where that is the very same training, and as Keras does elsewhere."""

import random
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.tensorflow

sys.path.append(str(Path(__file__).parents[1] / "submissions" / "inside"))
DRAWS = np.random.default_rng(0)
X = DRAWS.random((160, 4)).astype(np.float32)
Y = np.eye(3, dtype=np.float32)[DRAWS.integers(0, 3, 160)]
ARGUMENTS = {"x": X, "y": Y, "epochs": 30, "batch_size": 32, "verbose": 0}  # 150 steps


def model_of(**compiled: Any) -> Any:
    """A small classifier, the same at every call."""
    import keras

    keras.utils.set_random_seed(3)
    layers = [keras.layers.Dense(5, activation="relu"), keras.layers.Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input((4,)), *layers])
    model.compile(**{"optimizer": "adam", "loss": "categorical_crossentropy", "metrics": ["accuracy"]} | compiled)
    return model


@pytest.fixture
def fits() -> tuple[Any, list[str]]:
    """`fit` quickened, and what was called: `epochs` for few calls, `fit` for Keras's own."""
    import keras
    from quick import quick

    from lab.epochs import train_epochs

    called: list[str] = []

    def epochs(*arguments: Any) -> Any:
        called.append("epochs")
        return train_epochs(*arguments)

    original = keras.Model.fit
    quickened = quick(epochs, original)

    def fit(model: Any, *positional: Any, **named: Any) -> Any:
        result = quickened(model, *positional, **named)
        if not called:
            called.append("fit")
        return result

    return fit, called


@pytest.mark.parametrize(
    "more",
    [
        {"shuffle": False},
        {"shuffle": False, "validation_split": 0.1},
        {"shuffle": False, "validation_data": (X[:20], Y[:20])},
        {"shuffle": False, "y": Y.argmax(axis=1)},
    ],
    ids=["plain", "split", "validated", "sparse"],
)
def test_is_the_same_training(more: dict[str, Any], fits: Any) -> None:
    """Weights and history are those of `fit`: to the bit without XLA, whose batches are the same."""
    fit, called = fits
    loss = "sparse_categorical_crossentropy" if "y" in more else "categorical_crossentropy"
    ours, theirs = model_of(loss=loss), model_of(loss=loss)
    quick_history = fit(ours, **ARGUMENTS | more)
    history = theirs.fit(**ARGUMENTS | more)
    assert called == ["epochs"]
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert quick_history.history.keys() == history.history.keys()
    for name, values in history.history.items():
        np.testing.assert_allclose(quick_history.history[name], values, rtol=1e-5)


def test_returns_a_history(fits: Any) -> None:
    """What is returned is Keras's History, and the model has it as well."""
    import keras

    model = model_of()
    history = fits[0](model, **ARGUMENTS)
    assert isinstance(history, keras.callbacks.History)
    assert (model.history is history, history.epoch, len(history.history["loss"])) == (True, list(range(30)), 30)
    assert int(model.optimizer.iterations) == 150


def test_draws_no_random_numbers(fits: Any) -> None:
    """The notebook's own random numbers are what they are without the training."""
    import keras
    import tensorflow as tf

    def draws(train: bool) -> list[float]:
        model = model_of()
        keras.utils.set_random_seed(5)
        if train:
            fits[0](model, **ARGUMENTS)
        numpys_own = np.random.mtrand.random_sample()  # of the generator that a notebook's np.random.seed seeds
        return [random.random(), float(numpys_own), float(tf.random.uniform(()))]

    assert draws(True) == draws(False)


def test_prints_a_line_an_epoch(fits: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """What is asked to be told is told."""
    fits[0](model_of(), **ARGUMENTS | {"verbose": 1})
    printed = capsys.readouterr().out
    assert printed.count("Epoch ") == 30
    assert printed.count(" loss: ") == 30


def own_loss(y: Any, predicted: Any) -> Any:
    """A loss of the notebook's own."""
    return (y - predicted) ** 2


@pytest.mark.parametrize(
    ("compiled", "arguments"),
    [
        ({}, {"epochs": 1}),
        ({}, {"class_weight": {0: 1.0, 1: 2.0, 2: 1.0}}),
        ({}, {"sample_weight": np.ones(160)}),
        ({}, {"steps_per_epoch": 5}),
        ({}, {"initial_epoch": 1}),
        ({}, {"callbacks": "early stopping"}),
        ({"loss": own_loss}, {}),
        ({"run_eagerly": True}, {"epochs": 25}),
    ],
    ids=["short", "class weights", "sample weights", "steps", "later epoch", "callback", "own loss", "eager"],
)
def test_is_left_to_keras(compiled: dict[str, Any], arguments: dict[str, Any], fits: Any) -> None:
    """Whatever might be another training is Keras's own."""
    import keras

    fit, called = fits
    if "callbacks" in arguments:
        arguments = {"callbacks": [keras.callbacks.EarlyStopping(monitor="loss", patience=2)]}
    fit(model_of(**compiled), **ARGUMENTS | arguments)
    assert called == ["fit"]


def test_validation_of_another_shape_is_left_to_keras(fits: Any) -> None:
    """The student sees Keras's own words, not those of joining two arrays."""
    fit, called = fits
    with pytest.raises(Exception, match=r"shape|compatible"):
        fit(model_of(), **ARGUMENTS | {"epochs": 100, "validation_data": (X[:20, :3], Y[:20])})
    assert "epochs" not in called


def test_own_class_is_left_to_keras(fits: Any) -> None:
    """A model or a layer of the notebook's own may train in its own way."""
    import keras

    class Own(keras.Sequential):  # type: ignore[misc]
        """Might have a train_step of its own."""

    model = Own([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    model.compile("adam", "categorical_crossentropy")
    fit, called = fits
    fit(model, **ARGUMENTS)
    assert called == ["fit"]


def test_wrong_arguments_raise_as_in_keras(fits: Any) -> None:
    """The student sees Keras's own error."""
    with pytest.raises(TypeError, match="epoch"):
        fits[0](model_of(), X, Y, epoch=3)


@pytest.mark.parametrize(
    ("rows", "more", "steps"),
    [(2000, {}, 2), (2000, {"batch_size": 500}, 4), (1999, {}, 63)],
    ids=["many", "own batches", "few"],
)
@pytest.mark.parametrize("method", ["predict", "evaluate"])
def test_larger_batches(method: str, rows: int, more: dict[str, Any], steps: int) -> None:
    """Many samples are tested in larger batches, unless the notebook has a size of its own, with the same results."""
    import keras
    from quick import in_larger_batches

    class Counting(keras.callbacks.Callback):  # type: ignore[misc]
        """Counts the batches."""

        count = 0

        def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
            self.count += 1

        on_test_batch_end = on_predict_batch_end

    model, counting = model_of(), Counting()
    x, y = np.resize(X, (rows, 4)), np.resize(Y, (rows, 3))
    data = (x,) if method == "predict" else (x, y)
    quicker = in_larger_batches(getattr(keras.Model, method))(model, *data, verbose=0, callbacks=[counting], **more)
    assert counting.count == steps
    np.testing.assert_allclose(quicker, getattr(model, method)(*data, verbose=0), atol=1e-5)
