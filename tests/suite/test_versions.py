"""The installed Keras does what `tests/reference/versions.py` says of its version."""

import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.reference.versions import BY_NAME, Behaviour
from tests.submissions.subject import libraries_may_warn

pytestmark = pytest.mark.tensorflow

DRAWS = np.random.default_rng(0)
X, Y = DRAWS.random((64, 4)).astype(np.float32), np.eye(3, dtype=np.float32)[DRAWS.integers(0, 3, 64)]

Measured = Callable[[Path], bool]


def trained(loss: str = "categorical_crossentropy") -> Any:
    """A model that took two epochs of Adam."""
    import keras

    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    model.compile("adam", loss)
    model.fit(X, Y, epochs=2, verbose=0)
    return model


def state(model: Any) -> list[Any]:
    """The optimizer's variables."""
    return [np.array(variable.numpy()) for variable in model.optimizer.variables]


def loaded(model: Any, path: Path, **options: Any) -> Any:
    """The model, saved and loaded again, whatever Keras warns of."""
    import keras

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.save(str(path), **options)
        return keras.models.load_model(str(path))


def kept(model: Any, other: Any) -> bool:
    """Whether both optimizers have the same state."""
    ours, theirs = state(model), state(other)
    return len(ours) == len(theirs) and all(map(np.array_equal, ours, theirs))


