"""The laboratory of a notebook: its runs are what was recorded, and the lab's own only where two are compared."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import keras
import numpy as np

import lab
from lab.alignment import aligned_copy
from lab.recipes import Recipe
from lab.run import Array, Dataset, Run, SavedModel, Steps, Visits
from tests.reference.replicas import SHUFFLINGS
from tests.submissions import recorded_data
from tests.submissions.contract import NotDoneError, NotSeenError, SubjectError
from tests.submissions.datasets import lab_images
from tests.submissions.laboratory import SAMPLE, Laboratory
from tests.submissions.network import network_of
from tests.submissions.rebuilding import in_order_of_calls
from tests.submissions.recorded_models import (
    model_of,
    refuse_another_model,
    restore_state,
    saved_model,
    saved_state,
    weights_of,
)
from tests.submissions.records import Record, read_array
from tests.submissions.submission import COMPARED_WITH, Submission, saved_files

ARRAYS_KEPT = 64  # MNIST's images are 188 MB, weights less than one


class Unseen(dict[str, Any]):
    """The history of a training that reported none."""

    def __missing__(self, key: str) -> Any:
        raise NotSeenError("a training by a loop of its own reports no history; it is judged by where its weights end")


class UnseenWeights(tuple[Array, ...]):
    """The initial weights of a model that had none before its training."""

    def __iter__(self) -> Iterator[Array]:
        raise NotSeenError("the model had no weights before its training, so those that it began with are unknown")

    __getitem__ = __len__ = __iter__  # type: ignore[assignment]


class RecordedLaboratory(Laboratory):
    """Judges what a notebook did. What it did not do, and another of its runs is compared with, the lab does."""

    def __init__(self, submission: Submission, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._submission = submission
        self._arrays = lru_cache(ARRAYS_KEPT)(self._read_array)

    def shufflings(self) -> tuple[str, ...]:
        """A notebook's `fit` may have reshuffled or not: that is nothing to be seen, and both are right."""
        return SHUFFLINGS

    def two_starts(self, name: str) -> tuple[Run, Run]:
        """The recorded model trained here, twice by the same order: the notebook's own order is unknown."""
        if self._record(name) is None:
            return super().two_starts(name)
        self._refuse_unknown_aim(name)
        return self.run(f"{name}_started"), self.run(f"{name}_restarted")

    def resumed_and_continued(self) -> tuple[Run, Run]:
        """What was loaded, and what was saved, both trained on here by the same order."""
        return self.run("mnist_loaded"), self.run("mnist_continued")

    def data(self, name: str) -> Dataset:
        """What the named run was trained and tested on; the lab's own runs take the notebook's data of that kind."""
        record = self._record(name) or self._relative(name)
        if record is None:
            return super().data(name)
        return self._recorded_data(record)[0]

    def recipe(self, name: str) -> Recipe:
        """How the named run was trained."""
        record = self._own(name)
        if record is None:
            self._refuse_not_done(name)
            return super().recipe(name)
        return self._once(("recipe", name), lambda: self._recorded_recipe(record))

    def build(self, name: str) -> keras.Model:
        """The named run's model as it was before its training."""
        record = self._record(name)
        if record is None:
            return super().build(name)
        keras.utils.set_random_seed(self.seed)
        return model_of(record, "before", self._arrays)

    def any_of(self, name: str) -> keras.Model:
        """A model like the named run's, whatever its weights."""
        record = self._record(name)
        return super().any_of(name) if record is None else model_of(record, "after", self._arrays)

    def visits(self, name: str) -> Visits:
        """What a training does that is asked for the same as the notebook's `fit` was."""
        record = self._own(name)
        if record is not None:
            if record.kind != "fit":
                raise NotSeenError("what a training of its own loop visits cannot be seen, only where its weights end")
            self._once(("asked", name), lambda: self._refuse_other_trainings(record, name))
        return super().visits(name)

    def steps(self, name: str) -> Steps:
        """The first steps of the recorded model, from the weights that it began with."""
        self._refuse_unknown_aim(name)
        return super().steps(name)

    def saved(self, file_format: str, include_optimizer: bool = True) -> SavedModel:
        """What the notebook saved and loaded in this format; what it did not, the lab does with its model."""
        pair = saved_files(self._submission.recording).get((file_format, include_optimizer))
        if pair is None:
            return super().saved(file_format, include_optimizer)
        return self._once(("saved", file_format, include_optimizer), lambda: self._recorded_file(*pair))

    def _refuse_unknown_aim(self, name: str) -> None:
        """Raise NotSeenError if the recorded model was not compiled."""
        record = self._record(name)
        if record is not None and not (record.values.get("optimizer") and record.values.get("loss")):
            raise NotSeenError("what a training by a loop of its own minimises cannot be seen, only where it ends")

    def _refuse_not_done(self, name: str) -> None:
        """Raise NotDoneError if a run is missing that the lab does not make, as nothing is only compared with it."""
        if name.removesuffix("_restarted") not in COMPARED_WITH:
            raise NotDoneError(f"{self.subject.name}: no training was recognised as {name}")

    def _record(self, name: str) -> Record | None:
        match = self._submission.recognition.runs.get(name.removesuffix("_restarted").removesuffix("_started"))
        return match.record if match else None

    def _own(self, name: str) -> Record | None:
        """The record that the named run's training is judged by."""
        return self._record(name) or self._record(COMPARED_WITH.get(name, name))

    def _relative(self, name: str) -> Record | None:
        """A recorded run on the same data, which the lab's own runs take; the lines of exercise 1 have their own."""
        if name.startswith("linear"):
            return None
        kind = name.split("_")[0]
        runs = self._submission.recognition.runs
        others = (match.record for other, match in runs.items() if other.startswith(kind))
        return self._own(name) or next(others, None)

    def _recorded_data(self, record: Record) -> tuple[Dataset, int]:
        return self._once(("recorded data", id(record)), lambda: self._read(record))

    def _trained_on(self, record: Record, outputs: int, whole: int) -> tuple[Array, Array, int]:
        """What the record's model was trained on; read once for all that were trained on the same."""

        def read() -> tuple[Array, Array, int]:
            x, y, held_out = recorded_data.trained_on(record, outputs, self._arrays, whole)
            if whole:
                x, y = recorded_data.in_order_of(self.mnist().arrays[0], x, y, held_out)
            return x, y, held_out

        values = record.values
        given = [values.get(name) for name in ("x", "y", "validation", "layers")]
        share = values.get("arguments", {}).get("validation_split")
        return self._once(("trained on", repr((given, share, outputs))), read)

    def _recorded_recipe(self, record: Record) -> Recipe:
        data, held_out = self._recorded_data(record)
        return recorded_data.recipe_of(record, len(data.x_train), held_out)

    def _read_array(self, name: Any) -> Array:
        """An array as trainings take it without a copy: seven of them share MNIST's images, 188 MB."""
        values = read_array(self._submission.folder, name)
        return aligned_copy(values, np.float32) if values.dtype == np.float32 else values

    def _read(self, record: Record) -> tuple[Dataset, int]:
        outputs = network_of(record.values, self._arrays).outputs
        raw = self.mnist().arrays if outputs == 10 else ()
        whole = len(raw[0]) if raw else 0
        x, y, held_out = self._trained_on(record, outputs, whole)
        records = self._submission.recording.records
        tested = recorded_data.last_tested_on(records, record, outputs, self._arrays, whole)
        if tested is None and outputs == 3:
            tested = recorded_data.flowers_predicted(records, record, x, y, self._arrays)
        if tested is None and raw:  # it is the same for all: the lab's test images in its place
            images = self._once("the lab's images", lambda: lab_images(raw))
            tested = images.x_test, images.y_test
        return recorded_data.dataset(x, y, tested), held_out

    def _make_run(self, name: str) -> Run:
        record = self._record(name)
        if record is None:
            self._refuse_not_done(name)
            return self._loaded_run() if name == "mnist_loaded" else super()._make_run(name)
        if name.endswith(("_started", "_restarted")):
            model = self.build(name)
            weight, *rest = model.get_weights()
            model.set_weights([weight + name.endswith("_restarted"), *rest])
            return self._trained(name, model, self.seed)
        model = model_of(record, "after", self._arrays)
        refuse_another_model(self._submission.recording, record, model, self._arrays)
        try:
            initial = tuple(in_order_of_calls(record.values, weights_of(record, "before", self._arrays))[1])
        except NotSeenError:
            initial = UnseenWeights()
        seconds = float(record.values.get("seconds") or 0)
        return self._kept(name, model, record.values.get("history") or None, seconds, initial)

    def _loaded_run(self) -> Run:
        """The model that the notebook loaded with its optimizer's state, or else the lab, trained further."""
        pair = saved_files(self._submission.recording).get(("keras", True))
        if pair is None or not pair[1].values.get("state"):
            return self._trained("mnist_loaded", self._resumable(True), self.seed + 1)
        self._files()  # the model that goes on is the one that they hold
        model = model_of(pair[1], "weights", self._arrays)
        restore_state(model, pair[1].values["state"], self._arrays)
        return self._trained("mnist_loaded", model, self.seed + 1)

    def _train(self, name: str, model: keras.Model, x: Array, y: Array, recipe: Recipe) -> Any:
        record = self._own(name)
        steps = record.values["arguments"].get("steps_per_epoch") if record else None
        if steps is None:  # what was asked of `fit` is all in the recipe, and this is the same training, but quicker
            return lab.train(model, x, y, recipe, self.seed)
        return model.fit(
            x,
            y,
            epochs=recipe.epochs,
            batch_size=recipe.batch_size,
            validation_split=recipe.validation_split,
            steps_per_epoch=steps,
            verbose=0,
        )

    def _refuse_other_trainings(self, record: Record, name: str) -> None:
        """Raise SubjectError if `fit` was asked for more than data and a recipe, or took other steps than they need."""
        arguments, recipe = record.values["arguments"], self.recipe(name)
        weighed = [part for part in arguments.get("others", ()) if "weight" in part]
        if weighed:
            raise SubjectError(f"cell {record.cell}: fit was given {weighed[0]}; the lab weighs all samples alike")
        data, held_out = self._recorded_data(record)
        expected = -(-(len(data.x_train) - held_out) // recipe.batch_size) * recipe.epochs
        taken = int(record.values["steps"]) - int(record.values["begun_at"])
        if taken != expected:
            raise SubjectError(
                f"cell {record.cell}: fit took {taken:,} steps, but {recipe.epochs} epochs of "
                f"{len(data.x_train) - held_out:,} samples in batches of {recipe.batch_size} take {expected:,}"
            )

    def _kept(self, name: str, model: keras.Model, history: Any, seconds: float, initial: Any) -> Run:
        if history is None:
            return self._measured(name, model, Unseen(), seconds, initial)
        record = self._record(name)
        if name == "mnist" and record is not None:
            restore_state(model, saved_state(self._submission.recording, record.values["after"]), self._arrays)
        return super()._kept(name, model, history, seconds, initial)

    def _recorded_file(self, save: Record, load: Record) -> SavedModel:
        x = save.values.get("x")
        sample = recorded_data.features(save, x, self._arrays) if x else self.data("mnist").x_test[:SAMPLE]
        return saved_model(save, load, sample, self._arrays)
