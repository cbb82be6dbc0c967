"""The step check: it passes the oracle's own steps in float32, and says what is wrong with others."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lab.run import Array, Arrays, Steps, Structure
from tests.reference.oracle import Network, adam_start, adam_step, glorot_uniform, gradients
from tests.reference.step_check import (
    ASKED,
    BATCH,
    MARGIN,
    STEPS,
    Asked,
    oracle_path,
    relu_margins,
    same_steps,
    shapes_fit,
    steady_rows,
    usual_settings,
)

MNIST = ASKED["mnist"]
SIZES = {"linear": (1, 1), "iris_relu10": (2, 10, 3), "mnist": (20, 16, 8, 10)}
STRUCTURE = Structure((), {"class": "Adam", "learning_rate": 0.001}, "categorical_crossentropy")


def start_of(name: str, seed: int = 0) -> Arrays:
    """Initial weights of a network of the named run's depth, in float32 as Keras keeps them."""
    parameters = glorot_uniform(SIZES[name], 1, np.random.default_rng(seed))
    return tuple(parameter[0].astype(np.float32) for parameter in parameters)


def data_of(name: str, samples: int = 500, seed: int = 1) -> tuple[Array, Array]:
    """Features, and one-hot targets or numbers."""
    generator = np.random.default_rng(seed)
    x = generator.random((samples, SIZES[name][0]), dtype=np.float32)
    if name == "linear":
        return 10 * x, 30 * x + 5
    return x, np.eye(SIZES[name][-1], dtype=np.float32)[generator.integers(0, SIZES[name][-1], samples)]


def steps_by(asked: Asked, name: str) -> Steps:
    """The steps that `asked` takes, kept in float32, on batches chosen for the named run."""
    start, (x, y) = start_of(name), data_of(name)
    rows = steady_rows(ASKED[name], start, x, y)
    path = oracle_path(asked, start, zip(x[rows], y[rows], strict=True))
    weights = tuple(tuple(part.astype(np.float32) for part in parameters) for parameters in path)
    return Steps(STRUCTURE, x[rows], y[rows], weights)


@pytest.mark.parametrize("name", SIZES)
def test_own_steps_pass(name: str) -> None:
    """The oracle agrees with itself but for float32's rounding."""
    assert same_steps(steps_by(ASKED[name], name), ASKED[name]).holds


@pytest.mark.parametrize(
    ("network", "optimizer"),
    [
        (Network(("sigmoid", "relu", "softmax"), "categorical_crossentropy"), "Adam"),
        (Network(("relu", "tanh", "softmax"), "categorical_crossentropy"), "Adam"),
        (Network(("relu", "relu", "softmax"), "mse"), "Adam"),
        (Network(("relu", "relu", "softmax"), "categorical_crossentropy"), "SGD"),
    ],
    ids=["first activation", "second activation", "loss", "optimizer"],
)
def test_another_model_fails(network: Network, optimizer: str) -> None:
    """Another activation, loss or optimizer turns the very first step."""
    fact = same_steps(steps_by(Asked(network, optimizer), "mnist"), MNIST)
    assert not fact.holds
    assert "the loss, an activation, the optimizer or a penalty differs" in fact.because


@pytest.mark.parametrize("factor", [0.9, 1.01, 1.2])
def test_another_rate_is_named(factor: float) -> None:
    """A learning rate that is off by as little as 1 % is found, and called so."""
    right = steps_by(MNIST, "mnist")
    parameters = tuple(weight.astype(np.float64) for weight in right.weights[0])
    weights, state = [parameters], adam_start(parameters, rate=0.001 * factor)
    for x, y in zip(right.x, right.y, strict=True):
        _, slopes = gradients(MNIST.network, parameters, x.astype(np.float64), y.astype(np.float64))
        parameters, state = adam_step(parameters, slopes, state)
        weights.append(parameters)
    fact = same_steps(replace(right, weights=tuple(weights)), MNIST)
    assert (fact.holds, "the learning rate differs" in fact.because) == (False, True)


