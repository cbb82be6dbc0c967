"""Exercise 4: what saving a model costs, and what is lost without the optimizer's state."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator, StrMethodFormatter

from lab.run import FirstSteps, Run, SavedModel
from tests.reporting.figures.epochs import count_along, history_of, plot_epochs
from tests.reporting.figures.style import (
    BLACK,
    HEIGHT,
    SKY,
    STROKES,
    TEXT_SIZE,
    Margins,
    Stroke,
    canvas,
    chart,
    dress,
    legend,
    note_missing,
)

STATES = ("with optimizer state", "without optimizer state")


def duration(seconds: float) -> str:
    """Seconds for a reader: milliseconds below one second."""
    return f"{seconds:.3g} s" if seconds >= 1 else f"{1e3 * seconds:.3g} ms"


def plot_bar(axes: Axes, row: float, seconds: float, name: str, colour: str, hatch: str) -> None:
    """A bar with its duration written at its end."""
    if not 0 < seconds < np.inf:
        note_missing(axes, f"{name}: not measured")
        return
    axes.barh(row, seconds, height=0.36, color=colour, edgecolor=BLACK, linewidth=0.8, hatch=hatch)
    axes.annotate(
        f"{name} {duration(seconds)}",
        (seconds, row),
        (4, 0),
        textcoords="offset points",
        va="center",
        fontsize=TEXT_SIZE,
    )


def saving_costs(saved: Sequence[SavedModel], training_seconds: float) -> Figure:
    """Time to train a model against the time to save and to load it."""
    figure, axes = chart(
        "Training a model once against saving and loading it",
        "time (s)",
        "file and size",
        height=1.6 + 0.55 * len(saved),
        margins=Margins(left=2.0),
    )
    plot_bar(axes, 0, training_seconds, "train", "white", "")
    names = ["training"]
    for row, model in enumerate(saved, start=1):
        plot_bar(axes, row - 0.19, model.save_seconds, "save", SKY, "")
        plot_bar(axes, row + 0.19, model.load_seconds, "load", "white", "////")
        names.append(f".{model.file_format}, {model.file_bytes / 1e6:.2f} MB\n{STATES[not model.include_optimizer]}")
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(False, axis="y")
    times = [training_seconds, *(seconds for model in saved for seconds in (model.save_seconds, model.load_seconds))]
    positive = [seconds for seconds in times if 0 < seconds < np.inf]
    if positive:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlim(min(positive) / 5, max(positive) * 10)
    return figure


def predictions_kept(saved: Sequence[SavedModel]) -> Figure:
    """Every probability of the sample before saving against the same one after loading."""
    figure, axes = chart(
        "Predictions before saving and after loading", "probability before saving", "probability after loading"
    )
    for model, stroke in zip(saved, STROKES, strict=False):
        before, after = np.ravel(model.predictions_before), np.ravel(model.predictions_after)
        if before.shape != after.shape or not before.size:
            note_missing(axes, f".{model.file_format}: no predictions to compare")
            continue
        label = f".{model.file_format}: largest difference {np.max(np.abs(before - after)):g} in {before.size:,} values"
        hollow = {"marker": stroke.marker, "markersize": 7, "markerfacecolor": "none", "linestyle": "none"}
        axes.plot(before, after, color=stroke.colour, label=label, **hollow)
    axes.axline((0, 0), slope=1, color=BLACK, linewidth=0.8, linestyle=":")
    legend(axes, "upper left")
    return figure


def plot_steps(axes: Axes, values: Sequence[float], stroke: Stroke, label: str) -> None:
    """One value a step, the first step being 1."""
    known = np.where(np.isfinite(values), values, np.nan) if len(values) else np.array([])
    if not np.isfinite(known).any():
        note_missing(axes, f"{label}: none")
        return
    axes.plot(
        np.arange(1, len(known) + 1),
        known,
        color=stroke.colour,
        linestyle=stroke.line,
        marker=stroke.marker,
        markersize=4.5,
        linewidth=1.4,
        label=label,
    )
    count_along(axes)


def first_steps(with_state: FirstSteps, without_state: FirstSteps) -> Figure:
    """Loss before each of the first steps of resumed training, and how far each step moves the weights."""
    title = "First steps of resumed training, with and without the optimizer's state"
    figure = canvas(title, HEIGHT, Margins(bottom=0.9))
    figure.subplots_adjust(wspace=0.35)
    loss_axes, movement_axes = figure.subplots(1, 2)
    dress(loss_axes, "step after loading", "loss before the step (cross-entropy)")
    dress(movement_axes, "step after loading", "distance moved (norm of weights)")
    for steps, stroke, label in zip((with_state, without_state), STROKES, STATES, strict=False):
        plot_steps(loss_axes, steps.losses, stroke, label)
        plot_steps(movement_axes, steps.movements, stroke, label)
    for axes in (loss_axes, movement_axes):
        axes.set_ylim(bottom=0)
    shared_legend(figure, loss_axes)
    return figure


def shared_legend(figure: Figure, axes: Axes) -> None:
    """A legend below the axes: one for all panels, and never in the way of a curve."""
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="lower center", ncols=2, fontsize=TEXT_SIZE, frameon=False)


def resumed_epochs(with_state: Run, without_state: Run) -> Figure:
    """Training and validation loss over the epochs of resumed training."""
    figure, axes = chart(
        "Resumed training, with and without the optimizer's state",
        "resumed epoch",
        "loss (cross-entropy)",
        height=4.2,
        margins=Margins(bottom=1.05),
    )
    for run, state, colour, marker in zip(
        (with_state, without_state), STATES, (STROKES[0].colour, STROKES[1].colour), ("o", "s"), strict=True
    ):
        plot_epochs(axes, history_of(run, "loss"), Stroke(colour, "-", marker), f"training, {state}")
        plot_epochs(axes, history_of(run, "val_loss"), Stroke(colour, "--", marker), f"validation, {state}")
    shared_legend(figure, axes)
    return figure
