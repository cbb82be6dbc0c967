"""One submission in a process of its own: what is passed on, what comes back, and that nothing is left behind."""

import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import psutil
import pytest

from tests.classroom import judging
from tests.classroom.judging import Handed, Judgement, Options, child_environment, judge, pytest_command

MODULE = Handed("ann/lab.py", b"# a solution\n")
MARK = f"lab-classroom-test-{os.getpid()}"  # in the command lines of what this session's tests start


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where private folders are made."""
    (tmp_path / "private").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "private"))
    return tmp_path / "private"


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a program touches when it is ready: the clock of who judges stands still until then, and then runs an
    hour at each look. So no time limit comes too early for a slow machine, and none is waited for.
    """
    path, hours = tmp_path / "ready", itertools.count(step=3600.0)
    monkeypatch.setattr(judging, "time", SimpleNamespace(monotonic=lambda: next(hours) if path.exists() else 0.0))
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, temporary: Path) -> Callable[..., Judgement]:
    """Judge by a program in pytest's place, which finds the report's folder in `report` and the file in `path`."""

    def judge_by(program: str, options: Options | None = None, **more: object) -> Judgement:
        head = "import os, pathlib, signal, subprocess, sys, time\npath, report = map(pathlib.Path, sys.argv[1:])\n"

        def command(path: Path, report: Path, *others: object) -> list[str]:
            return [sys.executable, "-c", head + dedent(program), str(path), str(report)]

        monkeypatch.setattr(judging, "pytest_command", command)
        return judge(MODULE, options or Options(), **more)  # type: ignore[arg-type]

    return judge_by


def sleepers() -> list[psutil.Process]:
    """Processes that a test's program started, and that still run."""
    found = []
    for process in psutil.process_iter():
        try:
            if MARK in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def all_gone(patience: float = 5.0) -> bool:
    deadline = time.monotonic() + patience
    while sleepers() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not sleepers()


STARTS_SLEEPERS = f"""
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)", "{MARK}"]
    subprocess.Popen(sleeper, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.Popen(sleeper, start_new_session=True)  # it holds the output open, and has left the group
    grandchild = f"import subprocess; subprocess.Popen({{sleeper!r}}, start_new_session=True)"
    subprocess.run([sys.executable, "-c", grandchild])  # its parent has gone
"""


class TestWhatComesBack:
    """From the file's bytes to the report's."""

    def test_file_and_report(self, run: Callable[..., Judgement], temporary: Path) -> None:
        """The file is where it is said to be, the report's files come back, and the folder is gone."""
        found = run("""
            (report / "answers.json").write_bytes(path.read_bytes())
            (report / "figures").mkdir()
            (report / "figures/line_fit.png").write_bytes(b"PNG")
            print("judged", path)
            sys.exit(1)
        """)
        assert found.files == {"answers.json": MODULE.content, "figures/line_fit.png": b"PNG"}
        assert (found.exit_status, found.output, found.out_of_time) == (1, "judged ann/lab.py\n", False)
        assert list(temporary.iterdir()) == []

    def test_only_what_a_report_has(self, run: Callable[..., Judgement], monkeypatch: pytest.MonkeyPatch) -> None:
        """No links, no folders, no other names, nothing huge: a submission may have written there too."""
        monkeypatch.setattr(judging, "LARGEST_FILE", 10)
        found = run("""
            (report / "answers.json").symlink_to("/etc/passwd")
            (report / "report.html").write_bytes(bytes(11))
            (report / "answers.md").mkdir()
            (report / "other.txt").write_text("")
            (report / "figures").symlink_to("/")
        """)
        assert found.files == {}

    def test_end_of_endless_output(self, run: Callable[..., Judgement]) -> None:
        """Of 50 MB that were printed the last lines are kept."""
        found = run("""
            for _ in range(1000):
                os.write(1, b"x" * 50_000)
            os.write(1, b"\\xff\\nthe end\\n")
        """)
        assert found.output.endswith("xx\ufffd\nthe end\n")
        assert len(found.output) < 10_000

    def test_private_folder_is_not_told(self, run: Callable[..., Judgement]) -> None:
        """Paths in the output are as the reader knows them."""
        found = run("""
            print(path.absolute(), report)
            (report / "answers.md").write_text(f"{path.absolute()} is not JSON")
        """)
        assert found.output == "ann/lab.py report\n"
        assert found.files == {"answers.md": b"ann/lab.py is not JSON"}

    def test_killed(self, run: Callable[..., Judgement]) -> None:
        """A signal is told as its negative number."""
        assert run("os.kill(os.getpid(), signal.SIGKILL)").exit_status == -9

    def test_keeper_killed(self, run: Callable[..., Judgement]) -> None:
        """If a submission kills what watches over it, nobody knows its status, and there still is a judgement."""
        assert run("os.kill(os.getppid(), signal.SIGKILL)").exit_status is None


