"""Accuracies, each with the interval that its number of test samples allows."""

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.stats import binomtest

from lab.run import Array, Run
from tests.reporting.figures.epochs import history_of, plot_epochs
from tests.reporting.figures.style import (
    BLACK,
    BLUE,
    GREY,
    STROKES,
    TEXT_SIZE,
    VERMILLION,
    Margins,
    batch_size_axis,
    chart,
    legend,
    note_missing,
)
from tests.reporting.figures.wording import architecture

Interval = tuple[float, float, float]  # accuracy, low, high, in per cent


def classes_of(outputs: Array) -> NDArray[np.intp]:
    """The class of each row of probabilities or one-hot labels, (n,); none where nothing was recorded."""
    return outputs.argmax(axis=1) if outputs.size else np.array([], dtype=np.intp)


def correct(predictions: Array, targets: Array) -> NDArray[np.bool_]:
    """Which samples were classified as their one-hot target says."""
    samples = min(len(predictions), len(targets))
    return classes_of(predictions[:samples]) == classes_of(targets[:samples])


def wilson(hits: NDArray[np.bool_]) -> Interval:
    """Accuracy in per cent and its 95 % Wilson interval; not-a-number without samples."""
    if not len(hits):
        return np.nan, np.nan, np.nan
    interval = binomtest(int(hits.sum()), len(hits)).proportion_ci(method="wilson")
    return 100 * float(hits.mean()), 100 * float(interval.low), 100 * float(interval.high)


def tested_accuracy(run: Run) -> Interval:
    """The test accuracy of a run with its interval."""
    return wilson(correct(run.test_predictions, run.data.y_test))


def trained_accuracy(run: Run) -> float:
    """Accuracy in per cent on what the run trained on: Keras keeps the last share of the data for validation."""
    hits = correct(run.train_predictions, run.data.y_train)
    return wilson(hits[: math.floor(len(hits) * (1 - run.recipe.validation_split))])[0]


def bars(interval: Interval) -> tuple[list[float], list[float]]:
    """The lengths of an error bar below and above its point, as matplotlib wants them."""
    value, low, high = interval
    return [max(0.0, value - low)], [max(0.0, high - value)]


def accuracy_curve(run: Run) -> Figure:
    """Accuracy of each epoch, and the test accuracy after the last one."""
    figure, axes = chart(f"Accuracy over the epochs: {architecture(run)}", "epoch", "accuracy (%)")
    plot_epochs(axes, history_of(run, "accuracy"), STROKES[0], "training accuracy", percent=True)
    if "val_accuracy" in run.history:
        plot_epochs(axes, history_of(run, "val_accuracy"), STROKES[1], "validation accuracy", percent=True)
    value, low, high = interval = tested_accuracy(run)
    if np.isnan(value):
        note_missing(axes, "test accuracy: no predictions")
    else:
        epochs = max((len(values) for values in run.history.values()), default=1)
        label = f"test accuracy {value:.2f} %\n(95 % interval {low:.2f} to {high:.2f} %)"
        axes.errorbar(1.04 * epochs + 0.1, value, bars(interval), fmt="D", color=BLACK, capsize=4, label=label)
    legend(axes, "lower right")
    return figure


def generalisation_gaps(plain: Run, dropped: Run) -> Figure:
    """Training against test accuracy, without and with dropout."""
    figure, axes = chart("Generalisation gap without and with dropout", "accuracy (%)", "model", 2.8, Margins(left=1.0))
    for row, run in enumerate((plain, dropped)):
        interval = tested_accuracy(run)
        trained, tested = trained_accuracy(run), interval[0]
        if not np.isfinite([trained, tested]).all():
            note_missing(axes, f"{architecture(run)}: no predictions")
            continue
        names = ("training accuracy", "test accuracy, 95 % interval") if row == 0 else (None, None)
        axes.plot([trained, tested], [row, row], color=GREY, linewidth=1, linestyle=":", zorder=1)
        axes.plot(trained, row, "o", color=BLUE, markersize=8, linestyle="none", label=names[0])
        axes.errorbar(
            tested, row, xerr=bars(interval), fmt="s", color=VERMILLION, mfc="white", capsize=4, label=names[1]
        )
        axes.text(
            (trained + tested) / 2,
            row - 0.12,
            f"gap {trained - tested:.2f} percentage points",
            ha="center",
            fontsize=TEXT_SIZE,
        )
    axes.set_yticks([0, 1], ["without\ndropout", "with\ndropout"])
    axes.set_ylim(1.4, -0.95)  # the first row on top, and the legend above it
    axes.margins(x=0.12)
    legend(axes, "upper left", columns=2)
    return figure


def accuracy_against_batch_size(runs: Sequence[Run]) -> Figure:
    """Test accuracy for each batch size."""
    figure, axes = chart("Test accuracy against batch size, 95 % intervals", "batch size (images)", "test accuracy (%)")
    known = [(run.recipe.batch_size, tested_accuracy(run)) for run in runs]
    known = sorted((size, interval) for size, interval in known if np.isfinite(interval[0]))
    if not known:
        note_missing(axes, "test accuracy: no predictions")
    for size, interval in known:
        axes.errorbar(size, interval[0], bars(interval), fmt="o", color=BLUE, capsize=5, markersize=6)
        axes.annotate(
            f"{interval[0]:.2f}",
            (size, interval[0]),
            (7, 0),
            textcoords="offset points",
            va="center",
            fontsize=TEXT_SIZE,
        )
    batch_size_axis(axes, [size for size, _ in known])
    return figure
