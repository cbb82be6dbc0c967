"""Several processes at once (`pytest -n`): which exercise goes where, and how many threads each process takes."""

import os
import re
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

LONGEST_FIRST = ("34", "2", "1")  # exercise 4 goes on with what exercise 3 trains
EXERCISE = re.compile(r"tests/exercises/test_([1-4])_")


class ExerciseScheduling(LoadFileScheduling):  # type: ignore[misc]  # pytest-xdist calls some of this private
    """Keeps an exercise's tests in one process, which trains each run once, and the short exercises together."""

    def _split_scope(self, nodeid: str) -> str:
        found = EXERCISE.search(nodeid)
        return f"exercises {share_of(found[1], self.numnodes)}" if found else super()._split_scope(nodeid)


def share_of(exercise: str, processes: int) -> int:
    """Which of so many processes an exercise goes to: the longest ones to the first, the last one gets what is left."""
    place = next(place for place, together in enumerate(LONGEST_FIRST) if exercise in together)
    return min(place, processes - 1)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Divide by file: pytest-xdist, next, would choose `load`, and every process would train everything."""
    if config.getoption("numprocesses", None) and config.getoption("dist") == "no":
        config.option.dist = "loadfile"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Our own way of dividing by file."""
    return ExerciseScheduling(config, log) if config.getoption("dist") == "loadfile" else None


def cap_threads(config: pytest.Config) -> None:
    """Let what computes at once share the cores: processes, or in a process alone the trainings in its threads.

    Before TensorFlow computes anything. These models are so small that even a `fit` by itself, on two cores, is a fifth
    quicker when it does not divide its operations.
    """
    from tensorflow.config import threading
    from threadpoolctl import threadpool_limits

    from tests.submissions.laboratory import TRAININGS_AT_ONCE

    processes = int(getattr(config, "workerinput", {}).get("workercount", 1))
    threading.set_intra_op_parallelism_threads(share_of_cores(max(processes, TRAININGS_AT_ONCE)))
    threadpool_limits(share_of_cores(processes))


def share_of_cores(takers: int) -> int:
    """How many threads each of so many may take: at least one.

    Where a class is judged, several sessions share a machine: `LAB_THREADS` then says what this one has of it.
    """
    return max(1, int(os.environ.get("LAB_THREADS") or os.cpu_count() or 1) // takers)
