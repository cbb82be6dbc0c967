"""One run over a folder of submissions, from the options to the exit status, with what it tells on the way."""

import contextlib
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

from tests.classroom.entries import JUDGED
from tests.classroom.judging import STAND_IN, Options, judge
from tests.classroom.overview import summary
from tests.classroom.pool import ConnectionLostError, Judge, Pool
from tests.classroom.progress import Progress, say
from tests.classroom.reports import GRADEBOOK, OVERVIEW, SUBMISSIONS
from tests.classroom.session import Asked, Classroom, Waiting, judge_all, sort_out
from tests.classroom.spreading import local_pool, remote_pool
from tests.classroom.submissions import ClassroomError, find_submissions
from tests.classroom.suite import suite_version
from tests.settings import Session

LOCK = ".lock"
GO_ON = "the same command goes on with what has not been judged yet"


def run_class(
    folder: Path,
    session: Session,
    arguments: Sequence[str],
    images: str | None,
    limit: float,
    scheduler: str | None,
    workers: int | None,
    only_list: bool = False,
    judge: Judge = judge,
) -> int:
    """Judge every submission in the folder. Returns the exit status; raises ClassroomError for wrong usage."""
    report = session.report_folder
    found = find_submissions(folder, report)
    for sentence in found.left_out:
        say(f"left out: {sentence}")
    if only_list:
        for submission in found.submissions:
            say(submission.name)
        return int(pytest.ExitCode.OK)
    key, images, notes = _images(session, images, anywhere=scheduler is not None)
    options = Options(tuple(arguments), images, limit)
    judged_by = (*arguments, key, suite_version())
    notes = (*notes, *(f"Left out: {sentence}." for sentence in found.left_out))
    asked = Asked(found.submissions, report, options, judged_by, notes)
    with _alone(report):
        return _judge(asked, judge, scheduler, workers)


def _images(session: Session, asked: str | None, anywhere: bool) -> tuple[str, str | None, tuple[str, ...]]:
    """What the images are, what to ask for, and notes.

    They are looked for here, so that they are downloaded once. Where they cannot be had, all of a class on this machine
    get the stand-in, and none has to try again; a cluster's machines may have what this one lacks.
    """
    found = session.mnist()
    say(f"mnist: {found.source}")
    for reason in found.passed_over:
        say(f"mnist: passed over: {reason}")
    if found.is_mnist:  # proved by the digest of its arrays, wherever they came from
        return "MNIST", asked, ()
    note = "The images are not MNIST: the points of exercises 3 and 4 are those of a stand-in."
    return ("stand-in", asked, ()) if anywhere else ("stand-in", STAND_IN, (note,))


@contextlib.contextmanager
def _alone(report: Path) -> Iterator[None]:
    """Let no other run write the same reports."""
    try:
        report.mkdir(parents=True, exist_ok=True)
        with FileLock(report / LOCK, timeout=0):
            yield
    except Timeout:
        raise ClassroomError(f"--report-dir {report}: another run is writing there; name another folder") from None


def _judge(asked: Asked, judge: Judge, scheduler: str | None, workers: int | None) -> int:
    classroom, waiting = sort_out(asked)
    count, before = len(asked.submissions), sum(entry.status == JUDGED for entry in classroom.entries.values())
    say(f"{count} submission{'s' if count != 1 else ''}: {before} judged before, {len(waiting)} to judge")
    stopped = ""
    try:
        if waiting:
            with _pool(scheduler, workers, len(waiting)) as pool:
                say(pool.told)
                _in_pool(classroom, waiting, pool, judge)
    except KeyboardInterrupt:
        stopped = "interrupted"
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # to the end: it has been understood
    except ConnectionLostError:
        stopped = f"the scheduler at {scheduler} is gone" if scheduler else "Dask's scheduler is gone"
    except OSError as reason:  # a full disk, say; whatever concerns one submission only is that one's finding
        stopped = f"stopped ({reason})"
    with _undisturbed():
        return _close(classroom, stopped)


@contextlib.contextmanager
def _pool(scheduler: str | None, workers: int | None, most: int) -> Iterator[Pool]:
    """The workers; once the first Ctrl-C has come, further ones do not keep them from being ended."""
    workers_of = remote_pool(scheduler) if scheduler else local_pool(workers, most)
    with contextlib.ExitStack() as ending, workers_of as pool:
        try:
            yield pool
        finally:
            ending.enter_context(_undisturbed())


def _in_pool(classroom: Classroom, waiting: Sequence[Waiting], pool: Pool, judge: Judge) -> None:
    with Progress(len(waiting)) as progress:
        judge_all(classroom, waiting, pool, judge, progress)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Ignore Ctrl-C for the seconds that writing takes."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _close(classroom: Classroom, stopped: str) -> int:
    """Write the overview, tell what there is, and give the exit status."""
    try:
        classroom.write()
    except OSError as reason:
        where = classroom.asked.report
        say(f"ERROR: {where}: {OVERVIEW} could not be written ({reason.strerror}); make room or choose --report-dir")
        return int(pytest.ExitCode.TESTS_FAILED)
    entries = classroom.table()
    say(summary(entries))
    say(f"written to {classroom.asked.report}: {OVERVIEW}, {GRADEBOOK}, {SUBMISSIONS}/")
    if stopped:
        say(f"{stopped}: {GO_ON}")
        return int(pytest.ExitCode.INTERRUPTED if stopped == "interrupted" else pytest.ExitCode.TESTS_FAILED)
    every = all(entry.status == JUDGED for entry in entries)
    return int(pytest.ExitCode.OK if every else pytest.ExitCode.TESTS_FAILED)
