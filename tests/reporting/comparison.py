"""What differs between sessions under different versions, beyond what sessions of one version differ by themselves.

Noise is measured: sessions of one version with other seeds. A number differs beyond it if it lies outside the
prediction interval of those; what never changes from seed to seed, or is no number, differs if it is another.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.reference.evidence import prediction_bounds
from tests.reference.versions import BEHAVIOURS, Behaviour, number
from tests.reporting.wording import Document, points_text, status_text

FALSE_MARKS = 1e-4  # of a number, by luck: a comparison of a thousand has one in a tenth of all cases
ROUNDING = 1e-6  # relative: float32 sums in another order
# A shared machine runs the same code up to twice as slowly from one minute to the next, and sessions are minutes apart.
TIME_FACTOR = 2.0
UNEXPLAINED = "unexplained"
FILE_TEXT = "each version of Keras describes the model in the file in words of its own, some hundred bytes more or less"
FILE_TEXT_SHARE = 0.02  # of a file
NAMES = ("tensorflow", "keras", "python")
LIBRARIES = {"keras": "Keras", "tensorflow": "TensorFlow"}

Versions = Mapping[str, str]


@dataclass(frozen=True)
class Cell:
    """What one session has of one quantity; `reason` says why it differs from the base, None if it does not."""

    value: Any
    reason: str | None = None


@dataclass(frozen=True)
class Row:
    """One quantity of one question, a cell for each session."""

    question: str
    quantity: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Comparison:
    """Sessions, oldest first, and all rows; `base` is the session that the others are held against."""

    sessions: tuple[Versions, ...]
    base: int
    noise: int  # sessions that the noise was measured on
    titles: Mapping[str, str]  # of the questions
    rows: tuple[Row, ...]

    def reasons(self) -> list[str]:
        """Each reason once, in the order of the table, what is unexplained first."""
        found = dict.fromkeys(cell.reason for row in self.rows for cell in row.cells if cell.reason)
        return sorted(found, key=lambda reason: reason != UNEXPLAINED)


def compared(documents: Sequence[Document], noise: Sequence[Document] = ()) -> Comparison:
    """Hold each session against the newest of the version that `noise` was measured on, or the newest of all.

    Raises ValueError if no session has the version of the noise, or the noise is of several.
    """
    ordered = sorted(documents, key=lambda document: [parts(document["versions"][name]) for name in NAMES])
    sessions = [{name: document["versions"][name] for name in NAMES} for document in ordered]
    base = base_of(sessions, noise)
    tables = [quantities(document) for document in ordered]
    known = [quantities(document) for document in noise]
    keys = list(dict.fromkeys(key for table in [tables[base], *tables] for key in table))
    order = [answer["question"] for answer in ordered[base]["answers"]]
    keys.sort(key=lambda key: order.index(key[0]) if key[0] in order else len(order))
    rows = []
    for key in keys:
        sample = [table[key] for table in known if key in table]
        values = [table.get(key) for table in tables]
        pairs = [(value, values[base]) for value in values]
        differs = [not same(key[1], value, values[base], sample) for value in values]
        reasons = [reason(key, session, sessions[base], *pair) for session, pair in zip(sessions, pairs, strict=True)]
        cells = [Cell(value, why if so else None) for value, why, so in zip(values, reasons, differs, strict=True)]
        rows.append(Row(*key, tuple(cells)))
    titles = {answer["question"]: answer["title"] for answer in ordered[base]["answers"]}
    return Comparison(tuple(sessions), base, len(noise), titles, tuple(rows))


def base_of(sessions: Sequence[Versions], noise: Sequence[Document]) -> int:
    """The place of the session that the others are held against."""
    measured_on = {tuple(document["versions"][name] for name in NAMES) for document in noise}
    if len(measured_on) > 1:
        raise ValueError("the noise is of several versions; measure all its sessions with one")
    places = [place for place, it in enumerate(sessions) if not noise or tuple(it.values()) in measured_on]
    if not places:
        told = ", ".join(f"{name} {part}" for name, part in zip(NAMES, next(iter(measured_on)), strict=True))
        raise ValueError(f"the noise was measured with {told}, and none of the sessions was; add one")
    return places[-1]


def parts(version: str) -> list[int]:
    """`2.15.1` as numbers, so that 3.9 comes before 3.15."""
    return [int("".join(filter(str.isdigit, part)) or 0) for part in version.split(".")]


def quantities(document: Document) -> dict[tuple[str, str], Any]:
    """All that a session says of each question, by (question, quantity), in the order of the document."""
    found: dict[tuple[str, str], Any] = {}
    for answer in document["answers"]:
        number_of = answer["question"]
        found[number_of, "status"] = f"{status_text(answer)}, {points_text(answer['points'])}"
        found[number_of, "published figures"] = answer["verdict"]
        found |= {(number_of, name): value for name, value in leaves(answer["measured"])}
    return found


def leaves(values: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every number, word or truth in `values`, by the names and numbers that lead to it."""
    if isinstance(values, Mapping):
        for key, value in values.items():
            yield from leaves(value, f"{name} {key}".strip())
    elif isinstance(values, list):
        for place, value in enumerate(values, 1):
            yield from leaves(value, f"{name} [{place}]")
    else:
        yield name, values


