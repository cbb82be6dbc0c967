"""Whole processes: how long they take and how much memory they need at most."""

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1e6


class FailedProcessError(Exception):
    """A process that was to be timed did not end well: its command and last line."""


@dataclass(frozen=True)
class Cost:
    """Wall time (s), and the most memory that the process, or the largest of its children, held at once (MB).

    Linux counts what this process holds when it starts the other one, too: the memory is never less than our own.
    """

    seconds: float
    megabytes: float


def cost_of(command: Sequence[str], folder: Path, **environment: str) -> Cost:
    """What running `command` in `folder` costs. Raises FailedProcessError unless it ends with 0."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | environment, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            last = (output.read().decode(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
            raise FailedProcessError(f"{' '.join(command)} ended with {process.returncode}: {last}")
    return Cost(seconds, usage.ru_maxrss * 1024 / MEGABYTE)
