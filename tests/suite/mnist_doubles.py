"""A small fake of MNIST, and the files that hold it: what the tests of the sources read in place of the real one."""

import hashlib
import struct
from pathlib import Path

import numpy as np

from lab.mnist_files import PUBLISHED, Published
from lab.run import Array

SHAPES = {"x_train": (6, 3, 3), "y_train": (6,), "x_test": (4, 3, 3), "y_test": (4,)}
IDX_FILES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


def small_arrays() -> dict[str, Array]:
    """uint8 arrays of `SHAPES`, by MNIST's names and in its order."""
    draws = np.random.default_rng(7)
    return {name: draws.integers(0, 10, shape, dtype=np.uint8) for name, shape in SHAPES.items()}


def published(arrays: dict[str, Array]) -> dict[str, Published]:
    """What `PUBLISHED` would be, had `arrays` been published."""
    return {
        name: Published(array.shape, hashlib.sha256(array.tobytes()).hexdigest(), PUBLISHED[name].idx_stem)
        for name, array in arrays.items()
    }


def idx_bytes(array: Array) -> bytes:
    """`array` as an IDX file."""
    return struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape) + array.tobytes()


def write_idx_folder(folder: Path, arrays: dict[str, Array]) -> Path:
    """The four IDX files of `arrays`, in the original spelling."""
    folder.mkdir()
    for name, array in arrays.items():
        (folder / IDX_FILES[name]).write_bytes(idx_bytes(array))
    return folder
