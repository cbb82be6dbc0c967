"""Training by a recipe, in a few compiled calls: see `lab.epochs`."""

import keras
import numpy as np

from lab.compilation import offer
from lab.epochs import steps_of, tensors, train_epochs
from lab.progress import bar
from lab.recipes import Recipe
from lab.run import Array


def train(model: keras.Model, x: Array, y: Array, recipe: Recipe, seed: int = 42) -> dict[str, list[float]]:
    """Train `model` in place and return its history: a list with one float per epoch for each metric.

    x is (n, features) and y (n, outputs). The last `validation_split` of them is held out, never trained on, and
    gives the `val_` metrics after each epoch. Each epoch visits every other sample once, in a new permutation drawn
    from `seed`; the last, partial batch trains too.
    """
    held_out = len(x) - _trained_on(len(x), recipe)
    order = np.random.default_rng(seed).permutation
    history: dict[str, list[float]] = {}
    with bar("training", recipe.epochs, "epoch") as line:
        for metrics in train_epochs(model, x, y, recipe.epochs, recipe.batch_size, held_out, order):
            for name, value in metrics.items():
                history.setdefault(name, []).append(value)
            line.update(1)
    return history


def prepare(model: keras.Model, x: Array, y: Array, recipe: Recipe) -> bool:
    """Let models like this one be trained in its place, in any thread: see `lab.compilation.offer`."""
    steps = steps_of(_trained_on(len(x), recipe), recipe.epochs, recipe.batch_size)
    return offer(model, tensors(x[:1], y[:1]), recipe.batch_size, steps)


def _trained_on(samples: int, recipe: Recipe) -> int:
    return int(samples * (1 - recipe.validation_split))  # Keras's rounding
