"""What is noted of training. Runs in the notebook's own kernel.

Each function is a generator that gets a call's arguments, which it may replace by equal ones, yields while Keras works,
is sent the result and the seconds, and writes a record.
"""

import inspect
import time
from collections.abc import Generator
from typing import Any

import batched
import keras
import numpy as np
from recorder import ROWS, Recorder

Arguments = dict[str, Any]
Recording = Generator[None, tuple[Any, float], None]

PLAIN = ("epochs", "initial_epoch", "batch_size", "steps_per_epoch", "validation_split", "shuffle")
DATA = ("x", "y", "validation_data")
SILENT = ("verbose", "max_queue_size", "workers", "use_multiprocessing", "validation_batch_size", "validation_freq")

# As they are before the notebook can put a function of its own in the place of `fit`.
DEFAULTS = {name: part.default for name, part in inspect.signature(keras.Model.fit).parameters.items()}


class _Beginning(keras.callbacks.Callback):
    """Keeps the weights that training begins with: a model may have none before."""

    weights: list[str | None] | None = None
    only_looks_on = True  # so `fit` may be quickened

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
    begun = recorder.model(model).get("steps", 0) if model.built else 0
    told = {name: arguments[name] for name in PLAIN}
    told["others"] = _others(arguments)
    beginning = _Beginning(recorder)
    x, y, held_out = (arguments[name] for name in DATA)
    arguments["x"], kept = batched.noting(x, told["steps_per_epoch"])
    arguments["validation_data"], kept_out = batched.noting(held_out, arguments.get("validation_steps"))
    if not isinstance(arguments["callbacks"], keras.callbacks.CallbackList):
        callbacks = arguments["callbacks"] or []
        arguments["callbacks"] = [*(callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]), beginning]
    error, history, seconds = "", {}, 0.0
    try:
        result, seconds = yield
        history = {str(name): [float(value) for value in values] for name, values in result.history.items()}
    except BaseException as raised:  # whatever it was, the notebook gets it too
        error = f"{type(raised).__name__}: {raised}"[:500]
    x, y, size = kept.arrays() if kept else (x, y, None)
    told["batch_size"] = size or told["batch_size"] or 32
    if kept and kept.weighed:
        told["others"].append("sample weights")
    if kept_out:
        held_out = kept_out.arrays()[:2]
    recorder.seen[recorder.number(model)] = x
    recorder.write(
        "failed" if error else "fit",
        **recorder.model(model),
        begun_at=begun,
        x=recorder.data(x),
        y=recorder.data(y),
        validation=[recorder.data(part) for part in held_out[:2]] if held_out is not None else None,
        arguments=told,
        history=history,
        before=beginning.weights,
        after=recorder.weights(model) if model.built else None,
        seconds=seconds,
        **({"error": error} if error else {}),
    )


def _others(arguments: Arguments) -> list[str]:
    """What else was asked for, beside data and plain values, by name: it may change what is learned."""
    asked = (name for name in arguments if name not in ("self", *PLAIN, *DATA, *SILENT))
    return [_named(name, arguments[name]) for name in asked if arguments[name] is not DEFAULTS[name]]


def _named(name: str, value: Any) -> str:
    if name == "callbacks":
        several = value if isinstance(value, (list, tuple)) else [value]
        return f"{name} {', '.join(type(one).__name__ for one in several) or 'none'}"
    return name


class _Steps:
    """Steps of a model's that were taken batch by batch: each sample is kept once, and counted."""

    def __init__(self, recorder: Recorder, model: keras.Model) -> None:
        self.before = recorder.weights(model) if model.built else None
        self.begun_at = recorder.model(model).get("steps", 0) if model.built else 0
        self.sizes: list[int] = []
        self.counts: dict[bytes, int] = {}  # how often each sample was trained on, by its bytes
        self.samples: list[tuple[Any, Any]] = []
        self.since = time.time()

    def note(self, x: Any, y: Any) -> None:
        x, y = (np.array(part.to_numpy() if hasattr(part, "to_numpy") else part) for part in (x, y))
        self.sizes.append(len(x))
        for sample in zip(x, y, strict=True):
            key = b"".join(part.tobytes() for part in sample)
            if key not in self.counts:
                if len(self.samples) == ROWS:
                    continue
                self.samples.append(sample)
            self.counts[key] = self.counts.get(key, 0) + 1

    def data(self) -> tuple[Any, Any, int | None]:
        """Features and targets, equal samples as often as an epoch has them, and epochs; None if there are none."""
        counts = np.array(list(self.counts.values()))
        epochs = int(counts.min())
        times = np.rint(counts / epochs).astype(int)
        if epochs * times.sum() != sum(self.sizes):
            epochs, times = None, np.ones(len(counts), int)
        x, y = (np.repeat(np.stack(side), times, axis=0) for side in zip(*self.samples, strict=True))
        return x, y, epochs


def train_on_batch(recorder: Recorder, arguments: Arguments) -> Recording:
    """One step; those of a cell become one record."""
    model = arguments["self"]
    if model not in recorder.pending:
        recorder.pending[model] = _Steps(recorder, model)
    yield
    recorder.pending[model].note(arguments["x"], arguments["y"])


def flush(recorder: Recorder, model: keras.Model | None = None) -> None:
    """Write down the steps that were taken batch by batch, of one model or of all, and what else changed the one."""
    pending = recorder.pending
    for one in list(pending) if model is None else [model] if model in pending else []:
        noted = pending.pop(one)
        if not noted.samples:
            continue
        x, y, epochs = noted.data()
        recorder.write(
            "batches",
            **recorder.model(one),
            begun_at=noted.begun_at,
            x=recorder.data(x),
            y=recorder.data(y),
            epochs=epochs,
            sizes=noted.sizes,
            before=noted.before,
            after=recorder.weights(one),
            seconds=time.time() - noted.since,
        )
    if model is not None:
        recorder.settle(model)
