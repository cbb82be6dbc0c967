"""Recorded models are built again from plain values, and what is none of the lab's is refused in one sentence."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.submissions.contract import SubjectError

pytestmark = pytest.mark.tensorflow

sys.path.append(str(Path(__file__).parents[1] / "submissions" / "inside"))
X = np.random.default_rng(0).random((40, 5)).astype(np.float32)
Y = np.eye(3, dtype=np.float32)[np.arange(40) % 3]


@pytest.fixture
def described(tmp_path: Path) -> Any:
    """Describes a model as the recorder beside a notebook does."""
    from recorder import Recorder

    return Recorder(tmp_path).model


def model_of(optimizer: Any = "adam", loss: Any = "categorical_crossentropy", **dense: Any) -> Any:
    """A small compiled classifier with dropout."""
    import keras

    layers = [keras.layers.Dense(4, activation="relu", **dense), keras.layers.Dropout(0.2)]
    model = keras.Sequential([keras.Input((5,)), *layers, keras.layers.Dense(3, activation="softmax")])
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


def record(**changes: Any) -> dict[str, Any]:
    """A described model of one layer, changed."""
    layer = {"class": "Dense", "units": 3, "activation": "softmax"}
    optimizer = {"class": "SGD", "learning_rate": 0.01}
    return {"layers": [layer], "optimizer": optimizer, "loss": {"name": "mse"}} | changes


WEIGHTS = [np.zeros((5, 3), np.float32), np.zeros(3, np.float32)]


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "RMSprop", "Nadam"])
@pytest.mark.parametrize("penalty", [None, "l2"], ids="penalty={}".format)
def test_takes_the_same_steps(optimizer: str, penalty: str | None, described: Any) -> None:
    """A rebuilt model trains as the recorded one does: optimizer with its settings, loss, penalty."""
    import keras

    from tests.submissions.rebuilding import rebuilt

    model = model_of(getattr(keras.optimizers, optimizer)(0.02), kernel_regularizer=penalty)
    model.layers[1].rate = 0.0
    again = rebuilt(described(model), model.get_weights())
    for one in (model, again):
        for batch in (slice(20), slice(20, 40)):
            one.train_on_batch(X[batch], Y[batch])
    for ours, theirs in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_sparse_labels(described: Any) -> None:
    """A loss of sparse labels becomes the one of one-hot labels, its settings kept."""
    import keras

    from tests.submissions.rebuilding import rebuilt

    model = model_of(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    again = rebuilt(described(model), model.get_weights())
    assert isinstance(again.loss, keras.losses.CategoricalCrossentropy)
    assert again.loss.get_config()["from_logits"]


def test_not_compiled(described: Any) -> None:
    """A model that was not compiled is not."""
    import keras

    from tests.submissions.rebuilding import rebuilt

    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3)])
    assert getattr(rebuilt(described(model), model.get_weights()), "optimizer", None) is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"layers": [{"class": "Lambda", "function": "os.system"}]}, "a layer of the kind Lambda"),
        ({"layers": [{"class": "Dense", "units": 10**9, "activation": "relu"}]}, "a Dense layer of 1000000000 units"),
        ({"layers": [{"class": "Dense", "units": 3, "activation": "mine"}]}, "the activation mine"),
        (
            {"layers": [{"class": "Dense", "units": 3, "activation": "relu", "kernel_constraint": {"x": 1}}]},
            "a Dense layer has a kernel_constraint",
        ),
        (
            {
                "layers": [
                    {"class": "Dense", "units": 3, "activation": "relu", "kernel_regularizer": {"class_name": "M"}}
                ]
            },
            "a layer has the regulariser",
        ),
        ({"optimizer": {"class": "Mine", "learning_rate": 0.1}}, "the optimizer Mine"),
        ({"optimizer": {"class": "SGD", "learning_rate": {"class_name": "ExponentialDecay"}}}, "is no number"),
        ({"loss": {"name": "my_loss"}}, "the loss my_loss"),
        ({"layers": [{"class": "Dense", "units": 4, "activation": "relu"}]}, "it is no chain of layers"),
    ],
    ids=["layer", "size", "activation", "constraint", "penalty", "optimizer", "schedule", "loss", "shapes"],
)
def test_is_refused(changes: dict[str, Any], said: str) -> None:
    """What the lab does not ask for is named, not built."""
    from tests.submissions.rebuilding import rebuilt

    with pytest.raises(SubjectError, match=said):
        rebuilt(record(**changes), WEIGHTS)


@pytest.mark.parametrize(("change", "held"), [(0, True), (1e-2, False), (np.nan, True)], ids="off by {}".format)
def test_holds(change: float, held: bool) -> None:
    """Predictions that the layers do not make tell that the model is no chain of them; diverged weights do not."""
    from tests.submissions.rebuilding import holds

    model = model_of()
    predictions = np.array(model(X))
    predictions[0, 0] += change
    assert holds(model, X, predictions) == held
