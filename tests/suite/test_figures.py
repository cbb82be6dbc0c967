"""Every figure is legible, small and repeatable, and explains what it lacks."""

import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from tests.reporting import figures
from tests.reporting.figures.iris import REGIONS
from tests.reporting.figures.style import MISSING, STROKES, spread
from tests.suite.sample_figures import BARE, DRAWN, IRIS, LINEAR, MNIST, lacking

every_figure = pytest.mark.parametrize("name", DRAWN)
HISTORIES = ("loss_curve", "accuracy_curve", "convergence", "training_losses", "resumed_epochs")
DEGRADED = {
    "nothing": BARE,
    "not_a_number": replace(BARE, history=dict.fromkeys(MNIST.history, (float("nan"),) * 3)),
    "diverged": replace(
        LINEAR, history={"loss": (1.0, 1e30, float("inf"))}, weights=(np.array([[np.nan]]), np.ones(1))
    ),
    "one_epoch": replace(LINEAR, history=dict.fromkeys(MNIST.history, (0.5,))),
    "wrong_grid": replace(IRIS, grid_predictions=np.zeros((4, 3)), history={}),
}
READ_BY = {  # the figures that show what is degraded; any other is the same as of a run without anything
    "nothing": tuple(DRAWN),
    "not_a_number": HISTORIES,
    "diverged": (*HISTORIES, "fitted_line", "error_split"),
    "one_epoch": HISTORIES,
    "wrong_grid": ("decision_boundary",),
}


@cache
def drawn(name: str, data: str = "complete") -> tuple[Figure, bytes]:
    """A figure and its file, drawn once for all tests."""
    figure = DRAWN[name]() if data == "complete" else lacking(name, DEGRADED[data])
    return figure, figures.png(figure)


def overflow(figure: Figure) -> float:
    """By how many inches anything reaches beyond the edge of a figure that was drawn."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    box = figure.get_tightbbox(renderer)
    width, height = figure.get_size_inches()
    return max(-box.x0, -box.y0, box.x1 - width, box.y1 - height)


@every_figure
def test_is_a_small_png(name: str) -> None:
    """Each figure is a PNG file below 150 KB: a report with all of them stays far below 10 MB."""
    written = drawn(name)[1]
    assert written.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(written) < 150_000


@every_figure
def test_says_what_it_shows(name: str) -> None:
    """Each figure has a title, and a label on each axis."""
    figure = drawn(name)[0]
    assert figure.get_suptitle()
    assert all(axes.get_xlabel() and axes.get_ylabel() for axes in figure.axes)


@every_figure
def test_nothing_is_clipped(name: str) -> None:
    """Each figure's texts end inside its edges."""
    assert overflow(drawn(name)[0]) <= 0


@every_figure
def test_is_the_same_each_time(name: str) -> None:
    """The same run gives the same bytes, so that a report changes only where an answer does."""
    assert figures.png(DRAWN[name]()) == drawn(name)[1]


@every_figure
def test_complete_data_leaves_nothing_to_explain(name: str) -> None:
    """A figure of complete data has no note about missing data."""
    assert not any(text.get_gid() == MISSING for axes in drawn(name)[0].axes for text in axes.texts)


@pytest.mark.parametrize(("data", "name"), [(data, name) for data, names in READ_BY.items() for name in names])
def test_is_drawn_whatever_is_missing(data: str, name: str) -> None:
    """Each figure is drawn, unclipped, from a run that lacks what it needs."""
    assert overflow(drawn(name, data)[0]) <= 0


@every_figure
def test_says_what_is_missing(name: str) -> None:
    """Each figure of a run without any data says so in its axes."""
    assert any(text.get_gid() == MISSING for axes in drawn(name, "nothing")[0].axes for text in axes.texts)


def test_needs_no_pyplot() -> None:
    """Importing the figures imports neither pyplot, which keeps global state, nor TensorFlow."""
    program = (
        "import sys, tests.reporting.figures; print({'matplotlib.pyplot', 'tensorflow', 'keras'} & {*sys.modules})"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "set()\n"
    )


def test_regions_differ_in_grey() -> None:
    """The three regions of a decision boundary differ in luminance by a tenth of the scale or more."""
    luminances = sorted(float(np.dot(to_rgb(region), (0.2126, 0.7152, 0.0722))) for region in REGIONS)
    assert min(np.diff(luminances)) > 0.1


@pytest.mark.parametrize("attribute", ["colour", "line", "marker"])
def test_strokes_differ_without_colour_too(attribute: str) -> None:
    """No two strokes share a colour, a line style or a marker."""
    assert len({getattr(stroke, attribute) for stroke in STROKES}) == len(STROKES)


@pytest.mark.parametrize(
    "heights", [[0.5, 0.5, 0.51], [0.97, 0.98, 0.99], [0.1, 0.5, 0.9]], ids=["tie", "top", "apart"]
)
def test_labels_at_curve_ends_stay_apart(heights: list[float]) -> None:
    """Labels of curves that end at the same height are a line apart, and none is above the axes."""
    moved = spread(heights, 0.1)
    assert min(np.diff(moved)) >= 0.1 - 1e-12
    assert moved[-1] <= 1
