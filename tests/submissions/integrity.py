"""Notices when a subject replaces what judges it: functions of the suite, of NumPy or of SciPy's statistics.

A subject shares the suite's process, so this is no prison: it sees what is replaced and left so, not what is put back
in time. What Keras is made to report is no danger: the checks calculate it again from the weights.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

from tests.submissions.contract import SubjectError

JUDGES = ("tests", "lab")  # whole packages
LIBRARIES = ("numpy", "numpy.linalg", "numpy.random", "scipy.stats", "builtins", "math", "json")


@dataclass(frozen=True)
class Snapshot:
    """What the judging modules, and the suite's own classes in them, hold; and what their functions run.

    Kept as they are, for comparing 3,000 objects with themselves is quick. A function can be replaced, or its code.
    """

    modules: Mapping[str, Mapping[str, Any]]  # by the module's name
    classes: Mapping[str, tuple[type, Mapping[str, Any]]]  # by module and class
    functions: Mapping[str, tuple[FunctionType, Any, Any]]  # by module and name: the code, and the defaults


def snapshot() -> Snapshot:
    """What everything in the judging modules is made of now."""
    modules = {name: dict(vars(module)) for name, module in _judging_modules()}
    classes = {
        f"{module}.{name}": (value, dict(vars(value)))
        for module, members in modules.items()
        for name, value in members.items()
        if isinstance(value, type) and value.__module__.partition(".")[0] in JUDGES
    }
    owners = [*modules.items(), *((owner, members) for owner, (_, members) in classes.items())]
    functions = {
        f"{owner}.{name}": (value, value.__code__, value.__defaults__)
        for owner, members in owners
        for name, value in members.items()
        if type(value) is FunctionType
    }
    return Snapshot(modules, classes, functions)


def refuse_changes(subject: str, before: Snapshot, during: str) -> None:
    """Raise SubjectError if something of `before` is no longer what it was; `during` says what the subject did."""
    changed = list(dict.fromkeys(_changes(before)))
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise SubjectError(
            f"{subject}: {during} replaced {changed[0]}{more}; nothing that judges a solution may be changed by it"
        )


def refuse_imports(subject: str, before: Snapshot) -> None:
    """Raise SubjectError if a module of the suite was loaded since `before`: a solution has no use for one."""
    loaded = sorted({name for name, _ in _judging_modules()} - before.modules.keys())
    own = [module for module in loaded if module.split(".")[0] == "tests"]
    if own:
        raise SubjectError(f"{subject}: it imports {own[0]}; a solution may import the lab, but not what judges it")


def _judging_modules() -> Iterator[tuple[str, ModuleType]]:
    for name, module in list(sys.modules.items()):
        if name in LIBRARIES or (name.partition(".")[0] in JUDGES and not name.startswith("tests.suite")):
            yield name, module


def _changes(before: Snapshot) -> Iterator[str]:
    """The functions and classes, and functions of the suite's classes, that are others now or run something else."""
    for module, members in before.modules.items():
        yield from _replaced(module, members, vars(sys.modules[module]) if module in sys.modules else {})
    for owner, (kind, members) in before.classes.items():
        yield from _replaced(owner, members, vars(kind))
    for name, (function, code, defaults) in before.functions.items():
        if function.__code__ is not code or function.__defaults__ is not defaults:
            yield name


def _replaced(owner: str, members: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name, value in members.items():
        if now.get(name) is not value and callable(value):
            yield f"{owner}.{name}"
