"""Printed figures are held against what was measured while the notebook ran."""

from typing import Any

import numpy as np
import pytest

from tests.submissions.printed import differing, figures, unsupported
from tests.submissions.records import Cell, Record, Recording

STORED: dict[str, Any] = {
    "w": np.array([[2.9694]]),
    "b": np.array([4.7381]),
    "x": np.zeros((45, 2)),
    "y": np.eye(3)[np.arange(45) % 3],
    "right": np.eye(3)[np.where(np.arange(45) < 36, np.arange(45) % 3, (np.arange(45) + 1) % 3)],
}
RECORDS = (
    Record("fit", 1, {"model": 1, "after": ["w", "b"], "history": {"loss": [1.0]}}),
    Record("fit", 2, {"model": 2, "after": [], "history": {"accuracy": [0.5, 0.75], "val_accuracy": [0.5, 0.7111]}}),
    Record("evaluate", 2, {"model": 2, "x": "x", "y": "y", "results": {"values": [0.6, 0.8]}}),
)


def arrays(name: Any) -> Any:
    """The stored array of that name."""
    if name not in STORED:
        raise ValueError
    return STORED[name]


def told(*printed: str, records: tuple[Record, ...] = RECORDS) -> list[str]:
    """What is not supported of these lines, printed by one cell."""
    cells = (Cell(3, "", 0.1, "\n".join(printed)),)
    return unsupported(cells, Recording(cells, records, ()), arrays, np.arange(200) % 10)


@pytest.mark.parametrize(
    "line",
    [
        "Test Accuracy: 80.00%",
        "Test Accuracy: 0.8000",
        "accuracy = 0.80",
        "Final validation acc 0.7111",
        "Learned weight: 2.9694",
        "bias 4.738",
    ],
)
def test_measured(line: str) -> None:
    """A figure that was measured, as it is rounded, is supported."""
    assert told(line) == []


@pytest.mark.parametrize("line", ["Test Accuracy: 0.9999", "accuracy: 97.65%", "Learned weight: 3.1674", "b = 4.3361"])
def test_typed(line: str) -> None:
    """A figure that nothing measured is shown, with its cell and its line."""
    (sentence,) = told(line)
    assert sentence.startswith(f"cell 3 prints “{line}”")


@pytest.mark.parametrize(
    "line",
    [
        "Epoch 1/2 - accuracy: 0.1234",
        "accuracy gap: 0.1234",
        "accuracy 1",
        "weight and bias: 3.1674 4.3361",
        "the weight, the bias: 3.1674, 4.3361",
        "Batch size: 16, Time: 61.69s",
        "the loss is 0.1234 and the accuracy 0.4321",
        "accuracy, rounded, is one",
        "x" * 300 + " accuracy: 0.1234",
    ],
)
def test_passed_over(line: str) -> None:
    """Lines that speak of something else, or of several things, are not judged."""
    assert told(line) == []


def test_number_after_the_word() -> None:
    """Of several numbers in a line the one after the word counts."""
    assert [figure.value for figure in figures({1: "Batch size: 16, Time: 7.15s, Accuracy: 0.9775"})] == [0.9775]


def test_two_quantities_in_a_line() -> None:
    """Where each quantity has its own figure, both are judged."""
    assert told("Learned weight: 2.9694, bias: 4.7381") == []
    assert len(told("Learned weight: 3.0001, bias: 4.9998")) == 2


def test_digits_are_known() -> None:
    """Predictions of the served test images have an accuracy, whatever the notebook calculated it by."""
    STORED["digits"] = np.eye(10)[np.where(np.arange(200) < 150, np.arange(200) % 10, (np.arange(200) + 1) % 10)]
    record = Record("predict", 2, {"model": 2, "x": "seen by nobody", "predictions": "digits"})
    assert told("accuracy: 0.7500", records=(record,)) == []
    assert len(told("accuracy: 0.7501", records=(record,))) == 1


def test_labels_that_are_not_known() -> None:
    """Where a notebook has predictions whose labels it never showed to Keras, its accuracies cannot be judged."""
    record = Record("predict", 2, {"model": 2, "x": "seen by nobody", "predictions": "right"})
    assert told("accuracy: 0.1234", records=(record,)) == []


def test_predictions_count() -> None:
    """An accuracy that the notebook calculated itself from its predictions is a measured one."""
    record = Record("predict", 2, {"model": 2, "x": "x", "predictions": "right"})
    assert told("accuracy: 0.8000", records=(RECORDS[2], record)) == []
    fit = Record("fit", 2, {"model": 2, "x": "x", "y": "y"})
    assert told("accuracy: 0.8000", records=(fit, record)) == []


@pytest.mark.parametrize(("before", "count"), [("0.7111", 0), ("1.0000", 0), ("0.2000", 1)])
def test_handed_in_outputs(before: str, count: int) -> None:
    """An accuracy that was handed in may differ from this run's by chance: 45 flowers leave much to it, but not all."""
    cells = (Cell(3, "", 0.1, "Test accuracy: 0.8000"),)
    outputs = {3: f"Test accuracy: {before}"}
    assert len(differing(outputs, cells, Recording(cells, RECORDS, ()), arrays, np.zeros(0))) == count


@pytest.mark.parametrize("value", [None, 7, "x", [1], {"a": 1}, [[1], [2]]], ids=str)
@pytest.mark.parametrize("kind", ["fit", "evaluate", "predict"])
def test_forged_records_measure_nothing(kind: str, value: Any) -> None:
    """Whatever stands in a record in the place of arrays, histories and results, nothing breaks."""
    names = ("x", "y", "validation", "history", "after", "results", "predictions")
    forged = Record(kind, 1, dict.fromkeys(names, value))
    assert told("accuracy: 0.9999", records=(forged, *RECORDS)) != []
