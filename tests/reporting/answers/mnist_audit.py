"""What the original notebook published on exercise 3, judged by recorded trainings and this session's timings."""

from collections.abc import Mapping
from functools import reduce
from operator import getitem

import numpy as np
from scipy import stats

from lab.run import Timing
from tests.reference.audit import RATE, by_share, count, exact, one_of, p_text, quoted, tendency
from tests.reference.mnist_bounds import sample
from tests.reference.oracle import Floats
from tests.reference.published import figure
from tests.reference.verdicts import CONTRADICTED, INDISTINGUISHABLE, REPRODUCED, Judgement, not_measured
from tests.reporting.answers.answer import Runs, percent
from tests.reporting.answers.iris_audit import better_than_guessing

BATCH_SIZES = (16, 32, 64, 128)
LAST_EPOCH = ("accuracy", "loss", "val_accuracy", "val_loss")


def recorded(*path: str | int) -> Floats:
    """One figure of every recorded MNIST training, by its path in the record: (trainings,)."""
    return sample(True, lambda record: float(reduce(getitem, path, record)))


def accuracy_claims(runs: Runs) -> Mapping[str, Judgement]:
    """3.1: the test accuracy, as printed and as written, and the last epoch of its training."""
    accuracy = figure("3.1-accuracy")
    return {
        "3.1-accuracy": one_of(accuracy, recorded("mnist", "test_accuracy")),
        "3.1-text": quoted(figure("3.1-text"), accuracy),
        "3.1-generalises": better_than_guessing(accuracy, runs.run("mnist").data.y_test),
        **last_epoch("3.1", "mnist"),
    }


def last_epoch(question: str, name: str) -> dict[str, Judgement]:
    """The four figures that training printed of its last epoch."""
    return {
        f"{question}-last-{metric}": one_of(
            figure(f"{question}-last-{metric}"),
            recorded(name, "reported", metric),
            averaged_twice=not metric.startswith("val_"),
        )
        for metric in LAST_EPOCH
    }


def dropout_claims(runs: Runs) -> Mapping[str, Judgement]:
    """3.2: the accuracy with dropout, as printed and as written, and what dropout is said to do."""
    accuracy = figure("3.2-accuracy")
    gains = recorded("mnist_dropout", "test_accuracy") - recorded("mnist", "test_accuracy")
    gaps = recorded("mnist_dropout", "gap") - recorded("mnist", "gap")
    return {
        "3.2-accuracy": one_of(accuracy, recorded("mnist_dropout", "test_accuracy")),
        "3.2-text": quoted(figure("3.2-text"), accuracy),
        "3.2-improved": tendency(gains, f"In recorded trainings dropout raised the accuracy ({points(gains)})"),
        "3.2-overfitting": tendency(-gaps, f"In recorded trainings dropout narrowed the gap ({points(-gaps)})"),
        "3.2-effective": beyond_luck(accuracy - figure("3.1-accuracy"), gains),
        **last_epoch("3.2", "mnist_dropout"),
    }


def points(changes: Floats) -> str:
    """The mean and the standard deviation of changes of a share, in percentage points."""
    return f"by {100 * changes.mean():.2f} ± {100 * changes.std(ddof=1):.2f} points"


def beyond_luck(gain: float, gains: Floats) -> Judgement:
    """Whether the published gain is more than two trainings differ by if dropout does nothing: Student's t."""
    deviation = float(gains.std(ddof=1))
    p_value = 2 * float(stats.t.sf(abs(gain) / deviation, len(gains) - 1))
    told = (
        f"The published gain is {100 * gain:.2f} points, and that of a pair of trainings scatters by "
        f"{100 * deviation:.2f} points over {len(gains)} recorded pairs (Student's t, {p_text(p_value)})."
    )
    verdict = (REPRODUCED if gain > 0 else CONTRADICTED) if p_value < RATE else INDISTINGUISHABLE
    return Judgement(verdict, told, {"gain": gain, "scatter": deviation, "p_value": p_value})


