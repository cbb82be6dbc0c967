"""Every figure is legible, small and repeatable, and explains what it lacks."""

import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from matplotlib.backends import backend_agg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from tests.reporting import figures
from tests.reporting.figures.iris import REGIONS
from tests.reporting.figures.style import DOTS_PER_INCH, HEIGHT, MISSING, STROKES, WIDTH, spread
from tests.suite.sample_figures import BARE, DRAWN, IRIS, LINEAR, MNIST, lacking
from tests.suite.sheet import Sheet, contents, drawn_blank

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


@dataclass(frozen=True)
class Drawing:
    """What the tests ask of a figure, which itself need not be kept."""

    title: str
    labels: list[str]
    notes: list[str]  # on what is missing
    overflow: float  # inches beyond the edge; none is 0
    same_twice: bool = True
    file: bytes = b""


def looked_at(figure: Figure, overflow: float, **more: Any) -> Drawing:
    labels = [label for axes in figure.axes for label in (axes.get_xlabel(), axes.get_ylabel())]
    notes = [text.get_text() for axes in figure.axes for text in axes.texts if text.get_gid() == MISSING]
    return Drawing(figure.get_suptitle(), labels, notes, overflow, **more)


@cache
def drawn(name: str) -> Drawing:
    """A figure of complete data and its file, drawn once for all tests."""
    figure, sheets = DRAWN[name](), []

    def sheet(*size: float) -> Sheet:
        sheets.append(Sheet(*size))
        return sheets[-1]

    same_twice = contents(figure) == contents(DRAWN[name]())  # before drawing, which leaves marks on shared parts
    with patch.object(backend_agg, "RendererAgg", sheet):
        file = figures.png(figure)
    return looked_at(figure, sheets[-1].overflow(), same_twice=same_twice, file=file)


@cache
def degraded(data: str, name: str) -> Drawing:
    """A figure of a run that lacks something, drawn once for all tests."""
    figure = lacking(name, DEGRADED[data])
    return looked_at(figure, drawn_blank(figure, DOTS_PER_INCH).overflow())


@every_figure
def test_is_a_small_png(name: str) -> None:
    """Each figure is a PNG file below 150 KB: a report with all of them stays far below 10 MB."""
    written = drawn(name).file
    assert written.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(written) < 150_000


@every_figure
def test_says_what_it_shows(name: str) -> None:
    """Each figure has a title, and a label on each axis."""
    assert drawn(name).title
    assert drawn(name).labels
    assert all(drawn(name).labels)


@every_figure
def test_nothing_is_clipped(name: str) -> None:
    """Each figure's texts end inside its edges."""
    assert drawn(name).overflow <= 0


@every_figure
def test_is_the_same_each_time(name: str) -> None:
    """The same run gives the same figure, so that a report changes only where an answer does."""
    assert drawn(name).same_twice


def test_same_figure_is_the_same_file() -> None:
    """Nothing but the figure goes into its file, no date for instance: drawn anew, it has the same bytes."""
    assert figures.png(DRAWN["convergence"]()) == drawn("convergence").file


def test_other_data_is_another_figure() -> None:
    """A number that changes in its last digit changes the contents that figures are compared by."""
    moved = replace(LINEAR, weights=(LINEAR.weights[0] * (1 + 1e-15), LINEAR.weights[1]))
    assert contents(figures.fitted_line(moved)) != contents(figures.fitted_line(LINEAR))


@pytest.mark.parametrize(
    "text", ["too long a label " * 9, "too long a label " * 9 + "\nof two lines"], ids=["lines=1", "lines=2"]
)
@pytest.mark.parametrize("angle", [0, 90], ids=["level", "upright"])
@pytest.mark.parametrize("beyond", [-1e-3, 2.0], ids=["left and below", "right and above"])
def test_text_beyond_the_edge_is_told(text: str, angle: int, beyond: float) -> None:
    """A text that ends outside reaches beyond, as matplotlib's own box of all that a figure holds does."""
    figure = Figure(figsize=(WIDTH, HEIGHT))
    figure.text(beyond, beyond, text, rotation=angle)
    sheet = drawn_blank(figure, DOTS_PER_INCH)
    box, size = figure.get_tightbbox(sheet), figure.get_size_inches()
    assert sheet.overflow() > 0
    assert sheet.overflow() == pytest.approx(max(*-box.min, *(box.max - size)), abs=0.01)


@every_figure
def test_complete_data_leaves_nothing_to_explain(name: str) -> None:
    """A figure of complete data has no note about missing data."""
    assert drawn(name).notes == []


@pytest.mark.parametrize(("data", "name"), [(data, name) for data, names in READ_BY.items() for name in names])
def test_is_drawn_whatever_is_missing(data: str, name: str) -> None:
    """Each figure is drawn, unclipped, from a run that lacks what it needs."""
    assert degraded(data, name).overflow <= 0


@every_figure
def test_says_what_is_missing(name: str) -> None:
    """Each figure of a run without any data says so in its axes."""
    assert degraded("nothing", name).notes


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
