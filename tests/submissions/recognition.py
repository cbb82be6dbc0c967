"""Which of the lab's named runs a recorded training is: by what it is, never by what its variables are called."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lab.recipes import RECIPES
from tests.checks.linear import BIAS, WEIGHT, line
from tests.submissions.network import Network
from tests.submissions.records import Arrays, Record, Recording
from tests.submissions.trainings import UNREADABLE, Training, place_of, trainings_of

BATCH_SIZES = (16, 32, 64, 128)
HOW = {"fit": "", "batches": ", by train_on_batch", "changed": ", by a loop of the notebook's own"}


@dataclass(frozen=True)
class Match:
    """A named run, the record that it is, and why."""

    name: str
    record: Record
    reason: str


@dataclass(frozen=True)
class Recognition:
    """The run of each name that was found, and a sentence for each training that is none, or was not recorded."""

    runs: Mapping[str, Match]
    left_over: tuple[str, ...]


def recognise(recording: Recording, arrays: Arrays) -> Recognition:
    """Name the recording's trainings.

    Of several that are the same run the last one counts, as in the notebook, and one that goes on with a trained model
    only if no other is there.
    """
    trainings, left_over = trainings_of(recording, arrays)
    left_over += _of_other_records(recording)
    candidates: dict[str, list[tuple[Training, Match]]] = {}
    beside = _Beside(trainings, recording)
    for training in trainings:
        try:
            match = _match(training, beside, arrays)
        except UNREADABLE as reason:
            match = f"{place_of(training.record)}: its record cannot be read ({type(reason).__name__}: {reason})"
        if isinstance(match, str):
            left_over.append(match)
        else:
            candidates.setdefault(match.name, []).append((training, match))
    runs = {}
    for name, found in candidates.items():
        fresh = [match for training, match in found if training.goes_on is None]
        runs[name] = chosen = (fresh or [match for _, match in found])[-1]
        left_over += [_not_chosen(training, chosen) for training, match in found if match is not chosen]
    return Recognition(runs, tuple(left_over))


def _not_chosen(training: Training, chosen: Match) -> str:
    """Why another training is the run, and not this one."""
    cell = chosen.record.cell
    if training.goes_on is not None:
        told = (
            f"goes on with the model of cell {training.goes_on} itself, and was trained from its start in cell {cell}"
        )
        return f"{place_of(training.record)}: {told}"
    return f"{place_of(training.record)}: {chosen.name} as well, and was trained again in cell {cell}"


def _of_other_records(recording: Recording) -> list[str]:
    """A sentence for each training that failed, and for whatever was not recorded."""
    sentences = []
    for record in recording.records:
        if record.kind == "failed":
            sentences.append(f"{place_of(record)}: its training failed ({str(record.values.get('error'))[:300]})")
        elif record.kind == "unrecorded":
            what, error = (str(record.values.get(name))[:300] for name in ("what", "error"))
            sentences.append(f"cell {record.cell}: {what} was not recorded ({error})")
        elif record.kind == "replaced":
            what = str(record.values.get("what"))[:300]
            sentences.append(f"cell {record.cell}: the notebook put something of its own in the place of {what}")
    return list(dict.fromkeys(sentences))


class _Beside:
    """What else the notebook did that tells a training's name."""

    def __init__(self, trainings: Sequence[Training], recording: Recording) -> None:
        loads = (record.values.get("weights") for record in recording.records if record.kind == "load")
        self.loaded = {tuple(weights) for weights in loads if isinstance(weights, list) and _all_text(weights)}
        self.endings: dict[tuple[Any, ...], Training] = {}  # the first training that ended with these weights
        self.sizes: dict[tuple[int, Network], set[int]] = {}  # batch sizes, by cell and network
        for training in trainings:
            self.endings.setdefault(tuple(training.record.values["after"]), training)
            self.sizes.setdefault((training.record.cell, training.network), set()).add(training.batch_size)


def _all_text(names: Sequence[Any]) -> bool:
    return all(isinstance(name, str) for name in names)


