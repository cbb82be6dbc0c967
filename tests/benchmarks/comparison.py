"""Two ways of doing the same, measured by turns, and whether one is as much faster as it should be."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

Measure = Callable[[], float]


@dataclass(frozen=True)
class Row:
    """Seconds (or megabytes) of `ours` and of what it is held `against`, one figure a round.

    `required` and `aim` are the smallest ratios against / ours that the project promises and hopes for.
    """

    name: str
    against: str
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    required: float
    aim: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """The median of against / ours, round by round: a machine that slows down slows both."""
        return statistics.median(their / our for our, their in zip(self.ours, self.theirs, strict=True))

    @property
    def verdict(self) -> str:
        """How the ratio compares with what is promised and hoped for."""
        if self.ratio < self.required:
            return "MISSED"
        return "met" if self.ratio < self.aim else "aim reached"


def by_turns(ours: Measure, theirs: Measure, rounds: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The figures of both, one after the other in each round, and first in every second one."""
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds):
        for which in (0, 1) if turn % 2 == 0 else (1, 0):
            found[which].append((ours, theirs)[which]())
    return tuple(found[0]), tuple(found[1])
