"""Puts the recorder in the place of Keras's own methods and functions, under every name that they have."""

import functools
import inspect
import sys
import time
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import calls
import evaluations
import files
import keras
import numpy as np
import trainings
from recorder import Recorder
from trainings import Arguments, Recording

METHODS = {
    "fit": trainings.fit,
    "train_on_batch": trainings.train_on_batch,
    "evaluate": evaluations.evaluate,
    "test_on_batch": evaluations.evaluate,
    "predict": evaluations.predict,
    "predict_on_batch": evaluations.predict,
    "save": files.save,
    "save_weights": files.save_weights,
    "load_weights": files.load_weights,
    "export": files.export,
}


def install(recorder: Recorder, mnist: Path, quicker: Mapping[str, Callable[..., Any]]) -> None:
    """Record everything from now on; `keras.datasets.mnist` is served from the file `mnist`.

    `quicker` has for a method's name what makes a quicker one of it.
    """
    import tensorflow as tf

    _ = tf.keras.Model, tf.keras.models.load_model  # loaded lazily: names that are found only afterwards
    for name, record in METHODS.items():
        original = getattr(keras.Model, name)
        method = quicker[name](original) if name in quicker else original
        _replace(recorder, keras.Model, name, _outermost(recorder, method, record))
    _replace(recorder, keras.layers.Layer, "__call__", calls.recorded_calls(recorder, keras.layers.Layer.__call__))
    for name in ("apply", "apply_gradients"):
        owner = next((one for one in keras.optimizers.Optimizer.__mro__ if name in vars(one)), None)
        if owner is not None:
            _replace(recorder, owner, name, calls.recorded_steps(recorder, vars(owner)[name]))
    functions = {
        keras.models.load_model: _outermost(recorder, keras.models.load_model, files.load_model),
        keras.models.save_model: _outermost(recorder, keras.models.save_model, files.save),
        keras.datasets.mnist.load_data: functools.partial(served, mnist),
    }
    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()) if isinstance(module, types.ModuleType) else ():
            if isinstance(value, types.FunctionType) and value in functions:
                setattr(module, name, functions[value])


def _replace(recorder: Recorder, owner: Any, name: str, wrapper: Callable[..., Any]) -> None:
    setattr(owner, name, wrapper)
    recorder.originals[owner, name] = wrapper


def flush(recorder: Recorder) -> None:
    """Write down what was noted and not written yet, at the end of a cell; an error is noted as well."""
    for write in (trainings.flush, Recorder.end_of_cell):
        try:
            write(recorder)
        except Exception as error:
            recorder.give_up("the end of the cell", error)


def served(mnist: Path, path: str = "mnist.npz") -> Any:
    """The four arrays as `keras.datasets.mnist.load_data` gives them, without the network."""
    with np.load(mnist, allow_pickle=False) as arrays:
        return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def _outermost(
    recorder: Recorder, original: Callable[..., Any], record: Callable[[Recorder, Arguments], Recording]
) -> Callable[..., Any]:
    """`original`, recorded by `record` unless it is called from within another that is.

    `record` is a generator: it looks at the arguments, yields, is sent the result and the seconds, or is told what was
    raised, and writes. What goes wrong in it is written down; the notebook gets what Keras gives it, result or error.
    """
    signature = inspect.signature(original)

    @functools.wraps(original)
    def recorded(*positional: Any, **named: Any) -> Any:
        if getattr(recorder.depth, "inside", False):
            return original(*positional, **named)
        try:
            bound = signature.bind(*positional, **named)
        except TypeError:
            return original(*positional, **named)  # it raises what the student should see
        bound.apply_defaults()
        recorder.depth.inside = True
        try:
            recording = record(recorder, bound.arguments)
            _go_on(recorder, original, lambda: next(recording))
            started = time.perf_counter()
            try:
                result = original(*bound.args, **bound.kwargs)
            except BaseException as error:
                raised = error
                _go_on(recorder, original, lambda: recording.throw(raised), raised)
                raise
            seconds = time.perf_counter() - started
            _go_on(recorder, original, lambda: recording.send((result, seconds)))
            return result
        finally:
            recorder.depth.inside = False

    return recorded


def _go_on(
    recorder: Recorder, original: Callable[..., Any], recording: Callable[[], Any], raised: BaseException | None = None
) -> None:
    try:
        recording()
    except StopIteration:
        pass
    except BaseException as error:
        if error is raised:
            return  # the notebook gets it from Keras itself
        if not isinstance(error, Exception):
            raise
        recorder.give_up(original.__name__, error)
