"""All submissions as one table for a spreadsheet: `gradebook.csv`."""

import csv
import io
from collections.abc import Sequence

from tests.classroom.entries import Entry
from tests.questions import QUESTIONS
from tests.reporting.wording import clean

# A cell that begins so is a formula to spreadsheets, whatever its quotes; an apostrophe before it makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
HEADER = ("submission", "status", "points", "possible", *QUESTIONS, "seconds", "finding")


def gradebook(entries: Sequence[Entry]) -> str:
    """One row for each submission; who was not judged has no points, which is not the same as none earned.

    It begins with a byte order mark: without one Excel takes UTF-8 for the system's own encoding, and names suffer;
    Python reads it as `utf-8-sig`, and pandas, LibreOffice and R skip it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(_row(entry) for entry in entries)
    return "\ufeff" + text.getvalue()


def _row(entry: Entry) -> list[str]:
    outcomes = [entry.outcomes.get(question) for question in QUESTIONS]
    points = [number(entry.earned) if entry.earned is not None else "", number(entry.possible)]
    each = [number(outcome.earned) if outcome else "" for outcome in outcomes]
    seconds = number(entry.seconds) if entry.seconds else ""
    return [harmless(entry.name), entry.status, *points, *each, seconds, harmless(entry.finding)]


def number(value: float) -> str:
    """`value` to two decimals at most."""
    return f"{round(value, 2):g}"


def harmless(text: str) -> str:
    """`text` as a cell that no spreadsheet calculates."""
    line = " ".join(clean(text).split())
    return f"'{line}" if line.startswith(FORMULA) else line
