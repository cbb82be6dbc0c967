"""The step check: a compiled model's first steps against the oracle's, from the same weights on the same batches.

It needs no luck and no threshold on what is learned: whatever is wrong with the optimizer, its rate, the loss, an
activation, a regulariser or a clipping shows in the very first steps, a thousand times above float32's rounding.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lab.run import Arrays, Steps
from tests.checks.facts import Fact, at_most, equal
from tests.reference.oracle import (
    Floats,
    Network,
    Parameters,
    adam_start,
    adam_step,
    gradients,
    layer_outputs,
    sgd_step,
)

STEPS, BATCH = 3, 32
MARGIN = 1e-4  # a hundred times what float32 loses in a weighted sum of 784 pixels: 9e-7 (30 seeds)

# Distance from the oracle, relative to how far it moved. Correct models leave 7e-10 to 1.3e-5 of it (exercises 1 to 3,
# thirty seeds; most of it is 1 - 0.999, which float32 rounds). A rate that is off by 1 % leaves 1e-2.
BOUND = 1e-4
SAME_WAY = 0.01  # degrees; rounding turns a step by 0.0006 at most (30 seeds)


@dataclass(frozen=True)
class Asked:
    """What the lab asks of a model: its network, and `SGD` or `Adam` at Keras's default rate."""

    network: Network
    optimizer: str


HIDDEN_RELU = Asked(Network(("relu", "softmax"), "categorical_crossentropy"), "Adam")
TWO_HIDDEN_RELU = Asked(Network(("relu", "relu", "softmax"), "categorical_crossentropy"), "Adam")
ASKED = {
    "linear": Asked(Network(("linear",), "mse"), "SGD"),
    "linear_noisy": Asked(Network(("linear",), "mse"), "SGD"),
    "iris_relu10": HIDDEN_RELU,
    "iris_relu50": HIDDEN_RELU,
    "iris_sigmoid10": Asked(Network(("sigmoid", "softmax"), "categorical_crossentropy"), "Adam"),
    "mnist": TWO_HIDDEN_RELU,
    "mnist_dropout": TWO_HIDDEN_RELU,  # with its dropout off
}


def oracle_path(asked: Asked, start: Arrays, batches: Iterable[tuple[Floats, Floats]]) -> Iterator[Parameters]:
    """The parameters before the first step and after each one, by the oracle in float64."""
    parameters: Parameters = tuple(weight.astype(np.float64) for weight in start)
    state = adam_start(parameters)
    yield parameters
    for x, y in batches:
        _, slopes = gradients(asked.network, parameters, x.astype(np.float64), y.astype(np.float64))
        if asked.optimizer == "Adam":
            parameters, state = adam_step(parameters, slopes, state)
        else:
            parameters = sgd_step(parameters, slopes)
        yield parameters


def steady_rows(asked: Asked, start: Arrays, x: Floats, y: Floats) -> NDArray[np.intp]:
    """Rows of x and y for STEPS batches of BATCH, (steps, batch), that rounding leads nowhere else.

    A sample with a ReLU's input within MARGIN of zero is passed over: float32 may take its slope for 0 where float64
    takes 1. Of some fifty MNIST models one met that, and its weights ended 2e-3 of their way apart.
    """
    rows = np.arange(STEPS * BATCH).reshape(STEPS, BATCH) % len(x)
    if not shapes_fit(asked, start):
        return rows
    chosen: list[NDArray[np.intp]] = []
    path = oracle_path(asked, start, ((x[batch], y[batch]) for batch in chosen))
    for first in rows[:, 0]:
        candidates = (first + np.arange(min(4 * BATCH, len(x)))) % len(x)
        steady = candidates[relu_margins(asked.network, next(path), x[candidates]) > MARGIN]
        chosen.append(np.resize(steady if steady.size else candidates, BATCH))
    return np.array(chosen)


def relu_margins(network: Network, parameters: Parameters, x: Floats) -> Floats:
    """How near to zero the nearest input of a ReLU is, for each sample: (n,); infinite without ReLUs."""
    nearest = np.full(len(x), np.inf)
    outputs = layer_outputs(network, parameters, x.astype(np.float64))
    for layer, name in enumerate(network.activations):
        if name == "relu":
            sums = outputs[layer] @ parameters[2 * layer] + parameters[2 * layer + 1]
            nearest = np.minimum(nearest, np.abs(sums).min(axis=-1))
    return nearest


