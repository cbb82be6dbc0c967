"""Puts the recorder in the place of Keras's own methods and functions, under every name that they have."""

import functools
import inspect
import os
import sys
import time
import types
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
from recorder import FIRST, ROWS, Recorder

Arguments = dict[str, Any]
Recording = Generator[None, tuple[Any, float], None]

PLAIN = ("epochs", "initial_epoch", "batch_size", "steps_per_epoch", "validation_split", "shuffle")
DATA = ("x", "y", "validation_data")
SILENT = ("verbose", "max_queue_size", "workers", "use_multiprocessing", "validation_batch_size", "validation_freq")


def install(recorder: Recorder, mnist: Path, quicken: Callable[..., Any] | None = None) -> None:
    """Record everything from now on; `keras.datasets.mnist` is served from the file `mnist`, `fit` is quickened."""
    import tensorflow as tf

    _ = tf.keras.Model, tf.keras.models.load_model  # loaded lazily: names that are found only afterwards
    for name, record in METHODS.items():
        original = getattr(keras.Model, name)
        quickened = quicken(original) if quicken and name == "fit" else original
        wrapper = _outermost(recorder, quickened, record)
        setattr(keras.Model, name, wrapper)
        recorder.originals[keras.Model, name] = wrapper
    functions = {
        keras.models.load_model: _outermost(recorder, keras.models.load_model, load_model),
        keras.models.save_model: _outermost(recorder, keras.models.save_model, save),
        keras.datasets.mnist.load_data: functools.partial(served, mnist),
    }
    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()) if isinstance(module, types.ModuleType) else ():
            if isinstance(value, types.FunctionType) and value in functions:
                setattr(module, name, functions[value])


