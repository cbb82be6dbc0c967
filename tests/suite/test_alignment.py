"""Arrays that TensorFlow can be lent: a wrong one would end the process without a word."""

import numpy as np
import pytest

import lab
from lab.alignment import ALIGNMENT, aligned_copy, aligned_empty, is_aligned
from lab.run import Array

WHOLE = aligned_empty((8, 16), np.float32)  # 64 bytes a row


def read_only() -> Array:
    """An aligned array that may not be written."""
    array = aligned_empty((2, 16), np.float32)
    array.flags.writeable = False
    return array


@pytest.mark.parametrize("shape", [(3,), (5, 7), (0, 4), (2, 3, 4)], ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint8])
def test_copy(shape: tuple[int, ...], dtype: type) -> None:
    """A copy has the values, the type that was asked for, and its memory where it must be."""
    array = np.arange(np.prod(shape)).reshape(shape)
    copy = aligned_copy(array, dtype)
    assert copy.dtype == dtype
    assert np.array_equal(copy, array)
    assert not np.shares_memory(copy, array)
    assert not copy.size or copy.ctypes.data % ALIGNMENT == 0


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (WHOLE, True),
        (WHOLE[2:], True),
        (WHOLE[:, 1:], False),
        (WHOLE.ravel()[1:], False),
        (WHOLE.T, False),
        (WHOLE[:0], False),
        (read_only(), False),
    ],
    ids=["whole", "rows", "columns", "shifted", "transposed", "empty", "read only"],
)
def test_is_aligned(array: Array, expected: bool) -> None:
    """An array can be lent if it is contiguous, writable, not empty and begins at a multiple of 64 bytes."""
    assert is_aligned(array) == expected


def test_images_are_aligned() -> None:
    """The lab's images are made where `train` can use them without a copy."""
    raw = np.zeros((7, 28, 28), np.uint8), np.zeros(7, np.uint8)
    assert is_aligned(lab.mnist_data((*raw, *raw))[0])


@pytest.mark.tensorflow
@pytest.mark.parametrize("lent", [True, False], ids=["lent", "copied"])
def test_tensors(lent: bool) -> None:
    """TensorFlow reads an aligned array where it is, and a copy of any other; its values are the same."""
    from lab.epochs import tensors

    array = aligned_copy(np.arange(48).reshape(3, 16), np.float32)
    array = array if lent else array[1:, 1:]
    (tensor,) = tensors(array)
    assert np.array_equal(tensor.numpy(), array)
    array[0, 0] = -1
    assert (float(tensor[0, 0]) == -1) == lent
