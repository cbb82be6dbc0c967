"""Whole sessions: `pytest` against the original notebook, against itself on two workers, and one exercise at a time."""

import json
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.comparison import Row, by_turns
from tests.benchmarks.processes import Cost, cost_of

PROJECT = Path(__file__).resolve().parents[2]
EXERCISES = ("1_linear_regression", "2_iris", "3_mnist", "4_saving")

# Runs a notebook with MNIST served from a file, as a machine would that has it in Keras's cache.
EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
path, mnist = sys.argv[1:]
notebook = nbformat.read(path, as_version=4)
serve = f"import keras.datasets.mnist, numpy\\nnumbers = numpy.load({mnist!r})\\n" + (
    "keras.datasets.mnist.load_data = lambda path='': "
    "((numbers['x_train'], numbers['y_train']), (numbers['x_test'], numbers['y_test']))\\n"
)
notebook.cells.insert(0, nbformat.v4.new_code_cell(serve))
NotebookClient(notebook, timeout=3600, kernel_name="python3").execute()
"""


def pytest_cost(*arguments: str, plugin: str | None = None, **environment: str) -> Cost:
    """A whole pytest session in a process of its own; its report goes where nobody looks."""
    with tempfile.TemporaryDirectory() as folder:
        plugins = ["-p", plugin] if plugin else []
        command = [sys.executable, "-m", "pytest", *plugins, "-q", f"--report-dir={folder}", *arguments]
        return cost_of(command, PROJECT, **environment)


def notebook_cost(notebook: Path, mnist: Path) -> Cost:
    """Executing the notebook with nbclient, in a folder of its own: it saves models."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", EXECUTE, str(notebook.resolve()), str(mnist.resolve())]
        return cost_of(command, Path(folder), TF_CPP_MIN_LOG_LEVEL="2")


def against_notebook(notebook: Path, mnist: Path, rounds: int) -> list[Row]:
    """The default session on real MNIST against the notebook: time, and memory."""
    costs: dict[str, list[Cost]] = {"ours": [], "theirs": []}

    def ours() -> float:
        costs["ours"].append(pytest_cost(f"--mnist={mnist.resolve()}"))
        return costs["ours"][-1].seconds

    def theirs() -> float:
        costs["theirs"].append(notebook_cost(notebook, mnist))
        return costs["theirs"][-1].seconds

    name, against = "pytest, everything, real MNIST", "executing the notebook"
    times = Row(name, against, *by_turns(ours, theirs, rounds), 5, 8)
    memory = (tuple(cost.megabytes for cost in costs[which]) for which in ("ours", "theirs"))
    return [times, Row("its peak memory", "the notebook's", *memory, 1, 2, "MB")]


def on_two_workers(mnist: str, rounds: int) -> Row:
    """`pytest -n 2` against `pytest`: 3.3 is not timed by either, so that both do the same."""

    def session(*arguments: str) -> float:
        return pytest_cost(f"--mnist={mnist}", "--benchmark-disable", *arguments).seconds

    return Row("pytest -n 2", "pytest", *by_turns(lambda: session("-n", "2"), session, rounds), 1, 1.4)


def without_tensorflow(rounds: int) -> list[Row]:
    """Collecting alone, and the suite's own tests that need no TensorFlow, against what they may take."""
    limits = {
        "pytest --collect-only": (["--collect-only"], 2.0),
        "the suite's tests without TensorFlow": (["tests/suite", "-m", "not tensorflow"], 5.0),
    }
    return [
        Row(
            name, f"{limit:g} s", tuple(pytest_cost(*arguments).seconds for _ in range(rounds)), (limit,) * rounds, 1, 1
        )
        for name, (arguments, limit) in limits.items()
    ]


def one_exercise_at_a_time(mnist: str) -> dict[str, float]:
    """Seconds of a session of each exercise alone."""
    return {name: pytest_cost(f"--mnist={mnist}", f"tests/exercises/test_{name}.py").seconds for name in EXERCISES}


def time_split(mnist: str) -> dict[str, float]:
    """Seconds of each part of the default session."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "split.json"
        pytest_cost(f"--mnist={mnist}", plugin="tests.benchmarks.split", LAB_SPLIT=str(path))
        split: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return split
