"""From Keras models to NumPy arrays and plain values. The last place that knows TensorFlow."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

from lab.run import Array, Arrays, FirstSteps, Masking, Steps, Structure
from tests.submissions.contract import SubjectError

# What a history calls the accuracy if the metric was asked for by another of its names.
SPELT_OUT = {f"{part}{name}": f"{part}accuracy" for part in ("", "val_") for name in ("acc", "categorical_accuracy")}
ROWS_AT_ONCE = 10_000  # bounds the memory of a prediction


def compiled_model(candidate: Any, origin: str) -> keras.Model:
    """`candidate` if it is a compiled Keras model, else SubjectError naming `origin`."""
    if not isinstance(candidate, keras.Model):
        raise SubjectError(f"{origin} returned a {type(candidate).__name__}; the contract needs a compiled Keras model")
    if getattr(candidate, "optimizer", None) is None:
        raise SubjectError(f"{origin} returned a model that is not compiled; call compile() before you return it")
    return candidate


def weights_of(model: keras.Model) -> Arrays:
    """Copies of the model's weights, in its own order."""
    return tuple(np.array(weight) for weight in model.get_weights())


def optimizer_state_of(model: keras.Model) -> Arrays:
    """Copies of the optimizer's variables, step count and learning rate included."""
    return tuple(np.array(variable.numpy()) for variable in model.optimizer.variables)


def variables_of(model: keras.Model) -> list[Any]:
    """All that training changes: the model's variables and its optimizer's."""
    return [*model.variables, *model.optimizer.variables]


def outputs(model: keras.Model, x: Array) -> Array:
    """The model's outputs at inference for x (n, features), as (n, outputs)."""
    parts = [x[start : start + ROWS_AT_ONCE] for start in range(0, len(x), ROWS_AT_ONCE)]
    answers = np.concatenate([np.array(model(part, training=False)) for part in parts])
    if len(answers) != len(x) or answers.ndim != 2:
        raise SubjectError(
            f"the model turns {len(x)} samples into outputs of shape {answers.shape}; expected (n, outputs)"
        )
    return answers


def structure_of(model: keras.Model) -> Structure:
    """Layers, optimizer and loss in plain values."""
    layers = tuple(_layer(layer) for layer in _flat(model) if type(layer).__name__ != "InputLayer")
    if getattr(model, "optimizer", None) is None:
        return Structure(layers, {}, "")
    optimizer = {"class": type(model.optimizer).__name__, **model.optimizer.get_config()}
    return Structure(layers, {key: value for key, value in optimizer.items() if key != "name"}, _loss_name(model.loss))


def _flat(model: keras.Model) -> list[Any]:
    """The layers in order, those of nested models in their place."""
    return [inner for layer in model.layers for inner in (_flat(layer) if isinstance(layer, keras.Model) else [layer])]


def _layer(layer: Any) -> dict[str, Any]:
    described: dict[str, Any] = {"class": type(layer).__name__}
    for name in ("units", "use_bias", "rate"):
        if hasattr(layer, name):
            described[name] = getattr(layer, name)
    if hasattr(layer, "activation"):
        described["activation"] = getattr(layer.activation, "__name__", type(layer.activation).__name__)
    return described


def _loss_name(loss: Any) -> str:
    """One name for a loss however it was given: `mse`, the function, and the object are mean_squared_error."""
    try:
        resolved = keras.losses.get(loss)
    except ValueError:
        resolved = loss
    return str(getattr(resolved, "name", getattr(resolved, "__name__", type(resolved).__name__)))


def masking_of(model: keras.Model, values: int = 100_000) -> tuple[Masking, ...]:
    """What each dropout layer does to `values` ones, in training and at inference."""
    ones = np.ones((values // 100, 100), np.float32)
    found = []
    for layer in _flat(model):
        if "dropout" in type(layer).__name__.lower():
            trained, inferred = np.array(layer(ones, training=True)), np.array(layer(ones, training=False))
            found.append(Masking(float(layer.rate), ones.size, int((trained == 0).sum()), int((inferred != 1).sum())))
    return tuple(found)


def plain_history(history: Any, epochs: int) -> Mapping[str, tuple[float, ...]]:
    """What `train` returned, a dict or a Keras History, as plain floats; SubjectError if it is neither."""
    metrics = getattr(history, "history", history)
    if not isinstance(metrics, Mapping):
        raise SubjectError(
            f"train returned a {type(history).__name__}; the contract needs a dict from metric name to a list of "
            "floats, or a Keras History"
        )
    plain: dict[str, tuple[float, ...]] = {}
    for key, values in metrics.items():
        name = SPELT_OUT.get(str(key), str(key))
        try:
            plain[name] = tuple(float(value) for value in values)
        except (TypeError, ValueError):
            raise SubjectError(f"train's history has no list of floats at {name!r} but {values!r:.80}") from None
        if len(plain[name]) != epochs:
            raise SubjectError(
                f"train's history has {len(plain[name])} values at {name!r}, but the recipe asks for {epochs} epochs"
            )
    if "loss" not in plain:
        raise SubjectError(f"train's history has no 'loss' but {', '.join(plain) or 'nothing'}")
    return plain


def optimizer_state_in(path: Path) -> Arrays:
    """The optimizer's variables as they stand in a saved `.h5` file, empty if it holds none."""
    with h5py.File(path) as file:
        if "optimizer_weights" not in file:
            return ()
        group = file["optimizer_weights"]
        return tuple(np.array(group[name]) for name in group.attrs["weight_names"])


def steps_of(model: keras.Model, x: Array, y: Array) -> Steps:
    """Train `model`, which is spent by it, on the batches x (steps, batch, features), and keep its weights."""
    structure = structure_of(model)
    for layer in _flat(model):
        if "dropout" in type(layer).__name__.lower():
            layer.rate = 0.0  # its masks are nothing that NumPy could repeat
    model.run_eagerly = True  # a trace takes longer than these few steps
    weights = [weights_of(model)]
    for batch in zip(x, y, strict=True):
        model.train_on_batch(*batch)
        weights.append(weights_of(model))
    return Steps(structure, x, y, tuple(weights))


def first_steps_of(model: keras.Model, x: Array, y: Array, steps: int = 20, seed: int = 0) -> FirstSteps:
    """Train `model` on `steps` fixed batches of 32 and tell the loss before each and how far it moved the weights."""
    order = np.random.default_rng(seed).permutation(len(x))
    losses, movements, largest_moves = [], [], []
    model.run_eagerly = True  # a trace takes longer than these few steps
    before = model.get_weights()
    for step in range(steps):
        batch = order[step * 32 : (step + 1) * 32]
        model.reset_metrics()  # Keras 3 would return the mean of the losses so far
        results = model.train_on_batch(x[batch], y[batch])
        losses.append(float(np.ravel(results)[0]))
        after = model.get_weights()
        moves = np.concatenate([np.ravel(new - old) for new, old in zip(after, before, strict=True)])
        movements.append(float(np.linalg.norm(moves)))
        largest_moves.append(float(np.abs(moves).max()))
        before = after
    return FirstSteps(tuple(losses), tuple(movements), largest_moves[0])


def timed(action: Any, *arguments: Any, **named: Any) -> tuple[Any, float]:
    """What `action` returns, and the seconds that it took."""
    start = time.perf_counter()
    result = action(*arguments, **named)
    return result, time.perf_counter() - start
