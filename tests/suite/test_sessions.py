"""The suite as a black box: whole sessions in processes of their own, as a student or a grader starts them."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from tests.questions import NOT_SUBMITTED, QUESTIONS
from tests.suite.test_documents import schema_errors

pytestmark = pytest.mark.tensorflow

PROJECT = Path(__file__).resolve().parents[2]
REPORTS = {"answers.json", "answers.md", "report.html"}
LINE_ONLY = """
    import numpy as np

    def line_data(noise_std=1.0, seed=42):
        draws = np.random.RandomState(seed)
        x = draws.rand(100, 1) * 10
        return x, 3 * x + 5 + draws.normal(0, noise_std, (100, 1))
"""
BAD = """
    import numpy as np

    def line_data(noise_std=1.0, seed=42):
        return np.zeros(100), np.zeros(100)

    def iris_classifier(hidden_units=10, activation="relu"):
        import keras
        return keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])

    def mnist_classifier():
        return None
"""
INTERRUPTED = """
    import os, signal

    def train(model, x, y, recipe, seed=42):
        # A suite that runs in the background has inherited to ignore Ctrl-C.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.kill(os.getpid(), signal.SIGINT)
"""
LIMIT = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
os.execv(sys.argv[1], sys.argv[1:])
"""
SKIPPED_ONLY = "test_2_iris"  # of a solution of exercise 1: tests that need no TensorFlow, but make a report
QUESTION_1_2 = "not linear_regression or 1.2 or error"  # and all of exercises 2 to 4


@dataclass(frozen=True)
class Session:
    """What a session left behind."""

    exit_status: int
    output: str
    errors: str
    folder: Path

    @property
    def document(self) -> dict[str, Any]:
        """Its answers.json."""
        written: dict[str, Any] = json.loads((self.folder / "answers.json").read_text(encoding="utf-8"))
        return written

    def answer(self, question: str) -> dict[str, Any]:
        """Its answer to one question."""
        (answer,) = (answer for answer in self.document["answers"] if answer["question"] == question)
        return dict(answer)

    def statuses(self, exercises: str = "1234") -> set[str]:
        """The statuses of these exercises' questions."""
        return {answer["status"] for answer in self.document["answers"] if answer["question"][0] in exercises}


def start(*arguments: str | Path, folder: Path, first: Sequence[str] = (), **added: str) -> Session:
    """Run pytest in the project; without a cache, so that the developer's own is left alone.

    `first` are Python's arguments before pytest's own, `added` variables of the environment.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LAB_", "PYTEST_"))}
    environment |= {"TF_CPP_MIN_LOG_LEVEL": "3", "COLUMNS": "100", **added}
    command = [*first, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, arguments)]
    process = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=300)
    return Session(process.returncode, process.stdout, process.stderr, folder)


def judge(folder: Path, source: str, *arguments: str, name: str = "solution.py", **settings: Any) -> Session:
    """Judge a solution with this source; it and the report are in `folder`."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(dedent(source), encoding="utf-8")
    report = folder / "report"
    return start("--lab-module", folder / name, "--report-dir", report, *arguments, folder=report, **settings)


def outside_the_project(folder: Path) -> Session:
    """A solution with a misspelt name, in a folder and a file with spaces in their names."""
    source = f"{dedent(LINE_ONLY)}\ndef linear_regresor(): pass\n"
    return judge(folder / "my own", source, "-k", SKIPPED_ONLY, name="my solution.py")


def on_a_full_disk(folder: Path) -> Session:
    """A session that finds an old report, and may write no file of more than 100 bytes."""
    (folder / "report").mkdir()
    for name in REPORTS:
        (folder / "report" / name).write_text("old")
    limited = [sys.executable, "-c", LIMIT]
    return judge(folder, LINE_ONLY, "-k", SKIPPED_ONLY, first=limited, PYTHONDONTWRITEBYTECODE="1")


SESSIONS: dict[str, Callable[[Path], Session]] = {
    "outside": outside_the_project,
    "full_disk": on_a_full_disk,
    "exercise_one": lambda folder: judge(folder, LINE_ONLY, "-k", QUESTION_1_2, "--mnist", "standin"),
    "workers": lambda folder: judge(folder, LINE_ONLY, "-k", QUESTION_1_2, "--mnist", "standin", "-n", "2"),
    "bad": lambda folder: judge(folder, BAD, "-k", "test_layers or test_answer", "--mnist", "standin"),
    "interrupted": lambda folder: judge(
        folder, INTERRUPTED, "-k", "test_number_of_points or test_errors or test_flowers"
    ),
}


