"""How the cost of training grows: seconds against images, epochs, seeds and batch size, with a line through them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from lab.run import Array
from tests.benchmarks.comparison import Measure
from tests.reporting.figures import png


@dataclass(frozen=True)
class Growth:
    """Seconds against a number of things, and the line through them; `r_squared` 1 is a perfect one."""

    of: str
    numbers: tuple[float, ...]
    seconds: tuple[float, ...]
    fixed: float  # s
    each: float  # s

    @property
    def r_squared(self) -> float:
        """The share of the seconds' variance that the line explains."""
        line = self.fixed + self.each * np.array(self.numbers)
        return float(1 - np.var(np.array(self.seconds) - line) / np.var(self.seconds))


def growth(of: str, measures: dict[float, Measure], rounds: int) -> Growth:
    """The median of `rounds` measurements at each number, taken by turns, and the least-squares line."""
    rows = [[measure() for measure in measures.values()] for _ in range(rounds)]
    numbers, medians = np.array(list(measures)), np.median(rows, axis=0)
    each, fixed = np.polyfit(numbers, medians, 1)
    return Growth(of, tuple(map(float, numbers)), tuple(map(float, medians)), float(fixed), float(each))


def growths(x: Array, y: Array, rounds: int) -> list[Growth]:
    """Of `lab.train` on (x, y), compiled beforehand: with images, epochs, seeds and steps (one over the batch size)."""
    import lab
    from lab.recipes import Recipe
    from tests.benchmarks.training import seconds

    model = lab.mnist_classifier()

    def training(images: int, epochs: int, batch_size: int) -> Measure:
        measure = seconds(lambda: lab.train(model, x[:images], y[:images], Recipe(epochs, batch_size)))
        measure()
        return measure

    def seeds(number: int) -> Measure:
        def training_of_each() -> None:
            for seed in range(number):
                lab.train(lab.mnist_classifier(), x, y, Recipe(2, 32), seed)

        return seconds(training_of_each)

    # At least 2,000 steps each, so that XLA compiles all of them: a shorter training takes another way.
    images = [len(x) * part // 4 for part in (1, 2, 3, 4)]
    return [
        growth("images", {number: training(number, 5, 32) for number in images}, rounds),
        growth("epochs", {number: training(len(x), number, 32) for number in (2, 4, 6, 8)}, rounds),
        growth("seeds", {number: seeds(number) for number in (1, 2, 3, 4)}, rounds),
        growth("steps an epoch", {len(x) // size: training(len(x), 5, size) for size in (16, 32, 64, 128)}, rounds),
    ]


def plot(found: Sequence[Growth]) -> bytes:
    """Each with its line, side by side, as PNG."""
    figure = Figure(figsize=(4 * len(found), 3.2), layout="constrained")
    for axes, one in zip(figure.subplots(1, len(found), squeeze=False)[0], found, strict=True):
        axes.plot(one.numbers, one.seconds, "o")
        ends = np.array([0, max(one.numbers)])
        axes.plot(ends, one.fixed + one.each * ends, label=f"R² = {one.r_squared:.4f}")
        axes.set(xlabel=one.of, ylabel="seconds", xlim=(0, None), ylim=(0, None))
        axes.legend()
    return png(figure)
