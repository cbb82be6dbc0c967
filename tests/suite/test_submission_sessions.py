"""`pytest --submission NOTEBOOK` as a black box: what a grader sees of right, broken and hostile notebooks."""

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from tests.submissions.sandbox import why_no_bubblewrap
from tests.suite.test_documents import schema_errors
from tests.suite.test_sessions import PROJECT, Session, start

pytestmark = pytest.mark.tensorflow

isolated = pytest.mark.skipif(bool(why_no_bubblewrap()), reason=why_no_bubblewrap() or "bubblewrap works")
LINE = (
    "import numpy as np, tensorflow as tf\nnp.random.seed(42)\ntf.random.set_seed(42)",
    "X = np.random.rand(100, 1) * 10\nY = 3 * X + 5 + np.random.normal(0, 1, (100, 1))",
    "m = tf.keras.Sequential([tf.keras.Input((1,)), tf.keras.layers.Dense(1)])\nm.compile('sgd', 'mse')",
    "h = m.fit(X, Y, epochs=100, verbose=0)",
    "print(f'Learned bias: {m.get_weights()[1][0]:.4f}')\nprint('Test accuracy: 0.9876')",
)
HOSTILE = (
    *LINE,
    "import keras\nkeras.Model.fit = lambda *a, **k: None\nnp.mean = lambda *a: 0",
    "import os\nprint({name: value for name, value in os.environ.items() if 'LAB' in name})",
    "open('/records/keras.jsonl', 'a').write('[1]\\n{\"kind\": \"fit\", \"cell\": 3}\\n')",
    "import os\nos.symlink('/etc/passwd', '/records/' + 'a' * 32 + '.npy')",
    "input('what is your name?')",
    "raise SystemExit(3)",
    "os._exit(9)",
)


