"""Comparing two classifiers on the same samples: exact McNemar, and Newcombe's interval of the difference."""

import numpy as np
import pytest
from scipy.stats import binomtest

from tests.checks.classification import paired, proportion


def pairs(both: int, only_first: int, only_second: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    """Who is right on so many samples of each kind."""
    counts = [both, only_first, only_second, neither]
    return np.repeat([True, True, False, False], counts), np.repeat([True, False, True, False], counts)


@pytest.mark.parametrize("trials", [1, 45, 10_000])
def test_interval_is_scipy_s(trials: int) -> None:
    """Wilson's interval is SciPy's to the last bit, and ends at 0 or 1 where nobody or everybody is right."""
    for count in {0, 1, trials // 3, trials - 1, trials}:
        found = proportion(np.arange(trials) < count)
        expected = binomtest(count, trials).proportion_ci(confidence_level=0.95, method="wilson")
        assert (count, found.low, found.high) == (count, expected.low, expected.high)


def test_difference_and_mcnemar() -> None:
    """The shares differ by the discordant pairs alone, and McNemar's p is the binomial's of those."""
    compared = paired(*pairs(900, 12, 30, 58))
    assert (compared.only_first, compared.only_second) == (12, 30)
    assert compared.difference == pytest.approx(0.018)
    assert compared.p_value == pytest.approx(binomtest(12, 42).pvalue)


def test_interval_turns_round_with_the_order() -> None:
    """The interval of first against second is that of second against first, turned round."""
    first, second = pairs(900, 12, 30, 58)
    there, back = paired(first, second), paired(second, first)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.low < there.difference < there.high


def test_interval_of_unrelated_pairs_joins_wilson_s() -> None:
    """Without correlation it is Newcombe's interval of unpaired shares, the hypotenuse of both Wilson intervals."""
    first, second = pairs(25, 25, 25, 25)
    one, compared = proportion(first), paired(first, second)
    assert compared.high == pytest.approx(np.hypot(one.high - one.share, one.share - one.low))


def test_same_answers_differ_by_nothing() -> None:
    """Two classifiers that agree everywhere have difference 0 and p 1, and an interval around 0."""
    compared = paired(*pairs(90, 0, 0, 10))
    assert (compared.difference, compared.p_value) == (0, 1)
    assert compared.low <= 0 <= compared.high


@pytest.mark.parametrize("counts", [(10, 0, 0, 0), (0, 10, 0, 0), (0, 0, 0, 10)])
def test_extremes_are_numbers(counts: tuple[int, int, int, int]) -> None:
    """Where somebody is always right, or never, the correlation is none and the interval finite."""
    compared = paired(*pairs(*counts))
    assert -1 <= compared.low <= compared.difference <= compared.high <= 1


def test_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Of 2,000 draws of 100 pairs 93.5 % or more have the true difference in the interval: 95 % less three errors."""
    generator = np.random.default_rng(0)
    chances = [0.80, 0.05, 0.10, 0.05]
    held = 0
    draws = np.unique(generator.multinomial(100, chances, 2000), axis=0, return_counts=True)
    for counts, times in zip(*draws, strict=True):
        compared = paired(*pairs(*counts))
        held += times * (compared.low <= chances[2] - chances[1] <= compared.high)
    assert held / 2000 >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 2000)
