"""What the original notebook published on exercise 2, judged by recorded trainings over many splits and starts."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import stats

from lab.datasets import iris_data
from tests.reference.audit import RATE, by_share, exact, p_text
from tests.reference.evidence import load_evidence
from tests.reference.oracle import activate
from tests.reference.published import NOTEBOOK_SEED, figure
from tests.reference.verdicts import Judgement
from tests.reporting.answers.answer import Runs, percent

UNITS, SIGMOID = "relu50-relu10", "sigmoid10-relu10"
MORE, LESS = "above_zero", "below_zero"


def accuracy_claims(runs: Runs) -> Mapping[str, Judgement]:
    """2.1: the accuracy, and that it is more than guessing."""
    _, _, _, y_test = iris_data(NOTEBOOK_SEED)
    return {
        "2.1-accuracy": reachable("relu10", figure("2.1-accuracy")),
        "2.1-meaningful": better_than_guessing(figure("2.1-accuracy"), y_test),
    }


def reachable(kind: str, accuracy: float) -> Judgement:
    """Whether correct trainings reach the published accuracy, by the range that 98 % of them lie in."""
    samples = [shuffling[kind]["test_accuracy"] for shuffling in load_evidence("iris")["configurations"].values()]
    low = min(sample["quantiles"]["0.01"] for sample in samples)
    high = max(sample["quantiles"]["0.99"] for sample in samples)
    told = (
        f"Correct trainings of this model over many splits and starts reach {percent(low)} to {percent(high)} (1st to "
        f"99th percentile of {sum(sample['number'] for sample in samples):,}); published: {percent(accuracy)}."
    )
    return exact(low <= accuracy <= high, told, percentiles=[low, high])


def better_than_guessing(accuracy: float, targets: Any) -> Judgement:
    """Whether so many are right that naming the most frequent class every time cannot explain it."""
    samples, guessed = len(targets), float(np.max(np.mean(targets, axis=0)))
    hits = round(accuracy * samples)
    p_value = float(stats.binomtest(hits, samples, guessed, alternative="greater").pvalue)
    told = (
        f"{hits:,} of {samples:,} are right, where always naming the most frequent class gets {percent(guessed)} "
        f"(exact binomial test, {p_text(p_value)})."
    )
    return exact(p_value < RATE, told, hits=hits, guessed=guessed, p_value=p_value)


def units_claims(runs: Runs) -> Mapping[str, Judgement]:
    """2.2: what 50 hidden units are said to change."""
    return {
        "2.2-flexible": in_pairs(UNITS, "training_loss", LESS, "50 units bring the training loss lower"),
        "2.2-boundary": in_pairs(UNITS, "boundary_length", MORE, "50 units draw the longer boundary"),
        "2.2-accuracy": in_pairs(UNITS, "test_accuracy", MORE, "50 units are more accurate on the test flowers"),
        "2.2-overfitting": wider_gap(UNITS, "50 units"),
    }


def sigmoid_claims(runs: Runs) -> Mapping[str, Judgement]:
    """2.3: the accuracy with sigmoid, and what it is said to change."""
    extremes = activate("sigmoid", np.array([-1e3, 0.0, 1e3]))
    return {
        "2.3-accuracy": reachable("sigmoid10", figure("2.3-accuracy")),
        "2.3-range": exact(
            float(extremes.min()) >= 0 and float(extremes.max()) <= 1,
            f"At -1000, 0 and 1000 the oracle's sigmoid is {', '.join(f'{value:g}' for value in extremes)}.",
        ),
        "2.3-slower": in_pairs(SIGMOID, "training_loss", MORE, "sigmoid's training loss is the higher one"),
        "2.3-boundary": in_pairs(SIGMOID, "boundary_length", LESS, "sigmoid's boundary is the shorter one"),
        "2.3-underfits": in_pairs(SIGMOID, "training_accuracy", LESS, "sigmoid is less accurate on its training part"),
        "2.3-decrease": in_pairs(SIGMOID, "test_accuracy", LESS, "sigmoid is less accurate on the test flowers"),
    }


def in_pairs(pair: str, metric: str, direction: str, told: str) -> Judgement:
    """Whether one training after the other shows the difference: by the share of pairs of trainings that show it."""
    share = min(float(sample[metric][direction]) for sample in differences(pair))
    return Judgement(
        by_share(share),
        f"After the same epochs on the same split {told} in {percent(share)} of pairs of correct trainings; one pair "
        "shows it if 99 % do.",
        {"share": share},
    )


def wider_gap(pair: str, told: str) -> Judgement:
    """Whether the gap between training and test accuracy grows, taking their changes as independent and normal."""
    shares, changes = [], []
    for sample in differences(pair):
        training, test = sample["training_accuracy"], sample["test_accuracy"]
        changes.append(training["mean"] - test["mean"])
        shares.append(float(stats.norm.cdf(changes[-1] / np.hypot(training["sd"], test["sd"]))))
    change, share = min(changes, key=abs), min(shares, key=lambda one: abs(one - 0.5))
    return Judgement(
        by_share(share),
        f"With {told} training accuracy rises by {100 * change:.2f} points more than test accuracy on average, so the "
        f"gap widens in about {percent(share)} of pairs of correct trainings (normal approximation).",
        {"share": share, "change": change},
    )


def differences(pair: str) -> list[dict[str, Any]]:
    """What is recorded of a pair's differences on the same split, for each way of shuffling."""
    return [shuffling[pair] for shuffling in load_evidence("iris")["differences"].values()]
