"""`lab.train` takes Keras's own steps, however they are compiled, and whichever model's compiled steps it takes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

import lab
from lab.recipes import Recipe
from lab.run import Array

pytestmark = pytest.mark.tensorflow

XLA_DRIFT = 1e-5  # of how far the weights moved in 8 steps: float32 rounding; measured 3e-8 to 1e-6 on 8 starts


@pytest.fixture(scope="module", autouse=True)
def tensorflow() -> None:
    """TensorFlow is imported by the first test that needs it, and not for their collection."""
    import tests.submissions.laboratory  # noqa: F401


@pytest.fixture(autouse=True)
def nothing_compiled() -> Iterator[None]:
    """No test meets what another one compiled."""
    from lab import compilation

    compilation.forget()
    yield
    compilation.forget()


def iris_model() -> Any:
    """The lab's first Iris model, always from the same weights."""
    import keras

    keras.utils.set_random_seed(3)
    return lab.iris_classifier(10, "relu")


def trained(recipe: Recipe, seed: int = 42, y: Array | None = None) -> tuple[Any, Any]:
    """The linear model after `lab.train` on the 100 points, always from the same weights, and its history."""
    import keras

    keras.utils.set_random_seed(3)
    model, (x, targets) = lab.linear_regressor(), lab.line_data()
    return model, lab.train(model, x, targets if y is None else y, recipe, seed)


def sharing(model: Any) -> Any:
    """The context in which a few steps of `model` are taken."""
    from lab.compilation import sharing_compiled_steps

    return sharing_compiled_steps(model, 32, 1)


def same(first: Any, second: Any) -> bool:
    """Whether two models have the same weights to the bit."""
    return all(np.array_equal(one, other) for one, other in zip(first.get_weights(), second.get_weights(), strict=True))


def dropout_model(rate: float = 0.3) -> Any:
    """A small model that drops out, always from the same weights."""
    import keras

    keras.utils.set_random_seed(3)
    layers = [keras.layers.Dense(32, "relu"), keras.layers.Dropout(rate), keras.layers.Dense(3, "softmax")]
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.compile("adam", "categorical_crossentropy")
    return model


def flat_weights(model: Any) -> Array:
    """All weights in one row."""
    return np.concatenate([weight.ravel() for weight in model.get_weights()])


class InOrder:
    """A generator whose permutations change nothing."""

    def __init__(self, seed: int) -> None: ...

    def permutation(self, count: int) -> Array:
        return np.arange(count)


class TestTrain:
    """`lab.train` takes Keras's own steps."""

    @pytest.mark.parametrize("split", [0.0, 0.2], ids="validation_split={}".format)
    def test_same_as_fit(self, monkeypatch: pytest.MonkeyPatch, split: float) -> None:
        """On batches in order the weights are those of `fit(shuffle=False)` to the bit, the last batch partial."""
        x, y, *_ = lab.iris_data()
        fitted, model = iris_model(), iris_model()
        arguments = {"epochs": 3, "batch_size": 32, "validation_split": split, "shuffle": False, "verbose": 0}
        expected = fitted.fit(x, y, **arguments).history
        monkeypatch.setattr(np.random, "default_rng", InOrder)
        history = lab.train(model, x, y, Recipe(3, 32, split))
        assert same(model, fitted)
        assert history == {name: pytest.approx(values, rel=1e-5) for name, values in expected.items()}

    @pytest.mark.parametrize(("batch_size", "steps"), [(32, 4), (35, 3), (1000, 1)])
    def test_every_batch_trains(self, batch_size: int, steps: int) -> None:
        """100 points take a step for each batch, the last, partial one included."""
        model, _ = trained(Recipe(2, batch_size))
        assert int(model.optimizer.iterations.numpy()) == 2 * steps

    def test_validation_part_changes_no_weight(self) -> None:
        """The samples that are held out are never trained on."""
        _, y = lab.line_data()
        (first, history), (second, changed) = (
            trained(Recipe(2, 32, 0.2), y=np.concatenate([y[:80], held_out])) for held_out in (y[80:], -y[80:])
        )
        assert same(first, second)
        assert history["val_loss"] != changed["val_loss"]

    def test_arrays_stay_as_they_were(self) -> None:
        """The caller's arrays are not shuffled, or changed at all, in place."""
        (x, y), (same_x, same_y) = lab.line_data(), lab.line_data()
        lab.train(lab.linear_regressor(), x, y, Recipe(1, 32, 0.2))
        assert np.array_equal(x, same_x)
        assert np.array_equal(y, same_y)

    def test_seed_repeats(self) -> None:
        """One seed gives one order, and so the same weights to the bit."""
        assert same(trained(Recipe(1, 32), seed=1)[0], trained(Recipe(1, 32), seed=1)[0])

    def test_seeds_differ(self) -> None:
        """Another seed gives another order."""
        assert not same(trained(Recipe(1, 32), seed=1)[0], trained(Recipe(1, 32), seed=2)[0])

    def test_epochs_differ(self) -> None:
        """Each epoch has an order of its own: two epochs are not the first one twice."""
        twice, _ = trained(Recipe(1, 32))
        lab.train(twice, *lab.line_data(), Recipe(1, 32), 42)
        assert not same(trained(Recipe(2, 32))[0], twice)


