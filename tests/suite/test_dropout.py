"""The masks that dropout draws while steps are compiled by XLA."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from lab.run import Array

pytestmark = pytest.mark.tensorflow

BOUND = norm.isf(0.5e-6)  # standard errors: false alarms 1e-6, and the draws are always the same


@pytest.fixture
def sixteen_bits() -> Iterator[None]:
    """This thread's dropout is the lab's."""
    from lab.compilation import _sixteen_bit_dropout

    with _sixteen_bit_dropout():
        yield


def dropped_out(shape: list[int], rate: float = 0.3, **arguments: Any) -> Array:
    """What dropout makes of ones (shape)."""
    import tensorflow as tf

    return np.asarray(tf.nn.experimental.stateless_dropout(tf.ones(shape), rate=rate, seed=[1, 2], **arguments))


@pytest.mark.usefixtures("sixteen_bits")
@pytest.mark.parametrize("rate", [0.05, 0.3, 0.5, 0.9])
def test_share_is_the_rate(rate: float) -> None:
    """Of a million units the rate is dropped, but for the luck of the draws, and the others make up for it."""
    values = dropped_out([1000, 1000], rate)
    error = np.sqrt(rate * (1 - rate) / values.size)
    assert abs(np.mean(values == 0) - rate) < BOUND * error
    np.testing.assert_allclose(values[values > 0], 1 / (1 - rate), rtol=1e-6)


@pytest.mark.usefixtures("sixteen_bits")
@pytest.mark.parametrize("distance", [1, 2, 3, 1000])
def test_units_are_dropped_independently(distance: int) -> None:
    """What is dropped tells nothing about the neighbour, which may be the other half of the same word."""
    kept = dropped_out([999, 1001]).ravel() > 0  # an odd number: one word is used by half
    correlation = np.corrcoef(kept[:-distance], kept[distance:])[0, 1]
    assert abs(correlation) < BOUND / np.sqrt(kept.size)


@pytest.mark.usefixtures("sixteen_bits")
def test_one_draw_for_a_whole_row() -> None:
    """A noise shape of 1 drops rows whole."""
    values = dropped_out([200, 7], noise_shape=[200, 1])
    assert (values == values[:, :1]).all()
    assert 0 < np.count_nonzero(values[:, 0]) < 200


def test_other_threads_drop_out_as_ever() -> None:
    """While one thread traces for XLA, another's dropout is TensorFlow's own; afterwards this one's is too."""
    from lab.compilation import _sixteen_bit_dropout

    expected = dropped_out([100, 10])
    with _sixteen_bit_dropout():
        here = dropped_out([100, 10])
        with ThreadPoolExecutor(1) as other:
            np.testing.assert_array_equal(other.submit(dropped_out, [100, 10]).result(), expected)
    assert not np.array_equal(here, expected)
    np.testing.assert_array_equal(dropped_out([100, 10]), expected)
