"""What a recorded training was given becomes a run's data and recipe, however it was given."""

from typing import Any

import numpy as np
import pytest

from lab.datasets import iris_data
from lab.recipes import Recipe
from tests.submissions.contract import SubjectError
from tests.submissions.recorded_data import (
    features,
    flowers_predicted,
    in_order_of,
    last_tested_on,
    recipe_of,
    targets,
    trained_on,
)
from tests.submissions.records import Record

STORED: dict[str, Any] = {
    "x": np.arange(80.0).reshape(10, 8),
    "images": np.arange(80.0).reshape(10, 2, 4),
    "held x": np.zeros((2, 8)),
    "held y": np.eye(3)[[0, 1]],
    "y": np.eye(3)[np.arange(10) % 3],
    "classes": np.arange(10) % 3,
    "column": (np.arange(10) % 3)[:, None],
    "wrong": np.arange(10),
    "other x": np.ones((4, 8)),
    "other y": np.eye(3)[[0, 1, 2, 0]],
    "line": np.arange(10.0),
}


def arrays(name: Any) -> Any:
    """The stored array of that name."""
    if name not in STORED:
        raise ValueError(f"{name!r} is no name of an array")
    return STORED[name]


def record(kind: str = "fit", model: int = 1, **values: Any) -> Record:
    """A record of a model without layers of its own kind."""
    arguments = {"epochs": 5, "batch_size": 4, "validation_split": 0.0}
    return Record(kind, 1, {"model": model, "layers": [], "x": "x", "y": "y", "arguments": arguments} | values)


def test_features_are_rows() -> None:
    """Images become rows, and a vector a column."""
    assert features(record(), "images", arrays).shape == (10, 8)
    assert features(record(), "line", arrays).shape == (10, 1)


def test_rescaling_layer_is_data() -> None:
    """A Rescaling layer at the beginning is what another notebook does to its data."""
    layers = [{"class": "InputLayer"}, {"class": "Rescaling", "scale": 0.5, "offset": 1}, {"class": "Dense"}]
    np.testing.assert_allclose(features(record(layers=layers), "x", arrays), STORED["x"] / 2 + 1)


@pytest.mark.parametrize("name", ["y", "classes", "column"])
def test_targets_are_one_hot(name: str) -> None:
    """Labels as numbers are those as rows with a single 1."""
    np.testing.assert_array_equal(targets(name, 3, arrays), STORED["y"])


def test_targets_are_no_classes() -> None:
    """Labels beyond the model's outputs are refused."""
    with pytest.raises(SubjectError, match="no numbers from 0 to 2"):
        targets("wrong", 3, arrays)