def test_model_that_does_not_move_fails() -> None:
    """Weights that stay where they are, and a first step of length zero, are no crash."""
    right = steps_by(MNIST, "mnist")
    assert not same_steps(replace(right, weights=(right.weights[0],) * (STEPS + 1)), MNIST).holds


def test_weights_that_are_no_numbers_fail() -> None:
    """NaN is not near the oracle."""
    right = steps_by(MNIST, "mnist")
    lost = tuple(np.full_like(weight, np.nan) for weight in right.weights[0])
    assert not same_steps(replace(right, weights=(right.weights[0], *[lost] * STEPS)), MNIST).holds


def test_what_was_compiled_is_told() -> None:
    """The message has the optimizer with what is unusual in it, and the loss."""
    optimizer = {"class": "Adam", "learning_rate": 0.0012000000569969416, "clipnorm": 1.0, "beta_1": 0.9}
    steps = replace(steps_by(MNIST, "mnist"), structure=Structure((), optimizer, "mean_squared_error"))
    told = "compiled with Adam at rate 0.0012, clipnorm 1.0 on mean squared error"
    assert told in same_steps(steps, MNIST).because


@pytest.mark.parametrize(
    ("settings", "unusual"),
    [
        ({"beta_1": 0.9, "epsilon": 1e-7, "amsgrad": False, "clipnorm": None, "ema_momentum": 0.99}, []),
        ({"amsgrad": True}, ["amsgrad True"]),
        ({"use_ema": True, "ema_momentum": 0.5}, ["use_ema True", "ema_momentum 0.5"]),
        ({"momentum": 0.9, "nesterov": True}, ["momentum 0.9", "nesterov True"]),
    ],
    ids=["usual", "amsgrad", "averaged weights", "momentum"],
)
def test_unusual_settings_fail(settings: dict[str, Any], unusual: list[str]) -> None:
    """What the first steps may not show, the optimizer's own description does."""
    structure = Structure((), {"class": "Adam", "learning_rate": 0.001, **settings}, "categorical_crossentropy")
    fact = usual_settings(replace(steps_by(MNIST, "mnist"), structure=structure))
    assert (fact.measured, fact.holds) == (unusual, not unusual)


def test_other_shapes_are_shown() -> None:
    """A network of another depth is told by its weights' shapes."""
    fact = same_steps(steps_by(ASKED["iris_relu10"], "iris_relu10"), MNIST)
    assert (fact.holds, fact.measured) == (False, [[2, 10], [10], [10, 3], [3]])


@pytest.mark.parametrize(
    "weights",
    [
        (np.ones((2, 3)),),
        (np.ones((2, 3)), np.ones(4), np.ones((3, 1)), np.ones(1)),
        (np.ones((2, 3)), np.ones(3), np.ones((4, 1)), np.ones(1)),
        (np.ones(3), np.ones(3), np.ones((3, 1)), np.ones(1)),
    ],
    ids=["too few", "bias", "next layer", "no matrix"],
)
def test_shapes_that_do_not_fit(weights: Arrays) -> None:
    """Whatever is not a stack of two dense layers with biases is not taken for one."""
    assert not shapes_fit(ASKED["iris_relu10"], weights)


def test_no_batch_has_a_sample_at_a_kink() -> None:
    """Along the whole path each ReLU's input is further from zero than float32 rounds."""
    start, (x, y) = start_of("mnist"), data_of("mnist")
    rows = steady_rows(MNIST, start, x, y)
    path = oracle_path(MNIST, start, zip(x[rows], y[rows], strict=True))
    margins = [relu_margins(MNIST.network, weights, x[batch]) for weights, batch in zip(path, rows, strict=False)]
    assert (np.shape(margins), np.min(margins) > MARGIN) == ((STEPS, BATCH), True)


def test_plain_batches_would_have_one() -> None:
    """The test above can fail: taken in order, some samples are at a kink."""
    start, (x, _) = start_of("mnist"), data_of("mnist")
    assert relu_margins(MNIST.network, start, x[: STEPS * BATCH]).min() < MARGIN
