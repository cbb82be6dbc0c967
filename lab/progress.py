"""Live lines on a terminal: what is running, how far it is, how fast, and how long it will still take.

A line appears once its work has lasted `DELAY` seconds, is drawn by a thread of its own (so it stays alive while a
subject's `train` reports nothing), and is erased at the end. Where the output is not a terminal nothing is written.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Protocol

from tqdm import tqdm

DELAY = 2.0  # s of silence first: quick work shows nothing
INTERVAL = 0.5  # s between two drawings, so that the seconds tick evenly


class Terminal(Protocol):
    """The part of a text stream that a line needs; `sys.stderr` and `BelowCursor` have it."""

    @property
    def encoding(self) -> str: ...
    def write(self, text: str, /) -> int: ...
    def flush(self) -> None: ...
    def isatty(self) -> bool: ...
    def fileno(self) -> int: ...


class BelowCursor:
    """A terminal whose every write is drawn on the row below the cursor, which then returns to where it was.

    pytest leaves its cursor in the middle of a row of dots. VT100's index and reverse index go one row down and up
    again in the same column, and at the bottom of the screen they scroll it: afterwards there is a row below.
    """

    _ROW_BELOW = "\x1bD\x1bM"  # index, reverse index
    _SAVE, _DOWN, _RESTORE = "\x1b7", "\x1b[1B", "\x1b8"

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.encoding = terminal.encoding
        self.flush, self.isatty, self.fileno = terminal.flush, terminal.isatty, terminal.fileno

    def write(self, text: str, /) -> int:
        """Draw `text`, one row that ends by erasing the rest of it; in one write, as pytest may write between two."""
        return self._terminal.write(f"{self._ROW_BELOW}{self._SAVE}{self._DOWN}{text}{self._RESTORE}")


@dataclass
class Task:
    """Work that a line shows; `done` and `total` count `unit`s, and without a unit only the time is known."""

    name: str
    total: int | None = None
    unit: str = ""
    done: int = 0
    started: float = field(default_factory=time.monotonic)  # s

    def update(self, count: int = 1) -> None:
        """`count` more units are done."""
        self.done += count

    def text(self, columns: int, ascii_only: bool) -> str:
        """At most `columns` wide, so that it never wraps."""
        elapsed = time.monotonic() - self.started
        if not self.unit:
            clock = tqdm.format_interval(elapsed)
            return f"{self.name[: max(0, columns - len(clock) - 2)]}  {clock}"[:columns]
        meter: str = tqdm.format_meter(
            self.done, self.total or 0, elapsed, columns, self.name, ascii_only, self.unit, unit_scale=self.unit == "B"
        )
        return meter


class _Line:
    """One row of a terminal and the thread that alone writes to it; it shows the last of its tasks."""

    def __init__(self, name: str, terminal: Terminal | None) -> None:
        self.name = name
        self._tasks: list[Task | None] = [Task(name)]
        self._terminal = terminal
        self._drawn = ""
        self._closed = Event()
        self._thread: Thread | None = None
        if terminal is not None and terminal.isatty() and os.environ.get("TERM") != "dumb":
            self._thread = Thread(target=self._keep_drawing, args=(terminal,), name=f"progress of {name}", daemon=True)
            self._thread.start()

    @contextmanager
    def showing(self, task: Task | None) -> Iterator[None]:
        """Show `task`, or nothing, in place of what the line showed."""
        self._tasks.append(task)
        try:
            yield
        finally:
            self._tasks.pop()

    def close(self) -> None:
        """Erase what was drawn."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def _keep_drawing(self, terminal: Terminal) -> None:
        ascii_only = not terminal.encoding.lower().startswith("utf")
        silence = DELAY
        while not self._closed.wait(silence):
            task = self._tasks[-1]
            self._draw(task.text(_columns(terminal), ascii_only) if task else "", terminal)
            silence = INTERVAL
        self._draw("", terminal)

    def _draw(self, text: str, terminal: Terminal) -> None:
        if text == self._drawn:
            return
        try:
            terminal.write(f"\r{text}\x1b[K")
            terminal.flush()
        except (OSError, ValueError):  # the terminal is gone or closed, which is no reason to stop a training
            self._closed.set()
        self._drawn = text


_current: ContextVar[_Line | None] = ContextVar("current progress line", default=None)


@contextmanager
def titled(name: str, stream: Terminal | None) -> Iterator[None]:
    """A line on `stream` (None: show nothing) that says `name` and the time, until a `bar` inside says more.

    A title inside another hides the outer line until it ends.
    """
    outer = _current.get()
    with nullcontext() if outer is None else outer.showing(None):
        line = _Line(name, stream)
        token = _current.set(line)
        try:
            yield
        finally:
            _current.reset(token)
            line.close()


@contextmanager
def bar(name: str, total: int | None, unit: str) -> Iterator[Task]:
    """How far work of `total` units ("epoch", "B" for bytes) is: `with bar("training", 10, "epoch") as line`.

    Inside a title the bar takes over its line and its name; outside it has its own on standard error.
    """
    line = _current.get()
    if line is None:
        with titled(name, sys.stderr), bar(name, total, unit) as task:
            yield task
        return
    task = Task(line.name, total, unit)
    with line.showing(task):
        yield task


def _columns(terminal: Terminal) -> int:
    """The terminal's width less one: a full row would leave the cursor about to wrap."""
    try:
        return (os.get_terminal_size(terminal.fileno()).columns or 80) - 1
    except OSError:
        return 79
