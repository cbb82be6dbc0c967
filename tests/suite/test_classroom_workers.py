"""A class over Dask's real workers, and a judge that obeys: lost workers, hostile ones, a cluster, and Ctrl-C."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil
import pytest

from tests.classroom.spreading import remote_pool
from tests.classroom.submissions import ClassroomError
from tests.classroom.suite import PROJECT
from tests.suite.classroom_doubles import PROGRAM, TRACE, written

# They start processes, which takes seconds: `-m "not tensorflow"` leaves them out with the others of that kind.
pytestmark = pytest.mark.tensorflow
PATIENCE = 60.0  # s


@dataclass
class Class:
    """A folder of submissions, its reports, and runs over it."""

    folder: Path

    def hand_in(self, **orders: str) -> None:
        """A module for each name, which says what the judge does with it."""
        (self.folder / "class").mkdir(exist_ok=True)
        for name, text in orders.items():
            (self.folder / f"class/{name}.py").write_text(text.replace(";", "\n"))

    @property
    def report(self) -> Path:
        return self.folder / "report"

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Begin to judge."""
        command = [sys.executable, "-c", PROGRAM, str(self.folder / "class"), str(self.report), *arguments]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        return subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**environment, "TRACE_FOLDER": str(self.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def judge(self, *arguments: str) -> tuple[int, str, str]:
        """Judge to the end: exit status, output, errors."""
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=PATIENCE)
        return process.returncode, output, errors

    def begun(self) -> list[list[str]]:
        """Name, process, threads and folder of each judgement that was begun."""
        trace = self.folder / TRACE
        return [line.split() for line in trace.read_text().splitlines()] if trace.exists() else []

    def points(self, name: str) -> Any:
        return written(self.report, f"{name}.py")["entry"]["earned"]


@pytest.fixture
def classroom(tmp_path: Path) -> Class:
    return Class(tmp_path)