def notebook(*sources: str) -> dict[str, Any]:
    """A notebook with these code cells."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])  # type: ignore[no-any-return]


def judged(folder: Path, content: Any, *arguments: str, **settings: Any) -> Session:
    """Judge this notebook, an object or the text of its file."""
    folder.mkdir(exist_ok=True)
    path = folder / "lab07.ipynb"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    report = folder / "report"
    options = ("--submission", path, "--report-dir", report, "--mnist", "standin", *arguments)
    return start(*options, folder=report, **settings)


def left_behind() -> Sequence[Path]:
    """Folders of a notebook's run that were not removed."""
    return list(Path(tempfile.gettempdir()).glob("submission-*"))


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A notebook that does exercise 1 with little noise and nothing else."""
    return judged(tmp_path_factory.mktemp("line"), notebook(*LINE))


@isolated
class TestRightNotebook:
    def test_statuses(self, line: Session) -> None:
        """What it does passes, and what it does not do is not submitted."""
        assert line.exit_status == 0, line.output
        statuses = {answer["question"]: answer["status"] for answer in line.document["answers"]}
        assert {number for number, status in statuses.items() if status == "passed"} == {"1.1", "1.2"}
        assert set(statuses.values()) == {"passed", "not submitted"}

    def test_document(self, line: Session) -> None:
        """The document is described by its schema, and tells what was recorded."""
        assert schema_errors(line.document) == []
        (run,) = line.document["submission"]["runs"]
        assert (run["name"], run["cell"]) == ("linear", 4)
        assert line.document["submission"]["isolation"].startswith("in bubblewrap")

    def test_typed_figure_is_shown(self, line: Session) -> None:
        """A printed figure that nothing measured is shown; the one that was is not."""
        (sentence,) = line.document["submission"]["printed"]
        assert "Test accuracy: 0.9876" in sentence

    @pytest.mark.parametrize("file", ["answers.md", "report.html"])
    def test_reports_tell_of_it(self, file: str, line: Session) -> None:
        """Every report has the trainings with the reason for each, and how the notebook was isolated."""
        text = (line.folder / file).read_text(encoding="utf-8")
        assert all(words in text for words in ("What was recorded of the notebook", "noise 1", "in bubblewrap"))

    def test_two_processes(self, line: Session, tmp_path: Path) -> None:
        """With two processes the notebook runs once, and the answers are the same."""
        both = judged(tmp_path, notebook(*LINE), "-n", "2")
        assert both.exit_status == 0, both.output
        statuses = [[answer["status"] for answer in one.document["answers"]] for one in (line, both)]
        assert statuses[0] == statuses[1]
        assert [run["name"] for run in both.document["submission"]["runs"]] == ["linear"]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """One that is right first, and then patches, forges, asks, exits and kills."""
    return judged(tmp_path_factory.mktemp("hostile"), notebook(*HOSTILE))


@isolated
class TestHostileNotebook:
    def test_what_was_right_counts(self, hostile: Session) -> None:
        """What ran before still counts."""
        assert [hostile.answer(number)["status"] for number in ("1.1", "1.2")] == ["passed", "passed"]

    def test_findings(self, hostile: Session) -> None:
        """Each attempt is told: cells that failed, what was replaced, and records that are none."""
        recorded = hostile.document["submission"]
        errors = {cell["cell"]: cell["error"] for cell in recorded["cells"] if cell["error"]}
        assert {10, 12} <= set(errors)
        assert any("in the place of Model.fit" in said for said in recorded["left_over"])
        assert any("no JSON object" in said for said in recorded["problems"])

    def test_is_described(self, hostile: Session) -> None:
        """Whatever it wrote, the document is described by its schema, and knows nothing of the machine."""
        assert schema_errors(hostile.document) == []
        assert "root:" not in json.dumps(hostile.document)


BROKEN: dict[str, tuple[Any, str]] = {
    "no JSON": ("not JSON", "is not JSON, so it is no notebook"),
    "no cells": (notebook(), "has no code cells"),
    "another language": (
        {**notebook("x <- 1"), "metadata": {"language_info": {"name": "R"}}},
        "is a notebook in r; the lab is judged in Python",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_notebook_has_a_report(kind: str, tmp_path: Path) -> None:
    """What is no notebook that could be run gets a report that says so, no points, and costs no time."""
    content, said = BROKEN[kind]
    session = judged(tmp_path, content, "--trust-submission")
    assert session.exit_status == 1
    assert session.document["points"]["earned"] == 0
    assert session.statuses() == {"error"}
    assert said in session.answer("1.1")["sentence"]
    assert "Traceback" not in session.output + session.errors


def test_older_notebook_full_of_outputs(tmp_path: Path) -> None:
    """A notebook of format 3 with 50 MB of outputs is judged like any other."""
    cells = [nbformat.v3.new_code_cell("print('Test accuracy: 0.5000')", outputs=[_output("x" * 50_000_000)])]
    old = nbformat.v3.new_notebook(worksheets=[nbformat.v3.new_worksheet(cells=cells)])
    session = judged(tmp_path, nbformat.v3.writes_json(old), "--trust-submission")
    assert session.exit_status == 0, session.output
    assert session.statuses() == {"not submitted"}
    assert sum(path.stat().st_size for path in session.folder.rglob("*") if path.is_file()) < 10_000_000


def _output(text: str) -> Any:
    return nbformat.v3.new_output(output_type="stream", output_text=text)


WRONG: dict[str, tuple[Sequence[str], str]] = {
    "missing": (("--submission", "absent.ipynb"), "there is no such file; give the path of a notebook"),
    "no value": (("--submission",), "--submission needs a value"),
    "two solutions": (("--submission", "a.ipynb", "--lab-module", "lab"), "exclude each other"),
    "no time": (("--submission", __file__, "--cell-seconds", "0"), "--cell-seconds is 0"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_usage(kind: str, tmp_path: Path) -> None:
    """Wrong usage ends with one line and exit status 4, before anything runs."""
    arguments, said = WRONG[kind]
    session = start(*arguments, "--mnist", "standin", folder=tmp_path)
    assert (session.exit_status, said in session.errors, "Traceback" in session.errors) == (4, True, False)


def test_without_a_sandbox(tmp_path: Path) -> None:
    """Where bubblewrap is not, a notebook is not run unless somebody says that it is trusted; the reason is told."""
    session = judged(tmp_path, notebook(*LINE), PATH=str(tmp_path))
    assert session.exit_status == 4
    assert "bubblewrap is not installed" in session.errors
    assert "--trust-submission" in session.errors


def test_trusted(tmp_path: Path) -> None:
    """What was trusted says in its report that nothing isolated it."""
    session = judged(tmp_path, notebook("x = 1"), "--trust-submission")
    assert session.document["submission"]["isolation"].startswith("none: it was trusted")


def test_ctrl_c(tmp_path: Path) -> None:
    """Ctrl-C while the notebook runs ends it and the session at once, with a line that says so."""
    path = tmp_path / "lab07.ipynb"
    path.write_text(json.dumps(notebook("import time\ntime.sleep(200)")), encoding="utf-8")
    options = [f"--submission={path}", "--trust-submission", "--mnist=standin", f"--report-dir={tmp_path / 'report'}"]
    # A suite that runs in the background has inherited to ignore Ctrl-C.
    program = (
        "import signal, sys, pytest\nsignal.signal(signal.SIGINT, signal.default_int_handler)\nsys.exit(pytest.main())"
    )
    command = [sys.executable, "-c", program, "-p", "no:cacheprovider", *options]
    process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    while not _notebook_of(process.pid):
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, "interrupted while lab07.ipynb ran" in errors) == (2, True), errors
    assert not _notebook_of(process.pid)


def _notebook_of(pid: int) -> list[psutil.Process]:
    """The processes of the notebook that a session runs."""
    found = []
    with contextlib.suppress(psutil.NoSuchProcess):
        for process in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if "execute.py" in " ".join(process.cmdline()):
                    found.append(process)
    return found


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left() -> Any:
    """Whatever becomes of a notebook, the folder that it ran in is removed."""
    before = set(left_behind())
    yield
    assert set(left_behind()) <= before
