"""Where the subject's named runs are made: each is trained once, whatever asks for it."""

import contextlib
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, TypeVar, cast

import keras
import numpy as np

import lab
from lab.mnist_source import Mnist
from lab.progress import Terminal, titled
from lab.recipes import Recipe
from lab.run import Array, Arrays, Dataset, FirstSteps, Run, SavedModel, Steps, Timing, Visits
from lab.training import prepare
from tests.checks.visits import shufflings
from tests.reference.step_check import ASKED, steady_rows
from tests.submissions import measure
from tests.submissions.behaviour import loss_weighs_samples
from tests.submissions.contract import SubjectError
from tests.submissions.datasets import NOISE, iris_dataset, line_dataset, mnist_dataset, scaled_grid
from tests.submissions.integrity import refuse_changes, snapshot
from tests.submissions.subject import Subject, libraries_may_warn, raised
from tests.submissions.witness import witness_model, witnessed_training

Made = TypeVar("Made")

DROPOUT = 0.3  # the rate that the lab asks for
IRIS_MODELS = {"iris_relu10": (10, "relu"), "iris_relu50": (50, "relu"), "iris_sigmoid10": (10, "sigmoid")}
MNIST_RECIPES = {"mnist": "mnist", "mnist_dropout": "mnist"} | {
    f"mnist_batch{size}": f"mnist_batch{size}" for size in (16, 32, 64, 128)
}
# `.keras` first: writing `.h5` makes Keras 3 forget the optimizer in a `.keras` file that is written after it.
FILES = (("keras", True), ("h5", True), ("h5", False))
# Whose predictions on the training part are asked for: on MNIST they take as long as an epoch.
RESUMED = ("mnist_resumed", "mnist_resumed_without_optimizer")
JUDGED_ON_TRAINING = {*NOISE, *IRIS_MODELS, "mnist", "mnist_dropout", *RESUMED, "mnist_loaded"}
TRAININGS_AT_ONCE = 2  # one begun beforehand, in a thread of its own, and one that is asked for
SAMPLE = 100  # images whose predictions are compared before and after saving, as in the original notebook

TIMED_IMAGES = 1664  # 104 steps of 16 or 13 of 128; of the stand-in, which has fewer, as many as fill every batch
LARGEST_BATCH = 128


def named(key: Any) -> str:
    """What is made under this key, in words."""
    return " ".join(str(part) for part in key if not isinstance(part, Recipe)) if isinstance(key, tuple) else str(key)


def _train_silently(*arguments: Any) -> tuple[Any, float]:
    """The lab's `train` and its seconds; no line of its own on the terminal, where the tests' are."""
    with titled("", None):
        return measure.timed(lab.train, *arguments)


