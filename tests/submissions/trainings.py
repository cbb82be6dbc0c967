"""Recorded trainings in one form, whether the notebook called `fit`, took step by step, or wrote a loop of its own.

A loop that calls `fit` for an epoch at a time, or stops to evaluate, is one training: its records are joined.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.submissions.handwritten import as_fit, training_by_hand
from tests.submissions.network import Network, network_of
from tests.submissions.records import Arrays, Record, Recording

# What a forged record raises.
UNREADABLE = (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError)
BY_HAND = 300  # weights that changed by hand, each with arrays to be searched; a lab has four models
KINDS = ("fit", "batches", "changed")


@dataclass(frozen=True)
class Training:
    """A training: its record as a `fit` would have left it, and what recognition looks at."""

    record: Record
    network: Network
    epochs: int
    batch_size: int
    validated: bool
    pieces: int = 1  # records that it is joined of
    goes_on: int | None = None  # the cell of the training of the same model which it goes on from

    @property
    def model(self) -> Any:
        """The number of its model."""
        return self.record.values.get("model")


def trainings_of(recording: Recording, arrays: Arrays) -> tuple[list[Training], list[str]]:
    """The recording's trainings in order, and a sentence for each record that should be one and is none."""
    found: list[Training] = []
    left_over = []
    known = _Known()
    for record in recording.records:
        try:
            if record.kind in KINDS:
                training = _training(record, known, arrays)
                if training is None:
                    left_over += known.set_by_hand(record)
                elif found and _is_continued(found[-1], training):
                    found[-1] = _joined(found[-1], training)
                else:
                    found.append(known.goes_on(training))
                if training is not None:
                    known.trained(found[-1])
            known.note(record)
        except UNREADABLE as reason:
            left_over.append(f"{place_of(record)}: its record cannot be read ({type(reason).__name__}: {reason})")
    return found, left_over


class _Known:
    """What the records before have shown: weights, targets, and each model's last training since it was loaded."""

    def __init__(self) -> None:
        self.weights: set[tuple[Any, ...]] = set()
        self.targets: set[str] = set()
        self.last: dict[Any, Training] = {}
        self.by_hand = 0

    def note(self, record: Record) -> None:
        if record.kind == "load":
            self.last.pop(record.values.get("model"), None)
        for name in ("before", "after", "weights"):
            if isinstance(record.values.get(name), list):
                self.weights.add(tuple(record.values[name]))

    def trained(self, training: Training) -> None:
        self.last[training.model] = training
        if isinstance(training.record.values["y"], str):
            self.targets.add(training.record.values["y"])

    def goes_on(self, training: Training) -> Training:
        """The training, with the cell that its model was trained in before, if it goes on from there."""
        last = self.last.get(training.model)
        if last is None or last.record.values["after"] != training.record.values["before"]:
            return training
        return replace(training, goes_on=last.record.cell)

    def set_by_hand(self, record: Record) -> list[str]:
        """A sentence, unless the weights are a copy of what the notebook had trained, loaded or saved."""
        if tuple(record.values["after"]) in self.weights:
            return []
        return [f"{place_of(record)}: its weights were set by hand, not by a training"]


def place_of(record: Record) -> str:
    """Where the notebook did it, and with which model."""
    return f"cell {record.cell}, model {record.values.get('model')}"


def _training(record: Record, known: _Known, arrays: Arrays) -> Training | None:
    """The record's training; None if its weights changed by none. Raises one of UNREADABLE for a forged record."""
    network = network_of(record.values, arrays)
    if record.kind == "batches":
        record = _by_batches(record, arrays)
    if record.kind == "changed":
        known.by_hand += 1
        if known.by_hand > BY_HAND:
            raise ValueError(f"there are more than {BY_HAND} like it")
        last = known.last.get(record.values.get("model"))
        own = last.record.values["y"] if last is not None and last.record.cell == record.cell else None
        by_hand = training_by_hand(record, network, known.targets, own, arrays)
        if by_hand is None:
            return None
        record = by_hand
    values, arguments = record.values, record.values["arguments"]
    return Training(
        record=record,
        network=network,
        epochs=int(arguments["epochs"]) - int(arguments["initial_epoch"]),
        batch_size=int(arguments["batch_size"]),
        validated=bool(arguments["validation_split"]) or values["validation"] is not None,
    )


def _by_batches(record: Record, arrays: Arrays) -> Record:
    """Steps of `train_on_batch` as if `fit` had taken them."""
    sizes = [int(size) for size in record.values["sizes"]]
    epochs = record.values["epochs"] or max(round(sum(sizes) / len(arrays(record.values["x"]))), 1)
    return as_fit(record, int(epochs), max(sizes), record.values["x"], record.values["y"])


def _is_continued(before: Training, training: Training) -> bool:
    """Whether it is the next piece of the same loop: in the same cell, on the same data, and fits of equal length."""
    first, second = before.record.values, training.record.values
    alike = ("model", "x", "y", "validation", "optimizer")
    return (
        (before.record.kind, before.record.cell) == (training.record.kind, training.record.cell)
        and all(first.get(name) == second.get(name) for name in alike)
        and first["after"] == second["before"]
        and first.get("steps") == second["begun_at"]
        and (training.record.kind != "fit" or training.epochs == before.epochs // before.pieces)
        and training.batch_size == before.batch_size
    )


def _joined(before: Training, training: Training) -> Training:
    """Both as one training."""
    first, second = before.record.values, training.record.values
    epochs = before.epochs + training.epochs
    histories: tuple[Mapping[str, Any], ...] = first["history"], second["history"]
    values = {
        **second,
        "before": first["before"],
        "begun_at": first["begun_at"],
        "arguments": {**second["arguments"], "epochs": epochs, "initial_epoch": 0},
        "history": {name: [*histories[0][name], *histories[1][name]] for name in histories[0] if name in histories[1]},
        "seconds": float(first.get("seconds") or 0) + float(second.get("seconds") or 0),
    }
    record = replace(training.record, values=values)
    return replace(before, record=record, epochs=epochs, pieces=before.pieces + 1)
