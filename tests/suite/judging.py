"""Judges subjects by whole pytest sessions on the stand-in.

Many run in one long-lived process, which imports TensorFlow once. A process that takes too long is ended, and the next
subject gets a new one.
"""

import contextlib
import json
import multiprocessing
import os
import queue
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from tqdm import tqdm

PROJECT = Path(__file__).resolve().parents[2]
LONGEST = 240.0  # s for one file; the slowest takes a quarter of it on two busy cores
FILES_PER_PROCESS = 40  # TensorFlow keeps what it traced: a new process now and then bounds the memory
REJECTED = {"failed", "error"}


@dataclass(frozen=True)
class Failure:
    """A test that did not pass."""

    question: str
    test: str  # the exercise and the function: 2::test_scaling
    outcome: str  # "failed", "error" or "not run"
    message: str  # its first line


@dataclass(frozen=True)
class Judgement:
    """What became of one file: each question's status and each test that did not pass.

    `problem` says why there is no judgement at all: the session took too long, or ended without a report.
    """

    name: str
    statuses: dict[str, str]
    failures: tuple[Failure, ...] = ()
    problem: str = ""
    seconds: float = 0.0

    @property
    def rejected(self) -> set[str]:
        """Questions that a check failed, or of which the subject could make no run."""
        return {question for question, status in self.statuses.items() if status in REJECTED}

    def messages(self, questions: Sequence[str]) -> list[str]:
        """What the failing tests of these questions say, failed checks before subjects' own errors."""
        said = [failure for failure in self.failures if failure.question in questions]
        return [failure.message for failure in sorted(said, key=lambda failure: failure.outcome != "failed")]


class Judge:
    """Judges one file after the other in a process of its own, which it replaces when that takes too long."""

    def __init__(self) -> None:
        self._process: Any = None
        self._judged = 0

    def __call__(self, path: Path, longest: float = LONGEST) -> Judgement:
        """The judgement of the file at `path`."""
        start = time.perf_counter()
        if self._process is None or self._judged >= FILES_PER_PROCESS:
            self._start()
        self._judged += 1
        try:
            self._connection.send(path)
            if self._connection.poll(longest):
                return self._connection.recv()
            problem = f"it took more than {longest:g} s"
        except (EOFError, OSError):
            problem = "it ended the process that judged it"
        self.close()
        return Judgement(path.stem, {}, problem=problem, seconds=time.perf_counter() - start)

    def _start(self) -> None:
        self.close()
        context = multiprocessing.get_context("spawn")
        self._connection, other_end = context.Pipe()
        self._process = context.Process(target=_serve, args=(other_end,), daemon=True)
        self._process.start()
        other_end.close()
        self._judged = 0

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._connection.close()
            self._process.kill()
            self._process.join()
            self._process = None


def _serve(connection: Connection) -> None:
    """Judge whatever file is asked for, until nobody asks any more."""
    os.chdir(PROJECT)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        del os.environ[name]  # of the session that asks
    with contextlib.suppress(EOFError):
        while True:
            path = connection.recv()
            with tempfile.TemporaryDirectory() as folder:
                connection.send(_judge_here(path, Path(folder)))


def _judge_here(path: Path, folder: Path) -> Judgement:
    start = time.perf_counter()
    log = folder / "log"
    report = folder / "report"
    with _output_to(log), _nothing_left_behind():
        exit_status = pytest.main(
            [
                str(PROJECT / "tests" / "exercises"),
                f"--rootdir={PROJECT}",
                f"--lab-module={path}",
                "--mnist=standin",
                "--benchmark-disable",
                f"--report-dir={report}",
                f"--basetemp={folder / 'tmp'}",
                "--override-ini=cache_dir=" + str(folder / "cache"),
                "-Wignore:Module already imported so cannot be rewritten:pytest.PytestAssertRewriteWarning",
                "-q",
            ]
        )
    seconds = time.perf_counter() - start
    written = report / "answers.json"
    if not written.is_file():
        last = (log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it said nothing"])[-1]
        return Judgement(path.stem, {}, problem=f"exit status {int(exit_status)}, no report: {last}", seconds=seconds)
    return _from_document(path.stem, json.loads(written.read_text(encoding="utf-8")), seconds)


def _from_document(name: str, document: dict[str, Any], seconds: float) -> Judgement:
    failures = tuple(
        Failure(
            question=answer["question"],
            test=re.sub(r"^.*?test_([1-4])_\w+\.py::(\w+).*$", r"\1::\2", test["id"], flags=re.DOTALL),
            outcome=test["outcome"],
            message=(test["message"].splitlines() or [""])[0],
        )
        for answer in document["answers"]
        for test in answer["tests"]
        if test["outcome"] not in ("passed", "not submitted")
    )
    statuses = {answer["question"]: answer["status"] for answer in document["answers"]}
    return Judgement(name, statuses, failures, seconds=seconds)


@contextlib.contextmanager
def _output_to(log: Path) -> Iterator[None]:
    """Send what this process writes to a file, for as long as the session lasts."""
    before = [os.dup(1), os.dup(2)]
    with log.open("wb") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
        try:
            yield
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for number, kept in zip((1, 2), before, strict=True):
                os.dup2(kept, number)
                os.close(kept)


@contextlib.contextmanager
def _nothing_left_behind() -> Iterator[None]:
    """Forget the subject's module, its place on the path, its environment and Keras's settings."""
    path, environment = list(sys.path), dict(os.environ)
    try:
        yield
    finally:
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(environment)
        for name in [name for name in sys.modules if name.startswith("subject_")]:
            del sys.modules[name]
        if keras := sys.modules.get("keras"):
            keras.config.set_floatx("float32")
            keras.config.set_dtype_policy("float32")


def judge_all(paths: Sequence[Path], workers: int) -> Iterator[Judgement]:
    """The judgement of every file as soon as there is one, from `workers` processes at once."""
    to_do: queue.SimpleQueue[Path] = queue.SimpleQueue()
    done: queue.SimpleQueue[Judgement] = queue.SimpleQueue()
    for path in paths:
        to_do.put(path)

    def work() -> None:
        judge = Judge()
        with contextlib.suppress(queue.Empty):
            while True:
                done.put(judge(to_do.get_nowait()))
        judge.close()

    for _ in range(min(workers, len(paths))):
        threading.Thread(target=work, daemon=True).start()
    for _ in tqdm(paths, unit="file", disable=None, leave=False):
        yield done.get()