def _match(training: Training, beside: _Beside, arrays: Arrays) -> Match | str:
    """The run that it is, or why it is none."""
    ends = training.network.inputs, training.network.outputs
    if ends == (1, 1):
        return _line(training, arrays)
    if ends == (2, 3):
        return _iris(training)
    if ends == (784, 10):
        return _resumed(training, beside) or _digits(training, beside)
    sizes = f"{ends[0]} inputs to {ends[1]} outputs"
    return f"{place_of(training.record)}: a network from {sizes} is none of the lab's"


def _line(training: Training, arrays: Arrays) -> Match | str:
    """Exercise 1, by how far the points scatter about the lab's line: nearer to 1 or to 5, as factors."""
    if not training.record.values["y"]:
        return f"{place_of(training.record)}: one input and one output{_how(training)}, on points that are not known"
    x, y = (np.ravel(arrays(training.record.values[side])).astype(np.float64) for side in ("x", "y"))
    if x.shape != y.shape or not np.isfinite([x, y]).all():
        return f"{place_of(training.record)}: one input and one output, but X and Y are no points"
    scatter = float(np.sqrt(np.mean((y - line(x, WEIGHT, BIAS)) ** 2)))
    name, level = ("linear", 1) if scatter < math.sqrt(1 * 5) else ("linear_noisy", 5)
    reason = (
        f"one input and one output{_how(training)}, on points that scatter about 3X + 5 by {scatter:.2f}: noise {level}"
    )
    return Match(name, training.record, reason)


def _iris(training: Training) -> Match:
    """Exercise 2, by the hidden layer: sigmoid, or else 10 or 50 units, whichever is nearer as a factor."""
    units, activation = training.network.hidden[0] if training.network.hidden else (0, "none")
    if activation == "sigmoid":
        name = "iris_sigmoid10"
    else:
        name = "iris_relu10" if units < math.sqrt(10 * 50) else "iris_relu50"
    reason = f"two features to three classes through {units} hidden units with {activation}{_how(training)}"
    return Match(name, training.record, reason)


def _resumed(training: Training, beside: _Beside) -> Match | None:
    """Exercise 4, if it begins with weights that another training ended with, and that came from a file.

    The model may be the loaded one, or another that was given its weights.
    """
    before = tuple(training.record.values["before"] or ())
    origin = beside.endings.get(before)
    if training.goes_on is not None or origin in (None, training) or before not in beside.loaded:
        return None
    steps = int(training.record.values["begun_at"])
    name = "mnist_resumed" if steps else "mnist_resumed_without_optimizer"
    told = f"with its optimizer after {steps:,} steps" if steps else "with a fresh optimizer"
    reason = f"goes on, {told}, from loaded weights that were trained in cell {origin.record.cell}"
    return Match(name, training.record, reason)


def _digits(training: Training, beside: _Beside) -> Match | str:
    """Exercise 3: with dropout, one of the four batch sizes, or the plain model."""
    told = f"784 pixels to ten digits, {training.epochs} epochs in batches of {training.batch_size}{_how(training)}"
    if training.network.drops:
        return Match("mnist_dropout", training.record, f"{told}, with dropout")
    by_size = f"mnist_batch{training.batch_size}"
    if by_size not in RECIPES:
        asked = ", ".join(map(str, BATCH_SIZES))
        return f"{place_of(training.record)}: {told}: none of the lab's batch sizes ({asked})"
    if training.batch_size != RECIPES["mnist"].batch_size:
        return Match(by_size, training.record, told)
    # Batches of 32 are the plain model's and one of the four. The plain one is longer, and validated; where the two do
    # not agree, other sizes in the same cell make it a comparison.
    few = training.epochs < math.sqrt(RECIPES["mnist"].epochs * RECIPES[by_size].epochs)
    if few and not training.validated:
        told += " and without validation, nearer to the comparison's 5 than to 10"
        return Match(by_size, training.record, told)
    others = len(beside.sizes[training.record.cell, training.network]) - 1
    if few == training.validated and others:
        return Match(by_size, training.record, f"{told}, in one cell with those of {others} other batch sizes")
    return Match("mnist", training.record, f"{told}, without dropout")


def _how(training: Training) -> str:
    return HOW[training.record.kind]
