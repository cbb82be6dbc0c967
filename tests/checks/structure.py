"""The check of what a model is made of; what it is compiled with shows in its first steps."""

from collections.abc import Sequence
from typing import Any

from lab.run import Structure
from tests.checks.facts import Fact, equal

Layers = Sequence[tuple[str, Any]]  # ("relu", 128) for 128 ReLU units, ("dropout", 0.3) for dropout at that rate


def layers(structure: Structure, expected: Layers) -> Fact:
    """The model computes exactly these layers; an activation layer of its own counts with the layer before it."""
    wanted = [_spelt(kind, value) for kind, value in expected]
    return equal("layers", _layers_of(structure), wanted, "the lab asks for this network")


def _layers_of(structure: Structure) -> list[str]:
    found: list[str] = []
    for layer in structure.layers:
        kind = layer["class"]
        if kind == "Dense":
            bias = "" if layer.get("use_bias", True) else " without bias"
            found.append(_spelt(layer["activation"], layer["units"]) + bias)
        elif kind == "Dropout":
            if layer["rate"]:
                found.append(_spelt("dropout", layer["rate"]))
        elif kind in ("Activation", "ReLU", "Softmax") and found and found[-1].startswith("linear"):
            found[-1] = found[-1].replace("linear", layer.get("activation", kind.lower()), 1)
        else:
            found.append(str(kind))
    return found


def _spelt(kind: str, value: Any) -> str:
    return f"{kind} {value:g}" if kind == "dropout" else f"{kind} {value}"
