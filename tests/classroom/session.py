"""A whole class judged: what has not been judged yet is handed to a pool, and what comes back is written at once."""

import contextlib
import queue
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from tests.classroom.entries import Entry, entry_of, failed_entry, read_document
from tests.classroom.judging import Handed, Judgement, Options
from tests.classroom.pool import ConnectionLostError, Judge, Pool
from tests.classroom.progress import Progress
from tests.classroom.reports import key_of, read_kept, still_holds, write_class, write_submission
from tests.classroom.submissions import LARGEST, Submission
from tests.classroom.suite import suite_version

TICK = 0.5  # s between two looks at the clock
WRITING = 5.0  # s between two writings of the overview, which has all of the class in it


@dataclass(frozen=True)
class Asked:
    """What a run is to do. `judged_by` is all that a verdict depends on beside the file itself."""

    submissions: tuple[Submission, ...]
    report: Path
    options: Options
    judged_by: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass
class Classroom:
    """The entries of a class, as far as they are known."""

    asked: Asked
    entries: dict[str, Entry] = field(default_factory=dict)
    written: float = 0.0  # when the overview was, by the monotonic clock

    def table(self) -> list[Entry]:
        """An entry for each submission, in their order."""
        return [self.entries.get(each.name, Entry(each.name, each.folder)) for each in self.asked.submissions]

    def add(self, entry: Entry) -> None:
        self.entries[entry.name] = entry
        if time.monotonic() - self.written > WRITING:
            self.write()

    def write(self) -> None:
        """Write the overview and the gradebook of what there is."""
        write_class(self.asked.report, self.table(), self.asked.notes)
        self.written = time.monotonic()


@dataclass(frozen=True)
class Waiting:
    """A submission that is to be judged."""

    submission: Submission
    key: str


def sort_out(asked: Asked) -> tuple[Classroom, list[Waiting]]:
    """What need not be judged again, and what waits for it; a file that cannot be read has its finding at once."""
    classroom, waiting = Classroom(asked), []
    for submission in asked.submissions:
        try:
            size = submission.path.stat().st_size
            if size > LARGEST:
                raise OSError(None, f"it has {size:,} bytes; at most {LARGEST:,} are judged")
            key = key_of(submission.path.read_bytes(), asked.judged_by)
        except OSError as reason:
            entry = failed_entry(submission, reason.strerror or str(reason))
            write_submission(asked.report, entry, "", None, None, asked.options.seconds)
            classroom.entries[entry.name] = entry
            continue
        kept = read_kept(asked.report, submission.folder)
        if kept is not None and kept.entry.name == submission.name and still_holds(kept, key, asked.options.seconds):
            classroom.entries[submission.name] = kept.entry
        else:
            waiting.append(Waiting(submission, key))
    return classroom, waiting


def judge_all(classroom: Classroom, waiting: Sequence[Waiting], pool: Pool, judge: Judge, progress: Progress) -> None:
    """Judge what waits, and write each report as it comes. Raises ConnectionLostError if the pool is gone."""
    with contextlib.closing(results(waiting, pool, judge, classroom.asked.options, progress.tick)) as coming:
        for one, future in coming:
            entry = _taken(classroom, one, future)
            classroom.add(entry)
            progress.finished(entry)


def results(
    waiting: Sequence[Waiting], pool: Pool, judge: Judge, options: Options, tick: Callable[[], None]
) -> Generator[tuple[Waiting, "Future[Judgement]"], None, None]:
    """Each submission with its result, as they come; no more are handed out than can be judged at once."""
    left, running = list(reversed(waiting)), set[Waiting]()
    done: queue.SimpleQueue[tuple[Waiting, Future[Judgement]]] = queue.SimpleQueue()
    while left or running:
        while left and len(running) < pool.capacity():
            one = left.pop()
            running.add(one)
            future = _begun(one, pool, judge, options)
            future.add_done_callback(lambda future, one=one: done.put((one, future)))  # type: ignore[misc]
        tick()
        try:
            one, future = done.get(timeout=TICK)
        except queue.Empty:
            continue
        running.discard(one)
        yield one, future


def _begun(one: Waiting, pool: Pool, judge: Judge, options: Options) -> "Future[Judgement]":
    """The judgement to come; a file that has gone since it was found is an error of its own."""
    try:
        handed = Handed(one.submission.name, one.submission.path.read_bytes())
    except OSError as reason:
        failed: Future[Judgement] = Future()
        failed.set_exception(reason)
        return failed
    return pool.submit(judge, handed, options)


def _taken(classroom: Classroom, one: Waiting, future: "Future[Judgement]") -> Entry:
    """Write what came of one submission."""
    asked, error = classroom.asked, future.exception()
    limit = asked.options.seconds
    if isinstance(error, ConnectionLostError):
        raise error
    if error is not None:
        text = str(error) if isinstance(error, (OSError, ChildProcessError)) else f"{type(error).__name__}: {error}"
        entry = failed_entry(one.submission, text)
        write_submission(asked.report, entry, "", None, None, limit)
        return entry
    judgement = future.result()
    document = read_document(judgement.files.get("answers.json"))
    entry = entry_of(one.submission, judgement, document, limit)
    same_suite = judgement.suite == suite_version()
    write_submission(asked.report, entry, one.key if same_suite else "", document, judgement, limit)
    return entry
