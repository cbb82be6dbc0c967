"""What recorded trainings were given, as the data and the recipe of a run."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from lab.alignment import aligned_copy, is_aligned
from lab.recipes import Recipe
from lab.run import Array, Dataset
from tests.submissions.contract import SubjectError
from tests.submissions.records import Arrays, Record

LARGEST_CLASS = 1000  # a label above is no class


def features(record: Record, name: Any, arrays: Arrays) -> Array:
    """Features as the first dense layer gets them, float32 (n, features)."""
    values = arrays(name)
    rows = values.reshape(len(values), -1)
    for layer in record.values["layers"]:
        if layer["class"] == "Rescaling":
            rows = rows * float(layer["scale"]) + float(layer.get("offset") or 0)
        elif layer["class"] not in ("InputLayer", "Flatten", "Reshape"):
            break
    return _floats(rows)


def _floats(rows: Array) -> Array:
    """As float32 that TensorFlow reads in place: themselves, if they are that already."""
    return rows if rows.dtype == np.float32 and is_aligned(rows) else aligned_copy(rows, np.float32)


def targets(name: Any, outputs: int, arrays: Arrays) -> Array:
    """Targets (n, outputs): those of classes one-hot, however they were given."""
    values = arrays(name)
    rows = values.reshape(len(values), -1)
    if outputs > 1 and rows.shape[1] == 1:
        classes = rows[:, 0].astype(np.int64)
        if not len(rows) or classes.min() < 0 or classes.max() >= min(outputs, LARGEST_CLASS):
            raise SubjectError(f"the labels are no numbers from 0 to {outputs - 1}")
        rows = np.eye(outputs, dtype=np.float32)[classes]
    return _floats(rows)


def trained_on(record: Record, outputs: int, arrays: Arrays, whole: int) -> tuple[Array, Array, int]:
    """Features, targets, and how many of the last were held out for validation.

    `whole` is how many samples the lab trains on and holds out together: a validation part that was split off by hand
    counts as one that `fit` split off, if both together are that many.
    """
    values = record.values
    x, y = features(record, values["x"], arrays), targets(values["y"], outputs, arrays)
    share = float(values.get("arguments", {}).get("validation_split") or 0)
    held_out = len(x) - int(len(x) * (1 - share))
    pair = values.get("validation")
    if pair and len(pair) == 2 and None not in pair:
        held = features(record, pair[0], arrays), targets(pair[1], outputs, arrays)
        if len(x) + len(held[0]) == whole and held[0].shape[1:] == x.shape[1:]:
            return np.concatenate([x, held[0]]), np.concatenate([y, held[1]]), len(held[0])
    return x, y, held_out


def recipe_of(record: Record, samples: int, held_out: int) -> Recipe:
    """How the record's model was trained."""
    arguments = record.values["arguments"]
    epochs = len(next(iter(record.values["history"].values()), ())) or int(arguments["epochs"])
    share = float(arguments.get("validation_split") or 0) or held_out / samples
    try:
        return Recipe(epochs, int(arguments["batch_size"]), round(share, 6))
    except ValueError as reason:
        raise SubjectError(f"the training's recipe is none: {reason}") from None


def last_tested_on(
    records: Iterable[Record], training: Record, outputs: int, arrays: Arrays
) -> tuple[Array, Array] | None:
    """What the trained model was tested on last, or else another on data of this shape; None if nothing was.

    Tested is what was evaluated, or validated without being a part of the training. The samples that it was trained on
    count only if there are no others.
    """
    width = _width(training.values["x"], arrays)
    found: dict[tuple[bool, bool], tuple[Record, Any, Any]] = {}
    for record in records:
        for x, y in _tests_in(record):
            own, fresh = record.values.get("model") == training.values.get("model"), x != training.values["x"]
            if _width(x, arrays) == width and _width(y, arrays) in (1, outputs):
                found[fresh, own] = record, x, y
    if not found:
        return None
    record, x, y = found[max(found)]
    return features(record, x, arrays), targets(y, outputs, arrays)


def _tests_in(record: Record) -> list[tuple[Any, Any]]:
    values: Mapping[str, Any] = record.values
    if record.kind == "evaluate":
        return [(values.get("x"), values.get("y"))]
    pair = values.get("validation")
    return [(pair[0], pair[1])] if record.kind == "fit" and isinstance(pair, list) and len(pair) == 2 else []


def _width(name: Any, arrays: Arrays) -> int:
    """Values a sample, 0 if there is no such array."""
    try:
        values = arrays(name)
    except ValueError:
        return 0
    return values.size // len(values) if values.ndim and len(values) else 0


def dataset(x: Array, y: Array, tested: tuple[Array, Array] | None) -> Dataset:
    """The data of a run; nothing is tested on where nothing was."""
    return Dataset(x, y, *(tested or (x[:0], y[:0])))
