"""Trains what `fit` is asked for in a few compiled calls an epoch, where that is the very same training.

The weights are those that `fit` reaches by the same batches; which order it takes, `fit` leaves to chance as well. It
draws the order from a generator of its own, so that the notebook's own random numbers are what they are without it.
Tests and predictions take larger batches, which change them by no more than rounding.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np

Arguments = Mapping[str, Any]

FEWEST_STEPS = 100  # below, `fit` is as quick
FEWEST_ROWS = 2000  # below, Keras's batches of 32 are as quick
ROWS_AT_ONCE = 1000
# What `fit` may be given with these values alone; another value may mean another training.
PLAIN: dict[str, int | None] = {
    "steps_per_epoch": None,
    "validation_steps": None,
    "class_weight": None,
    "sample_weight": None,
}
PLAIN |= {"validation_freq": 1, "initial_epoch": 0}


def quick(train_epochs: Callable[..., Any], fit: Callable[..., Any]) -> Callable[..., Any]:
    """`fit`, or the same training by `train_epochs` (see `lab.epochs`) where it is known to be the same."""
    signature, trainings = inspect.signature(fit), [0]

    @functools.wraps(fit)
    def fit_quickly(*positional: Any, **named: Any) -> Any:
        bound = signature.bind(*positional, **named)
        bound.apply_defaults()
        data = _same_training(bound.arguments)
        if data is None:
            return fit(*positional, **named)
        trainings[0] += 1
        return _train(train_epochs, bound.arguments, *data, np.random.default_rng(trainings[0]))

    return fit_quickly


def in_larger_batches(method: Callable[..., Any]) -> Callable[..., Any]:
    """`evaluate` or `predict`, with larger batches where the notebook asks for none of its own."""
    signature = inspect.signature(method)

    @functools.wraps(method)
    def in_batches(*positional: Any, **named: Any) -> Any:
        bound = signature.bind(*positional, **named)
        x, model = bound.arguments.get("x"), bound.arguments["self"]
        many = isinstance(x, np.ndarray) and x.ndim > 0 and len(x) >= FEWEST_ROWS
        if many and bound.arguments.get("batch_size") is None and all(_is_keras_own(type(one)) for one in model.layers):
            bound.arguments["batch_size"] = ROWS_AT_ONCE
        return method(*bound.args, **bound.kwargs)

    return in_batches


def _same_training(asked: Arguments) -> tuple[Any, Any, int] | None:
    """Features, targets and how many of the last are held out; None if `fit` itself must train."""
    model, callbacks = asked["self"], asked["callbacks"] or []
    if not all(_is(asked.get(name, value), value) for name, value in PLAIN.items()):
        return None
    if not isinstance(callbacks, list) or not all(getattr(one, "only_looks_on", False) for one in callbacks):
        return None
    if getattr(model, "optimizer", None) is None:
        return None
    parts = (model, model.optimizer, *model.layers)
    own_loss = isinstance(model.loss, str) or _is_keras_own(model.loss)
    if not own_loss or model.run_eagerly or not all(_is_keras_own(type(part)) for part in parts):
        return None
    return _arrays(asked)


def _is(given: Any, value: int | None) -> bool:
    """Whether it is this value; what is given may be an array, which compares with everything."""
    return given is value or (isinstance(given, int) and given == value)


def _is_keras_own(part: Any) -> bool:
    """Whether it is Keras's, and no class or function of the notebook's own, which may do what it likes."""
    return str(getattr(part, "__module__", type(part).__module__)).split(".")[0] == "keras"


def _arrays(asked: Arguments) -> tuple[Any, Any, int] | None:
    pair = asked["validation_data"]
    parts = [asked["x"], asked["y"], *(pair if isinstance(pair, (tuple, list)) else [])]
    if len(parts) not in (2, 4) or (pair is not None and len(parts) != 4):
        return None
    if not all(isinstance(part, np.ndarray) and part.dtype.kind in "fiu" and part.ndim for part in parts):
        return None
    x, y = parts[:2]
    batch_size = asked["batch_size"] or 32
    if len(x) != len(y) or not isinstance(batch_size, int):
        return None
    held_out = len(x) - int(len(x) * (1 - asked["validation_split"]))
    if pair is not None:
        if len(parts[2]) != len(parts[3]) or any(
            a.shape[1:] != b.shape[1:] for a, b in zip(parts, parts[2:], strict=False)
        ):
            return None  # Keras refuses them in its own words
        held_out = len(parts[2])
        x, y = (np.concatenate(both) for both in zip((x, y), parts[2:], strict=True))
    steps = asked["epochs"] * (len(x) - held_out) // batch_size
    return (x, y, held_out) if steps >= FEWEST_STEPS else None


def _train(
    train_epochs: Callable[..., Any], asked: Arguments, x: Any, y: Any, held_out: int, orders: np.random.Generator
) -> Any:
    model, batch_size = asked["self"], asked["batch_size"] or 32
    order = orders.permutation if asked["shuffle"] else np.arange
    told = {"epochs": asked["epochs"], "steps": -(-(len(x) - held_out) // batch_size)}
    verbose = 2 if asked["verbose"] in (1, 2, "auto") else 0  # a line an epoch, not a bar that nobody watches
    line = keras.callbacks.CallbackList(
        list(asked["callbacks"] or []),
        add_history=True,
        add_progbar=bool(verbose),
        model=model,
        verbose=verbose,
        **told,
    )
    if not model.built:
        model(x[:1])
    epochs = train_epochs(model, x, y, asked["epochs"], batch_size, held_out, order)
    line.on_train_begin()
    for epoch in range(asked["epochs"]):
        line.on_epoch_begin(epoch)
        line.on_epoch_end(epoch, next(epochs))
    next(epochs, None)  # what follows the last one
    line.on_train_end()
    return model.history