@pytest.fixture(scope="module")
def sessions(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The sessions that the selected tests look at, two at a time from the start: they are what takes long."""
    needed = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    folders = {name: tmp_path_factory.mktemp(name) for name in SESSIONS if name in needed}
    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(SESSIONS[name], folder) for name, folder in folders.items()}


@pytest.fixture(scope="module")
def outside(sessions: dict[str, Any]) -> Any:
    return sessions["outside"].result()


@pytest.fixture(scope="module")
def full_disk(sessions: dict[str, Any]) -> Any:
    pytest.importorskip("resource", reason="this system cannot limit the size of files")
    return sessions["full_disk"].result()


@pytest.fixture(scope="module")
def exercise_one(sessions: dict[str, Any]) -> Any:
    return sessions["exercise_one"].result()


@pytest.fixture(scope="module")
def workers(sessions: dict[str, Any]) -> Any:
    return sessions["workers"].result()


@pytest.fixture(scope="module")
def bad(sessions: dict[str, Any]) -> Any:
    return sessions["bad"].result()


@pytest.fixture(scope="module")
def interrupted(sessions: dict[str, Any]) -> Any:
    return sessions["interrupted"].result()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files that are wrong in one way each."""
    folder = tmp_path_factory.mktemp("files")
    np.savez(folder / "whole.npz", x_train=np.arange(1000))
    (folder / "half.npz").write_bytes((folder / "whole.npz").read_bytes()[:1000])
    (folder / "syntax.py").write_text("def line_data(:\n")
    (folder / "exits.py").write_text("raise SystemExit(0)\n")
    (folder / "nothing.py").write_text("")
    return folder


WRONG = {
    "--seed x": "--seed is 'x'; it takes a whole number from 0 to 4294967295",
    "--seed -1": "--seed is '-1'; it takes a whole number from 0 to 4294967295",
    "--seed 4294967296": "--seed is '4294967296'; it takes a whole number from 0 to 4294967295",
    "--seed": "--seed needs a value; see `pytest --help`",
    "--mnist": "--mnist needs a value; see `pytest --help`",
    "--mnist FILES/absent.npz": "--mnist FILES/absent.npz does not exist; give Keras's mnist.npz, a folder",
    "--mnist FILES/half.npz": "--mnist FILES/half.npz ",
    "--report-dir": "--report-dir needs a value; see `pytest --help`",
    "--report-dir FILES/half.npz/a/b": "--report-dir FILES/half.npz/a/b: no file can be written there (Not",
    "--lab-module": "--lab-module needs a value; see `pytest --help`",
    "--lab-module FILES/absent.py": "FILES/absent.py: there is no such file; give the path of a Python file",
    "--lab-module absent_module": "absent_module: there is no module of this name; give a path or a dotted",
    "--lab-module FILES/syntax.py": "FILES/syntax.py, line 1: ",
    "--lab-module FILES/exits.py": "FILES/exits.py does not import: SystemExit: 0 (exits.py, line 1)",
    "--lab-module FILES/nothing.py": "FILES/nothing.py defines none of the contract's names (line_data, ",
}


class TestWrongUsage:
    """A wrong option ends the session before anything runs: one line, exit status 4."""

    @pytest.mark.parametrize("arguments", WRONG)
    def test_one_line(self, arguments: str, files: Path, tmp_path: Path) -> None:
        """Standard error has one line that names the option or file and what is wrong; nothing else is written."""
        words = [word.replace("FILES", str(files)) for word in arguments.split()]
        session = start(*words, folder=tmp_path)
        assert (session.exit_status, session.output) == (4, "")
        (line,) = filter(None, session.errors.splitlines())
        assert line.startswith(f"ERROR: {WRONG[arguments]}".replace("FILES", str(files)))

    def test_environment_variable(self, tmp_path: Path) -> None:
        """LAB_MNIST is held to the same."""
        session = start(folder=tmp_path, LAB_MNIST="absent.npz")
        assert session.errors.startswith("ERROR: LAB_MNIST absent.npz does not exist; give")

    def test_help(self, tmp_path: Path) -> None:
        """`pytest --help` shows one group with the suite's options and their defaults."""
        text = start("--help", folder=tmp_path).output
        (group,) = re.findall(r"^the lab's answers and verdicts:\n(.*?)\n\n", text, re.DOTALL | re.MULTILINE)
        assert re.findall(r"^  (--[\w-]+)", group, re.MULTILINE) == [
            "--lab-module",
            "--mnist",
            "--seed",
            "--report-dir",
            "--submission",
            "--trust-submission",
            "--faithful",
            "--cell-seconds",
            "--notebook-seconds",
            "--submissions",
            "--scheduler",
            "--submission-timeout",
        ]
        defaults = re.findall(r"\(default: (.*?)\)", " ".join(group.split()))
        one = ["the package lab", "$LAB_MNIST, Keras's cache, a download, the stand-in", "42", "report"]
        assert defaults == [*one, "600", "1800", "workers on this machine", "2400"]


class TestWithoutTensorFlow:
    """Sessions in which every selected test is skipped, or which select the suite's own."""

    def test_path_with_a_space_outside_the_project(self, outside: Session) -> None:
        """`--lab-module` and `--report-dir` take any path, written after a space, and the project's settings stay."""
        assert outside.exit_status == 0, outside.errors
        assert f"lab: subject {outside.folder.parent}/my solution.py, seed 42" in outside.output
        assert outside.statuses("2") == {NOT_SUBMITTED}

    def test_near_miss_is_in_the_header(self, outside: Session) -> None:
        """A misspelt name is told before anything runs."""
        told = "defines linear_regresor, which the contract does not know; did you mean linear_regressor?"
        assert told in outside.output.split("collected")[0]

    def test_near_miss_is_in_the_document(self, outside: Session) -> None:
        """And it is a note of the report."""
        (note,) = outside.document["notes"]
        assert note.endswith("did you mean linear_regressor?")

    def test_suite_alone_writes_no_report(self, tmp_path: Path) -> None:
        """A session without a question, such as the suite's own, leaves no report folder."""
        session = start("tests/suite/test_idx.py", "--report-dir", tmp_path / "report", folder=tmp_path)
        assert (session.exit_status, list(tmp_path.iterdir())) == (0, [])


class TestNoRoom:
    """A report that cannot be written: files are limited to 100 bytes, as on a disk that is full."""

    def test_one_line(self, full_disk: Session) -> None:
        """One line names the files, the folder, the system's reason and the remedy."""
        (line,) = (line for line in full_disk.output.splitlines() if "ERROR" in line)
        names = "answers.md, answers.json, report.html"
        remedy = "make room or choose --report-dir"
        assert line == f"ERROR: {full_disk.folder}: {names} could not be written (File too large); {remedy}"

    def test_exit_status(self, full_disk: Session) -> None:
        """The session fails, though every test passed or was skipped, and without a traceback."""
        assert (full_disk.exit_status, "Traceback" in full_disk.output + full_disk.errors) == (1, False)

    def test_old_report_is_whole(self, full_disk: Session) -> None:
        """The old reports stay as they were, and nothing half-written lies beside them."""
        assert {path.name: path.read_text() for path in full_disk.folder.iterdir()} == dict.fromkeys(REPORTS, "old")

    def test_no_report_is_claimed(self, full_disk: Session) -> None:
        """Nothing says that a report was written."""
        assert re.findall("written to|Generated html report", full_disk.output) == []


class TestExerciseOneOnly:
    """A solution of exercise 1, of which question 1.2 is run."""

    def test_exit_status(self, exercise_one: Session) -> None:
        """Questions that were not submitted do not fail a session."""
        assert exercise_one.exit_status == 0, exercise_one.output

    def test_submitted_question_passes(self, exercise_one: Session) -> None:
        """The question that was run has its points and its answer."""
        answer = exercise_one.answer("1.2")
        assert (answer["status"], answer["points"]) == ("passed", {"earned": 8, "possible": 8})

    def test_other_exercises_are_not_submitted(self, exercise_one: Session) -> None:
        """Exercises 2 to 4, which depend on nothing that the solution defines, are not submitted."""
        assert exercise_one.statuses("234") == {NOT_SUBMITTED}

    def test_other_exercises_are_not_trained(self, exercise_one: Session) -> None:
        """None of their tests ran: nothing was trained for them."""
        answers = [answer for answer in exercise_one.document["answers"] if answer["question"][0] != "1"]
        assert {test["outcome"] for answer in answers for test in answer["tests"]} == {NOT_SUBMITTED}

    def test_document_fits_the_schema(self, exercise_one: Session) -> None:
        """What a real session writes satisfies answers.schema.json."""
        assert schema_errors(exercise_one.document) == []

    def test_written_files(self, exercise_one: Session) -> None:
        """The report folder holds the three reports and the answer's figures."""
        figures = {f"figures/{name}.png" for name in exercise_one.answer("1.2")["figures"]}
        written = {path.relative_to(exercise_one.folder).as_posix() for path in exercise_one.folder.rglob("*.*")}
        assert written == REPORTS | figures

    def test_workers_give_the_same(self, exercise_one: Session, workers: Session) -> None:
        """With `-n 2` statuses, answers and test results are the same."""

        def answers(one: Session) -> list[dict[str, Any]]:
            text = json.dumps(one.document["answers"]).replace(str(one.folder.parent), "")
            loaded: list[dict[str, Any]] = json.loads(text)
            return [{**answer, "tests": sorted(answer["tests"], key=lambda test: test["id"])} for answer in loaded]

        assert (workers.exit_status, answers(workers)) == (0, answers(exercise_one))


class TestBadSubject:
    """A solution with wrong shapes in exercise 1, an uncompiled model in 2, and wrong arguments in 3 and 4."""

    def test_exit_status(self, bad: Session) -> None:
        """The session fails."""
        assert bad.exit_status == 1, bad.errors

    def test_every_question_is_an_error(self, bad: Session) -> None:
        """Nothing could be measured, so every question is an error and earns nothing."""
        assert (bad.statuses(), bad.document["points"]["earned"]) == ({"error"}, 0)

    def test_no_traceback(self, bad: Session) -> None:
        """The terminal shows no traceback and no line of the suite's code."""
        assert re.findall(r"Traceback|^E  |^>  |\.py:\d+:", bad.output + bad.errors, re.MULTILINE) == []

    @pytest.mark.parametrize(
        ("exercise", "sentence"),
        [
            ("1", "line_data returned arrays of shapes (100,), (100,); the contract needs (n, 1), (n, 1)"),
            ("2", "iris_classifier returned a model that is not compiled; call compile() before you return it"),
            ("3", "mnist_classifier() does not take the contract's arguments mnist_classifier(dropout=0.0)"),
            ("4", "mnist_classifier() does not take the contract's arguments mnist_classifier(dropout=0.0)"),
        ],
        ids=lambda value: f"exercise={value}" if len(value) == 1 else "",
    )
    def test_message_is_the_sentence(self, bad: Session, exercise: str, sentence: str) -> None:
        """Each test's message is one line: what was wrong and what the contract needs."""
        answers = [answer for answer in bad.document["answers"] if answer["question"][0] == exercise]
        messages = {test["message"] for answer in answers for test in answer["tests"]}
        assert [sentence in message for message in messages] == [True]
        assert len("".join(messages).splitlines()) == 1


class TestInterrupted:
    """Ctrl-C in the middle of the first training."""

    def test_exit_status(self, interrupted: Session) -> None:
        """The exit status is pytest's for an interrupted session."""
        assert interrupted.exit_status == pytest.ExitCode.INTERRUPTED, interrupted.errors

    def test_reports_are_written_whole(self, interrupted: Session) -> None:
        """The three reports are there, and no partial file beside them."""
        assert {path.name for path in interrupted.folder.iterdir()} == REPORTS

    def test_document_says_so(self, interrupted: Session) -> None:
        """The document says that the session was interrupted, and fits the schema."""
        assert (interrupted.document["interrupted"], schema_errors(interrupted.document)) == (True, [])

    def test_what_ran_is_kept(self, interrupted: Session) -> None:
        """The test before Ctrl-C has its result; those after it were not run, whichever their question."""
        tests = [test for answer in interrupted.document["answers"] for test in answer["tests"]]
        assert Counter(test["outcome"] for test in tests) == {"passed": 1, "not run": len(tests) - 1}
        assert {answer["question"] for answer in interrupted.document["answers"] if answer["tests"]} < set(QUESTIONS)
