"""Initial weights: Glorot's are accepted, and every other start is told."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lab.run import Array, Arrays
from tests.checks import initial

SHAPES = ((784, 128), (128, 64), (64, 10))
DRAWS = np.random.default_rng(5)


def started(draw: Callable[[tuple[int, ...]], Array], bias: float = 0.0) -> Arrays:
    """Kernels from `draw` and constant biases, float32."""
    pairs = [(draw(shape), np.full(shape[1], bias)) for shape in SHAPES]
    return tuple(part.astype(np.float32) for pair in pairs for part in pair)


def uniform(factor: float = 1.0) -> Callable[[tuple[int, ...]], Array]:
    """Uniform within `factor` times Glorot's limit."""
    return lambda shape: DRAWS.uniform(-1, 1, shape) * factor * initial.glorot_limit(shape)


def glorot_normal(shape: tuple[int, ...]) -> Array:
    """Normal with Glorot's variance, cut where the limit is."""
    limit = initial.glorot_limit(shape)
    return np.clip(DRAWS.normal(0, limit / np.sqrt(3), shape), -limit, limit)


@pytest.mark.parametrize("check", [initial.biases_zero, initial.kernels_within_limit, initial.kernels_uniform])
def test_glorot_uniform_passes(check: Callable[[Arrays], Any]) -> None:
    """Keras's default start is right."""
    assert check(started(uniform())).holds


@pytest.mark.parametrize(
    ("start", "check"),
    [
        (started(uniform(), bias=0.01), initial.biases_zero),
        (started(uniform(np.sqrt(3))), initial.kernels_within_limit),
        (started(glorot_normal), initial.kernels_uniform),
        (started(uniform(0.95)), initial.kernels_uniform),
        (started(lambda shape: np.zeros(shape)), initial.kernels_uniform),
        (started(lambda shape: np.zeros(shape)), initial.kernels_within_limit),
    ],
    ids=["biases", "He's limit", "normal", "5 % smaller", "zeros", "zeros within a limit"],
)
def test_another_start_fails(start: Arrays, check: Callable[[Arrays], Any]) -> None:
    """Each other start fails at the check that is there for it."""
    assert not check(start).holds


@pytest.mark.tensorflow
def test_limit_is_keras_s() -> None:
    """The limit is that of Keras's own initialiser, which a large draw comes near to."""
    import keras

    drawn = np.abs(np.array(keras.initializers.GlorotUniform(seed=1)((300, 200))))
    assert drawn.max() / initial.glorot_limit((300, 200)) == pytest.approx(1, abs=1e-3)
