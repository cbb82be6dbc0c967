"""What is noted of saving and loading. Runs in the notebook's own kernel."""

import os
from pathlib import Path
from typing import Any

import keras
import numpy as np
from description import is_of_keras
from recorder import FIRST, Recorder
from trainings import Arguments, Recording, flush

# What of a model goes into the file, by the method that writes or reads it; `model` is all of it.
WHOLE, WEIGHTS, EXPORTED = "model", "weights", "export"


def save(recorder: Recorder, arguments: Arguments) -> Recording:
    """A model's file, and what is in it."""
    return _saved(recorder, arguments, WHOLE)


def save_weights(recorder: Recorder, arguments: Arguments) -> Recording:
    """A file of its weights alone."""
    return _saved(recorder, arguments, WEIGHTS)


def export(recorder: Recorder, arguments: Arguments) -> Recording:
    """A folder to serve the model from."""
    return _saved(recorder, arguments, EXPORTED)


def _saved(recorder: Recorder, arguments: Arguments, part: str) -> Recording:
    model = arguments.get("self", arguments.get("model"))
    flush(recorder, model)
    _, seconds = yield
    _of_file(recorder, "save", model, arguments, seconds, part=part, include_optimizer=_included(arguments))


def _included(arguments: Arguments) -> bool:
    return bool({**arguments, **arguments.get("kwargs", {})}.get("include_optimizer", True))


def load_model(recorder: Recorder, arguments: Arguments) -> Recording:
    """A model that came from a file."""
    model, seconds = yield
    if isinstance(model, keras.Model):
        _of_file(recorder, "load", model, arguments, seconds, part=WHOLE)


def load_weights(recorder: Recorder, arguments: Arguments) -> Recording:
    """Weights that came from a file into a model."""
    flush(recorder, arguments["self"])
    _, seconds = yield
    _of_file(recorder, "load", arguments["self"], arguments, seconds, part=WEIGHTS)


def _of_file(
    recorder: Recorder, kind: str, model: keras.Model, arguments: Arguments, seconds: float, **more: Any
) -> None:
    path = Path(os.fspath(arguments["filepath"]))
    sample = recorder.seen.get(recorder.number(model))
    if sample is None and kind == "load":  # the model is new: what others of this shape saw last will do
        sample = next((x for x in reversed(list(recorder.seen.values())) if _fits(model, x)), None)
    predictions = None
    if isinstance(sample, np.ndarray) and is_of_keras(model):  # another's code could draw random numbers
        predictions = recorder.array(np.asarray(model(sample[:FIRST], training=False)))
        sample = recorder.array(sample[:FIRST])
    optimizer = getattr(model, "optimizer", None)
    recorder.write(
        kind,
        **recorder.model(model),
        weights=recorder.weights(model),
        file=path.name,
        bytes=_size(path),
        state=recorder.arrays(part.numpy() for part in optimizer.variables) if optimizer is not None else [],
        in_file=recorder.arrays(_in_h5(path)) if path.suffix in (".h5", ".hdf5") else None,
        x=sample if isinstance(sample, str) else None,
        predictions=predictions,
        seconds=seconds,
        **more,
    )


def _size(path: Path) -> int | None:
    if path.is_dir():
        return sum(inner.stat().st_size for inner in path.rglob("*") if inner.is_file())
    return path.stat().st_size if path.is_file() else None


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
