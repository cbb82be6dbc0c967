"""What a recorded model computes, as far as recognition looks at it: its dense layers, in the order of their calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.submissions.records import Arrays

MOST = 200  # layers, and arrays of weights, of a network that is looked at; the lab's have five and six


@dataclass(frozen=True)
class Network:
    """Features that the first dense layer takes, outputs of the last, and what lies between."""

    inputs: int
    outputs: int
    hidden: tuple[tuple[int, str], ...]  # units and activation of each dense layer but the last
    drops: bool  # whether there is dropout


def network_of(values: Mapping[str, Any], arrays: Arrays) -> Network:
    """The network of a record, with the weights that it ended with; ValueError if it is larger than any of a lab."""
    if max(len(values["after"]), len(values["layers"]), len(values.get("called") or ())) > MOST:
        raise ValueError(f"it has more than {MOST} layers or arrays of weights")
    kernels = [weight.shape for weight in (arrays(name) for name in values["after"]) if weight.ndim == 2]
    layers: Sequence[Mapping[str, Any]] = values["layers"]
    dense = [place for place, layer in enumerate(layers) if "units" in layer]
    called: Sequence[int] = values.get("called") or range(len(layers))
    if len(dense) == len(kernels):
        order = [place for place in dict.fromkeys(called) if place in dense]
        kernels = [kernels[dense.index(place)] for place in order] or kernels
    used = [layers[place] for place in called]
    return Network(
        inputs=kernels[0][0],
        outputs=kernels[-1][1],
        hidden=tuple(_dense(used))[:-1],
        drops=any("dropout" in str(layer.get("class")).lower() for layer in used),
    )


def _dense(layers: Sequence[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """Units and activation of each dense layer; a layer of its own may bring the activation."""
    found: list[tuple[int, str]] = []
    for layer in layers:
        kind = str(layer.get("class"))
        if "units" in layer:
            found.append((int(layer["units"]), str(layer.get("activation"))))
        elif found and found[-1][1] in ("linear", "None"):
            told = str(layer["activation"]) if kind == "Activation" else kind.lower()
            if kind in ("Activation", "ReLU", "LeakyReLU", "ELU", "Softmax"):
                found[-1] = (found[-1][0], told)
    return found
