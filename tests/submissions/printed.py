"""What a notebook prints, held against what was measured while it ran: a figure may also have been typed.

It is shown, and costs no points: a figure can be calculated in ways that are not known here.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, sqrt
from typing import Any

import numpy as np

from lab.run import Array
from tests.submissions.records import Arrays, Cell, Record, Recording
from tests.submissions.trainings import UNREADABLE

Pool = dict[str, list[tuple[float, int]]]  # what was measured of each quantity, with the number of samples

# Of which quantities a line speaks, by its words.
QUANTITIES = {
    "accuracy": re.compile(r"\bacc(?:uracy)?\b", re.IGNORECASE),
    "weight": re.compile(r"\b(?:weight|slope|w)\b", re.IGNORECASE),
    "bias": re.compile(r"\b(?:bias|intercept|b)\b", re.IGNORECASE),
}
PASSED_OVER = re.compile(r"loss|differ|gap|gain|improve|epoch|step|change|\bstd\b|±|\x1b|\x08", re.IGNORECASE)
FIGURE = re.compile(r"(?<![\w.])(-?\d+\.(\d{2,}))\s*(%?)")
LONGEST_LINE = 200
MOST = 200  # figures that are looked at: whoever prints more fills a report
DIGITS = None  # stands for the name of the digits' own test images
UNKNOWN = float("nan")  # an accuracy that the notebook may have calculated, by labels that it never showed to Keras
MOST_TESTED = 1000  # predictions whose labels are not known; more are a grid's
CHANCE = 4.0  # standard deviations of the difference of two proportions: one in 16,000


@dataclass(frozen=True)
class Printed:
    """A figure in a printed line: of which quantity, and to how much it was rounded (both as a share, not percent)."""

    cell: int
    line: str
    quantity: str
    value: float
    half_digit: float


def figures(texts: Mapping[int, str]) -> list[Printed]:
    """The figure after each quantity's word in a line, if each has one; the texts by the number of their cell."""
    found: list[Printed] = []
    for cell, text in texts.items():
        for line in text.splitlines():
            if len(line) > LONGEST_LINE or PASSED_OVER.search(line):
                continue
            words = sorted((match.end(), name) for name, word in QUANTITIES.items() if (match := word.search(line)))
            ends = [*(end for end, _ in words[1:]), len(line)]
            told = [FIGURE.search(line, *within) for within in zip((end for end, _ in words), ends, strict=False)]
            if not all(told):
                continue  # of two quantities and two figures nobody knows which is whose
            for (_, quantity), figure in zip(words, told, strict=True):
                number, decimals, percent = figure.groups()
                scale = 100 if percent or (quantity == "accuracy" and float(number) > 1) else 1
                half = 0.5 * 10.0 ** -len(decimals) / scale
                found.append(Printed(cell, line.strip(), quantity, float(number) / scale, half))
    return found[:MOST]


def measured(recording: Recording, arrays: Arrays, digits: Array) -> Pool:
    """What was measured of each quantity while the notebook ran, each with the number of samples (0: of none).

    `digits` (n,) are the labels of the test images that the notebook was served.
    """
    pool: Pool = {name: [] for name in QUANTITIES}
    labels: dict[Any, Any] = {DIGITS: digits}  # the names of labels by that of their features
    for note in (_note_labels, _note_trained, _note_evaluated, _note_predicted):
        for record in recording.records:
            with contextlib.suppress(*UNREADABLE):  # a forged record measures nothing
                note(record, pool, labels, arrays)
    return pool


def _note_labels(record: Record, pool: Pool, labels: dict[Any, Any], arrays: Arrays) -> None:
    pairs = [(record.values.get("x"), record.values.get("y")), record.values.get("validation") or (None, None)]
    labels |= {x: y for x, y in pairs if isinstance(x, str) and isinstance(y, str)}


def _note_trained(record: Record, pool: Pool, labels: dict[Any, Any], arrays: Arrays) -> None:
    for name, values in (record.values.get("history") or {}).items():
        if "acc" in name:
            pool["accuracy"] += [(float(value), 0) for value in values]
    ended = [arrays(name) for name in record.values.get("after") or ()]
    if [part.size for part in ended] == [1, 1]:
        for name, part in zip(("weight", "bias"), ended, strict=True):
            pool[name].append((float(part.item()), 0))


def _note_evaluated(record: Record, pool: Pool, labels: dict[Any, Any], arrays: Arrays) -> None:
    if record.kind == "evaluate":
        results = record.values["results"]
        told = results["values"] if "values" in results else results.values()
        pool["accuracy"] += [(float(value), len(arrays(record.values["x"]))) for value in told]


def _note_predicted(record: Record, pool: Pool, labels: dict[Any, Any], arrays: Arrays) -> None:
    if record.kind != "predict":
        return
    outputs, x = arrays(record.values["predictions"]), record.values["x"]
    right = arrays(labels[x]) if x in labels else labels[DIGITS]
    if outputs.ndim != 2 or outputs.shape[1] < 2:
        return
    if len(outputs) == len(right):
        classes = right.argmax(axis=1) if right.ndim == 2 and right.shape[1] > 1 else np.ravel(right)
        pool["accuracy"].append((float((outputs.argmax(axis=1) == classes).mean()), len(right)))
    elif len(outputs) < MOST_TESTED:
        pool["accuracy"].append((UNKNOWN, 0))


def unsupported(cells: Sequence[Cell], recording: Recording, arrays: Arrays, digits: Array) -> list[str]:
    """A sentence for each line that a cell printed and whose figure is none that was measured while it ran."""
    pool, told = measured(recording, arrays, digits), []
    for figure in figures({cell.number: cell.printed for cell in cells}):
        if not any(
            isnan(value) or abs(value - figure.value) <= figure.half_digit * 1.01 for value, _ in pool[figure.quantity]
        ):
            told.append(f"cell {figure.cell} prints “{figure.line}”, and no {figure.quantity} of this run is that")
    return list(dict.fromkeys(told))


def differing(
    outputs: Mapping[int, str], cells: Sequence[Cell], recording: Recording, arrays: Arrays, digits: Array
) -> list[str]:
    """A sentence for each accuracy in the handed-in outputs that this run's differs from by more than chance.

    Two right trainings differ; two accuracies p and q of n samples by CHANCE times the square root of
    (p (1 - p) + q (1 - q)) / n at most.
    """
    pool, told = measured(recording, arrays, digits)["accuracy"], []
    here = figures({cell.number: cell.printed for cell in cells})
    for cell, now in _by_cell(here):
        before = [figure for figure in figures({cell: outputs.get(cell, "")}) if figure.quantity == "accuracy"]
        for old, new in zip(before, [figure for figure in now if figure.quantity == "accuracy"], strict=False):
            samples = [count for value, count in pool if count and abs(value - new.value) <= new.half_digit * 1.01]
            if not samples:
                continue
            variance = sum(p * (1 - p) for p in (min(old.value, 1.0), new.value)) / min(samples)
            if abs(old.value - new.value) > CHANCE * sqrt(variance) + old.half_digit:
                told.append(f"cell {cell} was handed in with “{old.line}”, and printed “{new.line}” here")
    return told


def _by_cell(printed: Sequence[Printed]) -> Iterator[tuple[int, list[Printed]]]:
    for cell in dict.fromkeys(figure.cell for figure in printed):
        yield cell, [figure for figure in printed if figure.cell == cell]
