"""What a model says of itself, in plain values. Runs in the notebook's own kernel."""

import json
from typing import Any

import numpy as np


def describe(model: Any, called: list[Any] | None) -> dict[str, Any]:
    """Layers with their configuration and number of weights, optimizer, its steps, and loss.

    `layers` is in the order of the model's weights, of which `own` come before any layer's. `called`, the layers as
    they were called, becomes the place of each in `layers`; it matters for subclassed models alone.
    """
    layers = flat(model)
    described: dict[str, Any] = {"class": type(model).__name__, "layers": []}
    for layer in layers:
        plain = {"class": type(layer).__name__, **_plain(_config(layer)), "weights": len(layer.weights)}
        described["layers"].append(plain)
    described["own"] = len(model.weights) - sum(len(layer.weights) for layer in layers)
    if called is not None:
        places = {id(layer): place for place, layer in enumerate(layers)}
        described["called"] = [places[id(layer)] for layer in called if id(layer) in places]
    optimizer = getattr(model, "optimizer", None)
    if optimizer is not None:
        described |= describe_optimizer(optimizer)
        described["loss"] = _loss(model.loss)
    return described


def describe_optimizer(optimizer: Any) -> dict[str, Any]:
    """Its class, configuration and the steps that it has taken."""
    plain = {"class": type(optimizer).__name__, **_plain(_config(optimizer))}
    return {"optimizer": plain, "steps": int(np.asarray(optimizer.iterations))}


def flat(model: Any) -> list[Any]:
    """The layers, those of nested models in their place."""
    return [inner for layer in model.layers for inner in (flat(layer) if hasattr(layer, "layers") else [layer])]


def is_of_keras(model: Any) -> bool:
    """Whether calling the model runs no code of the notebook's."""
    parts = [model, *flat(model)]
    return all(type(part).__module__.split(".")[0] in ("keras", "tf_keras", "tensorflow") for part in parts)


def _config(part: Any) -> Any:
    try:
        return part.get_config()
    except Exception:  # a class of the student's own need not have one
        return {name: getattr(part, name) for name in ("units", "rate", "use_bias") if hasattr(part, name)}


def _plain(config: Any) -> dict[str, Any]:
    return {key: value for key, value in json.loads(json.dumps(config, default=_named)).items() if key != "name"}


def _named(value: Any) -> Any:
    """What stands for a value that JSON has no word for: a number of NumPy's, as in Keras 2, or a name."""
    if isinstance(value, np.generic):
        return value.item()
    return getattr(value, "__name__", None) or type(value).__name__


def _loss(loss: Any) -> dict[str, Any]:
    if isinstance(loss, str):
        return {"name": loss}
    config = _plain(_config(loss)) if hasattr(loss, "get_config") else {}
    return {"name": getattr(loss, "__name__", type(loss).__name__), **config}
