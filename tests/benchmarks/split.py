"""A pytest plugin that tells where a session's time goes: `pytest -p tests.benchmarks.split`, LAB_SPLIT names its file.

What is nested in something else counts for itself alone, so the parts add up to the whole. Only the thread that runs
the tests is looked at: trainings that go on beside it cost what it waits for them.
"""

import functools
import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

STARTED = time.perf_counter()  # Python itself and pytest took a second or so before
spent: dict[str, float] = defaultdict(float)  # s, by part
_inner = [0.0]  # s within the parts that are open, outermost first, which others have counted


@contextmanager
def part(name: str) -> Iterator[None]:
    """Count the time that is spent here for `name`, but for that of parts within."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    start = time.perf_counter()
    _inner.append(0.0)
    try:
        yield
    finally:
        seconds = time.perf_counter() - start
        spent[name] += seconds - _inner.pop()
        _inner[-1] += seconds


def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, whose time counts for `name`."""

    @functools.wraps(function)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        with part(name):
            return function(*arguments, **named)

    return wrapper


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop() -> Iterator[Any]:
    """Count imports, and what is called from here on."""
    with part("importing TensorFlow and Keras"):
        from lab import compilation
        from tests.reporting import figures
        from tests.submissions import laboratory, subject
    build = compilation._every_step

    def first_call_counted(*arguments: Any) -> Callable[..., Any]:
        with part("first epochs, tracing and XLA included"):
            compiled = build(*arguments)
        if id(compiled) in _known:
            return compiled
        _known.add(id(compiled))
        return counted("first epochs, tracing and XLA included", compiled)

    _known: set[int] = set()
    compilation._every_step = first_call_counted
    figures.png = counted("figures", figures.png)
    laboratory.wait = counted("waiting for trainings in the other thread", laboratory.wait)
    laboratory.witnessed_training = counted("witnessed trainings", laboratory.witnessed_training)
    call = subject.Subject.call

    def called(self: Any, function: str, *positional: Any, **named: Any) -> Any:
        name = {"train": "training", "save_model": "saving and loading", "load_model": "saving and loading"}
        with part(name.get(function, "the subject's data and models")):
            return call(self, function, *positional, **named)

    subject.Subject.call = called  # type: ignore[method-assign]
    with part("measuring and checking"):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    """Question 3.3's timings are a part of their own."""
    if "test_training_time" not in item.name:
        return (yield)
    with part("question 3.3's timings"):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish() -> Iterator[Any]:
    """Count the reports, and write all that was counted."""
    with part("reports"):
        result = yield
    spent["starting and collecting"] = time.perf_counter() - STARTED - sum(spent.values())
    Path(os.environ["LAB_SPLIT"]).write_text(json.dumps(spent, indent=1), encoding="utf-8")
    return result
