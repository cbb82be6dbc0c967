"""The steps of an epoch in one call: taken one by one, traced, or compiled by XLA, whichever is done first.

What was compiled is used again: by a model's later training, and by every model that is described by the same words.
"""

import contextlib
import functools
import json
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lab.run import Array

Tensors = tuple[tf.Tensor, ...]

# Tracing a step takes about 0.4 s and saves 15 to 20 ms a step; XLA takes another 1.3 to 1.7 s to compile an epoch of
# them and saves 0.6 to 1 ms a step (784-128-64-10, two cores).
TRACING_REPAYS_FROM_STEPS = 20
XLA_REPAYS_FROM_STEPS = 2000

MODELS_SHARED = 8  # the last ones; each is kept alive with all that was compiled of it
_shared: dict[str, keras.Model] = {}  # by description


def create_variables(model: keras.Model, data: Tensors) -> None:
    """Create metrics and optimizer slots now: a compiled function may not create variables."""
    model.test_step(tuple(part[:1] for part in data))
    model.optimizer.build(model.trainable_variables)


def take_steps(model: keras.Model, step: str, data: Tensors, batches: Array, steps_to_come: int) -> None:
    """Take the model's `step` on every batch: `batches` is (batches, batch size), indices of the rows of `data`.

    `steps_to_come` is how many such steps there will be in all, this call's included: tracing and XLA must repay.
    """
    if steps_to_come < TRACING_REPAYS_FROM_STEPS and _key(model, step, False) not in _compiled_steps(model):
        for batch in batches:
            getattr(model, step)(tuple(tf.gather(part, batch) for part in data))
        return
    use_xla = steps_to_come >= XLA_REPAYS_FROM_STEPS
    count = len(batches)
    if use_xla:  # XLA compiles for one size: that of all the data, whatever share of it these batches are
        batches = np.pad(batches, ((0, len(data[0]) // batches.shape[1] - count), (0, 0)))
    with _philox_dropout():
        _every_step(model, step, data, use_xla)(data, tf.constant(batches, tf.int32), tf.constant(count))


def _compiled_steps(model: keras.Model) -> dict[Any, Any]:
    """What was compiled of the model's steps: training it again compiles nothing.

    It is put straight into the model's __dict__, because Keras tracks what is assigned to a model.
    """
    compiled: dict[Any, Any] = model.__dict__.setdefault("_compiled_steps", {})
    return compiled


def _key(model: keras.Model, step: str, use_xla: bool) -> tuple[Any, ...]:
    """Compiled steps are good for as long as the model keeps its optimizer."""
    return step, use_xla, model.optimizer


def _every_step(
    model: keras.Model, step: str, data: Tensors, use_xla: bool
) -> Callable[[Tensors, tf.Tensor, tf.Tensor], None]:
    """A compiled function of data, batches and their count that takes every step."""
    compiled, key = _compiled_steps(model), _key(model, step, use_xla)
    if key not in compiled:
        one_step = getattr(model, step)

        # XLA needs to know every size; without it one trace serves data and batches of any.
        rows = tuple(tf.TensorSpec([None, *part.shape[1:]], part.dtype) for part in data)
        signature = None if use_xla else (rows, tf.TensorSpec([None, None], tf.int32), tf.TensorSpec([], tf.int32))

        @tf.function(input_signature=signature, jit_compile=use_xla, autograph=False)
        def every_step(data: Tensors, batches: tf.Tensor, count: tf.Tensor) -> None:
            def next_step(index: tf.Tensor) -> list[tf.Tensor]:
                one_step(tuple(tf.gather(part, batches[index]) for part in data))
                return [index + 1]

            tf.while_loop(lambda index: index < count, next_step, [tf.constant(0)])

        compiled[key] = every_step
    return compiled[key]


@contextlib.contextmanager
def sharing_compiled_steps(model: keras.Model) -> Iterator[keras.Model]:
    """The model to train in the place of `model`: one of the same description, if its steps are compiled already.

    That one lends its variables: they hold the values of `model`'s until the end, and then their own again.
    """
    description = _description(model)
    worker = model if description is None else _shared.setdefault(description, model)
    if worker is not model and _description(worker) != description:  # it was compiled anew since
        worker = _shared[str(description)] = model
    while len(_shared) > MODELS_SHARED:
        del _shared[next(iter(_shared))]
    if worker is model:
        yield model
        return
    lent = _values(worker)
    _assign(worker, _values(model))
    try:
        yield worker
    finally:
        _assign(model, _values(worker))
        _assign(worker, lent)


def forget() -> None:
    """Let go of the models whose steps others may use: the next one of each description is compiled anew."""
    _shared.clear()


def _variables(model: keras.Model) -> list[Any]:
    return [*model.variables, *model.optimizer.variables]


def _values(model: keras.Model) -> list[Array]:
    return [variable.numpy() for variable in _variables(model)]


def _assign(model: keras.Model, values: list[Array]) -> None:
    for variable, value in zip(_variables(model), values, strict=True):
        variable.assign(value)


def _description(model: keras.Model) -> str | None:
    """All that decides what the model's steps compute but the values of its variables; None if it may not be all.

    That is so for Keras's own classes and functions alone: of a user's the description tells no more than the name.
    """
    functions = (value for part in (model, *model.layers, model.optimizer) for value in vars(part).values())
    if type(model) is not keras.Sequential or not all(_is_keras_own(value) for value in functions if callable(value)):
        return None
    # The optimizer by itself, too: a model that was saved as .h5 no longer tells of it (Keras 3.15).
    described = [keras.saving.serialize_keras_object(part) for part in (model, model.optimizer)]
    modules = {part["module"] for part in _dictionaries(described) if "module" in part}
    if any(str(module).split(".")[0] != "keras" for module in modules):
        return None
    return json.dumps(_without_names(described), sort_keys=True, default=repr)


def _is_keras_own(function: Any) -> bool:
    return str(getattr(function, "__module__", None)).split(".")[0] == "keras"


def _dictionaries(described: Any) -> Iterator[dict[str, Any]]:
    """Every dictionary within the description, at any depth."""
    if isinstance(described, dict):
        yield described
        described = list(described.values())
    if isinstance(described, (list, tuple)):
        for part in described:
            yield from _dictionaries(part)


def _without_names(described: Any) -> Any:
    """Keras numbers the names of models and layers as they are made; they change nothing."""
    if isinstance(described, dict):
        return {key: _without_names(value) for key, value in described.items() if key != "name"}
    return [_without_names(part) for part in described] if isinstance(described, (list, tuple)) else described


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
