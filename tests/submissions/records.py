"""What a notebook's recorder left behind, read as what it is: something that the notebook could write itself.

Only plain values and arrays of numbers come in, within limits; no link is followed and nothing is unpickled.
"""

import json
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from lab.run import Array

LINES = 20_000  # records that are read at most; the original notebook makes 60
BYTES = 64_000_000  # of a file of records
LARGEST_ARRAY = 2**31  # bytes
ARRAY_NAME = re.compile(r"[0-9a-f]{32}")
STOPPED = "it was still running when the notebook was stopped"
HEADER = 10_000  # bytes of an array's header, NumPy's own limit
Arrays = Callable[[Any], Array]  # an array by its name; ValueError if it is none
KINDS = (
    "begun",
    "fit",
    "batches",
    "changed",
    "evaluate",
    "predict",
    "save",
    "load",
    "failed",
    "replaced",
    "unrecorded",
)


@dataclass(frozen=True)
class Record:
    """One thing that the notebook did with Keras: its kind, the number of the cell that did it, and plain values."""

    kind: str
    cell: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """A code cell: its number among all cells, what it raised (empty if nothing), its seconds and what it printed."""

    number: int
    error: str
    seconds: float
    printed: str


@dataclass(frozen=True)
class Recording:
    """All that is left of a notebook's run; `problems` has a sentence for each line that is no record."""

    cells: tuple[Cell, ...]
    records: tuple[Record, ...]
    problems: tuple[str, ...]


def read_recording(folder: Path) -> Recording:
    """What stands in the folder's `cells.jsonl` and `keras.jsonl`; a missing file has no lines."""
    problems: list[str] = []
    cells: dict[int, Cell] = {}
    for line in _lines(folder, "cells.jsonl", problems):
        number = _whole(line.get("cell"))
        if line.get("kind") == "cell begun":  # unless its end follows, it was running when everything was stopped
            cells[number] = Cell(number, STOPPED, float("nan"), "")
        else:
            seconds, printed = _number(line.get("seconds")), _text(line.get("printed"))
            cells[number] = Cell(number, _text(line.get("error")), seconds, printed)
    records = []
    for line in _lines(folder, "keras.jsonl", problems):
        kind, number = line.pop("kind", None), _whole(line.pop("cell", 0))
        if kind not in KINDS:
            problems.append(f"a record of the unknown kind {str(kind)[:40]!r} was passed over")
            continue
        records.append(Record(kind, number, line))
    if cells and not any(record.kind == "begun" for record in records):
        problems.append("what the notebook did with Keras was not recorded: the recorder did not begin")
    return Recording(tuple(cells.values()), tuple(records), tuple(problems))


def read_array(folder: Path, name: Any) -> Array:
    """The array of that name; ValueError, one sentence, for whatever is no array of numbers within the limits."""
    if not isinstance(name, str) or not ARRAY_NAME.fullmatch(name):
        raise ValueError(f"{str(name)[:60]!r} is no name of an array")
    with _regular(folder / f"{name}.npy", LARGEST_ARRAY) as file:
        size = os.fstat(file.fileno()).st_size
        try:
            version = np.lib.format.read_magic(file)
            read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
            shape, _, dtype = read(file, max_header_size=HEADER)
        except (ValueError, KeyError):
            raise ValueError(f"the file of the array {name} is none of NumPy's") from None
        if dtype.kind not in "fiub":
            raise ValueError(f"the array {name} holds {dtype}, which is no number")
        needed = int(np.prod([int(part) for part in shape], dtype=object)) * dtype.itemsize
        if needed != size - file.tell() or any(part < 0 for part in shape):
            raise ValueError(f"the array {name} says that it has shape {shape}, but its file is of another size")
        file.seek(0)
        values: Array = np.lib.format.read_array(file, allow_pickle=False)
    return values


def _lines(folder: Path, name: str, problems: list[str]) -> Iterator[dict[str, Any]]:
    """Each line of the file that is a JSON object."""
    if not os.path.lexists(folder / name):
        return
    try:
        with _regular(folder / name, BYTES) as file:
            text = file.read().decode("utf-8", errors="replace")
    except ValueError as reason:
        problems.append(str(reason))
        return
    for place, line in enumerate(text.splitlines(), 1):
        if place > LINES:
            problems.append(f"{name} has more than {LINES:,} lines; the rest was passed over")
            return
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            yield found
        else:
            problems.append(f"{name}, line {place}: no JSON object; it was passed over")


def _regular(path: Path, largest: int) -> BinaryIO:
    """The file, opened if it is an ordinary one: a link would lead out of the folder, and a pipe be waited for."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        raise ValueError(f"{path.name} is missing, or is no ordinary file") from None
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_size > largest:
        os.close(descriptor)
        raise ValueError(f"{path.name} is no ordinary file of at most {largest:,} bytes")
    return os.fdopen(descriptor, "rb")


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1_000_000 else 0


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else float("nan")


def _text(value: Any) -> str:
    return value[:200_000] if isinstance(value, str) else ""
