"""Arrays that TensorFlow can read where they are."""

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]

ALIGNMENT = 64  # bytes; TensorFlow ends the process if memory that it is lent starts elsewhere


def aligned_empty(shape: tuple[int, ...], dtype: DTypeLike) -> Array:
    """An array of any content that starts at a multiple of 64 bytes."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.empty(size + ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % ALIGNMENT
    return memory[start : start + size].view(dtype).reshape(shape)


def aligned_copy(array: Array, dtype: DTypeLike) -> Array:
    """A copy, as `dtype`, that starts at a multiple of 64 bytes."""
    copy = aligned_empty(array.shape, dtype)
    copy[...] = array
    return copy


def is_aligned(array: Array) -> bool:
    """Whether TensorFlow can be lent this array's memory."""
    return bool(array.size and array.flags.carray and array.ctypes.data % ALIGNMENT == 0)