def batch_claims(runs: Runs) -> Mapping[str, Judgement]:
    """3.3: the accuracies at four batch sizes, how the time falls, and that accuracy hardly changes."""
    own = {size: figure(f"3.3-accuracy-{size}") for size in BATCH_SIZES}
    accuracies = np.stack([recorded(f"mnist_batch{size}", "test_accuracy") for size in BATCH_SIZES], axis=1)
    return {
        **{f"3.3-accuracy-{size}": one_of(own[size], column) for size, column in zip(own, accuracies.T, strict=True)},
        "3.3-falls": falls([timing for timing in runs.timings.values() if timing.loop == "fit" and timing.seconds]),
        "3.3-range": own_range(list(own.values()), 0.9730, 0.9760),
        "3.3-best": best_at(64, accuracies),
        "3.3-impact": hardly_affected(accuracies),
    }


def falls(fit: list[Timing]) -> Judgement:
    """Whether the time falls as the batch grows, beyond the range of the rounds; seconds are another machine's."""
    if {timing.batch_size for timing in fit} != set(BATCH_SIZES):
        return not_measured("Training was not timed in this session.")
    rounds = [timing.seconds for timing in sorted(fit, key=lambda timing: timing.batch_size)]
    seconds = [float(np.median(some)) for some in rounds]
    slowest_128, quickest_16 = max(rounds[-1]), min(rounds[0])
    told = (
        f"From 16 to 128 the published time falls {figure('3.3-seconds-16') / figure('3.3-seconds-128'):.1f}-fold and "
        f"ours {seconds[0] / seconds[-1]:.1f}-fold (every round at 16 took {quickest_16:.2f} s or more, every round at "
        f"128 {slowest_128:.2f} s or less); the seconds themselves are another machine's."
    )
    measured = {"seconds": dict(zip(map(str, BATCH_SIZES), seconds, strict=True))}
    if quickest_16 > slowest_128:
        return Judgement(REPRODUCED, told, measured)
    return Judgement(CONTRADICTED if max(rounds[0]) < min(rounds[-1]) else INDISTINGUISHABLE, told, measured)


def own_range(accuracies: list[float], low: float, high: float) -> Judgement:
    """Whether a range in the text is that of the figures that the notebook's own cell printed."""
    same = abs(min(accuracies) - low) < 0.5e-4 and abs(max(accuracies) - high) < 0.5e-4
    return exact(same, f"The notebook's own cell printed {min(accuracies):.4f} to {max(accuracies):.4f}.")


def best_at(size: int, accuracies: Floats) -> Judgement:
    """Whether one batch size is the best more often than by chance; ties share nothing and count for the smaller."""
    best = int((accuracies.argmax(axis=1) == BATCH_SIZES.index(size)).sum())
    told = f"Batch size {size} has the highest accuracy in {best} of {len(accuracies)} recorded trainings"
    return count(best, len(accuracies), 1 / len(BATCH_SIZES), told)


def hardly_affected(accuracies: Floats) -> Judgement:
    """Minimal impact: even the best batch size does not beat the worst so reliably that one training would show it."""
    means = accuracies.mean(axis=0)
    best, worst = int(means.argmax()), int(means.argmin())
    share = float((accuracies[:, best] > accuracies[:, worst]).mean())
    friedman = float(stats.friedmanchisquare(*accuracies.T).pvalue)
    told = (
        f"On average batch size {BATCH_SIZES[best]} is {100 * (means[best] - means[worst]):.2f} points better than "
        f"{BATCH_SIZES[worst]}, but it is better in {percent(share)} of {len(accuracies)} recorded trainings, and 99 % "
        f"would be an impact that one training shows (Friedman test of all four sizes, {p_text(friedman)})."
    )
    measured = {"means": [float(mean) for mean in means], "share": share, "p_value": friedman}
    return exact(by_share(share) != REPRODUCED, told, **measured)
