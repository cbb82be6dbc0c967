"""Exercise 2: where a classifier of Iris draws its boundaries, and how quickly it learns."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from lab.run import Array, Run
from tests.checks.boundary import STEP, decision_axes
from tests.checks.iris import unscaled
from tests.reporting.figures.epochs import history_of, plot_epochs
from tests.reporting.figures.style import (
    STROKES,
    TEXT_SIZE,
    Margins,
    chart,
    label_ends,
    logarithmic,
    note_missing,
)
from tests.reporting.figures.wording import hidden_layer

CLASSES = ("setosa", "versicolor", "virginica")
MARKERS = ("o", "^", "s")
REGIONS = ("#FBF3B9", "#A9D5F0", "#E0936A")  # luminance falls: three greys when printed without colour
FLOWERS = ("#6B5900", "#003F66", "#5E2200")


def plot_regions(axes: Axes, predictions: Array) -> None:
    """Fill the grid by predicted class, and draw the lines between classes."""
    lengths, widths = decision_axes()
    classes = predictions.argmax(axis=1).reshape(len(widths), len(lengths))
    half = STEP / 2  # the grid's points are the middles of its cells
    extent = (lengths[0] - half, lengths[-1] + half, widths[0] - half, widths[-1] + half)
    axes.imshow(
        classes,
        extent=extent,
        origin="lower",
        aspect="auto",
        cmap=ListedColormap(list(REGIONS)),
        vmin=0,
        vmax=2,
        interpolation="nearest",
    )
    for number in range(len(CLASSES)):
        inside = classes == number
        if inside.any() and not inside.all():
            axes.contour(lengths, widths, inside, levels=[0.5], colors="black", linewidths=0.8)


def plot_flowers(axes: Axes, features: Array, targets: Array, trained: bool) -> None:
    """Flowers as markers shaped by true class: filled if the model trained on them, open if not."""
    for number, (marker, colour) in enumerate(zip(MARKERS, FLOWERS, strict=True)):
        x, y = features[targets.argmax(axis=1) == number].T
        face = colour if trained else "white"
        axes.scatter(x, y, s=26, marker=marker, facecolor=face, edgecolor=colour, linewidth=1.2, zorder=3)


def boundary_legend(figure: Figure) -> None:
    """Regions with the marker of the flowers that belong there, and what filled and open markers mean."""
    handles: list[Any] = [  # matplotlib draws a pair on top of each other, which its types leave out
        (Patch(facecolor=region, edgecolor="black"), Line2D([], [], linestyle="none", marker=marker, color=flower))
        for region, marker, flower in zip(REGIONS, MARKERS, FLOWERS, strict=True)
    ]
    handles += [
        Line2D([], [], linestyle="none", marker="o", color="black"),
        Line2D([], [], linestyle="none", marker="o", color="black", markerfacecolor="white"),
    ]
    labels = [*CLASSES, "trained on", "test flower"]
    figure.legend(handles, labels, loc="lower center", ncols=5, fontsize=TEXT_SIZE, frameon=False)


def decision_boundary(run: Run) -> Figure:
    """Which class the model sees at each sepal length and width, and the flowers themselves."""
    figure, axes = chart(
        f"Decision boundary: {hidden_layer(run)}",
        "sepal length (cm)",
        "sepal width (cm)",
        height=4.4,
        margins=Margins(bottom=0.85),
    )
    axes.grid(False)
    lengths, widths = decision_axes()
    if run.grid_predictions is None or len(run.grid_predictions) != len(lengths) * len(widths):
        note_missing(axes, "decision regions: no predictions on the grid")
    else:
        plot_regions(axes, run.grid_predictions)
    if min(run.data.x_train.size, run.data.x_test.size):
        trained, tested = np.split(unscaled(run.data), [len(run.data.x_train)])
        plot_flowers(axes, trained, run.data.y_train, trained=True)
        plot_flowers(axes, tested, run.data.y_test, trained=False)
    else:
        note_missing(axes, "flowers: not recorded")
    boundary_legend(figure)
    return figure


def training_losses(runs: Sequence[Run]) -> Figure:
    """Training loss of each Iris model."""
    figure, axes = chart(
        "How quickly each hidden layer learns Iris",
        "epoch",
        "training loss (cross-entropy)",
        margins=Margins(right=1.4),
    )
    if not runs:
        note_missing(axes, "training loss: not recorded")
    ends = []
    for index, run in enumerate(runs):
        stroke = STROKES[index % len(STROKES)]
        values = history_of(run, "loss")
        plot_epochs(axes, values, stroke, hidden_layer(run))
        finite: NDArray[np.float64] = values[np.isfinite(values)]
        if len(finite):
            ends.append((float(finite[-1]), hidden_layer(run).replace(", ", ",\n"), stroke.colour))
    logarithmic(axes)
    axes.set_xmargin(0)  # curves reach their labels
    label_ends(axes, ends, lines=2)
    return figure
