"""The subject: the lab's functions, overlaid with those of a solution under test."""

import contextlib
import importlib
import importlib.util
import sys
import sysconfig
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any

import lab
from lab.recipes import RECIPES, Recipe
from tests.submissions.contract import (
    ALIKE,
    DEPENDENCIES,
    NAMES,
    SIGNATURES,
    SubjectError,
    check_arguments,
    recipe_from,
    suggestion,
)
from tests.submissions.integrity import refuse_changes, refuse_imports, snapshot

# Frames of these are not where a subject's author can mend something: libraries, Python's own modules, and this one.
ELSEWHERE = ("site-packages", "<frozen ", sysconfig.get_path("stdlib"), __file__)


@dataclass(frozen=True)
class Subject:
    """Functions and recipes under test. `defined` names what the solution itself gives; the rest is the lab's."""

    name: str
    defined: frozenset[str]
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    recipes: Mapping[str, Recipe] = field(default_factory=lambda: RECIPES)
    notes: tuple[str, ...] = ()
    answered: frozenset[str] | None = None  # a notebook's questions; a module's follow from what it defines
    broken: str = ""  # why nothing of it can be judged

    def call(self, function: str, *positional: Any, **named: Any) -> Any:
        """What the subject's `function` returns; whatever it raises becomes a SubjectError that says where."""
        implementation = self.functions.get(function) or getattr(lab, function)
        check_arguments(self.name, function, implementation, positional, named)
        try:
            with libraries_may_warn():
                return implementation(*positional, **named)
        except (Exception, SystemExit) as reason:
            raise SubjectError(f"{self.name}: {function} raised {raised(reason)}") from reason

    def lacks(self, question: str) -> str:
        """Why the question is not submitted, empty if it is."""
        if self.answered is not None:
            return "" if question in self.answered else "nothing that it asks for was recognised in the notebook"
        exercise = int(question[0])
        if self.defined & DEPENDENCIES[exercise]:
            return ""
        return f"{self.name} defines nothing that exercise {exercise} depends on"


def load_subject(module: str | None) -> Subject:
    """The subject of `--lab-module`: a path or a dotted module name; None is the lab itself.

    Raises SubjectError, one sentence, for a module that is missing, does not import, or defines nothing of the
    contract.
    """
    if module is None:
        return Subject("lab", frozenset().union(*DEPENDENCIES.values()))
    judges = snapshot()
    namespace = vars(_import(module))
    refuse_changes(module, judges, "its import")
    refuse_imports(module, judges)
    own = {name: namespace[name] for name in NAMES if name in namespace}
    functions = {name: value for name, value in own.items() if name != "RECIPES"}
    for name, value in functions.items():
        if not callable(value):
            raise SubjectError(
                f"{module}: {name} is a {type(value).__name__}; the contract needs a function {name}{SIGNATURES[name]}"
            )
    given = own.get("RECIPES", {})
    if not isinstance(given, Mapping):
        raise SubjectError(f"{module}: RECIPES is a {type(given).__name__}; the contract needs a dict of recipes")
    unknown = [
        f"{module}: RECIPES has the unknown key {key!r}{suggestion(str(key), tuple(RECIPES))}"
        for key in given
        if key not in RECIPES
    ]
    recipes = {key: recipe_from(module, key, value) for key, value in given.items() if key in RECIPES}
    defined = frozenset(functions) | {f"RECIPES[{key}]" for key in recipes}
    notes = (*_near_misses(module, namespace), *unknown)
    if not defined:
        raise SubjectError(" ".join([f"{module} defines none of the contract's names ({', '.join(NAMES)}).", *notes]))
    return Subject(module, defined, functions, {**RECIPES, **recipes}, notes)


@contextlib.contextmanager
def libraries_may_warn() -> Iterator[None]:
    """In the suite warnings are errors; a subject's are shown, but for what libraries deprecate among themselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _import(module: str) -> ModuleType:
    path = Path(module)
    is_path = path.suffix == ".py" or path.name != module or path.is_file()  # a folder's bare name is a package
    if is_path and not path.is_file():
        raise SubjectError(f"{module}: there is no such file; give the path of a Python file or a dotted module name")
    try:
        with libraries_may_warn():
            return _execute(path) if is_path else importlib.import_module(module)
    except SyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        raise SubjectError(f"{error.filename or module}{line}: {error.msg}; the file is not valid Python") from None
    except ModuleNotFoundError as error:
        if not is_path and module.split(".")[0] == str(error.name).split(".")[0]:
            raise SubjectError(
                f"{module}: there is no module of this name; give a path or a dotted module name"
            ) from None
        raise SubjectError(f"{module} does not import: {raised(error)}") from None
    except SubjectError:
        raise
    except (Exception, SystemExit) as error:
        raise SubjectError(f"{module} does not import: {raised(error)}") from None


def _execute(path: Path) -> ModuleType:
    """Import the file at `path`; modules beside it can be imported, after everything that is installed."""
    name = f"subject_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SubjectError(f"{path} is not a Python file; its name must end in .py")
    sys.path.append(str(path.resolve().parent))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _near_misses(module: str, namespace: Mapping[str, Any]) -> list[str]:
    """A sentence for each name that the module itself defines and that looks like a misspelt name of the contract."""
    missing = [name for name in NAMES if name not in namespace]
    notes = []
    for name, value in namespace.items():
        here = namespace["__name__"]
        imported = isinstance(value, ModuleType) or getattr(value, "__module__", here) != here
        if name in NAMES or name.startswith("_") or imported:
            continue
        spelt_alike = {alias.lower(): alias for alias in missing}
        near = get_close_matches(name.lower(), spelt_alike, n=1, cutoff=ALIKE)
        if near:
            notes.append(
                f"{module} defines {name}, which the contract does not know; did you mean {spelt_alike[near[0]]}?"
            )
    return notes


def raised(error: BaseException) -> str:
    """The exception's type, first line and the place that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not any(place in frame.filename for place in ELSEWHERE)]
    at = f" ({Path(own[-1].filename).name}, line {own[-1].lineno})" if own else ""
    first_line = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {first_line}{at}" if first_line else f"{type(error).__name__}{at}"
