"""Notes what a notebook does with Keras. Runs in the notebook's own kernel, before its first cell.

Each `fit`, `train_on_batch`, `evaluate`, `predict`, `save` and `load_model` becomes a line of JSON, with the model's
structure, arguments, results, and the names of arrays: files of their own, named after their content. Weights that
change otherwise, by a hand-written loop say, are noted at the end of the cell that changed them. Whoever reads this
must believe nothing of it: the notebook can write what it likes.
"""

import contextlib
import hashlib
import inspect
import json
import threading
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
from description import describe, describe_optimizer
from numpy import save  # the notebook may put something else in its place

ROWS = 100_000  # of a data set that is kept; MNIST has 60,000
FIRST = 100  # samples of the data seen last, whose predictions are kept when a model is saved or loaded
FLOATS = 2**31  # bytes of one array at most
TESTS = 8  # of one model in one cell that are kept; who predicts image by image makes thousands
FIRST_FEW = 3  # of them are kept whatever their size
NEARBY = 12  # of the notebook's arrays that are kept with weights that a hand-written loop changed


class Recorder:
    """Writes records and arrays into a folder, and knows each model by a number."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cell, self.count, self.depth = folder, 0, 0, threading.local()
        self.numbers: Any = weakref.WeakKeyDictionary()
        self.orders: Any = weakref.WeakKeyDictionary()  # of subclassed models: their layers as they were called
        self.optimizers: Any = weakref.WeakSet()  # that took a step otherwise than by `fit`
        self.known: dict[int, Any] = {}  # names of the weights that a model was last seen with, by its number
        self.steps: Any = weakref.WeakKeyDictionary()  # that are noted of each optimizer
        self.seen: dict[int, Any] = {}  # features that a model saw last, by its number
        self.pending: dict[keras.Model, Any] = {}  # steps taken batch by batch that are not written yet
        self.taped: dict[int, list[Any]] = {}  # batches that a model was called with under a tape, by its number
        self.tested: dict[Any, list[int]] = {}  # rows of each kept test of this cell, by the model and what it did
        self.given_up: set[tuple[int, str, str]] = set()  # what is written down once for each cell
        self.originals: dict[tuple[Any, str], Any] = {}  # what stands for Keras's own, by its owner and name
        self.names: Mapping[str, Any] = {}  # the notebook's own

    def begin_cell(self, *_: Any) -> None:
        """Which cell begins is what the runner wrote last."""
        self.cell = json.loads((self.folder / "cells.jsonl").read_text(encoding="utf-8").splitlines()[-1])["cell"]

    def write(self, kind: str, **values: Any) -> None:
        """Add a line to the records."""
        line = json.dumps({"kind": kind, "cell": self.cell, **values}, default=str)
        with (self.folder / "keras.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def give_up(self, what: str, error: Exception) -> None:
        """Note that something could not be noted; the notebook must not suffer from it."""
        with contextlib.suppress(Exception):
            told = self.cell, what, f"{type(error).__name__}: {error}"[:500]
            if told not in self.given_up:
                self.given_up.add(told)
                self.write("unrecorded", what=what, error=told[2])

    def is_worth_keeping(self, model: keras.Model, doing: Any, rows: int) -> bool:
        """Whether this test or prediction of the model is: of many in a cell the first few, and then larger ones."""
        kept = self.tested.setdefault((self.number(model), doing), [])
        if len(kept) >= TESTS or (len(kept) >= FIRST_FEW and rows <= max(kept)):
            return False
        kept.append(rows)
        return True

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
            save(path, values, allow_pickle=False)
        return path.stem

    def arrays(self, many: Iterable[Any]) -> list[str | None]:
        """The names of several."""
        return [self.array(values) for values in many]

    def data(self, values: Any) -> str | None:
        """The name of a data set, None if it is no array; rows beyond ROWS are left out."""
        if values is None:
            return None
        if hasattr(values, "to_numpy"):
            values = values.to_numpy()
        try:
            return self.array(np.asarray(values)[:ROWS])
        except (TypeError, ValueError, IndexError):
            return None

    def number(self, model: keras.Model) -> int:
        """The model's number, from 1."""
        if model not in self.numbers:
            self.count += 1
            self.numbers[model] = self.count
        return self.numbers[model]

    def model(self, model: keras.Model) -> dict[str, Any]:
        """What the model says of itself, in plain values."""
        return {"model": self.number(model), **describe(model, self.orders.get(model))}

    def weights(self, model: keras.Model) -> list[str | None]:
        """The names of the model's weights; they are what it is known by until it changes again."""
        names = self.arrays(model.get_weights())
        self.known[self.number(model)] = names
        if getattr(model, "optimizer", None) is not None:
            self.steps[model.optimizer] = int(np.asarray(model.optimizer.iterations))
        return names

    def settle(self, model: keras.Model) -> None:
        """Note the model's weights if they were changed by nothing that was recorded."""
        number = self.numbers.get(model)
        before = self.known.get(number)
        if number is None or not model.built:
            return
        optimizer = self._optimizer_of(model)
        begun = self.steps.get(optimizer, 0) if optimizer is not None else 0
        after = self.weights(model)
        if before is not None and before != after:
            self._write_changed(model, optimizer, begun_at=begun, before=before, after=after)

    def end_of_cell(self, *_: Any) -> None:
        """Note models whose weights were changed by nothing that was recorded, and patches that are gone."""
        for model in list(self.numbers):
            self.settle(model)
        self.taped.clear()
        self.tested.clear()
        for (owner, name), wrapper in self.originals.items():
            if inspect.getattr_static(owner, name, None) is not wrapper:
                self.write("replaced", what=f"{getattr(owner, '__name__', owner)}.{name}")

    def _write_changed(self, model: keras.Model, optimizer: Any, **told: Any) -> None:
        """A hand-written loop, or weights that were set: with what the model saw, and what data there are."""
        described = self.model(model)
        if optimizer is not None:
            described |= describe_optimizer(optimizer)
            self.steps[optimizer] = described["steps"]
        batches = self.taped.pop(self.number(model), [])
        self.write(
            "changed",
            **described,
            sizes=[len(batch) for batch in batches],
            x=self.data(np.concatenate(batches)) if batches else None,
            nearby=self._nearby(model),
            **told,
        )

    def _optimizer_of(self, model: keras.Model) -> Any:
        """The optimizer that took steps on the model's weights by the notebook's own hand, or else the model's."""
        ours = {id(variable) for variable in model.trainable_variables}
        names = {getattr(variable, "_unique_id", None) for variable in model.trainable_variables}
        for optimizer in self.optimizers:
            theirs = getattr(optimizer, "_trainable_variables", None) or getattr(optimizer, "_vars", [])
            known = set(getattr(optimizer, "_index_dict", ()))  # Keras 2 knows them by name
            if ours & {id(variable) for variable in theirs} or names & known:
                return optimizer
        return getattr(model, "optimizer", None)

    def _nearby(self, model: keras.Model) -> dict[str, str | None]:
        """The notebook's arrays that fit the model's inputs or outputs: it was trained on some of them."""
        kernels = [weight for weight in model.get_weights() if weight.ndim == 2]
        if not kernels:
            return {}
        widths = {side for kernel in kernels for side in kernel.shape}
        found: dict[str, Any] = {}
        for name, value in list(self.names.items()):
            shape = () if name.startswith("_") else _shape(value)
            if shape and 1 < shape[0] <= ROWS and (len(shape) == 1 or int(np.prod(shape[1:])) in widths):
                found[name] = value
        return {name: self.data(value) for name, value in list(found.items())[-NEARBY:]}


def _shape(value: Any) -> tuple[int, ...]:
    """The shape of NumPy's, TensorFlow's and pandas's arrays; empty for everything else."""
    if not isinstance(value, np.ndarray) and type(value).__module__.split(".")[0] not in ("pandas", "tensorflow"):
        return ()
    try:
        return tuple(int(side) for side in value.shape)
    except (AttributeError, TypeError, ValueError):
        return ()
