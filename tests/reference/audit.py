"""How something published is judged: verdicts reached from numbers by stated rules, and from nothing else."""

import math
from typing import Any

from scipy import stats

from tests.reference.evidence import prediction_bounds
from tests.reference.oracle import Floats
from tests.reference.verdicts import (
    CONTRADICTED,
    INDISTINGUISHABLE,
    REPRODUCED,
    Judgement,
    not_measured,
)

RATE = 0.01  # how often a figure is contradicted that a correct training did print: of a hundred figures, one
SMALLEST = 1e-100  # below it a p-value is rounding


def exact(holds: bool, reason: str, **measured: Any) -> Judgement:
    """Judged by arithmetic, or by bits: it holds or it does not."""
    return Judgement(REPRODUCED if holds else CONTRADICTED, reason, measured)


def quoted(text: float, printed: float) -> Judgement:
    """Whether a figure in the text is the one that the notebook's own cell printed; both have four decimals."""
    same = abs(text - printed) < 0.5e-4
    told = f"The text says {100 * text:.2f} % and the notebook's own cell printed {printed:.4f}"
    return exact(same, f"{told}: {'the same' if same else 'not the same'}.", text=text, printed=printed)


def one_of(
    published: float, values: Floats, trainings: str = "trainings of this model", averaged_twice: bool = False
) -> Judgement:
    """Whether a figure is what one further training gives: Student's prediction interval at 99 %.

    `averaged_twice`: the notebook's Keras printed, of the training part, the mean over an epoch of its running means
    (keras-team/keras#20212, mended since). Its sampling variance is twice that of the mean which is recorded, so the
    interval is widened by the root of two, which errs on the wide side.
    """
    if len(values) < 2:
        return not_measured(f"There are no recorded {trainings} that tell it.")
    mean, deviation = float(values.mean()), float(values.std(ddof=1))
    widened = deviation * 2**0.5 if averaged_twice else deviation
    low, high = prediction_bounds(mean, widened, len(values), RATE)
    why = ", widened by √2 for a mean of running means" if averaged_twice else ""
    told = (
        f"{len(values)} recorded {trainings} give {mean:.4f} ± {deviation:.4f}, so 99 % of further ones lie in "
        f"{low:.4f} to {high:.4f} (Student's t{why}); published: {published:.4f}."
    )
    measured: dict[str, Any] = {
        "mean": mean,
        "standard_deviation": deviation,
        "trainings": len(values),
        "interval": [low, high],
    }
    measured["share_of_reach"] = abs(published - mean) / (high - mean) if high > mean else math.inf
    return exact(low <= published <= high, told, **measured)


def tendency(differences: Floats, told: str) -> Judgement:
    """Whether a difference that is claimed to be above zero is, over independent pairs of trainings: exact sign test.

    Pairs without a difference say nothing.
    """
    more, differing = int((differences > 0).sum()), int((differences != 0).sum())
    return count(more, differing, 0.5, f"{told} in {more} of {differing} pairs that differ")


def count(hits: int, trials: int, chance: float, told: str) -> Judgement:
    """Whether something claimed to happen more often than by `chance` does: exact binomial test, two-sided."""
    p_value = float(stats.binomtest(hits, trials, chance).pvalue) if trials else 1.0
    measured = {"hits": hits, "trials": trials, "chance": chance, "p_value": p_value}
    reason = f"{told} (exact binomial test against {100 * chance:.3g} %, {p_text(p_value)})."
    return Judgement(significant(p_value, hits - trials * chance), reason, measured)


def significant(p_value: float, effect: float) -> str:
    """A claimed effect above zero is there, is the contrary, or cannot be told from chance at 1 %."""
    if not p_value < RATE:
        return INDISTINGUISHABLE
    return REPRODUCED if effect > 0 else CONTRADICTED


def by_share(share: float) -> str:
    """A claim of "more" holds if 99 % of correct trainings show it, and fails if 99 % show the contrary."""
    if share >= 1 - RATE:
        return REPRODUCED
    return CONTRADICTED if share <= RATE else INDISTINGUISHABLE


def p_text(p_value: float) -> str:
    """A p-value for a reader: never 0."""
    return f"p = {p_value:.2g}" if p_value > SMALLEST else f"p < {SMALLEST:g}"


def more_spread(of: str, before: float, after: float, trainings: int) -> Judgement:
    """Whether a standard deviation over `trainings` grew: the F-test of two variances, two-sided."""
    ratio = (after / before) ** 2
    p_value = 2 * float(min(tail(ratio, trainings - 1, trainings - 1) for tail in (stats.f.sf, stats.f.cdf)))
    told = (
        f"Over {trainings:,} NumPy trainings on the notebook's data the standard deviation of {of} goes from "
        f"{before:.4f} to {after:.4f} (F-test, {p_text(p_value)})."
    )
    return Judgement(significant(p_value, ratio - 1), told, {"before": before, "after": after, "p_value": p_value})
