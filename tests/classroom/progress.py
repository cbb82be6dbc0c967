"""How far a class is: a bar on a terminal, and a line for each submission that is finished."""

import sys
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm

from tests.classroom.entries import JUDGED, Entry
from tests.classroom.gradebook import number
from tests.reporting.wording import clean

LONGEST_NAME = 60  # columns


@dataclass
class Progress:
    """Counts submissions of one run. `total` are those that this run judges."""

    total: int
    done: int = 0
    started: float = field(default_factory=time.monotonic)
    bar: Any = None  # tqdm's

    def __enter__(self) -> Self:
        if sys.stdout.isatty():
            self.bar = tqdm(total=self.total, file=sys.stdout, desc="judging", unit="submission", dynamic_ncols=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.close()

    def tick(self) -> None:
        """Let the clock of the bar go on."""
        if self.bar is not None:
            self.bar.refresh()

    def finished(self, entry: Entry) -> None:
        """One more is finished."""
        self.done += 1
        line = f"[{self.done}/{self.total}] {told(entry)}"
        if self.bar is None:
            say(f"{line}{self._left()}")
            return
        self.bar.write(line, file=sys.stdout)
        self.bar.update()

    def _left(self) -> str:
        """About how long the rest takes, if as long as what is done."""
        left = (time.monotonic() - self.started) / self.done * (self.total - self.done)
        return f"; about {tqdm.format_interval(left)} left" if left else ""


def told(entry: Entry) -> str:
    """What became of a submission, on one line."""
    name = clean(entry.name)
    name = name if len(name) <= LONGEST_NAME else f"…{name[1 - LONGEST_NAME :]}"
    points = f"{number(entry.earned)}/{number(entry.possible)} points, " if entry.earned is not None else ""
    what = points if entry.status == JUDGED else f"{entry.status}, "
    finding = f" ({entry.finding})" if entry.finding else ""
    return f"{name}: {what}{entry.seconds:.0f} s{finding}"


def say(line: str) -> None:
    """A line on standard output, whatever it can encode."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(clean(line).encode(encoding, errors="replace").decode(encoding) + "\n")
    sys.stdout.flush()
