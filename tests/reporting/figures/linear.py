"""Exercise 1: a line fitted to noisy points."""

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from lab.run import Run
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
TRUTH: Line = (3.0, 5.0)
UNKNOWN: Line = (np.nan, np.nan)
ENDS = np.array([0.0, 10.0])  # x is uniform between them


def points(run: Run) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The x and y that the run trained on, each (n,), without what is not finite."""
    columns = zip(np.ravel(run.data.x_train), np.ravel(run.data.y_train), strict=False)
    pairs = np.array([*columns], dtype=float).reshape(-1, 2)
    x, y = pairs[np.isfinite(pairs).all(axis=1)].T
    return x, y


def least_squares(run: Run) -> tuple[Line, float]:
    """The line of least squares and its mean squared residual: the floor of the training loss."""
    x, y = points(run)
    if len(x) < 2:
        return UNKNOWN, np.nan
    design = np.column_stack([x, np.ones_like(x)])  # (points, 2)
    line = np.linalg.lstsq(design, y, rcond=None)[0]
    return (float(line[0]), float(line[1])), float(np.mean((design @ line - y) ** 2))


def learned_line(run: Run) -> Line:
    """The run's weight and bias; not-a-number where the model has no such two or they diverged."""
    values = np.concatenate([np.ravel(weights) for weights in run.weights]) if run.weights else np.array([])
    if values.shape != (2,) or not np.isfinite(values).all():
        return UNKNOWN
    return float(values[0]), float(values[1])


def along(line: Line) -> NDArray[np.float64]:
    """The line's y at both ends of x."""
    return line[0] * ENDS + line[1]


def equation(line: Line) -> str:
    """The line in figures, such as `y = 2.954x + 5.215`."""
    weight, bias = line
    return f"y = {weight:.4g}x {'-' if bias < 0 else '+'} {abs(bias):.4g}"


def data_scatter(run: Run) -> Figure:
    """The points of exercise 1 and the line that they scatter about."""
    x, y = points(run)
    figure, axes = chart(f"{len(x)} points around y = 3x + 5, {noise_level(run)}", "x", "y")
    axes.scatter(x, y, s=16, color=BLUE, label="training data")
    if not len(x):
        note_missing(axes, "training data: none")
    axes.plot(ENDS, along(TRUTH), color=BLACK, linestyle="--", label="y = 3x + 5, without noise")
    legend(axes, "upper left")
    return figure


def loss_curve(run: Run) -> Figure:
    """Training loss of each epoch, and the least that a line can reach."""
    figure, axes = chart(f"Loss while the line is learned, {noise_level(run)}", "epoch", "mean squared error")
    plot_epochs(axes, history_of(run, "loss"), STROKES[0], "training loss")
    _, floor = least_squares(run)
    if np.isfinite(floor):
        axes.axhline(floor, color=BLACK, linestyle="--", linewidth=1.2, label=f"least squares: {floor:.4g}")
    else:
        note_missing(axes, "least squares: no training data")
    logarithmic(axes)
    legend(axes)
    return figure


def fitted_line(run: Run) -> Figure:
    """The learned line among the points, the truth, and the line of least squares."""
    figure, axes = chart(f"The learned line, {noise_level(run)}", "x", "y")
    axes.scatter(*points(run), s=14, color=GREY, label="training data")
    best, _ = least_squares(run)
    learned = learned_line(run)
    axes.plot(ENDS, along(TRUTH), color=BLACK, linestyle=":", linewidth=1.8, label="truth: y = 3x + 5")
    axes.plot(ENDS, along(best), color=GREEN, linestyle="--", linewidth=1.6, label=f"least squares: {equation(best)}")
    if np.isnan(learned[0]):
        note_missing(axes, "learned line: no finite weight and bias")
    else:
        axes.plot(ENDS, along(learned), color=VERMILLION, linewidth=1.6, label=f"learned: {equation(learned)}")
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
    truth, best, learned = along(TRUTH), along(least_squares(run)[0]), along(learned_line(run))
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
        excess = history_of(run, "loss") - least_squares(run)[1]
        below = int(np.count_nonzero(excess <= 0))
        # Weights that move within the epoch can follow its batches, and so undercut any fixed line.
        label = noise_level(run) + (f" ({below} of {len(excess)} epochs below the floor)" if below else "")
        plot_epochs(axes, excess, stroke, label)
    logarithmic(axes)
    legend(axes)
    return figure
