"""What something published can be judged to be. Without SciPy, which a process that only reports need not import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

REPRODUCED, INDISTINGUISHABLE = "reproduced", "indistinguishable"
CONTRADICTED, NOT_MEASURED = "contradicted", "not measured"
VERDICTS = (CONTRADICTED, INDISTINGUISHABLE, NOT_MEASURED, REPRODUCED)  # the worst first: see `worst`


@dataclass(frozen=True)
class Judgement:
    """A verdict, one sentence that gives its numbers, and the numbers."""

    verdict: str
    reason: str
    measured: Mapping[str, Any] = field(default_factory=dict)


def worst(verdicts: Sequence[str]) -> str:
    """The verdict on several claims together: the first of VERDICTS that any of them has.

    So one contradicted claim contradicts, and only if all were measured and hold are they reproduced together.
    """
    return min(verdicts, key=VERDICTS.index)


def not_measured(reason: str) -> Judgement:
    """There is nothing to judge it by."""
    return Judgement(NOT_MEASURED, reason)
