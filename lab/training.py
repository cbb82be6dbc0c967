"""Training with the model's own `train_step`, looped inside one compiled call per epoch.

Keras's `fit` spends most of a small model's time between the steps. Here the epoch is one call: the same step on the
same batches, and without XLA the same weights to the bit as `fit(shuffle=False)`.
"""

import math

import keras
import numpy as np
import tensorflow as tf

from lab.alignment import aligned_copy, is_aligned
from lab.compilation import Tensors, create_variables, offer, sharing_compiled_steps, take_steps
from lab.progress import bar
from lab.recipes import Recipe
from lab.run import Array

VALIDATION_BATCH = 10_000  # samples a step: without gradients, larger steps give the same metrics sooner


def train(model: keras.Model, x: Array, y: Array, recipe: Recipe, seed: int = 42) -> dict[str, list[float]]:
    """Train `model` in place and return its history: a list with one float per epoch for each metric.

    x is (n, features) and y (n, outputs). The last `validation_split` of them is held out, never trained on, and
    gives the `val_` metrics after each epoch. Each epoch visits every other sample once, in a new permutation drawn
    from `seed`; the last, partial batch trains too.
    """
    trained_on = _trained_on(len(x), recipe)
    held_out = np.arange(trained_on, len(x))
    data = _tensors(x, y)
    create_variables(model, data)
    orders = np.random.default_rng(seed)
    history: dict[str, list[float]] = {}
    sharing = sharing_compiled_steps(model, recipe.batch_size, _steps(len(x), recipe))
    with sharing as worker, bar("training", recipe.epochs, "epoch") as line:
        for _ in range(recipe.epochs):
            order = orders.permutation(trained_on)
            metrics = _pass(worker, "train_step", data, order, recipe.batch_size, recipe.epochs)
            if held_out.size:
                validated = _pass(worker, "test_step", data, held_out, VALIDATION_BATCH, recipe.epochs)
                metrics |= {f"val_{name}": value for name, value in validated.items()}
            for name, value in metrics.items():
                history.setdefault(name, []).append(value)
            line.update(1)
    model.optimizer.finalize_variable_values(model.trainable_variables)  # for optimizers that average weights
    return history


def prepare(model: keras.Model, x: Array, y: Array, recipe: Recipe) -> bool:
    """Let models like this one be trained in its place, in any thread: see `lab.compilation.offer`."""
    return offer(model, _tensors(x[:1], y[:1]), recipe.batch_size, _steps(len(x), recipe))


def _trained_on(samples: int, recipe: Recipe) -> int:
    return int(samples * (1 - recipe.validation_split))  # Keras's rounding


def _steps(samples: int, recipe: Recipe) -> int:
    """How many steps the whole training takes."""
    return recipe.epochs * math.ceil(_trained_on(samples, recipe) / recipe.batch_size)


def _tensors(*arrays: Array) -> Tensors:
    """The arrays in Keras's float type, as Keras itself would feed them.

    They are lent, not given: TensorFlow's own conversion takes twice their memory for a while, and as long as an epoch.
    """
    floatx = keras.backend.floatx()
    lent = (
        array if array.dtype == floatx and is_aligned(array) else aligned_copy(array, floatx)
        for array in map(np.asarray, arrays)
    )
    return tuple(tf.experimental.dlpack.from_dlpack(array.__dlpack__()) for array in lent)


def _pass(model: keras.Model, step: str, data: Tensors, order: Array, batch_size: int, passes: int) -> dict[str, float]:
    """One of `passes` equal passes: the model's `step` on every batch of data[order]; its metrics. `order` is (n,)."""
    for metric in model.metrics:
        metric.reset_state()
    whole = len(order) - len(order) % batch_size
    for batches in (order[:whole].reshape(-1, batch_size), order[None, whole:]):
        if batches.size:
            take_steps(model, step, data, batches, passes * len(batches))
    return {name: float(value) for name, value in model.get_metrics_result().items()}
