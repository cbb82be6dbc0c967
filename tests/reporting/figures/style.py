"""How every figure looks: legible at 12 cm wide on paper, in grey and to the colour-blind.

Colour never tells two things apart alone: a line style, a marker or a label beside the curve does so too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator, StrMethodFormatter

# From the palette of Okabe and Ito (2008), which the colour-blind can tell apart.
BLACK, SKY, GREEN, BLUE, VERMILLION = "#000000", "#56B4E9", "#009E73", "#0072B2", "#D55E00"
GREY = "#767676"

WIDTH, HEIGHT = 6.0, 3.8  # inches
DOTS_PER_INCH = 150
QUICK = {"compress_level": 4}  # a fifth quicker than the default, and 2 % larger
TITLE_SIZE, TEXT_SIZE = 10, 9  # points
LINE_HEIGHT = 0.06  # of the axes' height: one line of text
Place = Literal["best", "upper left", "upper right", "lower right"]
MISSING = "missing"  # marks the texts that say what could not be drawn


@dataclass(frozen=True)
class Stroke:
    """How one series is told from its neighbours, in colour and without it."""

    colour: str
    line: str
    marker: str


STROKES = (
    Stroke(BLUE, "-", "o"),
    Stroke(VERMILLION, "--", "s"),
    Stroke(GREEN, "-.", "^"),
    Stroke(BLACK, ":", "D"),
)


@dataclass(frozen=True)
class Margins:
    """White space around the axes, in inches: room for what is written there.

    Fixed margins draw in half the time of a layout that matplotlib works out, and align from figure to figure.
    """

    left: float = 0.8
    right: float = 0.15
    top: float = 0.4
    bottom: float = 0.55


def canvas(title: str, height: float, margins: Margins) -> Figure:
    """An empty figure with its title centred over all of it."""
    figure = Figure(figsize=(WIDTH, height))
    figure.suptitle(title, fontsize=TITLE_SIZE, y=1 - 0.1 / height)
    figure.subplots_adjust(
        left=margins.left / WIDTH,
        right=1 - margins.right / WIDTH,
        top=1 - margins.top / height,
        bottom=margins.bottom / height,
    )
    return figure


def chart(
    title: str, x_label: str, y_label: str, height: float = HEIGHT, margins: Margins = Margins()
) -> tuple[Figure, Axes]:
    """An empty figure with one pair of axes."""
    figure = canvas(title, height, margins)
    axes = figure.add_subplot()
    dress(axes, x_label, y_label)
    return figure, axes


def dress(axes: Axes, x_label: str, y_label: str) -> None:
    """Label the axes, and leave out what carries no information."""
    axes.set_xlabel(x_label, fontsize=TEXT_SIZE)
    axes.set_ylabel(y_label, fontsize=TEXT_SIZE)
    axes.tick_params(labelsize=TEXT_SIZE)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#E4E4E4", linewidth=0.6)
    axes.set_axisbelow(True)


def legend(axes: Axes, location: Place = "best", columns: int = 1) -> None:
    """A legend, if anything that was drawn has a label."""
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc=location, ncols=columns, fontsize=TEXT_SIZE, framealpha=0.9)


def note_missing(axes: Axes, message: str) -> None:
    """Say in the axes what could not be drawn, one line below what was said before."""
    said = sum(text.get_gid() == MISSING for text in axes.texts)
    axes.text(
        0.5,
        0.6 - 0.12 * said,
        message,
        transform=axes.transAxes,
        ha="center",
        fontsize=TEXT_SIZE,
        gid=MISSING,
        zorder=5,
        bbox={"facecolor": "white", "edgecolor": GREY},
    )


def logarithmic(axes: Axes) -> None:
    """Make y logarithmic, with plain numbers on it. Call it last: it looks at what has been drawn."""
    low, high = axes.dataLim.minposy, axes.dataLim.y1
    if not 0 < low <= high < np.inf:
        return  # nothing that a logarithm can show
    axes.set_yscale("log")
    subs = (1,) if high > 1000 * low else (1, 2, 5) if high > 10 * low else (1, 2, 3, 4, 5, 6, 8)
    axes.yaxis.set_major_locator(LogLocator(subs=subs))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.yaxis.set_minor_locator(NullLocator())


def batch_size_axis(axes: Axes, sizes: Iterable[int]) -> None:
    """Batch sizes on a scale of doublings, marked where something was measured."""
    ticks = sorted(set(sizes))
    axes.set_xscale("log", base=2)
    axes.set_xticks(ticks, [str(size) for size in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    if ticks:
        axes.set_xlim(ticks[0] / 1.4, ticks[-1] * 1.6)


def label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]], lines: int = 1) -> None:
    """Name curves at the right edge, in place of a legend: (last value, text of so many lines, colour) of each."""
    known = sorted(end for end in ends if np.isfinite(end[0]))
    to_fraction = axes.transScale + axes.transLimits
    heights = [float(to_fraction.transform((axes.get_xlim()[1], value))[1]) for value, _, _ in known]
    for (_, text, colour), height, free in zip(known, heights, spread(heights, lines * LINE_HEIGHT), strict=True):
        axes.annotate(
            text,
            xy=(1, height),
            xytext=(1.05, free),
            xycoords="axes fraction",
            va="center",
            fontsize=TEXT_SIZE,
            color=colour,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.8},
        )


def spread(heights: Sequence[float], spacing: float) -> list[float]:
    """Rising heights (0 to 1) moved apart to at least `spacing`, and no further than needed."""
    moved: list[float] = []
    for height in heights:
        moved.append(max(height, moved[-1] + spacing) if moved else height)
    excess = max(0.0, moved[-1] - 1) if moved else 0.0
    ceiling = moved[-1] - excess if moved else 1.0
    for index in range(len(moved) - 1, -1, -1):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - spacing
    return moved


def png(figure: Figure) -> bytes:
    """The figure as a PNG file; the same figure gives the same bytes, for nothing dates or signs them."""
    file = BytesIO()
    figure.savefig(file, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None}, pil_kwargs=QUICK)
    return file.getvalue()
