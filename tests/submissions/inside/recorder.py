"""Notes what a notebook does with Keras. Runs in the notebook's own kernel, before its first cell.

Each `fit`, `train_on_batch`, `evaluate`, `predict`, `save` and `load_model` becomes a line of JSON, with the model's
structure, arguments, results, and the names of arrays: files of their own, named after their content. Weights that
change otherwise, by a hand-written loop say, are noted at the end of the cell that changed them. Whoever reads this
must believe nothing of it: the notebook can write what it likes.
"""

import hashlib
import inspect
import json
import threading
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras
import numpy as np

ROWS = 100_000  # of a data set that is kept; MNIST has 60,000
FIRST = 100  # samples of the data seen last, whose predictions are kept when a model is saved or loaded
FLOATS = 2**31  # bytes of one array at most


class Recorder:
    """Writes records and arrays into a folder, and knows each model by a number."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cell, self.count, self.depth = folder, 0, 0, threading.local()
        self.numbers: Any = weakref.WeakKeyDictionary()
        self.known: dict[int, Any] = {}  # names of the weights that a model was last seen with, by its number
        self.seen: dict[int, Any] = {}  # features that a model saw last, by its number
        self.pending: dict[keras.Model, Any] = {}  # steps taken batch by batch that are not written yet
        self.originals: dict[tuple[Any, str], Any] = {}  # what stands for Keras's own, by its owner and name

    def begin_cell(self, *_: Any) -> None:
        """Which cell begins is what the runner wrote last."""
        self.cell = json.loads((self.folder / "cells.jsonl").read_text(encoding="utf-8").splitlines()[-1])["cell"]

    def write(self, kind: str, **values: Any) -> None:
        """Add a line to the records."""
        line = json.dumps({"kind": kind, "cell": self.cell, **values}, default=str)
        with (self.folder / "keras.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def array(self, values: Any) -> str | None:
        """The name of a file with these values, float64 as float32, which is what Keras trains with."""
        values = np.asarray(values)
        if values.dtype == object or values.nbytes > FLOATS:
            return None
        values = np.asarray(values, np.float32 if values.dtype.kind == "f" else None, order="C")
        digest = hashlib.blake2b(values.data if values.size else b"", digest_size=16)
        digest.update(f"{values.shape} {values.dtype}".encode())
        path = self.folder / f"{digest.hexdigest()}.npy"
        if not path.exists():
            np.save(path, values, allow_pickle=False)
        return path.stem

    def arrays(self, many: Iterable[Any]) -> list[str | None]:
        """The names of several."""
        return [self.array(values) for values in many]

    def data(self, values: Any) -> str | None:
        """The name of a data set, None if it is no array; rows beyond ROWS are left out."""
        if hasattr(values, "to_numpy"):
            values = values.to_numpy()
        try:
            return self.array(np.asarray(values)[:ROWS])
        except (TypeError, ValueError):
            return None

    def number(self, model: keras.Model) -> int:
        """The model's number, from 1."""
        if model not in self.numbers:
            self.count += 1
            self.numbers[model] = self.count
        return self.numbers[model]

    def model(self, model: keras.Model) -> dict[str, Any]:
        """What the model says of itself, in plain values."""
        described: dict[str, Any] = {"model": self.number(model), "class": type(model).__name__, "layers": []}
        for layer in _flat(model):
            described["layers"].append({"class": type(layer).__name__, **_plain(_config(layer))})
        optimizer = getattr(model, "optimizer", None)
        if optimizer is not None:
            described["optimizer"] = {"class": type(optimizer).__name__, **_plain(_config(optimizer))}
            described["steps"] = int(np.asarray(optimizer.iterations))
            described["loss"] = _loss(model.loss)
        return described

    def weights(self, model: keras.Model) -> list[str | None]:
        """The names of the model's weights; they are what it is known by until it changes again."""
        names = self.arrays(model.get_weights())
        self.known[self.number(model)] = names
        return names

    def end_of_cell(self, *_: Any) -> None:
        """Note models whose weights were changed by nothing that was recorded, and patches that are gone."""
        for model, number in list(self.numbers.items()):
            if not model.built:
                continue
            before, after = self.known.get(number), self.weights(model)
            if before is not None and before != after:
                self.write("changed", **self.model(model), before=before, after=after)
        for (owner, name), wrapper in self.originals.items():
            if inspect.getattr_static(owner, name, None) is not wrapper:
                self.write("replaced", what=f"{getattr(owner, '__name__', owner)}.{name}")


def _flat(model: keras.Model) -> list[Any]:
    layers = (layer for layer in model.layers)
    return [inner for layer in layers for inner in (_flat(layer) if hasattr(layer, "layers") else [layer])]


def _config(part: Any) -> Any:
    try:
        return part.get_config()
    except Exception:  # a class of the student's own need not have one
        return {name: getattr(part, name) for name in ("units", "rate", "use_bias") if hasattr(part, name)}


def _plain(config: Any) -> dict[str, Any]:
    return {key: value for key, value in json.loads(json.dumps(config, default=_named)).items() if key != "name"}


def _named(value: Any) -> str:
    return getattr(value, "__name__", None) or type(value).__name__


def _loss(loss: Any) -> dict[str, Any]:
    if isinstance(loss, str):
        return {"name": loss}
    config = _plain(_config(loss)) if hasattr(loss, "get_config") else {}
    return {"name": getattr(loss, "__name__", type(loss).__name__), **config}
