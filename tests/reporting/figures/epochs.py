"""Curves of what was recorded in each epoch."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from lab.run import Run
from tests.reporting.figures.style import Stroke, note_missing


def history_of(run: Run, metric: str) -> NDArray[np.float64]:
    """The metric's value in each epoch, NaN where it is not finite; empty if it was not recorded."""
    values = np.asarray(run.history.get(metric, ()), dtype=float).ravel()
    return np.where(np.isfinite(values), values, np.nan)


def plot_epochs(axes: Axes, values: NDArray[np.float64], stroke: Stroke, label: str, percent: bool = False) -> None:
    """One value an epoch, the first epoch being 1; what is not there is said in the axes."""
    absent = int(np.count_nonzero(np.isnan(values)))
    if absent == len(values):
        note_missing(axes, f"{label}: not recorded" if absent == 0 else f"{label}: not finite in any epoch")
        return
    if absent:
        note_missing(axes, f"{label}: not finite in {absent} of {len(values)} epochs")
    axes.plot(
        np.arange(1, len(values) + 1),
        values * 100 if percent else values,
        color=stroke.colour,
        linestyle=stroke.line,
        marker=stroke.marker,
        markersize=4.5,
        markevery=max(1, len(values) // 12),
        linewidth=1.5,
        label=label,
    )
    count_along(axes)


def count_along(axes: Axes) -> None:
    """Whole numbers alone on the x axis, even if there is but one."""
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10], min_n_ticks=1))