def wait_for(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def in_session(session: int) -> list[psutil.Process]:
    """The processes of a session that still run."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def test_one_worker_of_two_is_killed(classroom: Class) -> None:
    """A worker that is killed in the middle costs a retry: every submission is judged, each once in the reports."""
    classroom.hand_in(**{f"s{place}": f"sleep 0.7;points {place}" for place in range(6)})
    process = classroom.start("-n", "2")
    victim = int(wait_for(classroom.begun)[0][1])
    os.kill(victim, signal.SIGKILL)
    output, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, errors) == (0, ""), output
    assert [classroom.points(f"s{place}") for place in range(6)] == [0, 1, 2, 3, 4, 5]
    names = [name for name, *_ in classroom.begun()]
    assert len(names) == 7
    assert "6 submissions: 6 judged; the median is 2.5 points." in output


def test_submission_that_kills_its_workers(classroom: Class) -> None:
    """After three workers it is given up with a finding, and the others have their points."""
    classroom.hand_in(a="points 1", b="kill", c="points 3", d="points 4")
    status, output, errors = classroom.judge("-n", "2")
    assert (status, errors) == (1, ""), output
    assert [classroom.points(name) for name in "acd"] == [1, 3, 4]
    finding = written(classroom.report, "b.py")["entry"]["finding"]
    assert finding == "could not be judged: it ended its worker 3 times."
    assert [name for name, *_ in classroom.begun()].count("b.py") == 3
    assert "1 could not be judged" in output


def test_workers_of_this_machine(classroom: Class) -> None:
    """How many there are and why is told, and each submission with what became of it."""
    classroom.hand_in(a="points 1", b="points 2", c="raise oh no")
    status, output, _ = classroom.judge("-n", "2")
    told = r"2 workers on this machine, \d+ threads? each \(as -n says"
    assert (status, bool(re.search(told, output))) == (1, True), output
    assert "c.py: not judged, 0 s (could not be judged: ValueError: oh no.)" in output
    assert re.search(r"^\[1/3\] .*; about \d\d:\d\d left$", output, re.MULTILINE)


def test_nobody_else_can_reach_them(classroom: Class) -> None:
    """Scheduler and workers listen on the loopback address and on no other."""
    classroom.hand_in(a="sleep 5")
    process = classroom.start("-n", "1")
    wait_for(classroom.begun)
    connections = [one for each in in_session(process.pid) for one in each.net_connections(kind="inet")]
    listening = {one.laddr.ip for one in connections if one.status == psutil.CONN_LISTEN}
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert listening == {"127.0.0.1"}


def test_interrupted(classroom: Class) -> None:
    """Ctrl-C ends within seconds, leaves no process, writes the overview of what there is, and says how to go on."""
    classroom.hand_in(a="points 1", b="sleep 50", c="sleep 50")
    process = classroom.start("-n", "2")
    wait_for(lambda: (classroom.report / "submissions/a.py/judged.json").exists() and len(classroom.begun()) == 3)
    started = time.monotonic()
    for _ in range(3):  # who has no patience presses it again
        os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it: to all of its processes
        time.sleep(0.3)
    output, errors = process.communicate(timeout=PATIENCE)
    seconds = time.monotonic() - started
    assert (process.returncode, errors) == (2, ""), output
    assert seconds < 6
    assert output.splitlines()[-1] == "interrupted: the same command goes on with what has not been judged yet"
    assert "3 submissions: 1 judged, 2 not judged yet; the median is 1 points." in output
    assert (classroom.report / "overview.html").read_text(encoding="utf-8").count(">not judged yet<") == 2
    assert wait_for(lambda: not in_session(process.pid))


def test_killed_and_run_again(classroom: Class) -> None:
    """After a SIGKILL of the whole run no worker stays, and the next run judges only what was in progress."""
    classroom.hand_in(a="points 1", b="points 2", c="sleep 3")
    process = classroom.start("-n", "1")
    wait_for(lambda: len(classroom.begun()) == 3)
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert wait_for(lambda: not in_session(process.pid))
    status, output, _ = classroom.judge()
    assert (status, "3 submissions: 2 judged before, 1 to judge" in output) == (0, True), output
    assert [name for name, *_ in classroom.begun()] == ["a.py", "b.py", "c.py", "c.py"]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts Dask's own commands, each in a folder of its own, and ends them."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, without_the_suite: bool = False) -> "subprocess.Popen[str]":
        folder = tmp_path / f"elsewhere{len(started)}"
        folder.mkdir()
        log: IO[str] = (folder / "log").open("w")
        environment = {**os.environ, "TRACE_FOLDER": str(tmp_path)}
        command = [sys.executable, "-m", "distributed.cli.dask_scheduler", *arguments]
        if arguments[0] != "--host":
            command[2] = "distributed.cli.dask_worker"
        if without_the_suite:
            (folder / "tests.py").write_text("raise ImportError('another tests')")
            environment["PYTHONPATH"] = str(folder)
        with log:
            one = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, text=True)
        started.append(one)
        return one

    yield start
    for one in reversed(started):
        one.terminate()
    for one in started:
        try:
            one.wait(10)
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


@pytest.fixture
def scheduler(begin: Callable[..., Any]) -> str:
    """The address of a scheduler without workers."""
    return begun_scheduler(begin)


def begun_scheduler(begin: Callable[..., Any], **how: bool) -> str:
    """Start one on a free port; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begin("--host", "127.0.0.1", "--port", str(port), "--no-dashboard", **how)

    def answers() -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", port)) == 0

    wait_for(answers)
    return f"tcp://127.0.0.1:{port}"


WORKER = ("--nthreads", "2", "--no-dashboard", "--host", "127.0.0.1")


def test_cluster(classroom: Class, scheduler: str, begin: Callable[..., Any], tmp_path: Path) -> None:
    """A worker in another process and folder judges with its own number of threads; the run leaves it alive."""
    worker = begin(scheduler, *WORKER)
    classroom.hand_in(a="points 1", b="points 2")
    status, output, errors = classroom.judge("--scheduler", scheduler)
    assert (status, errors) == (0, ""), output
    assert f"1 worker of the scheduler at {scheduler}" in output
    assert [classroom.points(name) for name in "ab"] == [1, 2]
    assert {folder.startswith(str(tmp_path / "elsewhere")) for *_, folder in classroom.begun()} == {True}
    assert {threads for _, _, threads, _ in classroom.begun()} == {"2"}
    assert worker.poll() is None


def test_cluster_without_the_suite(classroom: Class, begin: Callable[..., Any]) -> None:
    """A cluster that cannot import the suite is told at once, in one line, not once for each submission."""
    scheduler = begun_scheduler(begin, without_the_suite=True)
    begin(scheduler, *WORKER, without_the_suite=True)
    classroom.hand_in(a="points 1", b="points 2")
    status, _, errors = classroom.judge("--scheduler", scheduler)
    assert status == 4, errors
    assert re.fullmatch(
        rf"ERROR: --scheduler {scheduler} does not know this suite \(.*\); install it where .*\n", errors
    )


def test_interrupted_on_a_cluster(classroom: Class, scheduler: str, begin: Callable[..., Any]) -> None:
    """After Ctrl-C the cluster's worker gives up what nobody waits for, and is free for the next run."""
    begin(scheduler, *WORKER)
    classroom.hand_in(a="sleep 50")
    process = classroom.start("--scheduler", scheduler)
    wait_for(classroom.begun)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    started = time.monotonic()
    classroom.hand_in(a="points 1")
    assert classroom.judge("--scheduler", scheduler)[0] == 0
    assert time.monotonic() - started < 20


def test_scheduler_goes_away(classroom: Class, scheduler: str, begin: Callable[..., Any]) -> None:
    """If the scheduler ends in the middle, what is there is written, and the line says what happened."""
    begin(scheduler, *WORKER)
    classroom.hand_in(a="points 1", b="sleep 50")
    process = classroom.start("--scheduler", scheduler)
    wait_for(lambda: len(classroom.begun()) == 2)
    port = int(scheduler.rsplit(":", 1)[1])
    (dask,) = (
        each
        for each in psutil.Process().children(recursive=True)
        if "distributed.cli.dask_scheduler" in each.cmdline() and str(port) in each.cmdline()
    )
    dask.kill()
    output, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1, errors
    assert f"the scheduler at {scheduler} is gone: the same command goes on" in output
    assert classroom.points("a") == 1


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "tcp://no-such-host.invalid:8786"])
def test_unreachable_scheduler(address: str, classroom: Class) -> None:
    """One clear line, exit status 4, within seconds."""
    classroom.hand_in(a="points 1")
    started = time.monotonic()
    status, _, errors = classroom.judge("--scheduler", address)
    (line,) = errors.splitlines()
    assert status == 4
    assert line.startswith(f"ERROR: --scheduler {address} cannot be reached (")
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    "address", ["nonsense", "tcp://host", "tcp://:8786", "a b:1", "tcp://host:port", "http://host:1"]
)
def test_no_address(address: str) -> None:
    """What cannot be an address is told from a scheduler that does not answer."""
    with pytest.raises(ClassroomError, match="is no address; it takes one like tcp://"), remote_pool(address):
        pass


def test_scheduler_without_workers(classroom: Class, scheduler: str) -> None:
    """One clear line says how to start one."""
    classroom.hand_in(a="points 1")
    status, _, errors = classroom.judge("--scheduler", scheduler)
    remedy = f"start some with `dask worker {scheduler} --nthreads 1`"
    assert (status, errors) == (4, f"ERROR: --scheduler {scheduler} has no workers; {remedy}\n")