def served(mnist: Path, path: str = "mnist.npz") -> Any:
    """The four arrays as `keras.datasets.mnist.load_data` gives them, without the network."""
    with np.load(mnist, allow_pickle=False) as arrays:
        return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def _outermost(
    recorder: Recorder, original: Callable[..., Any], record: Callable[[Recorder, Arguments], Recording]
) -> Callable[..., Any]:
    """`original`, recorded by `record` unless it is called from within another that is.

    `record` is a generator: it looks at the arguments, yields, is sent the result and the seconds, and writes. What
    goes wrong in it is written down; the notebook gets what Keras gives it, result or error.
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
            result = original(*bound.args, **bound.kwargs)
            seconds = time.perf_counter() - started
            _go_on(recorder, original, lambda: recording.send((result, seconds)))
            return result
        finally:
            recorder.depth.inside = False

    return recorded


def _go_on(recorder: Recorder, original: Callable[..., Any], recording: Callable[[], Any]) -> None:
    try:
        recording()
    except StopIteration:
        pass
    except Exception as error:
        recorder.write("unrecorded", what=original.__name__, error=f"{type(error).__name__}: {error}")


class _Beginning(keras.callbacks.Callback):
    """Keeps the weights that training begins with: a model may have none before."""

    weights: list[str | None] | None = None
    only_looks_on = True

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self.recorder = recorder

    def on_train_begin(self, logs: Any = None) -> None:
        if self.weights is None and self.model.built:
            self.weights = self.recorder.weights(self.model)


def fit(recorder: Recorder, arguments: Arguments) -> Recording:
    """A training as Keras does it: data, arguments, history, and the weights before and after."""
    model = arguments["self"]
    flush(recorder, model)
    begun = dict(recorder.model(model)) if model.built else {}
    told = {name: arguments[name] for name in PLAIN}
    told["others"] = _others(arguments)
    kept, beginning = [], _Beginning(recorder)
    x, y, held_out = (arguments[name] for name in DATA)
    if isinstance(x, types.GeneratorType):
        arguments["x"] = _teed(x, kept)
    if not isinstance(arguments["callbacks"], keras.callbacks.CallbackList):
        callbacks = arguments["callbacks"] or []
        arguments["callbacks"] = [*(callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]), beginning]
    history, seconds = yield
    x, y, size = _arrays_of(x, y, kept, told["steps_per_epoch"])
    told["batch_size"] = size or told["batch_size"] or 32
    pair = held_out[:2] if isinstance(held_out, (tuple, list)) else _arrays_of(held_out, None, [], None)[:2]
    recorder.seen[recorder.number(model)] = x
    recorder.write(
        "fit",
        **recorder.model(model),
        begun_at=begun.get("steps", 0),
        x=recorder.data(x),
        y=recorder.data(y),
        validation=[recorder.data(part) for part in pair] if held_out is not None else None,
        arguments=told,
        history={str(name): [float(value) for value in values] for name, values in history.history.items()},
        before=beginning.weights,
        after=recorder.weights(model),
        seconds=seconds,
    )


def _others(arguments: Arguments) -> list[str]:
    """What else was asked for, beside data and plain values, by name: it may change what is learned."""
    defaults = {name: part.default for name, part in inspect.signature(keras.Model.fit).parameters.items()}
    asked = (name for name in arguments if name not in ("self", *PLAIN, *DATA, *SILENT))
    return [_named(name, arguments[name]) for name in asked if arguments[name] is not defaults[name]]


def _named(name: str, value: Any) -> str:
    if name == "callbacks":
        several = value if isinstance(value, (list, tuple)) else [value]
        return f"{name} {', '.join(type(one).__name__ for one in several) or 'none'}"
    return name


def _teed(batches: Iterator[Any], kept: list[Any]) -> Iterator[Any]:
    for batch in batches:
        if sum(len(pair[0]) for pair in kept) < ROWS:
            kept.append(batch)
        yield batch


def _arrays_of(x: Any, y: Any, kept: list[Any], steps: int | None) -> tuple[Any, Any, int | None]:
    """Features, targets and the batch size if the data came in batches: from a generator, a dataset or a sequence."""
    import tensorflow as tf

    if isinstance(x, types.GeneratorType):
        batches = kept[:steps]
    elif isinstance(x, tf.data.Dataset):
        batches = list(x.take(steps or ROWS))
    elif hasattr(x, "__getitem__") and hasattr(x, "__len__") and not hasattr(x, "shape") and y is None:
        batches = [x[place] for place in range(len(x))] if not isinstance(x, (list, tuple, dict)) else []
    else:
        return x, y, None
    pairs = [pair for pair in batches if isinstance(pair, (tuple, list)) and len(pair) == 2]
    if not pairs or not all(np.ndim(part) for part in pairs[0]):
        return None, None, None
    return (*(np.concatenate([np.asarray(pair[side]) for pair in pairs]) for side in (0, 1)), len(pairs[0][0]))


def train_on_batch(recorder: Recorder, arguments: Arguments) -> Recording:
    """One step; those of a cell become one record."""
    model = arguments["self"]
    pending = recorder.pending
    if model not in pending:
        weights = recorder.weights(model) if model.built else None
        steps = recorder.model(model).get("steps", 0) if model.built else 0
        pending[model] = {"begun_at": steps, "before": weights, "x": [], "y": [], "sizes": [], "since": time.time()}
    yield
    noted = pending[model]
    noted["sizes"].append(len(arguments["x"]))
    if sum(map(len, noted["x"])) < ROWS:
        noted["x"].append(np.array(arguments["x"]))
        noted["y"].append(np.array(arguments["y"]))


def flush(recorder: Recorder, model: keras.Model | None = None) -> None:
    """Write down the steps that were taken batch by batch, of one model or of all."""
    pending = recorder.pending
    for one in list(pending) if model is None else [model] if model in pending else []:
        noted = pending.pop(one)
        x, y = (np.concatenate(noted[side]) for side in ("x", "y"))
        recorder.write(
            "batches",
            **recorder.model(one),
            begun_at=noted["begun_at"],
            x=recorder.data(x),
            y=recorder.data(y),
            sizes=noted["sizes"],
            before=noted["before"],
            after=recorder.weights(one),
            seconds=time.time() - noted["since"],
        )


def evaluate(recorder: Recorder, arguments: Arguments) -> Recording:
    """What a model was tested on, and what came out."""
    model = arguments["self"]
    flush(recorder, model)
    result, _ = yield
    x, y, _ = _arrays_of(arguments["x"], arguments["y"], [], arguments["steps"])
    recorder.seen[recorder.number(model)] = x
    results = result if isinstance(result, dict) else {"values": [float(value) for value in np.ravel(result)]}
    weights = recorder.weights(model)
    recorder.write(
        "evaluate", **recorder.model(model), weights=weights, x=recorder.data(x), y=recorder.data(y), results=results
    )


def predict(recorder: Recorder, arguments: Arguments) -> Recording:
    """What a model predicted."""
    model = arguments["self"]
    flush(recorder, model)
    result, _ = yield
    x = _arrays_of(arguments["x"], None, [], arguments["steps"])[0]
    recorder.seen[recorder.number(model)] = x
    weights = recorder.weights(model)
    recorder.write(
        "predict", **recorder.model(model), weights=weights, x=recorder.data(x), predictions=recorder.data(result)
    )


def save(recorder: Recorder, arguments: Arguments) -> Recording:
    """A model's file, and what is in it."""
    model = arguments.get("self", arguments.get("model"))
    flush(recorder, model)
    _, seconds = yield
    path = Path(os.fspath(arguments["filepath"]))
    _of_file(recorder, "save", model, path, seconds, include_optimizer=_included(arguments))


