"""Stand-ins for what takes long when a class is judged: a judge that does as the submission says, and a session.

python -c "from tests.suite.classroom_doubles import main; main()" FOLDER REPORT [--scheduler ADDRESS] [-n N]
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from lab.mnist_source import Mnist
from tests.classroom.judging import Handed, Judgement, Options
from tests.classroom.pool import Judge
from tests.classroom.run import run_class
from tests.classroom.submissions import ClassroomError
from tests.questions import QUESTIONS
from tests.reporting.documents import to_json
from tests.suite.sample_document import sample_document

PROGRAM = "from tests.suite.classroom_doubles import main; main()"
TRACE = "trace.txt"  # in the current folder of the process that judged: the name of each submission that was begun


def graded_document(earned: float = 82.5) -> dict[str, Any]:
    """A document of all questions with the lab's own points, of which so many were earned."""
    document, left = sample_document(), earned
    for answer in document["answers"]:
        possible = QUESTIONS[answer["question"]].points
        points = min(left, possible)
        left -= points
        answer |= {"points": {"earned": points, "possible": possible}, "selected": True}
    document["points"] = {"earned": earned, "possible": sum(question.points for question in QUESTIONS.values())}
    return document


def judgement(earned: float = 82.5, **changes: Any) -> Judgement:
    """What a run leaves that found so many points."""
    files = {"answers.json": to_json(graded_document(earned)).encode(), "report.html": b"<p>report</p>"}
    files["figures/line_fit.png"] = b"PNG"
    return Judgement(**{"files": files, "exit_status": 1, "seconds": 2.5, "output": "the end\n"} | changes)


def obedient_judge(handed: Handed, options: Options, wanted: Callable[[], bool] = lambda: True) -> Judgement:
    """Do what the submission says, one order a line: `sleep SECONDS`, `raise`, `kill`, `kill once FILE`, `points N`."""
    if os.environ.get("TRACE_FOLDER"):
        with Path(os.environ["TRACE_FOLDER"], TRACE).open("a") as trace:
            trace.write(f"{handed.name} {os.getpid()} {options.threads} {Path.cwd()}\n")
    earned = 50.0
    for order, *rest in map(str.split, handed.content.decode().splitlines()):
        if order == "sleep":
            ends = time.monotonic() + float(rest[0])
            while time.monotonic() < ends and wanted():
                time.sleep(0.05)
        elif order == "raise":
            raise ValueError(" ".join(rest))
        elif order == "points":
            earned = float(rest[0])
        elif order == "kill" and (rest[:1] != ["once"] or not Path(rest[1]).exists()):
            Path(rest[1]).touch() if rest else None
            os.kill(os.getpid(), signal.SIGKILL)
    return judgement(earned)


class ThreadPool:
    """A pool of threads in this process."""

    told = "threads"

    def __init__(self, workers: int = 2) -> None:
        self.workers, self.threads = workers, ThreadPoolExecutor(workers)
        self.begun: list[str] = []

    def submit(self, judge: Judge, handed: Handed, options: Options) -> "Future[Judgement]":
        self.begun.append(handed.name)
        return self.threads.submit(judge, handed, options, lambda: True)

    def capacity(self) -> int:
        return self.workers


def session_in(report: Path) -> Any:
    """What `run_class` needs of a session; its images are the stand-in's."""
    return SimpleNamespace(report_folder=report, mnist=lambda: Mnist((), "stand-in", False))  # type: ignore[arg-type]


def main() -> None:
    """Judge a folder by the obedient judge, with Dask's real workers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("--scheduler")
    parser.add_argument("-n", dest="workers", type=int, default=None)
    asked = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background has inherited to ignore it
    try:
        status = run_class(
            asked.folder,
            session_in(asked.report),
            (),
            None,
            60.0,
            asked.scheduler,
            asked.workers,
            judge=obedient_judge,
        )
    except ClassroomError as reason:
        sys.stderr.write(f"ERROR: {reason}\n")
        status = 4
    raise SystemExit(status)


def written(report: Path, folder: str, name: str = "judged.json") -> Any:
    """A JSON file of one submission."""
    return json.loads((report / "submissions" / folder / name).read_text(encoding="utf-8"))
