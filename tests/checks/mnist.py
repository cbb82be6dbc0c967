"""Checks of exercise 3: the images, the confusion matrix, dropout, steps and their time."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import nnls
from scipy.stats import binom

from lab.run import Array, Dataset, Masking, Run, Timing
from tests.checks.classification import accuracy_on_test, confusion_matrix
from tests.checks.facts import FALSE_ALARM, Fact, at_most, equal, inside

TAILS = np.array([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2])


def images_scaled(data: Dataset, raw: tuple[Array, ...]) -> Fact:
    """Each pixel is the raw one over 255, in the raw order."""
    if _sizes(data) != [len(raw[0]), len(raw[2])]:
        return _other_sizes(data, raw)
    gap = max(
        float(np.max(np.abs(some - np.divide(images.reshape(len(images), -1), 255, dtype=np.float32))))
        for ours, theirs in ((data.x_train, raw[0]), (data.x_test, raw[2]))
        for some, images in zip(_blocks(ours), _blocks(theirs), strict=True)
    )
    reason = (
        "pixels are divided by 255 to lie in [0, 1]; 1e-6 covers float32's rounding, dividing by 256 is off by 0.004"
    )
    return at_most("largest difference between a pixel and its raw value / 255", gap, 1e-6, reason)


def _sizes(data: Dataset) -> list[int]:
    return [len(data.x_train), len(data.x_test)]


def _other_sizes(data: Dataset, raw: tuple[Array, ...]) -> Fact:
    wanted = [len(raw[0]), len(raw[2])]
    return equal("images to train on and to test on", _sizes(data), wanted, "the lab trains and tests on all of them")


def _blocks(images: Array, rows: int = 1000) -> list[Array]:
    """Small enough to be compared within the processor's cache: all at once takes three times as long."""
    return [images[first : first + rows] for first in range(0, len(images), rows)]


def labels_one_hot(data: Dataset, raw: tuple[Array, ...]) -> Fact:
    """Each label is the raw one, as a row with a single 1."""
    if _sizes(data) != [len(raw[1]), len(raw[3])]:
        return _other_sizes(data, raw)
    identity = np.eye(10)
    wrong = sum(
        int((ours != identity[theirs]).any(axis=1).sum())
        for ours, theirs in ((data.y_train, raw[1]), (data.y_test, raw[3]))
    )
    return equal(
        "labels that are not the raw label one-hot", wrong, 0, "categorical cross-entropy needs each image's own class"
    )


def confusion_rows(run: Run, raw_labels: Array) -> Fact:
    """Each row of the confusion matrix sums to the number of test images of that class, by the raw labels (n,)."""
    return equal(
        "row sums of the confusion matrix",
        confusion_matrix(run).sum(axis=1),
        np.bincount(raw_labels, minlength=10),
        "every test image is counted in its true class's row",
    )


def confusion_trace(run: Run) -> Fact:
    """The diagonal of the confusion matrix is the images classified right."""
    trace = int(np.trace(confusion_matrix(run)))
    return equal(
        "trace of the confusion matrix",
        trace,
        accuracy_on_test(run).hits,
        "the diagonal counts the images classified right",
    )


def masking_rate(maskings: Sequence[Masking], layer: int, rate: float) -> Fact:
    """In training the dropout layer zeroes the asked share of values: a binomial count."""
    statement = "share of values zeroed in training"
    if layer >= len(maskings):
        return equal(
            statement, f"{len(maskings)} dropout layers", rate, "the lab asks for dropout after both hidden layers"
        )
    masking = maskings[layer]
    low, high = binom.ppf(TAILS, masking.values, rate) / masking.values
    reason = (
        f"{masking.values:,} values are zeroed independently at rate {rate:g}: binomial interval, "
        f"false alarms {FALSE_ALARM:g}"
    )
    return inside(statement, masking.zeroed_in_training / masking.values, low, high, reason)


def no_masking_at_inference(maskings: Sequence[Masking], layer: int, rate: float) -> Fact:
    """At inference the dropout layer changes nothing, whatever its rate."""
    changed = maskings[layer].changed_at_inference if layer < len(maskings) else f"{len(maskings)} dropout layers"
    return equal("values changed at inference", changed, 0, "dropout acts in training only")


def steps_taken(timing: Timing) -> Fact:
    """Training on `images` images takes one step a batch, the last, partial batch included."""
    expected = -(-timing.images // timing.batch_size)
    reason = f"{timing.images:,} images in batches of {timing.batch_size}"
    return equal("steps of an epoch, by the optimizer's count", timing.steps, expected, reason)


def time_model(timings: Sequence[Timing]) -> tuple[float, float]:
    """(seconds a step, seconds an image), both at least 0, that explain the median times best.

    Non-negative least squares on seconds = steps * overhead + images * cost.
    """
    design = np.array([[timing.steps, timing.images] for timing in timings], dtype=float)  # (batch sizes, 2)
    scale = design.max(axis=0)  # steps and images differ a hundredfold
    cost = nnls(design / scale, np.array([np.median(timing.seconds) for timing in timings]))[0] / scale
    return float(cost[0]), float(cost[1])
