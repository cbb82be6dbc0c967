"""Training with the model's own `train_step`, looped inside one compiled call per epoch.

Keras's `fit` spends most of a small model's time between the steps. Here the epoch is one call: the same step on the
same batches, and without XLA the same weights to the bit as `fit(shuffle=False)`.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator

import keras
import numpy as np
import tensorflow as tf

from lab.progress import bar
from lab.recipes import Recipe
from lab.run import Array

Tensors = tuple[tf.Tensor, ...]

# XLA takes about 2 s to compile a model's epoch and then saves 0.6 to 1 ms a step (784-128-64-10, two cores).
XLA_REPAYS_FROM_STEPS = 2000
VALIDATION_BATCH = 1000  # samples a step: without gradients, larger steps give the same metrics sooner


def train(model: keras.Model, x: Array, y: Array, recipe: Recipe, seed: int = 42) -> dict[str, list[float]]:
    """Train `model` in place and return its history: a list with one float per epoch for each metric.

    x is (n, features) and y (n, outputs). The last `validation_split` of them is held out, never trained on, and
    gives the `val_` metrics after each epoch. Each epoch visits every other sample once, in a new permutation drawn
    from `seed`; the last, partial batch trains too.
    """
    trained_on = int(len(x) * (1 - recipe.validation_split))  # Keras's rounding
    training, validation = _tensors(x[:trained_on], y[:trained_on]), _tensors(x[trained_on:], y[trained_on:])
    _create_variables(model, training)
    use_xla = recipe.epochs * (trained_on // recipe.batch_size) >= XLA_REPAYS_FROM_STEPS
    orders = np.random.default_rng(seed)
    history: dict[str, list[float]] = {}
    with _philox_dropout(), bar("training", recipe.epochs, "epoch") as line:
        for _ in range(recipe.epochs):
            order = orders.permutation(trained_on)
            metrics = _pass(model, "train_step", training, order, recipe.batch_size, use_xla)
            if trained_on < len(x):
                validated = _pass(model, "test_step", validation, np.arange(len(x) - trained_on), VALIDATION_BATCH)
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
    model: keras.Model, step: str, data: Tensors, order: Array, batch_size: int, use_xla: bool = False
) -> dict[str, float]:
    """The metrics of one pass: the model's `step` on every batch of data[order]; `order` is (n,) indices."""
    for metric in model.metrics:
        metric.reset_state()
    whole = len(order) - len(order) % batch_size
    if whole:
        _steps(model, step, data, use_xla)(data, tf.constant(order[:whole].reshape(-1, batch_size), tf.int32))
    if whole < len(order):  # one step, for which XLA would not repay
        _steps(model, step, data, use_xla=False)(data, tf.constant(order[None, whole:], tf.int32))
    return {name: float(value) for name, value in model.get_metrics_result().items()}


def _steps(model: keras.Model, step: str, data: Tensors, use_xla: bool) -> Callable[[Tensors, tf.Tensor], None]:
    """A compiled function of data and batches, indices of shape (batches, batch size), that takes every step.

    The model keeps it for as long as it keeps its optimizer: training it again compiles nothing. It is put straight
    into the model's __dict__, because Keras tracks what is assigned to a model.
    """
    compiled = model.__dict__.setdefault("_compiled_steps", {})
    key = (step, use_xla, model.optimizer)
    if key not in compiled:
        one_step = getattr(model, step)

        # XLA needs to know every size; without it one trace serves data and batches of any.
        rows = [tf.TensorSpec([None, *part.shape[1:]], part.dtype) for part in data]
        signature = None if use_xla else (tuple(rows), tf.TensorSpec([None, None], tf.int32))

        @tf.function(input_signature=signature, jit_compile=use_xla, autograph=False)
        def every_step(data: Tensors, batches: tf.Tensor) -> None:
            def next_step(index: tf.Tensor) -> list[tf.Tensor]:
                one_step(tuple(tf.gather(part, batches[index]) for part in data))
                return [index + 1]

            tf.while_loop(lambda index: index < tf.shape(batches)[0], next_step, [tf.constant(0)])

        compiled[key] = every_step
    return compiled[key]


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
