"""Notices when a subject replaces what judges it: functions of the suite, of NumPy or of SciPy's statistics.

A subject shares the suite's process, so this is no prison: it sees what is replaced and left so, not what is put back
in time. What Keras is made to report is no danger: the checks calculate it again from the weights.
"""

import sys
from collections.abc import Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

from tests.submissions.contract import SubjectError

Snapshot = Mapping[tuple[str, str], tuple[Any, ...]]

JUDGES = ("tests", "lab")  # whole packages
LIBRARIES = ("numpy", "numpy.linalg", "numpy.random", "scipy.stats", "builtins", "math", "json")


def snapshot() -> Snapshot:
    """What every function and class of the judging modules is made of now, by (module, name)."""
    return {
        (module.__name__, name): _identity(value) for module in _judging_modules() for name, value in _members(module)
    }


def refuse_changes(subject: str, before: Snapshot, during: str) -> None:
    """Raise SubjectError if something of `before` is no longer what it was; `during` says what the subject did."""
    now = snapshot()
    changed = [".".join(key) for key, identity in before.items() if now.get(key) != identity]
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise SubjectError(
            f"{subject}: {during} replaced {changed[0]}{more}; nothing that judges a solution may be changed by it"
        )


def refuse_imports(subject: str, before: Snapshot) -> None:
    """Raise SubjectError if a module of the suite was loaded since `before`: a solution has no use for one."""
    known = {module for module, _ in before}
    loaded = {module.__name__ for module in _judging_modules() if next(_members(module), None)}
    own = sorted(module for module in loaded - known if module.split(".")[0] == "tests")
    if own:
        raise SubjectError(f"{subject}: it imports {own[0]}; a solution may import the lab, but not what judges it")


def _judging_modules() -> Iterator[ModuleType]:
    for name, module in list(sys.modules.items()):
        if name in LIBRARIES or (name.split(".")[0] in JUDGES and not name.startswith("tests.suite")):
            yield module


def _members(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Functions and classes, and the functions within the suite's own classes."""
    for name, value in list(vars(module).items()):
        if callable(value):
            yield name, value
            if isinstance(value, type) and value.__module__.split(".")[0] in JUDGES:
                yield from ((f"{name}.{inner}", part) for inner, part in vars(value).items() if callable(part))


def _identity(value: Any) -> tuple[Any, ...]:
    """The object itself, and for a function what it runs: either can be replaced."""
    return (id(value), id(value.__code__), id(value.__defaults__)) if isinstance(value, FunctionType) else (id(value),)