class Laboratory:
    """Trains and measures a subject's runs, each once; an error of the subject's is kept as the result."""

    def __init__(
        self,
        subject: Subject,
        seed: int,
        mnist: Callable[[], Mnist],
        folder: Path,
        terminal: Terminal | None,
        images: Callable[[], Dataset] | None = None,
    ):
        self.subject, self.seed, self.mnist = subject, seed, mnist
        self.timings: dict[tuple[str, int], Timing] = {}  # filled by the benchmark: (loop, batch size)
        self._folder, self._terminal = folder, terminal
        self._images = images or (lambda: mnist_dataset(subject, mnist().arrays))
        self._made: dict[Any, Any] = {}
        self._models: dict[str, keras.Model] = {}
        self._witnesses: dict[tuple[int, int], tuple[Any, list[Array], keras.Model]] = {}  # by features and outputs
        self._threads = ThreadPoolExecutor(TRAININGS_AT_ONCE - 1, "training")
        self._begun: dict[str, tuple[keras.Model, Arrays, Future[tuple[Any, float]]]] = {}
        self._judges = snapshot()

    def begin(self, names: Iterable[str]) -> None:
        """Begin training these runs on MNIST in a thread of their own; the subject's part in them is the lab's.

        The lab's models and `train` draw random numbers from what is theirs alone, so that only the time depends on it.
        """
        # mnist_batch32 last: it is trained in place of a model that the resumed trainings wait for, too.
        for name in sorted(filter(MNIST_RECIPES.get, names), key=lambda name: name == "mnist_batch32"):
            data, recipe = self.data(name), self.recipe(name)
            if prepare(self.build(name), data.x_train, data.y_train, recipe):
                model = self.build(name)
                initial = measure.weights_of(model)
                training = self._threads.submit(_train_silently, model, data.x_train, data.y_train, recipe, self.seed)
                self._begun[name] = model, initial, training

    def end(self) -> None:
        """Begin no more trainings: those that wait are given up."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def run(self, name: str) -> Run:
        """The named run. Raises SubjectError if the subject could not make it."""
        return self._once(name, lambda: self._make_run(name))

    def saved(self, file_format: str, include_optimizer: bool = True) -> SavedModel:
        """The `mnist` model's file in that format, and what came back from it."""
        return self._files()[file_format, include_optimizer]

    def first_steps(self, with_optimizer: bool) -> FirstSteps:
        """The first batches after loading the `mnist` model with or without the optimizer's state."""
        return self._once(("first steps", with_optimizer), lambda: self._first_steps(with_optimizer))

    def steps(self, name: str) -> Steps:
        """The first steps of a fresh model of the named run, on fixed batches of its data."""
        return self._once(("steps", name), lambda: self._steps(name))

    def visits(self, name: str) -> Visits:
        """What the subject's `train` does by the named run's recipe, as a model sees it that counts."""
        calls = 2 if name == "mnist_resumed" else 1  # resumed training goes on with the optimizer's state
        return self._once(("visits", self.recipe(name), name.split("_")[0], calls), lambda: self._visits(name, calls))

    def shufflings(self) -> tuple[str, ...]:
        """How exercise 1's training orders its samples: which orders it may have."""
        return shufflings(self.visits("linear"))

    def two_starts(self, name: str) -> tuple[Run, Run]:
        """The named run of exercise 1, and the same from another weight on the same batches."""
        return self.run(name), self.run(f"{name}_restarted")

    def resumed_and_continued(self) -> tuple[Run, Run]:
        """The model that went on after it was saved and loaded, and the one that never stopped, on the same batches."""
        return self.run("mnist_resumed"), self.run("mnist_continued")

    def data(self, name: str) -> Dataset:
        """The data of the named run."""
        if name.startswith("linear"):
            noise_std = NOISE[name.removesuffix("_restarted")]
            return self._once(("data", noise_std), lambda: line_dataset(self.subject, noise_std, self.seed))
        if name.startswith("iris"):
            return self._once("iris data", lambda: iris_dataset(self.subject, self.seed))
        return self._once("mnist data", self._images)

    def build(self, name: str) -> keras.Model:
        """A fresh, seeded, compiled model of the named run."""
        keras.utils.set_random_seed(self.seed)
        if name.startswith("linear"):
            function, arguments = "linear_regressor", {}
        elif name.startswith("iris"):
            hidden_units, activation = IRIS_MODELS[name]
            function, arguments = "iris_classifier", {"hidden_units": hidden_units, "activation": activation}
        else:
            function, arguments = "mnist_classifier", {"dropout": DROPOUT if name == "mnist_dropout" else 0.0}
        model = measure.compiled_model(self.subject.call(function, **arguments), f"{self.subject.name}: {function}")
        if not model.weights:
            model(self.data(name).x_train[:1])  # a subclassed model has none before its first call
        return model

    def any_of(self, name: str) -> keras.Model:
        """A model like the named run's, whatever its weights."""
        return self.build(name)

    def recipe(self, name: str) -> Recipe:
        """The subject's recipe for the named run."""
        key = MNIST_RECIPES.get(name) or ("mnist_resume" if name.startswith("mnist") else name.split("_")[0])
        return self.subject.recipes[key]

    def _once(self, key: Any, make: Callable[[], Made]) -> Made:
        if key not in self._made:
            try:
                with libraries_may_warn():
                    self._made[key] = make()
                refuse_changes(self.subject.name, self._judges, f"making {named(key)}")
            except SubjectError as error:
                self._made[key] = error
            except Exception as error:
                # A model can be wrong in ways that show only when it is looked at.
                self._made[key] = SubjectError(
                    f"{self.subject.name}: {named(key)} could not be measured: {raised(error)}"
                )
        result = self._made[key]
        if isinstance(result, SubjectError):
            raise result.with_traceback(None)
        return cast(Made, result)

    def _make_run(self, name: str) -> Run:
        if name == "mnist_reloaded":
            return self._measured(name, self._load("keras", True), self.run("mnist").history, 0.0)
        if name in RESUMED:
            return self._trained(name, self._resumable(name == "mnist_resumed"), self.seed + 1)
        if name == "mnist_continued":
            self._files()  # they must hold the model as it was before it goes on
            return self._trained(name, self._models.pop("mnist"), self.seed + 1)
        if name in self._begun:
            model, initial, training = self._begun.pop(name)
            if not training.cancel():  # else it waits yet, and is trained here and now
                self._train_others_until(training)
                with titled(name, self._terminal):
                    wait([training])
                if training.exception() is None:  # else it is trained again, to tell of its error like any other
                    history, seconds = training.result()
                    return self._kept(name, model, history, seconds, initial)
        model = self.build(name)
        if name.endswith("_restarted"):
            # Another weight to start from, on the same batches: what is left of the distance measures convergence.
            weight, *rest = model.get_weights()
            model.set_weights([weight + 1, *rest])
        return self._trained(name, model, self.seed)

    def _train_others_until(self, training: Future[Any]) -> None:
        """Do not look on while another thread trains: train what is last in its queue."""
        while not training.done():
            waiting = (name for name, (_, _, other) in reversed(self._begun.items()) if other.cancel())
            if (name := next(waiting, None)) is None:
                return
            with contextlib.suppress(SubjectError):  # it is told where that run is asked for
                self.run(name)

    def _trained(self, name: str, model: keras.Model, seed: int) -> Run:
        data, recipe = self.data(name), self.recipe(name)
        initial = measure.weights_of(model)
        with titled(name, self._terminal):
            history, seconds = measure.timed(
                self.subject.call, "train", model, data.x_train, data.y_train, recipe, seed=seed
            )
        return self._kept(name, model, history, seconds, initial)

    def _kept(self, name: str, model: keras.Model, history: Any, seconds: float, initial: Arrays) -> Run:
        if name == "mnist":
            self._models[name] = model
        epochs = self.recipe(name).epochs
        return self._measured(name, model, measure.plain_history(history, epochs), seconds, initial)

    def _measured(self, name: str, model: keras.Model, history: Any, seconds: float, initial: Any = ()) -> Run:
        data = self.data(name)
        return Run(
            name=name,
            seed=self.seed,
            recipe=self.recipe("mnist" if name == "mnist_reloaded" else name),
            data=data,
            structure=measure.structure_of(model),
            initial_weights=initial,
            weights=measure.weights_of(model),
            history=history,
            train_predictions=(
                measure.outputs(model, data.x_train) if name in JUDGED_ON_TRAINING else data.y_train[:0]
            ),
            test_predictions=measure.outputs(model, data.x_test) if len(data.x_test) else data.y_test,
            seconds=seconds,
            grid_predictions=measure.outputs(model, scaled_grid(data)) if name.startswith("iris") else None,
            masking=measure.masking_of(model),
            loss_weighs_samples=loss_weighs_samples(),
        )

    def _steps(self, name: str) -> Steps:
        data, model = self.data(name), self.build(name)
        rows = steady_rows(ASKED[name], measure.weights_of(model), data.x_train, data.y_train)
        return measure.steps_of(model, data.x_train[rows], data.y_train[rows])

    def _visits(self, name: str, calls: int) -> Visits:
        recipe, data = self.recipe(name), self.data(name)
        model = self._fresh_witness(data.x_train.shape[1], data.y_train.shape[1])

        def train(*arguments: Any) -> Any:
            return measure.plain_history(self._train(name, *arguments), recipe.epochs)

        return witnessed_training(model, train, recipe, calls)

    def _train(self, name: str, model: keras.Model, x: Array, y: Array, recipe: Recipe) -> Any:
        """Train as the subject trains the named run; what it returns."""
        return self.subject.call("train", model, x, y, recipe, seed=self.seed)

    def _fresh_witness(self, features: int, outputs: int) -> keras.Model:
        """A witness as it was made: used again, because what was traced of it serves every recipe."""
        optimizer, values, model = self._witnesses.get((features, outputs), (None, [], None))
        if model is None or model.optimizer is not optimizer:  # a subject may compile it anew
            keras.utils.set_random_seed(self.seed)
            model = witness_model(features, outputs)
            values = [variable.numpy() for variable in measure.variables_of(model)]
            self._witnesses[features, outputs] = model.optimizer, values, model
        for variable, value in zip(measure.variables_of(model), values, strict=True):
            variable.assign(value)
        return model

    def _files(self) -> dict[tuple[str, bool], SavedModel]:
        """What was saved by the subject's `save_model`, in each way, and came back."""
        return self._once("files", lambda: {kind: self._save_and_load(*kind) for kind in FILES})

    def _path(self, file_format: str, include_optimizer: bool) -> Path:
        return self._folder / f"mnist{'' if include_optimizer else '_no_optimizer'}.{file_format}"

    def _load(self, file_format: str, include_optimizer: bool) -> keras.Model:
        self._files()
        return self._loaded(self._path(file_format, include_optimizer))

    def _loaded(self, path: Path) -> keras.Model:
        model = self.subject.call("load_model", str(path))
        if not isinstance(model, keras.Model):
            raise SubjectError(
                f"{self.subject.name}: load_model returned a {type(model).__name__}; the contract needs a Keras model"
            )
        return model

    def _save_and_load(self, file_format: str, include_optimizer: bool) -> SavedModel:
        self.run("mnist")
        model, path = self._models["mnist"], self._path(file_format, include_optimizer)
        sample = self.data("mnist").x_test[:SAMPLE]
        predictions, weights = model.predict(sample, verbose=0), measure.weights_of(model)
        structure, state = measure.structure_of(model), measure.optimizer_state_of(model)
        _, save_seconds = measure.timed(
            self.subject.call, "save_model", model, str(path), include_optimizer=include_optimizer
        )
        if not path.is_file():
            raise SubjectError(
                f"{self.subject.name}: save_model wrote no file at the path that it was given ({path.name})"
            )
        loaded, load_seconds = measure.timed(self._loaded, path)
        compiled = getattr(loaded, "optimizer", None) is not None
        return SavedModel(
            file_format=file_format,
            include_optimizer=include_optimizer,
            file_bytes=path.stat().st_size,
            save_seconds=save_seconds,
            load_seconds=load_seconds,
            predictions_before=np.array(predictions),
            predictions_after=np.array(loaded.predict(sample, verbose=0)),
            weights_before=weights,
            weights_after=measure.weights_of(loaded),
            structure_before=structure,
            structure_after=measure.structure_of(loaded),
            optimizer_before=state,
            optimizer_in_file=measure.optimizer_state_in(path) if file_format == "h5" else (),
            optimizer_after=measure.optimizer_state_of(loaded) if compiled else (),
        )

    def _resumable(self, with_optimizer: bool) -> keras.Model:
        """The `mnist` model from its file: as saved, or compiled afresh around the weights alone."""
        if with_optimizer:
            loaded = self._load("keras", True)
            return measure.compiled_model(loaded, f"{self.subject.name}: load_model, from a file with its optimizer,")
        model = self.any_of("mnist")
        model.set_weights(self._load("h5", False).get_weights())
        return model

    def _first_steps(self, with_optimizer: bool) -> FirstSteps:
        data = self.data("mnist")
        return measure.first_steps_of(self._resumable(with_optimizer), data.x_train, data.y_train, seed=self.seed)

    def timed_images(self) -> int:
        """How many images each timing trains on."""
        return min(TIMED_IMAGES, len(self.data("mnist").x_train) // LARGEST_BATCH * LARGEST_BATCH)

    def timing_case(self, loop: str, batch_size: int) -> tuple[Callable[[], None], Callable[[], int]]:
        """What a round of the benchmark does before the clock starts, and what is timed; it returns the steps taken.

        `fit` is what a student runs, `compiled` the subject's own `train`. Both are traced beforehand, on one model.
        """
        return self._once(("timing", loop, batch_size), lambda: self._timing_case(loop, batch_size))

    def _timing_case(self, loop: str, batch_size: int) -> tuple[Callable[[], None], Callable[[], int]]:
        wait([training for _, _, training in self._begun.values()])  # the clock is to run alone
        data, model = self.data("mnist"), self._once("timed model", lambda: self.any_of("mnist"))
        x, y = data.x_train[: self.timed_images()], data.y_train[: self.timed_images()]
        initial = model.get_weights()

        def train(images: int = len(x)) -> int:
            before = int(model.optimizer.iterations.numpy())
            if loop == "fit":
                with libraries_may_warn():
                    model.fit(x[:images], y[:images], epochs=1, batch_size=batch_size, verbose=0)
            else:
                self.subject.call("train", model, x[:images], y[:images], Recipe(1, batch_size), seed=self.seed)
            return int(model.optimizer.iterations.numpy()) - before

        train(
            2 * batch_size if loop == "fit" else len(x)
        )  # the subject's own loop may be traced for the size of its data
        return lambda: model.set_weights(initial), train
