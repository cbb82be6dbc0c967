"""Reading what calibration measured, and the formula that turns a sample into bounds for one further measurement."""

import json
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

EVIDENCE = Path(__file__).parent / "evidence"
TAIL = 0.05  # the share of a sample that each of its tails is measured on


def load_evidence(name: str) -> dict[str, Any]:
    """The contents of `evidence/<name>.json`, as `python -m tests.reference.calibrate <name>` wrote it."""
    path = EVIDENCE / f"{name}.json"
    if not path.is_file():
        known = sorted(entry.stem for entry in EVIDENCE.glob("*.json"))
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(known) or 'none yet'}"
        raise ValueError(f"no evidence is named {name!r}; {hint}")
    contents: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return contents


def prediction_bounds(mean: float, sd: float, n: int, rate: float = 1e-6) -> tuple[float, float]:
    """Bounds (low, high) that one further draw leaves with probability `rate`, after `n` draws of a normal population.

    mean ± t(1 - rate / 2, n - 1 degrees of freedom) * sd * sqrt(1 + 1 / n), where `sd` is the sample's, with n - 1
    below the line: the prediction interval for a single future observation (Hahn and Meeker, Statistical Intervals,
    chapter 4). It holds for normal populations only; a skewed one leaves it more often.
    """
    if n < 2:
        raise ValueError(f"n is {n}; a prediction interval needs 2 draws or more")
    reach = student_quantile(rate / 2, n - 1) * sd * (1 + 1 / n) ** 0.5
    return mean - reach, mean + reach


@cache
def student_quantile(tail: float, freedom: int) -> float:
    """What Student's t with so many degrees of freedom exceeds with probability `tail`."""
    return float(stats.t.isf(tail, freedom))


def tail_bounds(values: NDArray[np.floating], rate: float = 1e-6) -> tuple[float, float]:
    """Bounds (low, high) that one further draw leaves on each side with probability `rate` / 2, for skewed populations.

    Beyond the threshold u that a share TAIL of `values` (n,) exceeds, P(value > u + t) = TAIL exp(-t / mean excess):
    peaks over a threshold (Pickands 1975) with an exponential tail, which is right for a normal population and too
    wide for a bounded one. Two standard errors are added to the mean excess: small samples then err on the wide side.
    """

    def highest(sample: NDArray[np.floating]) -> float:
        threshold = np.quantile(sample, 1 - TAIL)
        excesses = sample[sample > threshold] - threshold
        if not excesses.size:
            return float(threshold)
        mean_excess = excesses.mean() * (1 + 2 / np.sqrt(excesses.size))
        return float(threshold + mean_excess * np.log(TAIL / (rate / 2)))

    return -highest(-values), highest(values)
