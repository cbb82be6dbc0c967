"""One submission judged: from a file's bytes and plain options to the bytes of its report.

Needs nothing but what it is given, so it runs on any machine that has this suite; everything is written into a folder
of its own, which is removed.
"""

import json
import os
import re
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.classroom import keeper
from tests.classroom.submissions import safe_path
from tests.classroom.suite import PROJECT, suite_version

REPORTS = ("answers.json", "answers.md", "report.html")
FIGURE = re.compile(r"[\w-]{1,100}\.png")
LARGEST_FILE = 50_000_000  # bytes of one file that is taken from a report, which has 10 MB at most
GRACE = 20.0  # s after the time limit to write a report of what was judged until then
POLL = 0.1  # s between two looks at the process
# The first is this suite's own, read by tests/workers.py; the others are those of the libraries.
THREAD_LIMITS = (
    *("LAB_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
    *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
)
STAND_IN = "standin"


@dataclass(frozen=True)
class Options:
    """How every submission of a class is judged. `arguments` go to its pytest as they are."""

    arguments: tuple[str, ...] = ()
    mnist: str | None = None  # an absolute path or `standin`; None: the sources of the machine that judges
    seconds: float = 900.0
    threads: int = 1


@dataclass(frozen=True)
class Handed:
    """A file as it was handed in."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Judgement:
    """What one run left: files by their name in the report's folder, and how it ended.

    `exit_status` is pytest's, or the negative number of the signal that ended it, or None if nobody knows.
    """

    files: Mapping[str, bytes]
    exit_status: int | None
    seconds: float
    output: str  # the last of it
    out_of_time: bool = False
    notes: tuple[str, ...] = ()
    suite: str = field(default_factory=suite_version)


def judge(handed: Handed, options: Options, wanted: Callable[[], bool] = lambda: True) -> Judgement:
    """Judge one file in a process of its own, for as long as somebody wants it and no longer than the limit."""
    notes, mnist = _mnist_here(options.mnist)
    with tempfile.TemporaryDirectory(prefix="lab-judged-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        inner, work, report = safe_path(handed.name), folder / "work", folder / "report"
        for each in ((work / inner).parent, report, folder / "tmp"):
            each.mkdir(parents=True)
        (work / inner).write_bytes(handed.content)
        command = pytest_command(inner, report, options, mnist)
        environment = child_environment(os.environ, options.threads, folder / "tmp")
        started = time.monotonic()
        told, out_of_time = _run([str(folder), str(work), *command], environment, options.seconds, wanted)
        seconds = time.monotonic() - started
        files = {name: _as_handed_in(content, folder) for name, content in _report_files(report).items()}
        output = _as_handed_in(told["tail"].encode(), folder).decode(errors="replace")
        return Judgement(files, told["status"], seconds, output, out_of_time, notes)


def _as_handed_in(content: bytes, folder: Path) -> bytes:
    """The content with paths as the reader knows them: the private folder is in nobody's way, and gone."""
    for path in (folder / "work", folder):
        content = content.replace(f"{path}/".encode(), b"")
    return content


def pytest_command(path: Path, report: Path, options: Options, mnist: str | None) -> list[str]:
    """The command that judges the file at `path`, which is relative to the folder that it runs in.

    `-P` keeps that folder off `sys.path`: a submission named `json.py` must not be what `import json` finds.
    """
    subject = "--submission" if path.suffix == ".ipynb" else "--lab-module"
    project = ["-c", str(PROJECT / "pytest.ini"), f"--rootdir={PROJECT}", "-p", "no:cacheprovider", "--color=no"]
    asked = [f"{subject}={path}", f"--report-dir={report}", *options.arguments]
    images = [f"--mnist={mnist}"] if mnist else []
    return [sys.executable, "-P", "-m", "pytest", *project, *asked, *images, str(PROJECT / "tests/exercises")]


def child_environment(own: Mapping[str, str], threads: int, temporary: Path) -> dict[str, str]:
    """This machine's environment without pytest's own variables, with so many threads and a folder for all that is
    temporary.
    """
    kept = {name: value for name, value in own.items() if not name.startswith("PYTEST_")}
    images = kept.get("LAB_MNIST")
    if images and images != STAND_IN:  # it may be relative to this process's folder
        kept["LAB_MNIST"] = str(Path(images).expanduser().absolute())
    kept |= dict.fromkeys(THREAD_LIMITS, str(threads))
    return kept | {"TF_CPP_MIN_LOG_LEVEL": "3", "COLUMNS": "100", "TMPDIR": str(temporary)}


def _mnist_here(asked: str | None) -> tuple[tuple[str, ...], str | None]:
    """A note, if this machine does not have what was asked for, and what to ask for then."""
    if asked is None or asked == STAND_IN or Path(asked).exists():
        return (), asked
    note = f"the machine that judged it has no {asked}: the images came from its own sources"
    return (note,), None


def _run(
    arguments: list[str], environment: dict[str, str], limit: float, wanted: Callable[[], bool]
) -> tuple[dict[str, Any], bool]:
    """What the keeper tells of the command, and whether the limit was reached."""
    process = subprocess.Popen(
        [sys.executable, "-P", keeper.__file__, *arguments],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C on the terminal is ours to pass on
    )
    assert process.stdin is not None
    assert process.stdout is not None
    orders = [(limit, b"interrupt\n"), (limit + GRACE, b"kill\n")]
    started = time.monotonic()
    try:
        while process.poll() is None and wanted():
            if orders and time.monotonic() - started > orders[0][0]:
                _order(process, orders.pop(0)[1])
            with suppress(subprocess.TimeoutExpired):
                process.wait(POLL)
        if process.poll() is None:
            _order(process, b"kill\n")
        told = process.stdout.read()
    finally:
        process.stdin.close()  # should anything still run, it ends
        process.stdout.close()
        process.wait(2 * keeper.PATIENCE)
    try:
        return json.loads(told), len(orders) < 2
    except ValueError:
        return {"status": None, "tail": ""}, len(orders) < 2


def _order(process: subprocess.Popen[bytes], line: bytes) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # it has just ended
        process.stdin.write(line)
        process.stdin.flush()


def _report_files(report: Path) -> dict[str, bytes]:
    """The files of a report by their names: only those that a report has, of sensible size, and no links."""
    figures = sorted((report / "figures").glob("*.png"))
    names = [*REPORTS, *(f"figures/{path.name}" for path in figures if FIGURE.fullmatch(path.name))]
    return {name: (report / name).read_bytes() for name in names if _is_sensible(report / name)}


def _is_sensible(path: Path) -> bool:
    if not path.exists() or path.parent.is_symlink():
        return False
    found = path.lstat()
    return stat.S_ISREG(found.st_mode) and found.st_size <= LARGEST_FILE
