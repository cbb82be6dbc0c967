"""Runs a notebook where it can break nothing: bubblewrap's namespaces, and limits that are watched from outside."""

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

import psutil

import lab

PROGRAMS = Path(__file__).parent / "inside"
LOOP = [Path(lab.__file__).with_name(f"{name}.py") for name in ("alignment", "compilation", "epochs")]
POLL = 0.2  # s between two looks at what runs
HOME, RECORDS, SERVED = "/home/student", "/records", "/mnist.npz"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")
# How many threads the libraries take is this machine's to say: several notebooks may be judged at once.
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
OWN = ("lab", "tests", "conftest.py")  # never visible inside, wherever they are installed


@dataclass(frozen=True)
class Limits:
    """What a notebook may use: seconds of a cell and of the whole, bytes, and processes and threads of its own.

    In bubblewrap the system itself keeps to `tasks`: a fork bomb doubles faster than anybody can watch.
    """

    cell_seconds: int = 600
    seconds: int = 1800
    memory: int = 6 * 2**30  # resident, of all its processes; the original notebook takes 2.1 GB
    disk: int = 2**30  # of each folder that it can write to
    records: int = 4 * 2**30
    processes: int = 64  # the original notebook's kernel and runner are three
    tasks: int = 512  # processes and their threads; TensorFlow takes about one for each core


@dataclass(frozen=True)
class Outcome:
    """How it ended: `stopped` says why it was stopped, empty if it ended by itself; `isolation` what was in force."""

    stopped: str
    isolation: str
    seconds: float


@cache
def why_no_bubblewrap() -> str:
    """Why bubblewrap cannot be used here, in a few words; empty if it can."""
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed (`apt install bubblewrap`)"
    probe = ["bwrap", *_unshared(), "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", *_unprivileged(), "true"]
    done = subprocess.run(probe, capture_output=True, text=True)
    return "" if done.returncode == 0 else f"bubblewrap does not work here ({done.stderr.strip().splitlines()[-1]})"


def run_isolated(submission: Path, records: Path, mnist: Path, limits: Limits, faithful: bool = False) -> Outcome:
    """Run `submission/notebook.ipynb` in bubblewrap and have `records`, an empty folder, filled.

    What `fit` is asked for is trained in fewer calls (see `inside/quick.py`), unless it is to be `faithful`.
    """
    if os.geteuid() == 0:
        for path in (records, submission, *submission.rglob("*")):
            os.chown(path, _user(), _user())
    isolation = (
        "in bubblewrap: no network, a read-only system without the suite, a home and /tmp of its own of at most "
        f"{limits.disk / 2**30:g} GB each, its own processes; at most {limits.memory / 2**30:g} GB of memory, "
        f"{limits.seconds} s in all and {limits.cell_seconds} s a cell"
    )
    with _inside() as inside:
        command = ["bwrap", *_namespaces(inside, submission, records, mnist, limits, faithful), *_unprivileged()]
        command += [sys.executable, *_arguments(Path("/inside"), Path("/submission"), Path(RECORDS), limits)]
        return _watched(command, {"PATH": os.environ.get("PATH", os.defpath)}, None, records, limits, isolation)


def run_trusted(submission: Path, records: Path, mnist: Path, limits: Limits, faithful: bool = False) -> Outcome:
    """Run it as any program of this user's, in folders of its own: for notebooks that are trusted."""
    with TemporaryDirectory() as home, _inside() as inside:
        startup = Path(home) / ".ipython" / "profile_default" / "startup"
        startup.mkdir(parents=True)
        shutil.copyfile(inside / "startup.py", startup / "00-record.py")
        environment = _environment(home, str(inside), str(records), str(mnist), faithful)
        unlimited = replace(limits, tasks=-1)  # the system would count all that this user runs
        command = [sys.executable, *_arguments(inside, submission, records, unlimited)]
        isolation = (
            "none: it was trusted, and ran as any program of this user's; at most "
            f"{limits.memory / 2**30:g} GB of memory, {limits.seconds} s in all and {limits.cell_seconds} s a cell"
        )
        return _watched(command, environment, home, records, limits, isolation)


@contextlib.contextmanager
def _inside() -> Iterator[Path]:
    """A folder of what the notebook's process imports: the recorder, and of the lab the loop of an epoch alone."""
    with TemporaryDirectory() as folder:
        inside = Path(folder) / "inside"
        (inside / "lab").mkdir(parents=True)
        for program in PROGRAMS.glob("*.py"):
            shutil.copyfile(program, inside / program.name)
        for module in LOOP:
            shutil.copyfile(module, inside / "lab" / module.name)
        yield inside


def _arguments(inside: Path, submission: Path, records: Path, limits: Limits) -> list[str]:
    program, cells = inside / "execute.py", records / "cells.jsonl"
    numbers = limits.cell_seconds, limits.disk, limits.tasks
    return [str(program), str(submission), str(cells), *map(str, numbers)]


def _environment(home: str, inside: str, records: str, mnist: str, faithful: bool) -> dict[str, str]:
    """All that the notebook finds in its environment, but for the last four, which are taken out before it begins."""
    return {
        "HOME": home,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
        "LANG": "C.UTF-8",
        "MPLBACKEND": "agg",
        "CUDA_VISIBLE_DEVICES": "-1",  # as the suite itself: on the processor alone
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONDONTWRITEBYTECODE": "1",
        **{name: os.environ[name] for name in THREADS if name in os.environ},
        "LAB_INSIDE": inside,
        "LAB_RECORDS": records,
        "LAB_SERVED_MNIST": mnist,
        "LAB_FAITHFUL": str(int(faithful)),
    }


