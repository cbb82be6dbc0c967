"""Trainings in several threads at once give what they would have given one after the other, to the bit."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import lab
from lab.mnist_source import Mnist
from lab.recipes import RECIPES, Recipe
from lab.run import Run
from tests import fixtures
from tests.questions import _is_of_exercise_3
from tests.submissions.subject import Subject

pytestmark = pytest.mark.tensorflow

RECIPE = Recipe(epochs=3, batch_size=16)  # traced, not taken one by one
DRAWS = np.random.default_rng(5)
X, Y = DRAWS.random((64, 784)).astype(np.float32), np.eye(10, dtype=np.float32)[DRAWS.integers(0, 10, 64)]
RAW = (
    DRAWS.integers(0, 256, (200, 28, 28), dtype=np.uint8),
    DRAWS.integers(0, 10, 200, dtype=np.uint8),
    DRAWS.integers(0, 256, (60, 28, 28), dtype=np.uint8),
    DRAWS.integers(0, 10, 60, dtype=np.uint8),
)
QUICK = {key: Recipe(2, 64, recipe.validation_split) for key, recipe in RECIPES.items()}
NAMES = ["mnist", "mnist_dropout", "mnist_batch16", "mnist_batch32"]
LaboratoryOf = Callable[[], Any]


@pytest.fixture(autouse=True)
def nothing_compiled() -> Iterator[None]:
    """No test meets what another one compiled."""
    from lab import compilation

    compilation.forget()
    yield
    compilation.forget()


def model(dropout: float) -> Any:
    """The lab's network, always from the same weights."""
    import keras

    keras.utils.set_random_seed(3)
    return lab.mnist_classifier(dropout)


def weights_after_training(one: Any) -> list[Any]:
    """Its weights after `lab.train` on 64 images."""
    lab.train(one, X, Y, RECIPE)
    return [np.array(weight) for weight in one.get_weights()]


class TestTraining:
    """`lab.train` in threads."""

    @pytest.mark.parametrize("rates", [(0.0, 0.0, 0.0), (0.3, 0.3), (0.0, 0.3)], ids=str)
    def test_threads_change_nothing(self, rates: tuple[float, ...]) -> None:
        """Models of one description, which share their steps, and of several end where they would have alone.

        But for those that may not be prepared: Keras 2's dropout draws from TensorFlow's state.
        """
        from lab.training import prepare

        alone = {rate: weights_after_training(model(rate)) for rate in rates}
        prepared = [rate for rate in rates if prepare(model(rate), X, Y, RECIPE)]
        with ThreadPoolExecutor(len(rates)) as threads:
            together = list(threads.map(weights_after_training, map(model, prepared)))
        for rate, weights in zip(prepared, together, strict=True):
            assert all(map(np.array_equal, alone[rate], weights))

    def test_only_what_draws_from_its_own_state_is_prepared(self) -> None:
        """Without dropout always; with it since Keras 3, whose layers have a state of their own."""
        import keras

        from lab.training import prepare

        own_state = bool(keras.layers.Dropout(0.3).variables)
        assert [prepare(model(rate), X, Y, RECIPE) for rate in (0.0, 0.3)] == [True, own_state]

    def test_prepared_model_is_trained_in_their_place(self) -> None:
        """None of the others lends its own variables: the steps that were compiled are the prepared model's."""
        from lab.training import prepare

        spare, other = model(0.0), model(0.0)
        assert prepare(spare, X, Y, RECIPE)
        weights_after_training(other)
        assert ["_compiled_steps" in vars(one) for one in (spare, other)] == [True, False]

    def test_own_model_is_not_prepared(self) -> None:
        """A model of a class of its own may draw on anything, and is trained where it is asked for."""
        import keras

        from lab.training import prepare

        class Own(keras.Sequential):
            pass

        own = Own([keras.Input((784,)), keras.layers.Dense(10, "softmax")])
        own.compile("adam", "categorical_crossentropy")
        assert not prepare(own, X, Y, RECIPE)