@pytest.mark.parametrize(
    ("values", "whole", "expected"),
    [
        ({}, 0, (10, 0)),
        ({"arguments": {"validation_split": 0.2}}, 0, (10, 2)),
        ({"validation": ["held x", "held y"]}, 12, (12, 2)),
        ({"validation": ["held x", "held y"]}, 10, (10, 0)),
        ({"validation": [None, None]}, 10, (10, 0)),
    ],
    ids=["none", "split by fit", "split by hand", "tested on", "unknown"],
)
def test_validation_part(values: dict[str, Any], whole: int, expected: tuple[int, int]) -> None:
    """A part that was split off by hand counts as one that `fit` split off; what is tested on is none."""
    x, y, held_out = trained_on(record(**values), 3, arrays, whole)
    assert (len(x), held_out) == expected
    assert len(x) == len(y)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([], None),
        ([record("evaluate", x="other x", y="other y")], "other x"),
        ([record("fit", x="other x", validation=["held x", "held y"])], "held x"),
        ([record("fit", validation=["held x", "held y"])], None),
        ([record("evaluate", x="other x", y="other y"), record("evaluate", x="x", y="y")], "other x"),
        ([record("evaluate", x="x", y="y")], "x"),
        ([record("evaluate", x="other x", y="other y"), record("evaluate", 2, x="held x", y="held y")], "other x"),
        ([record("evaluate", 2, x="held x", y="held y")], "held x"),
        ([record("evaluate", x="x", y="y"), record("evaluate", 2, x="held x", y="held y")], "x"),
        (
            [record("evaluate", 2, x="held x", y="held y"), record("predict", x="held x", y=None), record("evaluate")],
            "held x",
        ),
        ([record("evaluate", x="line", y="line")], None),
        ([record("evaluate", x="no such", y="y")], None),
    ],
    ids=[
        *("nothing", "own", "validated", "split off", "not the training part", "only it", "own first", "another's"),
        *("own training part first", "predicted", "shape", "missing"),
    ],
)
def test_tested_on(records: list[Record], expected: str | None) -> None:
    """The test part is what this model was tested on, or else another; the training part only if there is no other."""
    found = last_tested_on(records, record(), 3, arrays, 12)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        np.testing.assert_array_equal(found[0], STORED[expected])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"history": {"loss": [1.0] * 5}}, Recipe(5, 4)),
        ({"history": {"loss": [1.0] * 3}}, Recipe(3, 4)),
    ],
    ids=["as asked", "stopped early"],
)
def test_recipe(values: dict[str, Any], expected: Recipe) -> None:
    """Epochs are those that were trained, not those that were asked for."""
    assert recipe_of(record(**values), 10, 0) == expected


def test_recipe_of_a_part_split_by_hand() -> None:
    """The share that was held out by hand is the recipe's."""
    assert recipe_of(record(history={"loss": [1.0] * 5}), 60_000, 6_000) == Recipe(5, 4, 0.1)


@pytest.mark.parametrize(
    ("samples", "held_out", "share"), [(1437, 144, 0.1), (60_000, 6_000, 0.1), (100, 33, 0.33), (10, 2, 0.2)]
)
def test_share_is_the_roundest(samples: int, held_out: int, share: float) -> None:
    """What was held out by hand is the share by which `fit` would hold out as many."""
    assert recipe_of(record(history={"loss": [1.0]}), samples, held_out).validation_split == share


def test_shuffled_images_are_put_in_order() -> None:
    """Images that a dataset shuffled are judged in the raw order, each part by itself, with their labels."""
    raw = np.arange(6 * 784, dtype=np.int64).reshape(6, 28, 28).astype(np.uint8)
    raw[:, 0, 0] = np.arange(6)
    x, y = raw.reshape(6, 784).astype(np.float32) / 255, np.arange(6, dtype=np.float32)[:, None]
    order = [2, 0, 3, 1, 5, 4]
    ordered = in_order_of(raw, x[order], y[order], 2)
    np.testing.assert_array_equal(ordered[0], x)
    np.testing.assert_array_equal(ordered[1], y)
    others = x[order] + 0.5
    np.testing.assert_array_equal(in_order_of(raw, others, y[order], 2)[0], others)


def test_flowers_that_were_only_predicted() -> None:
    """The labels of test flowers that Keras never saw are those of the flowers that training left."""
    x_train, y_train, x_test, y_test = iris_data(7)
    STORED["flowers"] = x_test
    training, predicted = record(), record("predict", x="flowers", y=None)
    found = flowers_predicted([predicted], training, x_train, y_train, arrays)
    assert found is not None
    rows, labels = (
        np.column_stack([x_test, side])[np.lexsort(np.column_stack([x_test, side]).T)] for side in (y_test, found[1])
    )
    np.testing.assert_allclose(rows, labels, atol=1e-5)
    STORED["flowers"] = x_train[:45]
    assert flowers_predicted([predicted], training, x_train, y_train, arrays) is None


def test_recipe_is_none() -> None:
    """A batch size that is none ends in a sentence."""
    with pytest.raises(SubjectError, match="batch_size is 0"):
        recipe_of(record(history={"loss": [1.0]}, arguments={"batch_size": 0}), 10, 0)
