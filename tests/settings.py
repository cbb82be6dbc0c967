"""The suite's options, checked before anything runs."""

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lab.mnist_source import Mnist, MnistError, load_mnist
from lab.progress import BelowCursor, titled
from tests.submissions.contract import DEPENDENCIES, SubjectError
from tests.submissions.handing_in import add_options, hand_in, limits_of, read_submission, refuse_unisolated
from tests.submissions.subject import Subject, load_subject

if TYPE_CHECKING:
    from tests.submissions.submission import Submission

LARGEST_SEED = 2**32 - 1  # NumPy's and Keras's


@dataclass
class Session:
    """What the options ask for. MNIST is found when it is first needed, and then kept."""

    seed: int
    report_folder: Path
    subject: Subject
    mnist_asked: str | None
    terminal: BelowCursor | None
    found: Mnist | None = None
    submission: "Submission | None" = None  # a notebook, once it has run

    def mnist(self) -> Mnist:
        """MNIST from wherever it is."""
        if self.found is None:
            with titled("MNIST", self.terminal):
                self.found = load_mnist(self.mnist_asked)
        return self.found


SESSION: pytest.StashKey[Session] = pytest.StashKey()
FOLDER: pytest.StashKey[Path] = pytest.StashKey()  # of what was recorded of a notebook


def pytest_addoption(parser: pytest.Parser) -> None:
    """The suite's own group in `pytest --help`."""
    group = parser.getgroup("lab", "the lab's answers and verdicts")
    missing = {"nargs": "?", "const": ""}  # so that a missing value gets our one line, not argparse's page
    group.addoption(
        "--lab-module",
        metavar="MODULE",
        default=None,
        **missing,
        help="judge this solution: a Python file or a dotted module name (default: the package lab)",
    )
    group.addoption(
        "--mnist",
        metavar="SOURCE",
        default=None,
        **missing,
        help="Keras's mnist.npz, a folder of the four IDX files, or `standin` for scikit-learn's digits "
        "(default: $LAB_MNIST, Keras's cache, a download, the stand-in)",
    )
    group.addoption(
        "--seed",
        metavar="N",
        default="42",
        **missing,
        help="seed of data, initial weights and batch order (default: 42)",
    )
    group.addoption(
        "--report-dir",
        metavar="FOLDER",
        default="report",
        **missing,
        help="where answers.md, answers.json, report.html and the figures go (default: report)",
    )
    add_options(group)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Turn the options into a Session, or end with one clear line and exit status 4."""
    if config.option.help or config.option.version:
        return
    try:
        config.stash[SESSION] = _session(config)
    except (ValueError, SubjectError) as reason:
        raise pytest.UsageError(str(reason)) from None


def _session(config: pytest.Config) -> Session:
    values = {name: config.getoption(name) for name in ("lab_module", "submission", "mnist", "seed", "report_dir")}
    for name, value in values.items():
        if value is not None and not value.strip():
            raise ValueError(f"--{name.replace('_', '-')} needs a value; see `pytest --help`")
    if values["lab_module"] and values["submission"]:
        raise ValueError("--lab-module and --submission exclude each other: a session judges one solution")
    seed, is_worker = _seed(values["seed"]), hasattr(config, "workerinput")
    folder = config.invocation_params.dir / values["report_dir"]
    if not is_worker and not config.option.collectonly:
        _must_be_writable(folder, values["report_dir"])
    terminal = None if is_worker else _terminal()
    session = Session(seed, folder, load_subject(values["lab_module"]), values["mnist"], terminal)
    if not config.option.collectonly and (values["mnist"] is not None or os.environ.get("LAB_MNIST")):
        try:
            session.mnist()  # what was asked for by name is looked at before anything is trained
        except MnistError as reason:
            raise ValueError(str(reason)) from None
    if values["submission"] and not config.option.collectonly:
        _hand_in(config, session, config.invocation_params.dir / values["submission"])
    return session


def _hand_in(config: pytest.Config, session: Session, path: Path) -> None:
    """Have the notebook run, in the first process, and the session judge what was recorded of it."""
    session.subject = Subject(path.name, frozenset().union(*DEPENDENCIES.values()))
    limits = limits_of(config)
    trusted, faithful = config.getoption("trust_submission"), config.getoption("faithful")
    if not path.is_file():
        raise ValueError(f"--submission {path}: there is no such file; give the path of a notebook (.ipynb)")
    refuse_unisolated(trusted)
    given = getattr(config, "workerinput", {}).get("submission")
    try:
        if given:
            folder = Path(given)
        else:
            here = not config.getoption("numprocesses", None)
            images = session.mnist().arrays
            folder = hand_in(path, images, limits, trusted, faithful, session.terminal, judged_here=here)
    except SubjectError as reason:
        session.subject = replace(session.subject, broken=str(reason))
        return
    except KeyboardInterrupt:
        pytest.exit(f"interrupted while {path.name} ran: nothing was judged", pytest.ExitCode.INTERRUPTED)
    if not given:
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    config.stash[FOLDER] = folder
    session.submission = read_submission(path, folder)
    answered, notes = session.submission.questions(), session.submission.notes()
    session.subject = replace(session.subject, answered=answered, notes=notes)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process of pytest-xdist's where the notebook's records are: it ran once for all."""
    folder = node.config.stash.get(FOLDER, None)
    node.workerinput["submission"] = str(folder) if folder else ""


def _seed(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= LARGEST_SEED:
        return int(text)
    raise ValueError(f"--seed is {text!r}; it takes a whole number from 0 to {LARGEST_SEED}")


def _terminal() -> BelowCursor | None:
    """The row below pytest's own on the terminal, for live lines; None where output is none.

    During a test pytest sends file descriptor 1 elsewhere, so it is duplicated now.
    """
    if not sys.stdout.isatty():
        return None
    return BelowCursor(os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding=sys.stdout.encoding))


def _must_be_writable(folder: Path, shown: str) -> None:
    """Raise ValueError unless a file can be made in the folder, or in the nearest one above it that exists."""
    existing = next(parent for parent in (folder, *folder.parents) if os.path.lexists(parent))
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as reason:
        raise ValueError(
            f"--report-dir {shown}: no file can be written there ({reason.strerror}); name another folder"
        ) from None
