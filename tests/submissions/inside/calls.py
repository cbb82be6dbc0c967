"""What is noted of models that are called like functions, and of optimizers that take steps by hand.

A call outside of everything else is a prediction, or a step of a hand-written loop if a tape is recording. Within a
model, the calls of its layers tell their order, which a subclassed model does not say of itself. Runs in the notebook's
own kernel.
"""

import functools
import threading
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from description import flat
from evaluations import write_predictions
from recorder import ROWS, Recorder
from trainings import flush


def recorded_calls(recorder: Recorder, original: Callable[..., Any]) -> Callable[..., Any]:
    """What stands for `keras.layers.Layer.__call__`."""
    within = threading.local()

    @functools.wraps(original)
    def __call__(self: Any, *positional: Any, **named: Any) -> Any:  # noqa: N807
        order = getattr(within, "order", None)
        if order is not None:
            order.append(self)
            return original(self, *positional, **named)
        if not isinstance(self, keras.Model):
            return original(self, *positional, **named)
        outside = not getattr(recorder.depth, "inside", False)
        within.order = []
        try:
            if outside:
                _guarded(recorder, _begin, self, positional, named)
            result = original(self, *positional, **named)
            order = within.order
        finally:
            within.order = None
        _guarded(recorder, _keep_order, self, order)
        if outside:
            _guarded(recorder, _end, self, positional, named, result)
        return result

    return __call__


def recorded_steps(recorder: Recorder, original: Callable[..., Any]) -> Callable[..., Any]:
    """What stands for an optimizer's `apply` and `apply_gradients`: it is known from then on."""

    @functools.wraps(original)
    def apply(self: Any, *positional: Any, **named: Any) -> Any:
        if not getattr(recorder.depth, "inside", False):
            _guarded(recorder, lambda recorder: recorder.optimizers.add(self))
        return original(self, *positional, **named)

    return apply


def _guarded(recorder: Recorder, note: Callable[..., None], *arguments: Any) -> None:
    """Note it without being noticed: not by calling the notebook's models, and not by an error."""
    before, recorder.depth.inside = getattr(recorder.depth, "inside", False), True
    try:
        note(recorder, *arguments)
    except Exception as error:
        recorder.give_up("__call__", error)
    finally:
        recorder.depth.inside = before


def _begin(recorder: Recorder, model: keras.Model, positional: Any, named: Any) -> None:
    import tensorflow as tf

    if _is_part(positional, named):
        return
    if model.built and recorder.numbers.get(model) not in recorder.known:
        with tf.init_scope():  # the notebook may be tracing a function
            recorder.weights(model)


def _is_part(positional: Any, named: Any) -> bool:
    """Whether a larger model is being built of this one: its weights then change with the larger one's."""
    return any(type(x).__name__ == "KerasTensor" for x in (*positional, *named.values()))


def _keep_order(recorder: Recorder, model: keras.Model, order: list[Any]) -> None:
    told = any(kind.__name__ in ("Sequential", "Functional") for kind in type(model).__mro__)
    if told or model in recorder.orders:
        return
    ours = {id(layer) for layer in flat(model)}
    called = [layer for layer in order if id(layer) in ours]
    half = len(called) // 2
    if [*map(id, called[:half])] == [*map(id, called[half:])]:  # Keras calls it twice to build it
        called = called[:half]
    if called:
        recorder.orders[model] = called


def _end(recorder: Recorder, model: keras.Model, positional: Any, named: Any, result: Any) -> None:
    import tensorflow as tf
    from tensorflow.python.eager import record

    if _is_part(positional, named):
        return
    number = recorder.number(model)
    if number not in recorder.known and model.built:  # it got its weights by this call, and they are new
        with tf.init_scope():
            recorder.weights(model)
    x = positional[0] if positional else named.get("inputs")
    if not tf.executing_eagerly() or (not isinstance(x, (np.ndarray, tf.Tensor)) and not hasattr(x, "to_numpy")):
        return
    if not isinstance(result, tf.Tensor) or not len(x.shape):
        return
    if record.could_possibly_record() or named.get("training"):
        batches = recorder.taped.setdefault(number, [])
        if sum(map(len, batches)) < ROWS:
            batches.append(np.array(x))
        return
    if not recorder.is_worth_keeping(model, "call", len(x)):
        return
    flush(recorder, model)
    write_predictions(recorder, model, np.asarray(x), result, by="call")