def shapes_fit(asked: Asked, weights: Arrays) -> bool:
    """Whether the weights are a kernel and a bias for each layer, one layer's units the next one's inputs."""
    kernels, biases = weights[::2], weights[1::2]
    if len(kernels) != len(asked.network.activations) or len(biases) != len(kernels):
        return False
    fitting = all(
        kernel.ndim == 2 and bias.shape == kernel.shape[1:] for kernel, bias in zip(kernels, biases, strict=True)
    )
    return fitting and all(one.shape[1] == other.shape[0] for one, other in pairwise(kernels))


def same_steps(steps: Steps, asked: Asked) -> Fact:
    """The model's steps are the oracle's."""
    network = asked.network
    if not shapes_fit(asked, steps.weights[0]):
        shapes = [list(weight.shape) for weight in steps.weights[0]]
        wanted = f"a kernel and a bias for each of {len(network.activations)} layers"
        return equal("shapes of the weights", shapes, wanted, "the lab asks for dense layers with biases")
    path = [flat(weights) for weights in oracle_path(asked, steps.weights[0], zip(steps.x, steps.y, strict=True))]
    distance = np.linalg.norm(flat(steps.weights[-1]) - path[-1]) / np.linalg.norm(path[-1] - path[0])
    comparison = _comparison(flat(steps.weights[1]) - path[0], path[1] - path[0])
    reason = (
        f"NumPy takes the same steps in float64: {asked.optimizer} at Keras's rate, {network.loss.replace('_', ' ')}, "
        f"{' and '.join(network.activations)}; rounding leaves 1.3e-5. The model is compiled with "
        f"{_compiled(steps)}; its first step is {comparison}"
    )
    statement = f"distance from the oracle's weights after {STEPS} steps, as a share of how far they moved"
    return at_most(statement, float(distance), BOUND, reason)


def usual_settings(steps: Steps) -> Fact:
    """The optimizer has Keras's settings: some, such as averaged weights, show in no first steps."""
    reason = "the lab asks for the optimizer as Keras gives it"
    return equal("settings of the optimizer that are not Keras's", _unusual(steps), [], reason)


def _unusual(steps: Steps) -> list[str]:
    """What the model says of its optimizer that differs from Keras's defaults, but for its class and rate."""
    usual = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07, "momentum": 0.0, "ema_momentum": 0.99}
    told = {key: value for key, value in steps.structure.optimizer.items() if key not in ("class", "learning_rate")}
    return [f"{key} {value}" for key, value in told.items() if value not in (None, False) and usual.get(key) != value]


def _compiled(steps: Steps) -> str:
    """The optimizer, what differs from Keras's defaults in it, and the loss, as the model tells."""
    optimizer = steps.structure.optimizer
    rate = optimizer.get("learning_rate")
    shown = f"{rate:.6g}" if isinstance(rate, float) else str(rate)  # float32 rounds 0.01 in its ninth digit
    told = ", ".join([f"{optimizer.get('class')} at rate {shown}", *_unusual(steps)])
    return f"{told} on {steps.structure.loss.replace('_', ' ')}"


def _comparison(ours: np.ndarray, theirs: np.ndarray) -> str:
    """How the first step compares: a wrong rate changes its length alone, everything else its direction too."""
    length = float(np.linalg.norm(ours) / np.linalg.norm(theirs))
    cosine = float(ours @ theirs / max(np.linalg.norm(ours) * np.linalg.norm(theirs), np.finfo(float).tiny))
    turned = float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
    told = f"{length:.4g} times as long as the oracle's and turned from it by {turned:.3g}°"
    if turned > SAME_WAY:
        return f"{told}: the loss, an activation, the optimizer or a penalty differs"
    return told if abs(length - 1) < BOUND else f"{told}: the learning rate differs"


def flat(weights: Arrays) -> np.ndarray:
    """All weights in one row of float64."""
    return np.concatenate([np.ravel(weight).astype(np.float64) for weight in weights])