@pytest.fixture
def steps_run_in_python(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one whenever Keras's `train_step` runs in Python: to trace it, or to take one step."""
    import keras

    calls: list[str] = []
    original = keras.Sequential.train_step

    def counted(model: Any, data: Any) -> Any:
        calls.append(model.name)
        return original(model, data)

    monkeypatch.setattr(keras.Sequential, "train_step", counted)
    return calls


def state(model: Any) -> list[Array]:
    """Copies of all that training changes in a model and its optimizer."""
    return [variable.numpy() for variable in (*model.variables, *model.optimizer.variables)]


class TestCompilation:
    """The same steps are taken one by one, traced, and compiled by XLA."""

    @pytest.mark.parametrize(("traced_from", "python_steps"), [(1000, 6), (6, 1)], ids=["one by one", "traced"])
    def test_steps_in_python(
        self,
        monkeypatch: pytest.MonkeyPatch,
        steps_run_in_python: list[str],
        traced_from: int,
        python_steps: int,
    ) -> None:
        """Few steps are not worth a trace; many are traced once."""
        monkeypatch.setattr("lab.compilation.TRACING_REPAYS_FROM_STEPS", traced_from)
        x, y = lab.line_data()
        lab.train(lab.linear_regressor(), x[:96], y[:96], Recipe(2, 32))
        assert len(steps_run_in_python) == python_steps

    def test_traced_steps_are_keras_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """To the bit, the weights after traced steps are those after steps taken one by one."""
        one_by_one, _ = trained(Recipe(4, 32))
        monkeypatch.setattr("lab.compilation.TRACING_REPAYS_FROM_STEPS", 1)
        assert same(trained(Recipe(4, 32))[0], one_by_one)

    def test_xla_drifts_by_rounding_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """After eight steps XLA's weights are Keras's to float32's rounding; a wrong rate would show as 1e-1."""
        x, y, *_ = lab.iris_data()
        expected, model = iris_model(), iris_model()
        start = flat_weights(model)
        expected.fit(x[:64], y[:64], epochs=4, batch_size=32, shuffle=False, verbose=0)
        monkeypatch.setattr("lab.compilation.XLA_REPAYS_FROM_STEPS", 1)
        monkeypatch.setattr("lab.compilation.TRACING_REPAYS_FROM_STEPS", 1)
        monkeypatch.setattr(np.random, "default_rng", InOrder)
        lab.train(model, x[:64], y[:64], Recipe(4, 32))
        ours, keras_own = flat_weights(model), flat_weights(expected)
        drift = np.linalg.norm(ours - keras_own) / np.linalg.norm(keras_own - start)
        assert drift <= XLA_DRIFT, f"XLA moved the weights by {drift:.1e} of their way, more than rounding can"

    def test_dropout_agrees_in_distribution(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Over paired seeds, dropout under XLA ends at `fit`'s loss: its masks are others, of the same rate.

        Student's t on ten paired differences, false alarms 1e-6.
        """

        monkeypatch.setattr("lab.compilation.XLA_REPAYS_FROM_STEPS", 1)
        monkeypatch.setattr("lab.compilation.TRACING_REPAYS_FROM_STEPS", 1)
        x, y, *_ = lab.iris_data()

        def final_losses(train: Callable[[Any, int], Any], rate: float = 0.3) -> Array:
            model = dropout_model(rate)
            start = model.get_weights()
            losses = []
            for seed in range(10):
                model.set_weights(start)
                train(model, seed)
                losses.append(model.test_on_batch(x, y))
            return np.ravel(losses)

        def compiled(model: Any, seed: int) -> Any:
            return lab.train(model, x, y, Recipe(10, 35), seed)

        def fit(model: Any, seed: int) -> Any:
            return model.fit(x, y, epochs=10, batch_size=35, verbose=0)

        bound, expected = t.isf(0.5e-6, 9), final_losses(fit)

        def statistic(rate: float) -> float:
            apart = final_losses(compiled, rate) - expected
            return float(abs(apart.mean()) / (apart.std(ddof=1) / np.sqrt(len(apart))))

        assert statistic(0.3) <= bound
        assert statistic(0.9) > bound, "the test could not see a wrong rate"


class TestSharing:
    """A model takes the compiled steps of one that is described by the same words, and stays itself."""

    RECIPE = Recipe(20, 35)

    def train(self, model: Any, seed: int = 1) -> Any:
        x, y, *_ = lab.iris_data()
        lab.train(model, x, y, self.RECIPE, seed)
        return model

    def test_compiles_nothing(self, steps_run_in_python: list[str]) -> None:
        """The second of two equal models runs no step in Python."""
        self.train(iris_model())
        before = len(steps_run_in_python)
        self.train(iris_model())
        assert len(steps_run_in_python) == before

    @pytest.mark.parametrize("build", [iris_model, dropout_model])
    def test_result_is_its_own(self, build: Callable[[], Any]) -> None:
        """It ends where it would have ended alone, its optimizer and the state of its random draws too."""
        alone = state(self.train(build(), seed=2))
        self.train(build(), seed=1)
        assert all(map(np.array_equal, state(self.train(build(), seed=2)), alone))

    def test_lender_is_as_it_was(self) -> None:
        """The model whose steps are used has its own weights and state again afterwards."""
        lender = self.train(iris_model())
        before = state(lender)
        self.train(iris_model(), seed=5)
        assert all(map(np.array_equal, state(lender), before))

    def test_lender_is_as_it_was_after_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An interruption in the middle costs the lender nothing."""
        lender = self.train(iris_model())
        before = state(lender)

        def interrupted(*_: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("lab.epochs.take_steps", interrupted)
        with pytest.raises(KeyboardInterrupt):
            self.train(lab.iris_classifier(10, "relu"))
        assert all(map(np.array_equal, state(lender), before))

    @staticmethod
    def other_models() -> dict[str, Any]:
        """Models that differ from `iris_model` in what their steps compute."""
        import keras
        import tensorflow as tf

        def relu(x: Any) -> Any:
            return tf.nn.leaky_relu(x, 0.5)

        class OwnSteps(keras.Sequential):
            pass

        def made(kind: Any = keras.Sequential, activation: Any = "relu", **compiled: Any) -> Any:
            keras.utils.set_random_seed(3)
            hidden = keras.layers.Dense(10, activation, **compiled.pop("hidden", {}))
            model = kind([keras.Input((2,)), hidden, keras.layers.Dense(3, "softmax")])
            if compiled.pop("frozen", False):
                hidden.trainable = False
            arguments = {"optimizer": "adam", "loss": "categorical_crossentropy", "metrics": ["accuracy"]}
            model.compile(**{**arguments, **compiled})
            return model

        def categorical_crossentropy(y_true: Any, y_pred: Any) -> Any:
            return keras.losses.mean_squared_error(y_true, y_pred)

        replaced = made()
        own_step = replaced.train_step
        replaced.train_step = lambda data: own_step(data)
        return {
            "activation": made(activation="sigmoid"),
            "activation of the same name": made(activation=relu),
            "loss of the same name": made(loss=categorical_crossentropy),
            "rate": made(optimizer=keras.optimizers.Adam(0.01)),
            "clipping": made(optimizer=keras.optimizers.Adam(clipnorm=0.1)),
            "regulariser": made(hidden={"kernel_regularizer": "l2"}),
            "frozen layer": made(frozen=True),
            "metric": made(metrics=["mse"]),
            "class of its own": made(OwnSteps),
            "replaced step": replaced,
        }

    def test_another_model_takes_its_own_steps(self) -> None:
        """What a model's description does not tell, or tells otherwise, is compiled anew."""
        self.train(iris_model())
        for difference, model in self.other_models().items():
            with sharing(model) as worker:
                assert worker is model, f"a model with another {difference} would take the steps of this one"

    def test_model_compiled_anew_lends_no_more(self) -> None:
        """A lender that was compiled otherwise since is not what it was described as."""
        lender, model = self.train(iris_model()), self.train(iris_model())
        lender.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
        with sharing(model) as worker:
            assert worker is model

    def test_optimizer_is_told_apart_after_saving(self, tmp_path: Path) -> None:
        """A model that was saved as .h5 describes itself without its optimizer, and is no other's lender."""
        import keras

        from tests.submissions.subject import libraries_may_warn

        for optimizer in (keras.optimizers.Adam(), keras.optimizers.Adam(clipnorm=0.1)):
            model = iris_model()
            model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
            with libraries_may_warn():
                model.save(tmp_path / "saved.h5")
            with sharing(model) as worker:
                assert worker is model

    def test_few_are_kept(self) -> None:
        """Models beyond the last few are let go."""
        from lab import compilation

        for width in range(compilation.MODELS_SHARED + 2):
            with sharing(lab.iris_classifier(width + 1)):
                pass
        kept = [model.layers[0].units for model in compilation._shared.values()]
        assert kept == list(range(3, compilation.MODELS_SHARED + 3))

    def test_equal_model_is_shared(self) -> None:
        """The test above can fail: an equal model is trained in the place of another."""
        lender, model = self.train(iris_model()), self.train(iris_model())
        with sharing(model) as worker:
            assert worker is lender