def repeats_the_order(_: Path) -> bool:
    import keras
    import tensorflow as tf

    seen: list[Any] = []

    class Noting(keras.Model):  # type: ignore[misc]
        def train_step(self, data: Any) -> Any:
            tf.numpy_function(lambda x: seen.append(x.ravel().tolist()), [data[0]], [])
            return {"loss": tf.constant(0.0)}

    keras.utils.set_random_seed(1)
    samples, inputs = np.arange(16.0)[:, None], keras.Input((1,))
    model = Noting(inputs, keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    model.fit(samples, samples, batch_size=16, epochs=3, verbose=0)
    assert len(seen) == 3
    assert sorted(seen[0]) == samples.ravel().tolist() != seen[0]
    return seen[0] == seen[1] == seen[2]


def averages_over_batches(_: Path) -> bool:
    from tests.submissions.behaviour import loss_weighs_samples

    return not loss_weighs_samples()


def returns_a_running_loss(_: Path) -> bool:
    import keras

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    model.train_on_batch(np.zeros((2, 1)), np.zeros((2, 1)))
    second = float(np.ravel(model.train_on_batch(np.zeros((2, 1)), np.full((2, 1), 2.0)))[0])
    assert second in (2.0, 4.0)  # the mean of 0 and 4, or 4 itself
    return second == 2.0


def has_the_learning_rate(_: Path) -> bool:
    import keras

    return any(np.isclose(variable, 0.25).all() for variable in state_of_adam(keras.optimizers.Adam(0.25)))


def state_of_adam(optimizer: Any) -> list[Any]:
    """The variables of an optimizer that has seen none of a model."""
    return [np.array(variable.numpy()) for variable in optimizer.variables]


def loses_the_state_from_h5(folder: Path) -> bool:
    model = trained()
    other = loaded(model, folder / "model.h5")
    if kept(model, other):
        other.fit(X, Y, verbose=0)
        return False
    # Keras 3.9 to 3.11 fail while they write the message that the others give.
    with pytest.raises((ValueError, NotImplementedError), match=r"variable|numpy\(\) is only available"):
        other.fit(X, Y, verbose=0)
    return True


def forgets_in_keras_after_h5(folder: Path) -> bool:
    model = trained()
    assert kept(model, loaded(model, folder / "before.keras"))
    loaded(model, folder / "model.h5")
    return not kept(model, loaded(model, folder / "after.keras"))


def cannot_load_mse(folder: Path) -> bool:
    try:
        loaded(trained("mse"), folder / "model.h5")
    except (TypeError, ValueError) as error:
        return "mse" in str(error)
    return False


def keeps_the_optimizer_in_keras(folder: Path) -> bool:
    model = trained()
    try:
        other = loaded(model, folder / "model.keras", include_optimizer=False)
    except ValueError as error:
        if "include_optimizer" not in str(error):
            raise
        return False
    return kept(model, other)


def warns_in_the_log(folder: Path) -> bool:
    logged: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: logged.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("absl")
    logger.addHandler(handler)
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            trained().save(str(folder / "model.h5"))
    finally:
        logger.removeHandler(handler)
    in_log = any("legacy" in message for message in logged)
    assert in_log != any("legacy" in str(warning.message) for warning in warned)
    return in_log


def draws_from_its_own_state(_: Path) -> bool:
    import keras

    return bool(keras.layers.Dropout(0.3).variables)


MEASURED: dict[str, Measured] = {
    "repeated order": repeats_the_order,
    "losses over batches": averages_over_batches,
    "running loss of a batch": returns_a_running_loss,
    "learning rate among the variables": has_the_learning_rate,
    "state lost from .h5": loses_the_state_from_h5,
    ".keras after .h5": forgets_in_keras_after_h5,
    "mse from .h5": cannot_load_mse,
    "optimizer kept in .keras": keeps_the_optimizer_in_keras,
    "legacy warning in the log": warns_in_the_log,
    "dropout's own state": draws_from_its_own_state,
}


def test_every_behaviour_is_measured() -> None:
    """None is listed without a measurement, and none is measured unlisted; only time is no matter of tests."""
    assert set(MEASURED) == set(BY_NAME) - {"quick XLA"}


@pytest.mark.parametrize("behaviour", [BY_NAME[name] for name in MEASURED], ids=lambda behaviour: behaviour.name)
def test_keras_behaves_as_its_version(behaviour: Behaviour, tmp_path: Path) -> None:
    """What is listed of the installed version is so."""
    import keras

    with libraries_may_warn():
        measured = MEASURED[behaviour.name](tmp_path)
    assert measured == behaviour.is_of({"keras": keras.__version__}), (
        f"Keras {keras.__version__} is listed wrongly: {behaviour.said}; correct tests/reference/versions.py"
    )


@pytest.mark.parametrize(
    ("version", "is_so"), [("2.15.0", False), ("3.0.5", True), ("3.1.1", True), ("3.2.0", False), ("3.15.1", False)]
)
def test_first_version_is_within_and_the_last_is_not(version: str, is_so: bool) -> None:
    """Numbers are compared as numbers: 3.15 is later than 3.2."""
    assert BY_NAME["losses over batches"].is_of({"keras": version}) is is_so


class TestAlikeInAll:
    """What the lab's answers rest on, and no version changed."""

    def test_defaults(self) -> None:
        """Learning rates, Adam's other constants, and the initialiser of a dense layer."""
        import keras

        adam = keras.optimizers.Adam().get_config()
        found = [adam[name] for name in ("learning_rate", "beta_1", "beta_2", "epsilon")]
        found.append(keras.optimizers.SGD().get_config()["learning_rate"])
        np.testing.assert_allclose(found, [0.001, 0.9, 0.999, 1e-7, 0.01], rtol=1e-6)
        layer = keras.layers.Dense(1)
        assert [type(it).__name__ for it in (layer.kernel_initializer, layer.bias_initializer)] == [
            "GlorotUniform",
            "Zeros",
        ]

    def test_batches_of_32(self) -> None:
        """`fit` without a batch size takes two steps of 64 samples."""
        model = trained()
        before = int(model.optimizer.iterations.numpy())
        model.fit(X, Y, verbose=0)
        assert int(model.optimizer.iterations.numpy()) - before == 2

    def test_first_weights_under_a_seed(self) -> None:
        """`set_random_seed(42)` draws the same first kernel."""
        import keras

        keras.utils.set_random_seed(42)
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
        assert model.get_weights()[0][0, 0] == pytest.approx(0.6632373, rel=1e-6)

    def test_h5_without_the_optimizer(self, tmp_path: Path) -> None:
        """`include_optimizer=False` leaves a model that is not compiled, with the same weights."""
        model = trained()
        other = loaded(model, tmp_path / "model.h5", include_optimizer=False)
        assert getattr(other, "optimizer", None) is None
        assert all(map(np.array_equal, model.get_weights(), other.get_weights()))

    def test_state_in_the_h5_file(self, tmp_path: Path) -> None:
        """The optimizer's state is in the `.h5` file, whether Keras restores it or not."""
        from tests.submissions.measure import optimizer_state_in

        model = trained()
        loaded(model, tmp_path / "model.h5")
        assert sum(part.size for part in optimizer_state_in(tmp_path / "model.h5")) >= 2 * model.count_params()

    def test_dropout_left_to_choose_under_xla(self) -> None:
        """XLA draws masks by an algorithm that is neither Philox nor ThreeFry: its own, slow on a processor."""
        import tensorflow as tf

        def mask(algorithm: str) -> Any:
            draw = tf.function(
                lambda: tf.nn.experimental.stateless_dropout(tf.ones([8, 8]), 0.5, [1, 2], algorithm), jit_compile=True
            )
            return draw().numpy()

        chosen = mask("auto_select")
        assert not any(np.array_equal(chosen, mask(other)) for other in ("philox", "threefry"))
