"""Training with the model's own `train_step`, looped inside one compiled call per epoch.

Keras's `fit` spends most of a small model's time between the steps. Here the epoch is one call: the same step on the
same batches, and without XLA the same weights to the bit as `fit(shuffle=False)`.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lab.progress import bar
from lab.recipes import Recipe
from lab.run import Array

Tensors = tuple[tf.Tensor, ...]

# XLA takes about 2 s to compile a model's epoch and then saves about 0.6 ms a step (784-128-64-10, two cores).
XLA_REPAYS_FROM_STEPS = 3000


def train(model: keras.Model, x: Array, y: Array, recipe: Recipe, seed: int = 42) -> dict[str, list[float]]:
    """Train `model` in place and return its history: a list with one float per epoch for each metric.

    x is (n, features) and y (n, outputs). The last `validation_split` of them is held out, never trained on, and
    gives the `val_` metrics after each epoch. Each epoch visits every other sample once, in a new permutation drawn
    from `seed`; the last, partial batch trains too.
    """
    trained_on = int(len(x) * (1 - recipe.validation_split))  # Keras's rounding
    training, validation = _tensors(x[:trained_on], y[:trained_on]), _tensors(x[trained_on:], y[trained_on:])
    _create_variables(model, training)
    steps = recipe.epochs * -(-trained_on // recipe.batch_size)
    pass_over = functools.partial(_pass, model, recipe.batch_size, steps >= XLA_REPAYS_FROM_STEPS)
    orders = np.random.default_rng(seed)
    history: dict[str, list[float]] = {}
    with _philox_dropout(), bar("training", recipe.epochs, "epoch") as line:
        for _ in range(recipe.epochs):
            metrics = pass_over("train_step", training, orders.permutation(trained_on))
            if trained_on < len(x):
                validated = pass_over("test_step", validation, np.arange(len(x) - trained_on))
                metrics |= {f"val_{name}": value for name, value in validated.items()}
            for name, value in metrics.items():
                history.setdefault(name, []).append(value)
            line.update(1)
    model.optimizer.finalize_variable_values(model.trainable_variables)  # for optimizers that average weights
    return history


def _tensors(*arrays: Array) -> Tensors:
    """The arrays in Keras's float type, as Keras itself would feed them."""
    return tuple(tf.convert_to_tensor(np.asarray(array, dtype=keras.backend.floatx())) for array in arrays)


def _create_variables(model: keras.Model, data: Tensors) -> None:
    """Create metrics and optimizer slots now: a compiled function may not create variables."""
    model.test_step(tuple(part[:1] for part in data))
    model.optimizer.build(model.trainable_variables)


def _pass(
    model: keras.Model, batch_size: int, use_xla: bool, step_name: str, data: Tensors, order: Array
) -> dict[str, float]:
    """The metrics of one pass: the model's step on every batch of data[order]; `order` is (n,) indices."""
    # The model keeps its compiled passes, for as long as it keeps its optimizer: training it again compiles nothing.
    # Straight into __dict__, because Keras tracks what is assigned to a model.
    passes = model.__dict__.setdefault("_compiled_passes", {})
    key = (step_name, model.optimizer, batch_size, use_xla)
    if key not in passes:
        passes[key] = _compiled_pass(model, getattr(model, step_name), batch_size, use_xla)
    results = passes[key](data, tf.constant(order, tf.int32))
    return {name: float(value) for name, value in results.items()}


def _compiled_pass(
    model: keras.Model, step: Callable[[Tensors], Any], batch_size: int, use_xla: bool
) -> Callable[[Tensors, tf.Tensor], Any]:
    """A compiled function of data and order that resets the metrics, takes every step, and returns the metrics."""

    @tf.function(jit_compile=use_xla, autograph=False)
    def one_pass(data: Tensors, order: tf.Tensor) -> Any:
        whole_batches, rest = divmod(int(data[0].shape[0]), batch_size)

        def step_at(start: tf.Tensor | int, size: int) -> None:
            indices = tf.slice(order, [start], [size])
            step(tuple(tf.gather(part, indices) for part in data))

        def next_batch(index: tf.Tensor) -> list[tf.Tensor]:
            step_at(index * batch_size, batch_size)
            return [index + 1]

        for metric in model.metrics:
            metric.reset_state()
        if whole_batches:
            tf.while_loop(lambda index: index < whole_batches, next_batch, [tf.constant(0)])
        if rest:
            step_at(whole_batches * batch_size, rest)
        return model.get_metrics_result()

    return one_pass


@contextlib.contextmanager
def _philox_dropout() -> Iterator[None]:
    """Name dropout's random algorithm while tracing.

    Left to choose, TensorFlow 2.21 takes one that XLA compiles into code several times slower on a processor.
    """
    original = tf.nn.experimental.stateless_dropout
    tf.nn.experimental.stateless_dropout = functools.partial(original, rng_alg="philox")
    try:
        yield
    finally:
        tf.nn.experimental.stateless_dropout = original