class TestBegun:
    """Runs that a laboratory begins before they are asked for."""

    @pytest.fixture
    def laboratory_of(self, tmp_path: Path) -> Iterator[LaboratoryOf]:
        """Makes laboratories of the lab itself on 200 images of noise."""
        from tests.submissions.laboratory import Laboratory

        made: list[Any] = []

        def make() -> Any:
            subject = Subject("lab", frozenset(), {}, QUICK)
            made.append(Laboratory(subject, 42, lambda: Mnist(RAW, "noise", False), tmp_path, None))
            return made[-1]

        yield make
        for laboratory in made:
            laboratory.end()

    @staticmethod
    def weights(run: Run) -> list[Any]:
        return [*run.initial_weights, *run.weights]

    def test_runs_are_the_same(self, laboratory_of: LaboratoryOf) -> None:
        """Begun or not, a run starts from the same weights, ends at the same and tells the same history."""
        in_turn, begun = laboratory_of(), laboratory_of()
        begun.begin(NAMES)
        for name in NAMES:
            one, other = in_turn.run(name), begun.run(name)
            assert all(map(np.array_equal, self.weights(one), self.weights(other))), name
            assert one.history == other.history

    def test_run_is_trained_once(self, laboratory_of: LaboratoryOf, monkeypatch: pytest.MonkeyPatch) -> None:
        """What was begun is not trained again, whoever trains it: the thread, or who asks for it or waits."""
        trained: list[Any] = []
        train = lab.train

        def counting(one: Any, *arguments: Any, **named: Any) -> Any:
            trained.append(one)
            return train(one, *arguments, **named)

        monkeypatch.setattr(lab, "train", counting, raising=False)
        laboratory = laboratory_of()
        laboratory.begin(NAMES)
        for name in reversed(NAMES):
            laboratory.run(name)
        assert len(trained) == len(NAMES)

    def test_failure_is_tried_again(self, laboratory_of: LaboratoryOf, monkeypatch: pytest.MonkeyPatch) -> None:
        """A training that fails in its thread is done again where it is asked for, and its error is told there."""

        def failing(*_: Any, **__: Any) -> None:
            raise ValueError("in the thread alone")

        in_turn = laboratory_of().run("mnist")
        monkeypatch.setattr("tests.submissions.laboratory._train_silently", failing)
        laboratory = laboratory_of()
        laboratory.begin(["mnist"])
        assert laboratory.run("mnist").history == in_turn.history

    def test_other_names_are_left(self, laboratory_of: LaboratoryOf) -> None:
        """Runs that need another one first, and other exercises', are not begun."""
        laboratory = laboratory_of()
        laboratory.begin(["mnist_resumed", "mnist_reloaded", "iris_relu10"])
        assert not laboratory._begun


def item(name: str | None = None, skipped: bool = False, question: str = "3.1") -> Any:
    """A test as far as it is looked at here."""
    marks = {"skip": skipped or None, "question": SimpleNamespace(args=(question, 1))}
    call = SimpleNamespace(params={"name": name}) if name else SimpleNamespace(params={})
    return SimpleNamespace(callspec=call, get_closest_marker=marks.get)


def to_begin(*items: Any, functions: tuple[str, ...] = (), submission: Any = None, **config: Any) -> list[str]:
    """What is begun for these tests of a subject that defines these functions."""
    running: Any = SimpleNamespace(items=items, config=SimpleNamespace(**config))
    session: Any = SimpleNamespace(subject=SimpleNamespace(functions=dict.fromkeys(functions)), submission=submission)
    return fixtures.runs_to_begin(running, session)


class TestWhatIsBegun:
    """Which runs a session begins."""

    def test_those_that_tests_name(self) -> None:
        """Each once, in the tests' order; what is skipped, or of another exercise, is not needed."""
        items = [item("mnist_dropout"), item("iris_relu10"), item(), item("mnist", skipped=True), item("mnist_dropout")]
        assert to_begin(*items) == ["mnist_dropout"]

    @pytest.mark.parametrize("function", sorted(fixtures.MNIST_FUNCTIONS))
    def test_nothing_of_a_subject_of_its_own(self, function: str) -> None:
        """A subject's own functions run where they are asked for: they may draw on what others draw on."""
        assert to_begin(item("mnist"), functions=(function,)) == []

    def test_nothing_of_a_notebook(self) -> None:
        """A notebook's trainings were recorded."""
        assert to_begin(item("mnist"), submission="recorded") == []

    @pytest.mark.parametrize(("file", "names"), [("test_4_saving.py", ["mnist"]), ("test_2_iris.py", [])])
    def test_under_xdist(self, file: str, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        """Every process collects all tests, but only that which runs exercises 3 and 4 needs their trainings."""
        monkeypatch.setenv("PYTEST_CURRENT_TEST", f"tests/exercises/{file}::test_layers[dropout=0] (setup)")
        assert to_begin(item("mnist"), workerinput={}) == names

    def test_exercise_3_comes_last(self) -> None:
        """So that its trainings go on while the other exercises are measured; the others keep their order."""
        numbers = ["1.1", "3.2", "2.1", "3.1", "4.1"]
        items = sorted((item(question=number) for number in numbers), key=_is_of_exercise_3)
        assert [one.get_closest_marker("question").args[0] for one in items] == ["1.1", "2.1", "4.1", "3.2", "3.1"]
