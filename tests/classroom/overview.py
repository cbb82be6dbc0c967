"""All submissions on one page: `overview.html`, which needs nothing but itself and links to each report."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from statistics import median
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader

from tests.classroom.entries import JUDGED, NOT_JUDGED, WAITING, Entry
from tests.classroom.gradebook import number
from tests.questions import QUESTIONS
from tests.reporting.page import TEMPLATES, page_environment

BARS = 10


def overview(entries: Sequence[Entry], notes: Sequence[str], folder: str) -> str:
    """The page; `folder` is where the submissions' own folders are, as seen from it."""
    return (
        _environment()
        .get_template("overview.html.j2")
        .render(
            title="Lab 07: a class at a time",
            entries=entries,
            notes=notes,
            summary=summary(entries),
            bars=distribution(entries),
            questions=QUESTIONS.values(),
            link=lambda entry: f"{folder}/{quote(entry.folder)}/{'report.html' if entry.has_page else 'output.txt'}",
            number=number,
            statuses={JUDGED: "passed", NOT_JUDGED: "error", WAITING: "not submitted"},
        )
    )


def summary(entries: Sequence[Entry]) -> str:
    """How many there are, what became of them, and the points in the middle."""
    counts = {status: sum(entry.status == status for entry in entries) for status in (JUDGED, NOT_JUDGED, WAITING)}
    count = f"{len(entries)} submission{'s' if len(entries) != 1 else ''}"
    told = [f"{counts[JUDGED]} judged"]
    told += [f"{counts[NOT_JUDGED]} could not be judged"] if counts[NOT_JUDGED] else []
    told += [f"{counts[WAITING]} not judged yet"] if counts[WAITING] else []
    earned = [entry.earned for entry in entries if entry.earned is not None]
    middle = f"; the median is {number(median(earned))} points" if earned else ""
    return f"{count}: {', '.join(told)}{middle}."


def distribution(entries: Sequence[Entry]) -> list[tuple[str, int, float]]:
    """Points in ten ranges of the same width: the range in words, how many, and that as a share of the most."""
    judged = [entry for entry in entries if entry.earned is not None]
    possible = max((entry.possible for entry in judged), default=0.0)
    if not possible:
        return []
    counts = [0] * BARS
    for entry in judged:
        counts[min(BARS - 1, int(BARS * (entry.earned or 0.0) / possible))] += 1
    width = possible / BARS
    ranges = [f"{number(place * width)} to {number((place + 1) * width)}" for place in range(BARS)]
    return [(name, count, count / max(counts)) for name, count in zip(ranges, counts, strict=True)][::-1]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """The reports' own, with this package's templates before theirs."""
    own = Path(__file__).parent / "templates"
    return page_environment().overlay(loader=FileSystemLoader([own, TEMPLATES]))
