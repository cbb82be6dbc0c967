"""A sheet that figures are drawn on: it remembers how far they reach, and need not set their texts."""

import pickle
from typing import Any
from unittest.mock import patch

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, Transform, TransformNode


class Sheet(RendererAgg):
    """The renderer of the figures' files, with a memory.

    A blank sheet draws everything but its texts, which it lays out without setting them. That takes half of the time,
    and where a text ends, or that it cannot be written, is known from its layout.
    """

    def __init__(self, width: float, height: float, dpi: float, blank: bool = False) -> None:
        super().__init__(width, height, dpi)
        self.blank = blank
        self.boxes: list[Bbox] = []

    def draw_path(self, gc: Any, path: Path, transform: Transform, rgbFace: Any = None) -> None:  # noqa: N803 (theirs)
        super().draw_path(gc, path, transform, rgbFace)
        if gc.get_clip_rectangle() is None:
            self.boxes.append(path.get_extents(transform))

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        self.boxes.append(self._line(x, y, s, prop, angle, ismath) if mtext is None else mtext.get_window_extent(self))
        if not self.blank:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)

    def _line(self, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any) -> Bbox:
        """Where one of a text's several lines is; y is downwards."""
        width, height, descent = self.get_text_width_height_descent(s, prop, ismath)
        turned = Affine2D().rotate_deg(angle).translate(x, self.height - y)
        corners = turned.transform(Bbox.from_bounds(0, -descent, width, height).corners())
        return Bbox([corners.min(axis=0), corners.max(axis=0)])

    def overflow(self) -> float:
        """By how many inches anything reaches beyond the edge, but for what axes clip."""
        boxes = np.array([box.extents for box in self.boxes])
        beyond = np.concatenate([-boxes[:, :2], boxes[:, 2:] - (self.width, self.height)])
        return float(beyond.max()) / self.dpi


def drawn_blank(figure: Figure, dots_per_inch: float) -> Sheet:
    """The sheet that the figure was drawn on, without its texts."""
    figure.dpi = dots_per_inch
    sheet = Sheet(*(figure.get_size_inches() * dots_per_inch), dots_per_inch, blank=True)
    figure.draw(sheet)
    return sheet


def contents(figure: Figure) -> bytes:
    """All that a figure consists of: the same for two figures that are drawn alike.

    Transforms know those that depend on them by their places in memory, which say nothing.
    """
    with patch.object(TransformNode, "__getstate__", lambda node: {**vars(node), "_parents": {}}):
        return pickle.dumps(figure)
