"""Exercise 1: a line fitted to noisy points."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lab.run import Array, Dataset, Run
from tests.checks import linear
from tests.reporting.figures.epochs import history_of, plot_epochs
from tests.reporting.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    STROKES,
    VERMILLION,
    Margins,
    chart,
    label_ends,
    legend,
    logarithmic,
    note_missing,
)
from tests.reporting.figures.wording import noise_level

Line = tuple[float, float]  # weight, bias
TRUTH: Line = (linear.WEIGHT, linear.BIAS)
UNKNOWN: Line = (np.nan, np.nan)
ENDS = np.array([0.0, linear.UPPER])  # x is uniform between them


def has_points(data: Dataset) -> bool:
    """Whether there is anything to fit a line to: as many y as x, and some."""
    return data.x_train.size > 0 and data.x_train.shape == data.y_train.shape


def along(line: Line) -> Array:
    """The line's y at both ends of x; not-a-number for a line that diverged."""
    return linear.line(ENDS, *(line if np.isfinite(line).all() else UNKNOWN))


def plot_points(axes: Axes, data: Dataset, size: int, colour: str) -> None:
    """What the line is fitted to; a note where there is nothing."""
    if has_points(data):
        axes.scatter(data.x_train, data.y_train, s=size, color=colour, label="training data")
    else:
        note_missing(axes, "training data: none")


def equation(line: Line) -> str:
    """The line in figures, such as `y = 2.954x + 5.215`."""
    weight, bias = line
    return f"y = {weight:.4g}x {'-' if bias < 0 else '+'} {abs(bias):.4g}"


def data_scatter(run: Run) -> Figure:
    """The points of exercise 1 and the line that they scatter about."""
    figure, axes = chart(f"{len(run.data.x_train)} points around y = 3x + 5, {noise_level(run)}", "x", "y")
    plot_points(axes, run.data, 16, BLUE)
    axes.plot(ENDS, along(TRUTH), color=BLACK, linestyle="--", label="y = 3x + 5, without noise")
    legend(axes, "upper left")
    return figure


def loss_curve(run: Run) -> Figure:
    """Training loss of each epoch, and the least that a line can reach."""
    figure, axes = chart(f"Loss while the line is learned, {noise_level(run)}", "epoch", "mean squared error")
    plot_epochs(axes, history_of(run, "loss"), STROKES[0], "training loss")
    if has_points(run.data):
        floor = linear.loss_floor(run.data)
        axes.axhline(floor, color=BLACK, linestyle="--", linewidth=1.2, label=f"least squares: {floor:.4g}")
    else:
        note_missing(axes, "least squares: no training data")
    logarithmic(axes)
    legend(axes)
    return figure


def fitted_line(run: Run) -> Figure:
    """The learned line among the points, the truth, and the line of least squares."""
    figure, axes = chart(f"The learned line, {noise_level(run)}", "x", "y")
    plot_points(axes, run.data, 14, GREY)
    axes.plot(ENDS, along(TRUTH), color=BLACK, linestyle=":", linewidth=1.8, label="truth: y = 3x + 5")
    if has_points(run.data):
        best = linear.least_squares(run.data)
        label = f"least squares: {equation(best)}"
        axes.plot(ENDS, along(best), color=GREEN, linestyle="--", linewidth=1.6, label=label)
    learned = linear.learned(run)
    if np.isfinite(learned).all():
        axes.plot(ENDS, along(learned), color=VERMILLION, linewidth=1.6, label=f"learned: {equation(learned)}")
    else:
        note_missing(axes, "learned line: no finite weight and bias")
    legend(axes, "upper left")
    return figure


def error_split(run: Run) -> Figure:
    """The learned line's error over x: what the noise did, and what unfinished optimisation did."""
    figure, axes = chart(
        f"Where the learned line's error comes from, {noise_level(run)}",
        "x",
        "difference in y",
        margins=Margins(right=2.1),
    )
    truth, learned = along(TRUTH), along(linear.learned(run))
    best = along(linear.least_squares(run.data) if has_points(run.data) else UNKNOWN)
    parts = (
        (learned - truth, "whole error:\nlearned minus truth", BLACK, "-"),
        (best - truth, "estimation error:\nleast squares minus truth", BLUE, "--"),
        (learned - best, "optimisation error:\nlearned minus least squares", VERMILLION, "-."),
    )
    axes.axhline(0, color=GREY, linewidth=0.8)
    for difference, text, colour, line in parts:
        axes.plot(ENDS, difference, color=colour, linestyle=line, linewidth=1.8, label=text.replace("\n", " "))
        if not np.isfinite(difference).all():
            note_missing(axes, f"{text.split(':')[0]}: not a finite number")
    axes.set_xlim(*ENDS)
    label_ends(axes, [(difference[1], text, colour) for difference, text, colour, _ in parts], lines=2)
    return figure


def convergence(clean: Run, noisy: Run) -> Figure:
    """Loss above the floor of least squares, for both noise levels."""
    figure, axes = chart(
        "Convergence with little and with much noise", "epoch", "training loss minus its floor (least squares)"
    )
    for run, stroke in zip((clean, noisy), STROKES, strict=False):
        floor = linear.loss_floor(run.data) if has_points(run.data) else np.nan
        excess = history_of(run, "loss") - floor
        below = int(np.count_nonzero(excess <= 0))
        # Weights that move within the epoch can follow its batches, and so undercut any fixed line.
        label = noise_level(run) + (f" ({below} of {len(excess)} epochs below the floor)" if below else "")
        plot_epochs(axes, excess, stroke, label)
    logarithmic(axes)
    legend(axes)
    return figure
