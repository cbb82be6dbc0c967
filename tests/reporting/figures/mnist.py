"""Exercise 3: which digits are confused, and what the batch size costs."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from lab.run import Run, Timing
from tests.checks import classification
from tests.checks.mnist import time_model
from tests.reporting.figures.style import (
    BLACK,
    BLUE,
    STROKES,
    TEXT_SIZE,
    VERMILLION,
    Margins,
    Stroke,
    batch_size_axis,
    chart,
    legend,
    logarithmic,
    note_missing,
)

LOOPS = {"fit": "Keras fit", "compiled": "compiled loop"}
CORRECT_STRENGTH = 0.2  # the strongest tint of a correct cell: muted, so that the errors stand out


def cell_colours(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Red, green, blue of each cell: correct ones in a muted blue, errors in vermillion on a scale of their own."""
    right = np.eye(len(counts), dtype=bool)
    strength = np.zeros(counts.shape)
    strength[right] = CORRECT_STRENGTH * counts[right] / max(1, counts[right].max())
    strength[~right] = counts[~right] / max(1, counts[~right].max())
    tint = np.where(right[..., None], to_rgb(BLUE), to_rgb(VERMILLION))  # (true, predicted, 3)
    return 1 - strength[..., None] * (1 - tint)


def matrix_chart(title: str) -> tuple[Figure, Axes]:
    """An empty figure for a confusion matrix."""
    figure, axes = chart(title, "predicted digit", "true digit", height=4.6, margins=Margins(left=0.6, top=0.6))
    axes.grid(False)
    return figure, axes


def confusion_matrix(run: Run) -> Figure:
    """Which class was taken for which; the most frequent error, which the answer names too, is outlined."""
    title = "Digits taken for others"
    if not len(run.test_predictions):
        figure, axes = matrix_chart(title)
        note_missing(axes, "test predictions: none")
        return figure
    counts, accuracy = classification.confusion_matrix(run), classification.accuracy_on_test(run)
    true, taken_for, times = classification.most_confused(counts)
    wrong = accuracy.trials - accuracy.hits
    title += f": accuracy {100 * accuracy.share:.2f} %, {wrong:,} of {accuracy.trials:,} wrong"
    if times:
        title += f"\nmost often: {true} taken for {taken_for} ({times:,} images, outlined)"
    figure, axes = matrix_chart(title)
    axes.imshow(cell_colours(counts), aspect="auto")
    axes.set_xticks(range(len(counts)))
    axes.set_yticks(range(len(counts)))
    for (row, column), count in np.ndenumerate(counts):
        if count:
            axes.text(column, row, str(count), ha="center", va="center", fontsize=TEXT_SIZE)
    if times:
        corner = taken_for - 0.5, true - 0.5
        axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=BLACK, linewidth=2))
    return figure


def known(timing: Timing) -> bool:
    """Whether each round's time is there, and is a time."""
    return bool(timing.seconds) and all(0 < seconds < np.inf for seconds in timing.seconds)


def plot_loop(axes: Axes, timings: Sequence[Timing], name: str, stroke: Stroke) -> None:
    """One loop's median times with their range, and the cost model fitted to them."""
    sizes = np.array([timing.batch_size for timing in timings])
    middle = np.array([np.median(timing.seconds) for timing in timings])
    below = middle - [min(timing.seconds) for timing in timings]
    above = [max(timing.seconds) for timing in timings] - middle
    label = f"{name}: median and range"
    if len(set(sizes)) < 2:
        note_missing(axes, f"{name}: its cost model needs two batch sizes")
    else:
        a_step, an_image = time_model(timings)
        modelled = [timing.steps * a_step + timing.images * an_image for timing in timings]
        axes.plot(sizes, modelled, color=stroke.colour, linestyle=stroke.line, linewidth=1.4)
        label += f";\nline: {1e3 * a_step:.3g} ms a step + {1e6 * an_image:.3g} µs an image"
    axes.errorbar(sizes, middle, (below, above), fmt=stroke.marker, color=stroke.colour, capsize=4, label=label)


def time_against_batch_size(timings: Sequence[Timing]) -> Figure:
    """Training time for each batch size, and the fixed cost of a step that explains it."""
    figure, axes = chart("Training time against batch size", "batch size (images)", "training time (s)")
    for (loop, name), stroke in zip(LOOPS.items(), STROKES, strict=False):
        measured = [timing for timing in timings if timing.loop == loop and known(timing)]
        if measured:
            plot_loop(axes, sorted(measured, key=lambda timing: timing.batch_size), name, stroke)
        else:
            note_missing(axes, f"{name}: not measured")
    batch_size_axis(axes, [timing.batch_size for timing in timings])
    logarithmic(axes)
    if axes.get_yscale() == "log":
        low, high = axes.get_ylim()
        axes.set_ylim(low, high * (high / low) ** 0.45)  # room for the legend above every bar
    legend(axes, "upper right")
    return figure