def _namespaces(
    inside: Path, submission: Path, records: Path, mnist: Path, limits: Limits, faithful: bool
) -> Iterator[str]:
    """bubblewrap's options."""
    yield from (*_unshared(), "--hostname", "lab", "--die-with-parent", "--new-session", "--clearenv")
    for name, value in _environment(HOME, "/inside", RECORDS, SERVED, faithful).items():
        yield from ("--setenv", name, value)
    yield from ("--proc", "/proc", "--dev", "/dev")
    yield from _open_folders(Path(HOME).parent)
    for path in ("/tmp", "/dev/shm", HOME):  # before what may be mounted within them
        yield from ("--perms", "1777", "--size", str(limits.disk), "--tmpfs", path)
    for path in SYSTEM:
        if Path(path).is_symlink():
            yield from ("--symlink", str(Path(path).readlink()), path)
        else:
            yield from ("--ro-bind-try", path, path)
    for prefix in dict.fromkeys([sys.base_prefix, sys.prefix]):
        if not prefix.startswith("/usr"):
            yield from (*_open_folders(*reversed(Path(prefix).parents)), "--ro-bind", prefix, prefix)
    for part in OWN:
        installed = Path(sysconfig.get_path("purelib")) / part
        if installed.is_dir():
            yield from ("--tmpfs", str(installed))
    yield from ("--ro-bind", str(inside), "/inside", "--ro-bind", str(mnist), SERVED)
    profile = Path(HOME, ".ipython", "profile_default")
    yield from _open_folders(profile.parent, profile, profile / "startup", mode="1777")
    yield from ("--ro-bind", str(inside / "startup.py"), str(profile / "startup" / "00-record.py"))
    yield from ("--ro-bind", str(submission), "/submission", "--bind", str(records), RECORDS)
    yield from ("--chdir", HOME)


def _open_folders(*folders: Path, mode: str = "0755") -> Iterator[str]:
    """Folders that every user may enter: those that bubblewrap makes on its way to a mount are root's alone."""
    for folder in folders:
        if folder.name:
            yield from ("--perms", mode, "--dir", str(folder))


def _unshared() -> tuple[str, ...]:
    """The options that leave it nothing of the machine to see but what is mounted."""
    apart = ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")
    # Root's processes are not counted, in a user namespace neither, so root needs none: see `_unprivileged`.
    return apart if os.geteuid() == 0 else (*apart, "--unshare-user", "--uid", str(_user()), "--gid", str(_user()))


def _unprivileged() -> tuple[str, ...]:
    """What root puts before a command, so that it runs as nobody who owns anything, and without any privilege."""
    if os.geteuid():
        return ()
    user = str(_user())
    gone = ("--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs")
    return ("setpriv", "--reuid", user, "--regid", user, *gone)


def _user() -> int:
    """The notebook's user: another one for each process that judges, as the system counts a user's processes."""
    return 1000 if os.geteuid() else 2**20 + os.getpid()


def _watched(
    command: list[str], environment: dict[str, str], home: str | None, records: Path, limits: Limits, isolation: str
) -> Outcome:
    """Run the command to its end, or to a limit; nothing of it is left running, whatever happens here."""
    started, stopped = time.monotonic(), ""
    with TemporaryFile() as messages:
        process = subprocess.Popen(
            command,
            cwd=home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=messages,
            start_new_session=True,
        )
        try:
            while process.poll() is None and not stopped:
                time.sleep(POLL)
                stopped = _beyond(process.pid, records, limits, time.monotonic() - started)
            status = process.poll()
        finally:
            _kill(process)
        if status and not stopped:
            stopped = f"it ended before its last cell ({_last_line(messages)})"
    return Outcome(stopped, isolation, time.monotonic() - started)


def _last_line(messages: IO[bytes]) -> str:
    messages.seek(max(messages.seek(0, os.SEEK_END) - 1000, 0))
    lines = messages.read().decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "without a word")


def _beyond(pid: int, records: Path, limits: Limits, seconds: float) -> str:
    """Which limit is passed, in words; empty if none."""
    processes = _family(pid)
    if len(processes) > limits.processes:
        return f"it started more than {limits.processes} processes"
    if seconds > limits.seconds:
        return f"it took longer than {limits.seconds} s"
    if _memory(processes, limits.memory) > limits.memory:
        return f"it took more than {limits.memory / 2**30:g} GB of memory"
    if _bytes_in(records) > limits.records:
        return f"its records took more than {limits.records / 2**30:g} GB"
    return ""


def _bytes_in(folder: Path) -> int:
    """Bytes of all files at any depth; those that vanish meanwhile count for nothing, and no link is followed."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(parent, name)).st_size  # noqa: PTH118
    return total


def _memory(processes: list[psutil.Process], enough: int) -> int:
    """Resident bytes of all; what forks share is counted once if it would be more than `enough` otherwise."""
    for way in ("rss", "pss"):  # the second is exact, and takes the system a look at every page
        resident = 0
        for process in processes:
            with contextlib.suppress(psutil.Error):  # it has ended since
                found = process.memory_info() if way == "rss" else process.memory_full_info()
                resident += getattr(found, way, 0)
        if resident <= enough:
            break
    return resident


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill it and all that it started. In bubblewrap the namespace ends with its first process, and all in it."""
    for one in _family(process.pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    process.wait()