def _included(arguments: Arguments) -> bool:
    return bool({**arguments, **arguments.get("kwargs", {})}.get("include_optimizer", True))


def load_model(recorder: Recorder, arguments: Arguments) -> Recording:
    """A model that came from a file."""
    model, seconds = yield
    if isinstance(model, keras.Model):
        _of_file(recorder, "load", model, Path(os.fspath(arguments["filepath"])), seconds)


def _of_file(recorder: Recorder, kind: str, model: keras.Model, path: Path, seconds: float, **more: Any) -> None:
    sample = recorder.seen.get(recorder.number(model))
    if sample is None and kind == "load":  # the model is new: what others of this shape saw last will do
        sample = next((x for x in reversed(list(recorder.seen.values())) if _fits(model, x)), None)
    predictions = None
    if sample is not None and isinstance(sample, np.ndarray):
        predictions = recorder.array(np.asarray(model(sample[:FIRST], training=False)))
        sample = recorder.array(sample[:FIRST])
    optimizer = getattr(model, "optimizer", None)
    recorder.write(
        kind,
        **recorder.model(model),
        weights=recorder.weights(model),
        file=path.name,
        bytes=path.stat().st_size if path.is_file() else None,
        state=recorder.arrays(part.numpy() for part in optimizer.variables) if optimizer is not None else [],
        in_file=recorder.arrays(_in_h5(path)) if path.suffix in (".h5", ".hdf5") else None,
        x=sample if isinstance(sample, str) else None,
        predictions=predictions,
        seconds=seconds,
        **more,
    )


def _fits(model: keras.Model, x: Any) -> bool:
    shape = getattr(model, "input_shape", None)
    return isinstance(x, np.ndarray) and isinstance(shape, tuple) and tuple(shape[1:]) == x.shape[1:]


def _in_h5(path: Path) -> list[Any]:
    import h5py

    with h5py.File(path) as file:
        if "optimizer_weights" not in file:
            return []
        group = file["optimizer_weights"]
        return [np.array(group[name]) for name in group.attrs["weight_names"]]


METHODS = {
    "fit": fit,
    "train_on_batch": train_on_batch,
    "evaluate": evaluate,
    "predict": predict,
    "save": save,
}