class TestNothingIsLeft:
    """However it ends, no process and no folder stays."""

    def test_children_of_a_submission(self, run: Callable[..., Judgement]) -> None:
        """Children that outlive it are ended, those that left its session or lost their parent too."""
        started = time.monotonic()
        run(STARTS_SLEEPERS)
        assert all_gone()
        assert time.monotonic() - started < 10

    def test_time_limit(self, run: Callable[..., Judgement], ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """At the limit it gets Ctrl-C, at which pytest writes its report, and that counts."""
        monkeypatch.setattr(judging, "GRACE", 1e9)  # s, beyond what the clock can run meanwhile: it is not killed
        found = run(f"""
            signal.signal(signal.SIGINT, signal.default_int_handler)
            try:
                pathlib.Path("{ready}").touch()
                time.sleep(60)
            except KeyboardInterrupt:
                (report / "answers.json").write_text("{{}}")
                sys.exit(2)
        """)
        assert (found.exit_status, found.out_of_time, list(found.files)) == (2, True, ["answers.json"])

    def test_deaf_to_the_time_limit(self, run: Callable[..., Judgement], ready: Path) -> None:
        """What goes on regardless is killed, with its children."""
        found = run(f"""{STARTS_SLEEPERS}
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pathlib.Path("{ready}").touch()
    time.sleep(60)
""")
        assert (found.exit_status, found.out_of_time, all_gone()) == (-9, True, True)

    def test_no_longer_wanted(self, run: Callable[..., Judgement], tmp_path: Path) -> None:
        """It ends as soon as nobody waits for it."""
        begun = tmp_path / "begun"
        program = f"{STARTS_SLEEPERS}\n    pathlib.Path('{begun}').touch()\n    time.sleep(60)\n"
        found = run(program, wanted=lambda: not begun.exists())
        assert (found.exit_status, found.out_of_time, all_gone()) == (-9, False, True)

    def test_worker_killed(self, tmp_path: Path, temporary: Path) -> None:
        """If the process that judges is killed, the submission ends and the private folder goes, seconds later."""
        program = f"""
            import sys
            from tests.classroom import judging
            code = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'"
            code += ", '{MARK}'], start_new_session=True); open('{tmp_path}/begun', 'w'); time.sleep(60)"
            judging.pytest_command = lambda *a: [sys.executable, "-c", code, "{MARK}"]
            judging.judge(judging.Handed("a.py", b""), judging.Options())
        """
        environment = {**os.environ, "TMPDIR": str(temporary)}
        worker = subprocess.Popen([sys.executable, "-c", dedent(program)], cwd=judging.PROJECT, env=environment)
        deadline = time.monotonic() + 20
        while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        before = len(sleepers())
        worker.kill()
        worker.wait()
        assert before == 3  # the keeper, the submission, and what that has started
        assert all_gone()
        deadline = time.monotonic() + 5
        while list(temporary.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert list(temporary.iterdir()) == []


class TestCommand:
    """What the child's pytest is asked."""

    def test_module(self) -> None:
        """A module is `--lab-module`, by its own name; what is passed on comes as it is."""
        options = Options(("--seed=7", "--faithful"), None)
        command = pytest_command(Path("ann/lab.py"), Path("/r"), options, "standin")
        wanted = {"--lab-module=ann/lab.py", "--report-dir=/r", "--seed=7", "--faithful", "--mnist=standin"}
        assert wanted <= set(command)
        assert command[1:4] == ["-P", "-m", "pytest"]

    def test_notebook(self) -> None:
        """A notebook is `--submission`."""
        assert "--submission=lab.ipynb" in pytest_command(Path("lab.ipynb"), Path("/r"), Options(), None)

    def test_images_that_this_machine_has(self, tmp_path: Path) -> None:
        """A path that exists here is passed on."""
        assert judging._mnist_here(str(tmp_path)) == ((), str(tmp_path))

    @pytest.mark.parametrize("asked", ["standin", None])
    def test_images_without_a_path(self, asked: str | None) -> None:
        assert judging._mnist_here(asked) == ((), asked)

    def test_images_that_a_remote_machine_lacks(self, run: Callable[..., Judgement]) -> None:
        """Its own sources serve, and the judgement says so."""
        found = run("", replace(Options(), mnist="/absent/mnist.npz"))
        assert found.notes == (
            "the machine that judged it has no /absent/mnist.npz: the images came from its own sources",
        )


class TestEnvironment:
    """What the child finds in its environment."""

    def test_threads(self) -> None:
        """Every library is told how many threads it may take."""
        made = child_environment({}, 3, Path("/t"))
        assert {made[name] for name in judging.THREAD_LIMITS} == {"3"}
        assert {"OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"} <= set(judging.THREAD_LIMITS)

    def test_images_of_the_machine(self) -> None:
        """A relative LAB_MNIST is that of this process's folder."""
        assert child_environment({"LAB_MNIST": "x.npz"}, 1, Path("/t"))["LAB_MNIST"] == str(Path.cwd() / "x.npz")
        assert child_environment({"LAB_MNIST": "standin"}, 1, Path("/t"))["LAB_MNIST"] == "standin"

    def test_pytests_own(self) -> None:
        """A child is no part of the session that started it, and its temporary files are in its own folder."""
        made = child_environment({"PYTEST_ADDOPTS": "-x", "HOME": "/h"}, 1, Path("/t"))
        assert "PYTEST_ADDOPTS" not in made
        assert (made["HOME"], made["TMPDIR"]) == ("/h", "/t")
