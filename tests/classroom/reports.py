"""The report folder of a class: what is written for each submission, and what a later run finds there."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.classroom.entries import JUDGED, Document, Entry, from_plain, to_plain
from tests.classroom.gradebook import gradebook
from tests.classroom.gradescope import gradescope_results
from tests.classroom.judging import Judgement
from tests.classroom.overview import overview
from tests.reporting.documents import to_json, write_atomically

SUBMISSIONS, STATE, RESULTS, OUTPUT = "submissions", "judged.json", "results.json", "output.txt"
GRADEBOOK, OVERVIEW = "gradebook.csv", "overview.html"
STATE_VERSION = 1


@dataclass(frozen=True)
class Kept:
    """What a run left of a submission: the entry, what it was judged by, and the limit if that ended it."""

    entry: Entry
    key: str
    stopped_after: float | None = None


def key_of(content: bytes, judged_by: Sequence[str]) -> str:
    """The same only for the same file judged in the same way."""
    told = json.dumps([hashlib.sha256(content).hexdigest(), *judged_by])
    return hashlib.sha256(told.encode()).hexdigest()


def read_kept(report: Path, folder: str) -> Kept | None:
    """What is kept of a submission; None if nothing is, or if its report is not whole."""
    own = report / SUBMISSIONS / folder
    try:
        state = json.loads((own / STATE).read_text(encoding="utf-8"))
        if state["version"] != STATE_VERSION:
            return None
        kept = Kept(from_plain(state["entry"]), str(state["key"]), state["stopped_after"])
    except (OSError, KeyError, TypeError, ValueError, AttributeError):
        return None
    return kept if all((own / name).is_file() for name in state["files"]) else None


def still_holds(kept: Kept | None, key: str, limit: float) -> bool:
    """Whether a submission need not be judged again: it was, it is unchanged, and no more time would help it."""
    if kept is None or kept.key != key or kept.entry.status != JUDGED:
        return False
    return kept.stopped_after is None or limit <= kept.stopped_after


def write_submission(
    report: Path, entry: Entry, key: str, document: Document | None, judgement: Judgement | None, limit: float
) -> None:
    """Write a submission's folder. Its state goes first and comes last: with it, everything else is there."""
    own = report / SUBMISSIONS / entry.folder
    (own / STATE).unlink(missing_ok=True)
    shutil.rmtree(own, ignore_errors=True)
    files: dict[str, bytes | str] = {**judgement.files, OUTPUT: judgement.output} if judgement else {}
    files[RESULTS] = to_json(gradescope_results(entry, document))
    for name, content in files.items():
        write_atomically(own / name, content)
    stopped_after = limit if judgement and judgement.out_of_time else None
    state: Mapping[str, Any] = {
        "version": STATE_VERSION,
        "key": key,
        "stopped_after": stopped_after,
        "files": sorted(files),
        "entry": to_plain(entry),
    }
    write_atomically(own / STATE, to_json(state))


def write_class(report: Path, entries: Sequence[Entry], notes: Sequence[str]) -> None:
    """Write what there is of the whole class."""
    write_atomically(report / GRADEBOOK, gradebook(entries))
    write_atomically(report / OVERVIEW, overview(entries, notes, SUBMISSIONS))
