"""What became of one submission, as the gradebook and the overview show it and as the report folder keeps it."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.classroom.judging import Judgement
from tests.classroom.submissions import Submission
from tests.questions import QUESTIONS
from tests.reporting.document import SCHEMA_VERSION
from tests.reporting.wording import FAILED_OUTCOMES, clean, status_text

JUDGED, NOT_JUDGED, WAITING = "judged", "not judged", "not judged yet"
STATUSES = ("passed", "failed", "error", "not submitted")
USUAL = (0, 1)  # pytest's: all passed, something failed
LONGEST_FINDING = 600  # characters

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """One question of one submission."""

    status: str
    earned: float
    possible: float


@dataclass(frozen=True)
class Entry:
    """One submission. `earned` is None, and `outcomes` is empty, if it was not judged."""

    name: str
    folder: str
    status: str = WAITING
    finding: str = ""
    earned: float | None = None
    possible: float = float(sum(question.points for question in QUESTIONS.values()))
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    seconds: float = 0.0
    has_page: bool = False


def read_document(content: bytes | None) -> Document | None:
    """The document that an answers.json holds; None if there is none or it is no such document.

    A module runs in the process that writes it, so it is not believed to be whole.
    """
    try:
        document = json.loads(content or b"")
        numbers = [answer["question"] for answer in document["answers"]]
        sound = document["schema_version"] == SCHEMA_VERSION and numbers == list(QUESTIONS)
        points = [document["points"], *(answer["points"] for answer in document["answers"])]
        sound &= all(_is_points(each) for each in points)
        sound &= all(answer["status"] in STATUSES for answer in document["answers"])
        sound &= all(isinstance(answer[key], str) for answer in document["answers"] for key in ("title", "sentence"))
        sound &= all(
            isinstance(test[key], str)
            for key in ("id", "outcome")
            for answer in document["answers"]
            for test in answer["tests"]
        )
        sound &= all(isinstance(note, str) for note in document["notes"])
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    return document if sound else None


def _is_points(points: Mapping[str, float]) -> bool:
    earned, possible = float(points["earned"]), float(points["possible"])
    return math.isfinite(earned) and math.isfinite(possible) and 0 <= earned <= possible


def entry_of(submission: Submission, judgement: Judgement, document: Document | None, limit: float) -> Entry:
    """What a judgement says of a submission."""
    told = [*_endings(judgement, document, limit), *judgement.notes, *(_common_failure(document) if document else ())]
    entry = Entry(
        submission.name,
        submission.folder,
        finding=shortened(" ".join(_sentence(text) for text in told)),
        seconds=round(judgement.seconds, 1),
        has_page="report.html" in judgement.files,
    )
    if document is None:
        return _replaced(entry, status=NOT_JUDGED)
    outcomes = {
        answer["question"]: Outcome(status_text(answer), *(float(answer["points"][key]) for key in _POINTS))
        for answer in document["answers"]
    }
    earned, possible = (float(document["points"][key]) for key in _POINTS)
    return _replaced(entry, status=JUDGED, earned=earned, possible=possible, outcomes=outcomes)


_POINTS = ("earned", "possible")


def _common_failure(document: Document) -> list[str]:
    """The one reason that every test failed for, if there is one: the whole submission could not be run."""
    tests = [test for answer in document["answers"] for test in answer["tests"]]
    reasons = {(test["outcome"], str(test.get("message") or "").split("\n")[0]) for test in tests}
    return [reason for outcome, reason in reasons if len(reasons) == 1 and outcome in FAILED_OUTCOMES and reason]


def failed_entry(submission: Submission, reason: str) -> Entry:
    """A submission that could not be judged, and why."""
    return Entry(submission.name, submission.folder, NOT_JUDGED, shortened(_sentence(f"could not be judged: {reason}")))


def _endings(judgement: Judgement, document: Document | None, limit: float) -> list[str]:
    """What was unusual about the end of its process."""
    status = judgement.exit_status
    if judgement.out_of_time:
        what = "what was measured until then counts" if document else "it left no report"
        ended = f"it was stopped after {limit:g} s, the time limit: {what}"
    elif document and status in USUAL:
        return []
    elif status is None:
        ended = "the process that watched over it was ended"
    elif status < 0:
        ended = f"its process was ended by signal {-status}"
    else:
        ended = error_line(judgement.output) or f"its process ended with status {status}"
    return [ended if document else f"could not be judged: {ended}"]


def error_line(output: str) -> str:
    """pytest's last line about wrong usage, which is how it refuses a submission; empty if there is none."""
    lines = [line.removeprefix("ERROR: ") for line in clean(output).splitlines() if line.startswith("ERROR: ")]
    return lines[-1] if lines else ""


def shortened(text: str) -> str:
    """`text` on one line and no longer than a cell of a table can be."""
    line = " ".join(clean(text).split())
    return line if len(line) <= LONGEST_FINDING else f"{line[: LONGEST_FINDING - 1]}…"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _replaced(entry: Entry, **changes: Any) -> Entry:
    return Entry(**{name: getattr(entry, name) for name in entry.__dataclass_fields__} | changes)


def to_plain(entry: Entry) -> dict[str, Any]:
    """The entry for JSON."""
    return asdict(entry)


def from_plain(values: Mapping[str, Any]) -> Entry:
    """The entry that `to_plain` gave. Raises KeyError or TypeError for anything else."""
    outcomes = {question: Outcome(**outcome) for question, outcome in values["outcomes"].items()}
    return Entry(**{**values, "outcomes": outcomes})
