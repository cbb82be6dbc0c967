"""Epochs of training in few calls: the model's own `train_step`, looped where it is compiled.

Keras's `fit` spends most of a small model's time between the steps. Here the epoch is one call: the same step on the
same batches, and without XLA the same weights to the bit as `fit(shuffle=False)`.
"""

import math
from collections.abc import Callable, Iterator

import keras
import numpy as np
import tensorflow as tf

from lab.alignment import Array, aligned_copy, is_aligned
from lab.compilation import Tensors, create_variables, sharing_compiled_steps, take_steps

VALIDATION_BATCH = 10_000  # samples a step: without gradients, larger steps give the same metrics sooner


def train_epochs(
    model: keras.Model,
    x: Array,
    y: Array,
    epochs: int,
    batch_size: int,
    held_out: int,
    order: Callable[[int], Array],
) -> Iterator[dict[str, float]]:
    """Train `model` in place on x (n, features) and y (n, outputs), an epoch for each item, which is its metrics.

    The last `held_out` samples are never trained on and give the `val_` metrics after each epoch. Each epoch visits the
    others once, in the order that `order` gives for their number; the last, partial batch trains too.
    """
    trained_on = len(x) - held_out
    data = tensors(x, y)
    create_variables(model, data)
    with sharing_compiled_steps(model, batch_size, steps_of(trained_on, epochs, batch_size)) as worker:
        for _ in range(epochs):
            metrics = _pass(worker, "train_step", data, order(trained_on), batch_size, epochs)
            if held_out:
                rest = np.arange(trained_on, len(x))
                validated = _pass(worker, "test_step", data, rest, VALIDATION_BATCH, epochs)
                metrics |= {f"val_{name}": value for name, value in validated.items()}
            yield metrics
    model.optimizer.finalize_variable_values(model.trainable_variables)  # for optimizers that average weights


def steps_of(samples: int, epochs: int, batch_size: int) -> int:
    """How many steps the whole training takes."""
    return epochs * math.ceil(samples / batch_size)


def tensors(*arrays: Array) -> Tensors:
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
