"""The assertion vocabulary: a check looks at runs and returns a fact, which holds or explains itself."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

FALSE_ALARM = 1e-6  # how often a check may fail a right solution, by construction


@dataclass(frozen=True)
class Fact:
    """One thing that was measured, what it should be, and why.

    `measured` is JSON-plain (numbers, strings, lists; never NaN), so that a fact survives the way to another process
    and into `answers.json`. `because` names the formula or the evidence that `expected` comes from.
    """

    statement: str
    measured: Any
    expected: str
    holds: bool
    because: str

    def message(self) -> str:
        """The failure as a sentence."""
        return (
            f"{self.statement}: measured {show(self.measured)}, but should be {self.expected}, because {self.because}"
        )


def close(statement: str, measured: float, expected: float, tolerance: float, because: str) -> Fact:
    """`measured` lies within `tolerance` of `expected`."""
    value = plain(measured)
    holds = isinstance(value, (int, float)) and bool(abs(value - expected) <= tolerance)
    return Fact(statement, value, f"{show(float(expected))} ± {show(float(tolerance))}", holds, because)


def inside(statement: str, measured: float, low: float, high: float, because: str) -> Fact:
    """`measured` lies in [low, high]; either end may be infinite."""
    value = plain(measured)
    holds = isinstance(value, (int, float)) and bool(low <= value <= high)
    if math.isinf(high):
        expected = f"at least {show(float(low))}"
    elif math.isinf(low):
        expected = f"at most {show(float(high))}"
    else:
        expected = f"{show(float(low))} to {show(float(high))}"
    return Fact(statement, value, expected, holds, because)


def at_least(statement: str, measured: float, low: float, because: str) -> Fact:
    """`measured` is `low` or more."""
    return inside(statement, measured, low, math.inf, because)


def at_most(statement: str, measured: float, high: float, because: str) -> Fact:
    """`measured` is `high` or less."""
    return inside(statement, measured, -math.inf, high, because)


def equal(statement: str, measured: Any, expected: Any, because: str) -> Fact:
    """`measured` is `expected` exactly."""
    value, wanted = plain(measured), plain(expected)
    return Fact(statement, value, show(wanted), value == wanted, because)


def plain(value: Any) -> Any:
    """`value` in JSON's types: NumPy scalars and arrays unwrapped, NaN and infinities as the words for them."""
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (np.generic,)):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("infinity" if value > 0 else "-infinity")
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    return value


def show(value: Any) -> str:
    """`value` for a reader: floats to four significant figures or more, lists in brackets."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return f"{value:,.0f}"
        return f"{value:,.4f}" if 0.1 <= abs(value) < 1e5 else f"{value:.4g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, (list, tuple)):
        if not value:
            return "none"
        return "[" + ", ".join(show(item) for item in value) + "]"
    if isinstance(value, dict):
        return ", ".join(f"{key} {show(item)}" for key, item in value.items())
    return str(value)
