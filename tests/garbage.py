"""Spares Python's garbage collector what stays to the end: libraries, and the collected tests.

Each of its full collections looks at all of their half a million objects; together they took an eighth of the time of
the suite's own tests.
"""

import gc
from collections.abc import Iterator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect no garbage while tests are collected, and never look again at what was made by then."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Where nothing is trained, let thirty times as many objects gather before the newest are looked at."""
    if not any(item.get_closest_marker("tensorflow") or "exercises" in item.path.parts for item in session.items):
        gc.set_threshold(20_000)
