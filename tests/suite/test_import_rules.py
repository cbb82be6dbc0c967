"""Who may import whom: TensorFlow stays above `Run`, and the lab knows nothing of its tests."""

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.submissions.sandbox import LOOP

PROJECT = Path(__file__).resolve().parents[2]
TENSORFLOW = {"tensorflow", "keras"}
TRAINS = "tests/reference/mnist_trainings.py"  # makes evidence with real trainings, when run as a program
BELOW_RUN = ["tests/checks", "tests/reference", "tests/reporting"]


def files(*folders: str) -> list[str]:
    """Every Python file of these folders, as paths from the project."""
    return sorted(
        path.relative_to(PROJECT).as_posix() for folder in folders for path in (PROJECT / folder).rglob("*.py")
    )


def imported(nodes: Iterator[ast.AST]) -> set[str]:
    """The top-level packages that these nodes import; a relative import stays within its own."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(str(node.module).split(".")[0])
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "import_module":
            found |= {str(one.value).split(".")[0] for one in node.args if isinstance(one, ast.Constant)}
    return found


def modules_of(path: str | Path) -> set[str]:
    """The modules that a file imports, with their packages."""
    nodes = list(ast.walk(parsed(path)))
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return named | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below `node` that run when its module is imported: all but the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield from at_import(child)


@cache
def parsed(path: str | Path) -> ast.Module:
    return ast.parse((PROJECT / path).read_text(encoding="utf-8"))


def importing(
    packages: set[str], paths: list[str], nodes: Callable[[ast.AST], Iterator[ast.AST]] = ast.walk
) -> dict[str, set[str]]:
    """Which of the packages each of these files imports, where it imports any."""
    found = {path: imported(nodes(parsed(path))) & packages for path in paths}
    return {path: names for path, names in found.items() if names}


def tensorflow_after(code: str) -> str:
    """What a fresh interpreter that ran `code` has imported of TensorFlow, as it prints it."""
    names = "sorted({name.split('.')[0] for name in sys.modules} & {'tensorflow', 'keras'})"
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}  # not a worker of ours
    environment = own | {"PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", f"import sys\n{code}\nprint('imported:', {names})"]
    process = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120)
    assert process.returncode == 0, process.stderr
    return process.stdout.splitlines()[-1]


def test_lab_knows_no_tests() -> None:
    """Nothing in lab, not even inside a function, imports tests or pytest."""
    assert importing({"tests", "pytest", "_pytest"}, files("lab")) == {}


def test_sandbox_knows_nothing_of_the_suite() -> None:
    """What runs beside a student's notebook imports nothing that judges it, and of the lab the loop of an epoch."""
    assert importing({"tests", "pytest"}, files("tests/submissions/inside")) == {}
    modules = set().union(*map(modules_of, files("tests/submissions/inside")))
    assert {name for name in modules if name.split(".")[0] == "lab"} == {"lab.epochs"}


def test_loop_needs_nothing_else_of_the_lab() -> None:
    """What is laid out beside the notebook is no solution of the lab and imports none."""
    modules = set().union(*map(modules_of, LOOP))
    assert {name for name in modules if name.split(".")[0] == "lab"} <= {f"lab.{module.stem}" for module in LOOP}


def test_no_tensorflow_at_module_level() -> None:
    """Checks, references and reports work on NumPy: importing them imports no TensorFlow."""
    assert importing(TENSORFLOW, files(*BELOW_RUN), at_import) == {}


def test_no_tensorflow_inside_functions() -> None:
    """Nor do their functions import it; only the program that trains for evidence may."""
    assert list(importing(TENSORFLOW, files(*BELOW_RUN))) == [TRAINS]


def test_files_are_found() -> None:
    """There is something to scan in each folder."""
    assert min(len(files(folder)) for folder in ("lab", "tests/submissions/inside", *BELOW_RUN)) > 0


@pytest.mark.parametrize(
    ("code", "at_module_level"),
    [
        pytest.param("import keras.layers", {"keras"}, id="import"),
        pytest.param("from tensorflow import nn", {"tensorflow"}, id="from"),
        pytest.param("import_module('keras')", {"keras"}, id="import_module"),
        pytest.param("if True:\n    import keras", {"keras"}, id="if"),
        pytest.param("class Model:\n    import keras", {"keras"}, id="class"),
        pytest.param("def build():\n    import keras", set(), id="function"),
        pytest.param("from .keras import thing", set(), id="relative"),
    ],
)
def test_scan_finds(code: str, at_module_level: set[str]) -> None:
    """The scan sees every way to import at module level, and tells it from an import inside a function."""
    assert imported(at_import(ast.parse(code))) == at_module_level


@pytest.mark.tensorflow
def test_importing_lab_imports_no_tensorflow() -> None:
    """`import lab`, and its data and recipes, need no TensorFlow."""
    code = "import lab\nlab.RECIPES, lab.line_data, lab.iris_data, lab.mnist_data"
    assert tensorflow_after(code) == "imported: []"


@pytest.mark.tensorflow
def test_no_module_below_run_brings_tensorflow_along() -> None:
    """All of reporting, checks, reference, settings and questions together import none, through nothing they import."""
    packages = [*BELOW_RUN, "tests/submissions/contract.py", "tests/submissions/subject.py"]
    paths = files(*packages[:3]) + packages[3:] + ["tests/settings.py", "tests/questions.py", "tests/fixtures.py"]
    modules = [path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in paths]
    code = f"import importlib\nfor name in {modules}:\n    importlib.import_module(name)"
    assert tensorflow_after(code) == "imported: []"


@pytest.mark.tensorflow
@pytest.mark.parametrize("folder", ["tests/exercises", "tests/suite"])
def test_collecting_imports_no_tensorflow(folder: str) -> None:
    """Listing tests imports no TensorFlow, which takes longer than all tests that need none of it."""
    code = f"import pytest\nassert pytest.main(['{folder}', '--collect-only', '-q']) == 0"
    assert tensorflow_after(code) == "imported: []"
