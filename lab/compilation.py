"""The steps of an epoch in one call: taken one by one, traced, or compiled by XLA, whichever is done first.

What was compiled is used again: by a model's later training, and by every model that is described by the same words.
"""

import contextlib
import json
import threading
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lab.alignment import Array

Tensors = tuple[tf.Tensor, ...]

# Tracing a step takes about 0.4 s and saves 15 to 20 ms a step; XLA takes another 1.3 to 1.7 s to compile an epoch of
# them and saves 0.6 to 1 ms a step (784-128-64-10, two cores).
TRACING_REPAYS_FROM_STEPS = 20
XLA_REPAYS_FROM_STEPS = 2000

MODELS_SHARED = 12  # the last ones; each is kept alive with all that was compiled of it
_shared: dict[str, keras.Model] = {}  # by their sharing key
_lending: dict[str, threading.Lock] = {}  # by the same; held while a model is trained
_tracing = threading.Lock()


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
    arguments = data, tf.constant(batches, tf.int32), tf.constant(count)
    _every_step(model, step, arguments, use_xla)(*arguments)


def _compiled_steps(model: keras.Model) -> dict[Any, Any]:
    """What was compiled of the model's steps: training it again compiles nothing.

    It is put straight into the model's __dict__, because Keras tracks what is assigned to a model.
    """
    compiled: dict[Any, Any] = model.__dict__.setdefault("_compiled_steps", {})
    return compiled


def _key(model: keras.Model, step: str, use_xla: bool) -> tuple[Any, ...]:
    """Compiled steps are good for as long as the model keeps its optimizer."""
    return step, use_xla, model.optimizer


def _every_step(model: keras.Model, step: str, arguments: tuple[Tensors, tf.Tensor, tf.Tensor], use_xla: bool) -> Any:
    """A compiled function that takes every step, of arguments like these: data, batches and their count."""
    data, batches, _ = arguments
    compiled, key = _compiled_steps(model), _key(model, step, use_xla)
    if use_xla:  # it needs to know every size; without it one trace serves data and batches of any
        key, signature = (*key, *(tuple(part.shape) for part in (*data, batches))), None
    else:
        rows = tuple(tf.TensorSpec([None, *part.shape[1:]], part.dtype) for part in data)
        signature = rows, tf.TensorSpec([None, None], tf.int32), tf.TensorSpec([], tf.int32)
    if key not in compiled:
        one_step = getattr(model, step)

        @tf.function(input_signature=signature, jit_compile=use_xla, autograph=False)  # type: ignore[untyped-decorator]
        def every_step(data: Tensors, batches: tf.Tensor, count: tf.Tensor) -> None:
            def next_step(index: tf.Tensor) -> list[tf.Tensor]:
                one_step(tuple(tf.gather(part, batches[index]) for part in data))
                return [index + 1]

            tf.while_loop(lambda index: index < count, next_step, [tf.constant(0)])

        with _sixteen_bit_dropout() if use_xla else contextlib.nullcontext():
            compiled[key] = every_step.get_concrete_function(*arguments)
    return compiled[key]


@contextlib.contextmanager
def sharing_compiled_steps(model: keras.Model, batch_size: int, steps_to_come: int) -> Iterator[keras.Model]:
    """The model to train in the place of `model`: one of the same description, if its steps are compiled already.

    That one lends its variables: they hold the values of `model`'s until the end, and then their own again. So models
    that share a worker are trained one after the other, whatever threads want it.
    """
    key = _sharing_key(model, batch_size, steps_to_come)
    if key is None:
        yield model
        return
    with _lending.setdefault(key, threading.Lock()):
        worker = _shared.setdefault(key, model)
        if worker is not model and _sharing_key(worker, batch_size, steps_to_come) != key:  # compiled anew since
            worker = _shared[key] = model
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


def offer(model: keras.Model, data: Tensors, batch_size: int, steps_to_come: int) -> bool:
    """Let `model` be trained in the place of others like it, and use it for nothing else from now on.

    So the others can be trained in one thread while another uses what it has trained already. False if `model`'s
    description may not be all of it: then training may also draw on what is not the model's.
    """
    key = _sharing_key(model, batch_size, steps_to_come)
    if key is None:
        return False
    create_variables(model, data)
    _shared.setdefault(key, model)
    return True


def _sharing_key(model: keras.Model, batch_size: int, steps_to_come: int) -> str | None:
    """What models must have in common for one to be trained in the place of the other; None: there is no other.

    XLA compiles each batch size by itself, so that sharing would save little and keep threads waiting.
    """
    description = _description(model)
    if description is None:
        return None
    return f"{batch_size if steps_to_come >= XLA_REPAYS_FROM_STEPS else 'any batch size'}: {description}"


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

    That is so for Keras's own classes and functions alone: of a user's the description tells no more than the name. And
    random layers must draw from a state of their own: Keras 2's share TensorFlow's.
    """
    if any(hasattr(layer, "_random_generator") for layer in model.layers):  # Keras 2; since Keras 3 a seed_generator
        return None
    functions = (value for part in (model, *model.layers, model.optimizer) for value in vars(part).values())
    if type(model) is not keras.Sequential or not all(_is_keras_own(value) for value in functions if callable(value)):
        return None
    described = [keras.saving.serialize_keras_object(part) for part in (model, model.optimizer)]
    # The optimizer tells of itself: the model does no longer once it was saved as .h5 (Keras 3.15).
    described[0].get("compile_config", {}).pop("optimizer", None)
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
def _sixteen_bit_dropout() -> Iterator[None]:
    """Let dropout decide by 16 random bits a unit while this thread traces for XLA, and for this thread alone.

    TensorFlow 2.21 draws 32 bits a unit and makes them floats, and left to choose takes an algorithm that XLA compiles
    into code several times slower on a processor. The share dropped is the rate to the nearest 1/65536.
    """
    thread = threading.get_ident()
    with _tracing:
        original = tf.nn.experimental.stateless_dropout

        def stateless_dropout(
            x: tf.Tensor, rate: float, seed: tf.Tensor, noise_shape: Any = None, **named: Any
        ) -> tf.Tensor:
            shape = tf.get_static_value(tf.convert_to_tensor(tf.shape(x) if noise_shape is None else noise_shape))
            if shape is None or threading.get_ident() != thread:
                return original(x, rate, seed, noise_shape=noise_shape, **named)
            units = int(np.prod(shape))
            words = [-(-units // 2)]  # a word of 32 bits for every two, the last one's too
            bits = tf.random.stateless_uniform(words, seed, minval=None, maxval=None, dtype=tf.uint32, alg="philox")
            halves = tf.reshape(tf.reshape(tf.bitcast(bits, tf.uint16), [-1])[:units], shape)
            return tf.where(tf.cast(halves, tf.int32) >= round(rate * 2**16), x / (1 - rate), 0)

        tf.nn.experimental.stateless_dropout = stateless_dropout
        try:
            yield
        finally:
            tf.nn.experimental.stateless_dropout = original