def same(quantity: str, value: Any, base: Any, sample: Sequence[Any]) -> bool:
    """Whether `value` differs from `base` no more than sessions of one version do."""
    if value == base or value in sample:
        return True
    if not all(map(_is_number, (value, base))):
        return False
    if math.isclose(value, base, rel_tol=ROUNDING, abs_tol=ROUNDING):
        return True
    numbers = np.array([base, *filter(_is_number, sample)], dtype=np.float64)
    if is_time(quantity) and value > 0 and (numbers > 0).all():
        low, high = (math.exp(end) for end in _bounds(np.log(numbers)))
        return bool(min(low, numbers.min() / TIME_FACTOR) <= value <= max(high, numbers.max() * TIME_FACTOR))
    low, high = _bounds(numbers)
    return bool(low <= value <= high)


def is_time(quantity: str) -> bool:
    """Whether the quantity is seconds, or what is calculated from them."""
    return any(word in quantity for word in ("seconds", "_ms_", "_us_"))


def reason(key: tuple[str, str], session: Versions, base: Versions, value: Any, expected: Any) -> str:
    """Why the value differs: a behaviour of one of both versions that explains it, or UNEXPLAINED."""
    name = " ".join(" ".join(key).split(" ")[:2])  # of a list or a mapping all values
    for behaviour in BEHAVIOURS:
        told = (behaviour.is_of(session), behaviour.is_of(base))
        if told[0] != told[1] and name in behaviour.explains:
            return sentence(behaviour)
    is_size = key[1].startswith("bytes_") and _is_number(value) and _is_number(expected)
    if is_size and math.isclose(value, expected, rel_tol=FILE_TEXT_SHARE):
        return FILE_TEXT
    return UNEXPLAINED


def sentence(behaviour: Behaviour) -> str:
    """The behaviour with the versions that have it."""
    first, until = (".".join(map(str, it)) for it in (behaviour.first, behaviour.until))
    ends = f" and before {until}" if behaviour.until < number("99.0") else ""
    return f"since {LIBRARIES[behaviour.library]} {first}{ends}: {behaviour.said}"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _bounds(numbers: np.ndarray[Any, Any]) -> tuple[float, float]:
    """What one further session of the same version leaves with probability FALSE_MARKS; the numbers' own if one."""
    if len(numbers) < 2:
        return float(numbers[0]), float(numbers[0])
    return prediction_bounds(float(numbers.mean()), float(numbers.std(ddof=1)), len(numbers), FALSE_MARKS)
