"""Recorded models: built again, with the weights and the optimizer's state that were recorded of them."""

from typing import Any

import keras

from lab.run import Array, SavedModel, Structure
from tests.submissions import measure
from tests.submissions.contract import NotSeenError, SubjectError
from tests.submissions.rebuilding import holds, rebuilt
from tests.submissions.recorded_data import features
from tests.submissions.records import Arrays, Record, Recording
from tests.submissions.submission import format_of


def weights_of(record: Record, which: str, arrays: Arrays) -> list[Array]:
    """The weights `before` or `after` a training, or the `weights` of a file, in the model's own order.

    Raises NotSeenError if there were none, and SubjectError if the record's are none.
    """
    names = record.values.get(which)
    if not isinstance(names, list) or None in names:
        raise NotSeenError(f"the weights {which} the training of cell {record.cell} were not recorded")
    try:
        return [arrays(name) for name in names]
    except ValueError as reason:
        raise SubjectError(f"cell {record.cell}: {reason}") from None


def model_of(record: Record, which: str, arrays: Arrays) -> keras.Model:
    """The record's model with its weights `which`. Raises SubjectError as `rebuilt` does, with the cell."""
    try:
        return rebuilt(record.values, weights_of(record, which, arrays))
    except NotSeenError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as reason:
        raise SubjectError(f"cell {record.cell}: its model cannot be built again ({reason})") from None
    except SubjectError as reason:
        raise SubjectError(f"cell {record.cell}: {reason}") from None


def refuse_another_model(recording: Recording, record: Record, model: keras.Model, arrays: Arrays) -> None:
    """Raise SubjectError if the notebook's model predicted something else than its layers in order do."""
    for other in recording.records:
        values = other.values
        same = other.kind == "predict" and values.get("weights") == record.values["after"]
        if same and values.get("predictions"):
            x, predictions = features(other, values["x"], arrays), arrays(values["predictions"])
            if not holds(model, x[:100], predictions[:100]):
                raise SubjectError(
                    f"cell {other.cell}: the model predicted something else than a chain of its layers does"
                )
            return


def saved_state(recording: Recording, weights: Any) -> Any:
    """The names of the optimizer's state that a model with these weights was saved with; None if it was not."""
    saves = (record.values for record in recording.records if record.kind == "save")
    return next((values.get("state") for values in saves if values.get("weights") == weights), None)


def restore_state(model: keras.Model, names: Any, arrays: Arrays) -> None:
    """Give the model's optimizer this state, if it is one of its kind, so that it goes on as it would have."""
    state, variables = [arrays(name) for name in names or ()], model.optimizer.variables
    if [tuple(variable.shape) for variable in variables] == [part.shape for part in state]:
        for variable, part in zip(variables, state, strict=True):
            variable.assign(part)


def saved_model(save: Record, load: Record, sample: Array, arrays: Arrays) -> SavedModel:
    """A file that the notebook saved and loaded, with the predictions of `sample` before and after."""
    before, after = (model_of(record, "weights", arrays) for record in (save, load))

    def state(record: Record, which: str) -> tuple[Array, ...]:
        return tuple(arrays(name) for name in record.values.get(which) or ())

    structure = measure.structure_of(after)
    return SavedModel(
        file_format=format_of(save),
        include_optimizer=bool(save.values["include_optimizer"]),
        file_bytes=int(save.values["bytes"]),
        save_seconds=float(save.values["seconds"]),
        load_seconds=float(load.values["seconds"]),
        predictions_before=measure.outputs(before, sample),
        predictions_after=measure.outputs(after, sample),
        weights_before=measure.weights_of(before),
        weights_after=measure.weights_of(after),
        structure_before=measure.structure_of(before),
        structure_after=structure if load.values.get("optimizer") else Structure(structure.layers, {}, ""),
        optimizer_before=state(save, "state"),
        optimizer_in_file=state(save, "in_file"),
        optimizer_after=state(load, "state"),
    )
