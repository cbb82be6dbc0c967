"""Which of the lab's named runs a recorded training is: by what it is, never by what its variables are called."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lab.recipes import RECIPES
from lab.run import Array
from tests.checks.linear import BIAS, WEIGHT, line
from tests.submissions.records import Record, Recording

BATCH_SIZES = (16, 32, 64, 128)
UNREADABLE = (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError)  # what a forged record raises
Arrays = Callable[[Any], Array]  # an array by its name; ValueError if it is none


@dataclass(frozen=True)
class Training:
    """A recorded `fit`, as far as recognition looks at it."""

    record: Record
    inputs: int  # features that the first layer takes
    outputs: int
    hidden: tuple[tuple[int, str], ...]  # units and activation of each dense layer but the last
    drops: bool  # whether there is dropout
    epochs: int
    batch_size: int
    validated: bool


@dataclass(frozen=True)
class Match:
    """A named run, the record that it is, and why."""

    name: str
    record: Record
    reason: str


@dataclass(frozen=True)
class Recognition:
    """The run of each name that was found, and a sentence for each training that is none, in the notebook's order."""

    runs: Mapping[str, Match]
    left_over: tuple[str, ...]


def recognise(recording: Recording, arrays: Arrays) -> Recognition:
    """Name the recording's trainings. Of several that are the same run the last one counts, as in the notebook."""
    trainings, left_over = [], []
    for record in recording.records:
        if record.kind == "fit":
            try:
                trainings.append(training_of(record, arrays))
            except UNREADABLE as reason:
                left_over.append(_unreadable(record, reason))
    runs: dict[str, Match] = {}
    for training in trainings:
        try:
            match = _match(training, trainings, recording, arrays)
        except UNREADABLE as reason:
            match = _unreadable(training.record, reason)
        if isinstance(match, str):
            left_over.append(match)
            continue
        if match.name in runs:
            earlier = runs[match.name].record
            left_over.append(
                f"{_place(earlier)}: {match.name} as well, and was trained again in cell {match.record.cell}"
            )
        runs[match.name] = match
    return Recognition(runs, tuple(left_over))


def training_of(record: Record, arrays: Arrays) -> Training:
    """The record's training. Raises one of UNREADABLE if the record does not hold one."""
    values = record.values
    weights = [arrays(name) for name in values["after"]]
    kernels = [weight for weight in weights if weight.ndim == 2]
    dense = [(int(layer["units"]), str(layer.get("activation"))) for layer in values["layers"] if "units" in layer]
    arguments = values["arguments"]
    return Training(
        record=record,
        inputs=kernels[0].shape[0],
        outputs=kernels[-1].shape[1],
        hidden=tuple(dense[:-1]),
        drops=any("dropout" in str(layer.get("class")).lower() for layer in values["layers"]),
        epochs=int(arguments["epochs"]) - int(arguments["initial_epoch"]),
        batch_size=int(arguments["batch_size"]),
        validated=bool(arguments["validation_split"]) or values["validation"] is not None,
    )


def _match(training: Training, trainings: Sequence[Training], recording: Recording, arrays: Arrays) -> Match | str:
    """The run that it is, or why it is none."""
    ends = training.inputs, training.outputs
    if ends == (1, 1):
        return _line(training, arrays)
    if ends == (2, 3):
        return _iris(training)
    if ends == (784, 10):
        return _resumed(training, trainings, recording) or _digits(training, trainings)
    sizes = f"{training.inputs} inputs to {training.outputs} outputs"
    return f"{_place(training.record)}: a network from {sizes} is none of the lab's"


def _line(training: Training, arrays: Arrays) -> Match | str:
    """Exercise 1, by how far the points scatter about the lab's line: nearer to 1 or to 5, as factors."""
    x, y = (np.ravel(arrays(training.record.values[side])).astype(np.float64) for side in ("x", "y"))
    if x.shape != y.shape or not np.isfinite([x, y]).all():
        return f"{_place(training.record)}: one input and one output, but X and Y are no points"
    scatter = float(np.sqrt(np.mean((y - line(x, WEIGHT, BIAS)) ** 2)))
    name, level = ("linear", 1) if scatter < math.sqrt(1 * 5) else ("linear_noisy", 5)
    reason = f"one input and one output, on points that scatter about 3X + 5 by {scatter:.2f}: noise {level}"
    return Match(name, training.record, reason)


def _iris(training: Training) -> Match:
    """Exercise 2, by the hidden layer: sigmoid, or else 10 or 50 units, whichever is nearer as a factor."""
    units, activation = training.hidden[0] if training.hidden else (0, "none")
    if activation == "sigmoid":
        name = "iris_sigmoid10"
    else:
        name = "iris_relu10" if units < math.sqrt(10 * 50) else "iris_relu50"
    return Match(name, training.record, f"two features to three classes through {units} hidden units with {activation}")


def _resumed(training: Training, trainings: Sequence[Training], recording: Recording) -> Match | None:
    """Exercise 4, if it begins with the weights that another model's training ended with, and that were loaded."""
    before, number = training.record.values["before"], training.record.values["model"]
    loaded = any(
        record.kind == "load" and record.values.get("model") == number and record.values.get("weights") == before
        for record in recording.records
    )
    origin = next(
        (other for other in trainings if other.record.values["after"] == before and other is not training), None
    )
    if not loaded or origin is None:
        return None
    steps = int(training.record.values["begun_at"])
    name = "mnist_resumed" if steps else "mnist_resumed_without_optimizer"
    told = f"with its optimizer after {steps:,} steps" if steps else "with a fresh optimizer"
    reason = f"goes on, {told}, from a loaded model that was trained in cell {origin.record.cell}"
    return Match(name, training.record, reason)


def _digits(training: Training, trainings: Sequence[Training]) -> Match | str:
    """Exercise 3: with dropout, one of the four batch sizes, or the plain model."""
    told = f"784 pixels to ten digits, {training.epochs} epochs in batches of {training.batch_size}"
    if training.drops:
        return Match("mnist_dropout", training.record, f"{told}, with dropout")
    by_size = f"mnist_batch{training.batch_size}"
    if by_size not in RECIPES:
        return f"{_place(training.record)}: {told}: none of the lab's batch sizes ({', '.join(map(str, BATCH_SIZES))})"
    if training.batch_size != RECIPES["mnist"].batch_size:
        return Match(by_size, training.record, told)
    # Batches of 32 are the plain model's and one of the four: 4 sizes in one cell are a comparison, and so are fewer
    # epochs without validation.
    together = {
        other.batch_size
        for other in trainings
        if other.record.cell == training.record.cell and (other.inputs, other.outputs, other.drops) == (784, 10, False)
    }
    few = training.epochs < math.sqrt(RECIPES["mnist"].epochs * RECIPES[by_size].epochs) and not training.validated
    if len(together) > 1:
        return Match(
            by_size, training.record, f"{told}, in one cell with those of {len(together) - 1} other batch sizes"
        )
    if few:
        return Match(
            by_size, training.record, f"{told} and without validation, nearer to the comparison's 5 than to 10"
        )
    return Match("mnist", training.record, f"{told}, without dropout")


def _unreadable(record: Record, reason: Exception) -> str:
    return f"{_place(record)}: its record cannot be read ({type(reason).__name__}: {reason})"


def _place(record: Record) -> str:
    return f"cell {record.cell}, model {record.values.get('model')}"
