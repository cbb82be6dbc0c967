"""The oracle: dense networks, their gradients and their optimizers in NumPy float64, many replicas at once.

Written from the formulas, independently of Keras, so that the two can be compared. `Parameters` are in Keras's order:
kernel (inputs, units) and bias (units,) of each layer. Each may have a leading replica axis; everything computed from
them then has it too, and hundreds of replicas train in one call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]  # float64 throughout, unless a caller gives less
Parameters = tuple[Floats, ...]

SGD_RATE = 0.01  # Keras's default


@dataclass(frozen=True)
class Network:
    """The activation of each dense layer, and the loss: `mse` or `categorical_crossentropy` (after a softmax)."""

    activations: tuple[str, ...]
    loss: str

    def __post_init__(self) -> None:
        unknown = set(self.activations) - {"linear", "relu", "sigmoid", "tanh", "softmax"}
        if unknown:
            raise ValueError(f"the oracle has no activation {', '.join(sorted(unknown))}")
        if self.loss not in ("mse", "categorical_crossentropy"):
            raise ValueError(f"the oracle has no loss {self.loss}")
        if self.loss == "categorical_crossentropy" and self.activations[-1] != "softmax":
            raise ValueError("the oracle's cross-entropy needs a softmax as the last activation")


def activate(name: str, before: Floats) -> Floats:
    """A layer's output for its weighted sums `before`, (..., batch, units)."""
    if name == "relu":
        return np.maximum(before, 0)
    if name == "sigmoid":
        return (1 + np.tanh(before / 2)) / 2  # never overflows
    if name == "tanh":
        return np.tanh(before)
    if name == "softmax":
        powers = np.exp(before - before.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
    return before


def through_activation(name: str, output: Floats, slope: Floats) -> Floats:
    """The loss's slope by a layer's weighted sums, from its slope by the layer's output: (replicas, batch, units)."""
    if name == "relu":
        return slope * (output > 0)
    if name == "sigmoid":
        return slope * output * (1 - output)
    if name == "tanh":
        return slope * (1 - output**2)
    if name == "softmax":
        return np.asarray(output * (slope - (slope * output).sum(axis=-1, keepdims=True)))
    return slope


def layer_outputs(network: Network, parameters: Parameters, x: Floats) -> list[Floats]:
    """The input and each layer's output, (replicas, batch, units), for x ([replicas,] batch, features)."""
    outputs = [x]
    for name, kernel, bias in zip(network.activations, parameters[::2], parameters[1::2], strict=True):
        outputs.append(activate(name, outputs[-1] @ kernel + bias[..., None, :]))
    return outputs


def predict(network: Network, parameters: Parameters, x: Floats) -> Floats:
    """The network's outputs, (replicas, batch, outputs)."""
    return layer_outputs(network, parameters, x)[-1]


def loss_of(network: Network, predictions: Floats, y: Floats) -> Floats:
    """The loss of each replica, (replicas,): squared error over batch and outputs, or cross-entropy over the batch."""
    if network.loss == "mse":
        return np.asarray(((predictions - y) ** 2).mean(axis=(-2, -1)))
    chosen = (predictions * y).sum(axis=-1)  # (replicas, batch): labels are one-hot
    return np.asarray(-np.log(np.maximum(chosen, np.finfo(np.float64).tiny)).mean(axis=-1))


def gradients(network: Network, parameters: Parameters, x: Floats, y: Floats) -> tuple[Floats, Parameters]:
    """The loss of each replica (replicas,), and its gradient by each parameter, by backpropagation."""
    outputs = layer_outputs(network, parameters, x)
    predictions, batch = outputs[-1], x.shape[-2]
    if network.loss == "mse":
        slope = through_activation(
            network.activations[-1], predictions, 2 * (predictions - y) / (batch * predictions.shape[-1])
        )
    else:
        slope = (predictions - y) / batch  # softmax and cross-entropy in one: no division by a probability near zero
    found: list[Floats] = []
    for layer in reversed(range(len(network.activations))):
        found[:0] = [np.swapaxes(outputs[layer], -1, -2) @ slope, slope.sum(axis=-2)]
        if layer:
            back = slope @ np.swapaxes(parameters[2 * layer], -1, -2)  # (replicas, batch, units of the layer below)
            slope = through_activation(network.activations[layer - 1], outputs[layer], back)
    return loss_of(network, predictions, y), tuple(found)


def sgd_step(parameters: Parameters, slopes: Parameters, rate: float = SGD_RATE) -> Parameters:
    """The parameters after one step of plain gradient descent."""
    return tuple(weight - rate * slope for weight, slope in zip(parameters, slopes, strict=True))


@dataclass(frozen=True)
class Adam:
    """The state of Adam after `steps` steps: the moving means of the gradient and of its square.

    Defaults and form are Keras's (Kingma and Ba 2015, the variant before their section 2.1, "epsilon hat").
    """

    mean: Parameters
    square: Parameters
    steps: int = 0
    rate: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7


def adam_start(parameters: Parameters, rate: float = 0.001) -> Adam:
    """Adam before its first step."""
    zeros = tuple(map(np.zeros_like, parameters))
    return Adam(zeros, zeros, rate=rate)


def adam_step(parameters: Parameters, slopes: Parameters, state: Adam) -> tuple[Parameters, Adam]:
    """The parameters and the state after one step of Adam."""
    steps = state.steps + 1
    rate = state.rate * np.sqrt(1 - state.beta_2**steps) / (1 - state.beta_1**steps)
    mean = tuple(m + (g - m) * (1 - state.beta_1) for m, g in zip(state.mean, slopes, strict=True))
    square = tuple(v + (g**2 - v) * (1 - state.beta_2) for v, g in zip(state.square, slopes, strict=True))
    moved = tuple(
        weight - rate * m / (np.sqrt(v) + state.epsilon) for weight, m, v in zip(parameters, mean, square, strict=True)
    )
    return moved, Adam(mean, square, steps, state.rate, state.beta_1, state.beta_2, state.epsilon)


def glorot_uniform(sizes: Sequence[int], replicas: int, generator: np.random.Generator) -> Parameters:
    """Initial parameters of `replicas` networks whose layers have `sizes` units, the input first.

    Kernels are uniform within sqrt(6 / (inputs + units)) (Glorot and Bengio 2010, equation 16), biases zero.
    """
    parameters: list[Floats] = []
    for inputs, units in pairwise(sizes):
        limit = np.sqrt(6 / (inputs + units))
        parameters += [generator.uniform(-limit, limit, (replicas, inputs, units)), np.zeros((replicas, units))]
    return tuple(parameters)
