"""What recorded trainings were given, as the data and the recipe of a run."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.datasets import load_iris

from lab.alignment import aligned_copy, is_aligned
from lab.recipes import Recipe
from lab.run import Array, Dataset
from tests.checks.iris import unscaled
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
    if _splits_off_by_hand(record, arrays, whole):
        held = features(record, values["validation"][0], arrays), targets(values["validation"][1], outputs, arrays)
        return np.concatenate([x, held[0]]), np.concatenate([y, held[1]]), len(held[0])
    share = float(values.get("arguments", {}).get("validation_split") or 0)
    return x, y, len(x) - int(len(x) * (1 - share))


def _splits_off_by_hand(record: Record, arrays: Arrays, whole: int) -> bool:
    """Whether what was trained on and what was validated on are together all that the lab trains on."""
    sizes = [_size(name, arrays) for name in (record.values.get("x"), _validated_on(record)[0])]
    return all(rows for rows, _ in sizes) and sizes[0][0] + sizes[1][0] == whole and sizes[0][1] == sizes[1][1]


def in_order_of(images: Array, x: Array, y: Array, held_out: int) -> tuple[Array, Array]:
    """Both in the order of the raw images (n, 28, 28), if x is those over 255: a dataset may have shuffled them."""
    rows = images.reshape(len(images), -1)
    pixels = np.rint(np.clip(x, 0, 1) * 255).astype(np.uint8)
    if np.array_equal(pixels, rows):
        return x, y
    places = {row.tobytes(): place for place, row in enumerate(rows)}
    found = np.array([places.get(row.tobytes(), -1) for row in pixels])
    if found.size == 0 or found.min() < 0 or (np.diff(found) > 0).all():
        return x, y
    trained = len(x) - held_out
    order = np.concatenate([np.argsort(found[:trained], kind="stable"), trained + np.argsort(found[trained:])])
    return x[order], y[order]


def recipe_of(record: Record, samples: int, held_out: int) -> Recipe:
    """How the record's model was trained."""
    arguments = record.values["arguments"]
    epochs = len(next(iter(record.values["history"].values()), ())) or int(arguments["epochs"])
    try:
        return Recipe(epochs, int(arguments["batch_size"]), _share(held_out, samples))
    except ValueError as reason:
        raise SubjectError(f"the training's recipe is none: {reason}") from None


def _share(held_out: int, samples: int) -> float:
    """The roundest share by which `fit` would hold out so many."""
    shares = (round(held_out / samples, digits) for digits in range(1, 7))
    return next((share for share in shares if samples - int(samples * (1 - share)) == held_out), held_out / samples)


def last_tested_on(
    records: Sequence[Record], training: Record, outputs: int, arrays: Arrays, whole: int
) -> tuple[Array, Array] | None:
    """What the trained model was tested on last, or else another on data of this shape; None if nothing was.

    Tested is what was evaluated, predicted with targets that are known, or validated without being a part of the
    training. The samples that it was trained on count only if it was tested on no others.
    """
    width = _size(training.values["x"], arrays)[1]
    pairs = [(record, *pair) for record in records for pair in _tests_in(record, arrays, whole)]
    known = {x: y for _, x, y in pairs}
    for record in records:
        x = record.values.get("x")
        if record.kind == "predict" and isinstance(x, str) and x in known:
            pairs.append((record, x, known[x]))
    found: dict[tuple[bool, bool], tuple[Record, Any, Any]] = {}
    for record, x, y in pairs:
        own, fresh = record.values.get("model") == training.values.get("model"), x != training.values["x"]
        if _size(x, arrays)[1] == width and _size(y, arrays)[1] in (1, outputs):
            found[own, fresh] = record, x, y
    if not found:
        return None
    record, x, y = found[max(found)]
    return features(record, x, arrays), targets(y, outputs, arrays)


def flowers_predicted(
    records: Sequence[Record], training: Record, x: Array, y: Array, arrays: Arrays
) -> tuple[Array, Array] | None:
    """The flowers that the trained model, or else another, predicted last and was not trained on, with their labels.

    A notebook need not show their labels to Keras: they are those of the flowers that training left. Flowers with the
    same features get the same predictions, so which of them has which label does not matter.
    """
    found: dict[bool, Array] = {}
    for record in records:
        rows, width = _size(record.values.get("x"), arrays)
        if record.kind == "predict" and width == 2 and len(x) + rows == len(load_iris().target):
            found[record.values.get("model") == training.values.get("model")] = features(
                record, record.values["x"], arrays
            )
    if not found:
        return None
    predicted = found[max(found)]
    iris = load_iris()
    flowers = unscaled(Dataset(x, y, predicted, y[:0]))  # (150, 2), in cm
    millimetres = [tuple(row) for row in np.rint(flowers * 10).astype(int)]
    left = Counter(zip(map(tuple, np.rint(iris.data[:, :2] * 10).astype(int)), iris.target.tolist(), strict=True))
    left.subtract(zip(millimetres, y.argmax(axis=1).tolist(), strict=False))
    labels = []
    for flower in millimetres[len(x) :]:
        label = next((label for label in range(3) if left[flower, label] > 0), None)
        if label is None:
            return None
        left[flower, label] -= 1
        labels.append(label)
    return predicted, np.eye(3, dtype=np.float32)[labels]


def _tests_in(record: Record, arrays: Arrays, whole: int) -> list[tuple[str, str]]:
    """The names of features and targets that the record tested on."""
    pair = _validated_on(record)
    if record.kind == "evaluate":
        pair = record.values.get("x"), record.values.get("y")
    elif record.kind != "fit" or _splits_off_by_hand(record, arrays, whole):
        return []
    return [(pair[0], pair[1])] if isinstance(pair[0], str) and isinstance(pair[1], str) else []


def _validated_on(record: Record) -> tuple[Any, Any]:
    pair = record.values.get("validation")
    return (pair[0], pair[1]) if isinstance(pair, list) and len(pair) == 2 else (None, None)


def _size(name: Any, arrays: Arrays) -> tuple[int, int]:
    """Samples, and values a sample; zeros if there is no such array."""
    try:
        values = arrays(name)
    except ValueError:
        return 0, 0
    return (len(values), values.size // len(values)) if values.ndim and len(values) else (0, 0)


def dataset(x: Array, y: Array, tested: tuple[Array, Array] | None) -> Dataset:
    """The data of a run; nothing is tested on where nothing was."""
    return Dataset(x, y, *(tested or (x[:0], y[:0])))
