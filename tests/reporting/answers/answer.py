"""What a question gets."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from lab.mnist_source import Mnist
from lab.run import Dataset, FirstSteps, Run, SavedModel, Timing
from tests.checks.facts import Fact, equal

if TYPE_CHECKING:  # collecting the tests needs no matplotlib
    from matplotlib.figure import Figure


class Runs(Protocol):
    """Where runs come from: a laboratory that trains them, or a recording of somebody else's."""

    seed: int
    timings: dict[tuple[str, int], Timing]

    def run(self, name: str) -> Run: ...
    def two_starts(self, name: str) -> tuple[Run, Run]: ...
    def resumed_and_continued(self) -> tuple[Run, Run]: ...
    def data(self, name: str) -> Dataset: ...
    def saved(self, file_format: str, include_optimizer: bool = True) -> SavedModel: ...
    def first_steps(self, with_optimizer: bool) -> FirstSteps: ...
    def mnist(self) -> Mnist: ...


@dataclass(frozen=True)
class Answer:
    """A sentence, the numbers in it, what was published beside them, the verdict on that, and figures to draw.

    `audit` has an entry for each claim that was published, as `tests.reporting.audit` makes them.
    """

    sentence: str
    measured: Mapping[str, Any]
    published: Mapping[str, Any]
    verdict: str
    reason: str
    figures: Mapping[str, Callable[[], "Figure"]] = field(default_factory=dict)
    audit: Sequence[Mapping[str, Any]] = ()

    def complete(self) -> Fact:
        """Every number of the answer was measured: none is NaN or infinite."""
        missing = [name for name, value in self.measured.items() if not all(map(math.isfinite, _numbers(value)))]
        return equal(
            "numbers of the answer that could not be measured", missing, [], "an answer is made of measurements"
        )


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, (int, float)):
        yield float(value)


def percent(share: float) -> str:
    """A share of 1 as a percentage with two decimals."""
    return f"{100 * share:.2f} %"
