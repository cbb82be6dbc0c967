"""What a notebook prints, held against what was measured while it ran: a figure may also have been typed.

It is shown, and costs no points: a figure can be calculated in ways that are not known here.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from lab.run import Array
from tests.submissions.records import Cell, Recording

Arrays = Callable[[Any], Array]

# Of which quantity a line speaks, by its words; a line that speaks of several is passed over.
QUANTITIES = {
    "accuracy": re.compile(r"\bacc(?:uracy)?\b", re.IGNORECASE),
    "weight": re.compile(r"\b(?:weight|slope|w)\b", re.IGNORECASE),
    "bias": re.compile(r"\b(?:bias|intercept|b)\b", re.IGNORECASE),
}
PASSED_OVER = re.compile(r"loss|differ|gap|gain|improve|epoch|step|change|\bstd\b|±|\x1b|\x08", re.IGNORECASE)
FIGURE = re.compile(r"(?<![\w.])(-?\d+\.(\d{2,}))\s*(%?)")
LONGEST_LINE = 200
MOST = 200  # figures that are looked at: whoever prints more fills a report
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
    """The figure after the word in each line that names a quantity; the texts by the number of their cell."""
    found: list[Printed] = []
    for cell, text in texts.items():
        for line in text.splitlines():
            spoken = {name: match for name, words in QUANTITIES.items() if (match := words.search(line))}
            if len(line) > LONGEST_LINE or len(spoken) != 1 or PASSED_OVER.search(line):
                continue
            ((quantity, word),) = spoken.items()
            figure = FIGURE.search(line, word.end())
            if figure:
                number, decimals, percent = figure.groups()
                scale = 100 if percent or (quantity == "accuracy" and float(number) > 1) else 1
                half = 0.5 * 10.0 ** -len(decimals) / scale
                found.append(Printed(cell, line.strip(), quantity, float(number) / scale, half))
    return found[:MOST]


def measured(recording: Recording, arrays: Arrays) -> dict[str, list[tuple[float, int]]]:
    """What was measured of each quantity while the notebook ran, each with the number of samples (0: of none)."""
    pool: dict[str, list[tuple[float, int]]] = {name: [] for name in QUANTITIES}
    labels: dict[str, str] = {}  # of features, by their arrays' names
    for record in recording.records:
        values = record.values
        pairs = [(values.get("x"), values.get("y")), values.get("validation") or (None, None)]
        labels |= {str(x): str(y) for x, y in pairs if x and y}
        history = values.get("history") or {}
        pool["accuracy"] += [
            (value, 0) for name, many in history.items() if "acc" in str(name) for value in _numbers(many)
        ]
        if record.kind == "evaluate":
            results = values.get("results") or {}
            told = results.get("values") or list(results.values())
            pool["accuracy"] += [(value, _samples(values.get("x"), arrays)) for value in _numbers(told)]
        ended = [part for name in values.get("after") or () if (part := _array(name, arrays)) is not None]
        if [part.size for part in ended] == [1, 1]:
            for name, part in zip(("weight", "bias"), ended, strict=True):
                pool[name].append((float(part.item()), 0))
    for record in recording.records:
        if record.kind == "predict":
            outputs, right = (
                _array(name, arrays)
                for name in (record.values.get("predictions"), labels.get(str(record.values.get("x"))))
            )
            if outputs is not None and right is not None and outputs.ndim == 2 and len(outputs) == len(right):
                classes = right.argmax(axis=1) if right.ndim == 2 and right.shape[1] > 1 else np.ravel(right)
                pool["accuracy"].append((float((outputs.argmax(axis=1) == classes).mean()), len(right)))
    return pool


def unsupported(cells: Sequence[Cell], recording: Recording, arrays: Arrays) -> list[str]:
    """A sentence for each line that a cell printed and whose figure is none that was measured while it ran."""
    pool, told = measured(recording, arrays), []
    for figure in figures({cell.number: cell.printed for cell in cells}):
        if not any(abs(value - figure.value) <= figure.half_digit * 1.01 for value, _ in pool[figure.quantity]):
            told.append(f"cell {figure.cell} prints “{figure.line}”, and no {figure.quantity} of this run is that")
    return list(dict.fromkeys(told))


def differing(outputs: Mapping[int, str], cells: Sequence[Cell], recording: Recording, arrays: Arrays) -> list[str]:
    """A sentence for each accuracy in the handed-in outputs that this run's differs from by more than chance.

    Two right trainings differ; two accuracies p and q of n samples by CHANCE times the square root of
    (p (1 - p) + q (1 - q)) / n at most.
    """
    pool, told = measured(recording, arrays)["accuracy"], []
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


def _numbers(many: Any) -> list[float]:
    several = many if isinstance(many, (list, tuple)) else [many]
    return [float(value) for value in several if isinstance(value, (int, float))]


def _array(name: Any, arrays: Arrays) -> Array | None:
    try:
        return arrays(name)
    except ValueError:
        return None


def _samples(name: Any, arrays: Arrays) -> int:
    values = _array(name, arrays)
    return 0 if values is None else len(values)
