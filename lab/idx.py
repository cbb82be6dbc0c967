"""Reading IDX, the format in which MNIST was first published, gzipped or not."""

import gzip
import math
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from lab.run import Array

UNSIGNED_BYTE = 0x08  # IDX's code of the element type
GZIP_MAGIC = b"\x1f\x8b"

Opened = BinaryIO | gzip.GzipFile


class IdxError(ValueError):
    """What is wrong with an IDX file, in words that follow its name."""


def read_idx(path: Path, shape: tuple[int, ...]) -> Array:
    """The uint8 array of exactly `shape` that the file at `path` holds.

    Layout (big-endian): two zero bytes, the element type, the number of dimensions, the length of each as 32 bits,
    then the elements in C order. Nothing is read on a header's word: the lengths must be `shape`'s first.
    Raises IdxError, and OSError where the file cannot be opened.
    """
    try:
        with _opened(path) as file:
            _check_header(file, shape)
            expected = math.prod(shape)
            elements = file.read(expected + 1)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise IdxError(f"it is a damaged gzip file ({error})") from error
    if len(elements) < expected:
        raise IdxError(f"it ends after {len(elements):,} of its {expected:,} elements")
    if len(elements) > expected:
        raise IdxError(f"it goes on after its {expected:,} elements")
    return np.frombuffer(bytearray(elements), np.uint8).reshape(shape)  # a bytearray, so that the array is writable


def _check_header(file: Opened, shape: tuple[int, ...]) -> None:
    start = file.read(4)
    if not start:
        raise IdxError("it is empty")
    expected_start = bytes([0, 0, UNSIGNED_BYTE, len(shape)])
    if start != expected_start:
        raise IdxError(f"its magic number is 0x{start.hex()}, but should be 0x{expected_start.hex()}")
    lengths = file.read(4 * len(shape))
    if len(lengths) < 4 * len(shape):
        raise IdxError("it ends within its header")
    found = struct.unpack(f">{len(shape)}I", lengths)
    if found != shape:
        raise IdxError(f"its shape is {found}, but should be {shape}")


@contextmanager
def _opened(path: Path) -> Iterator[Opened]:
    """Told by its first bytes, not its name: browsers unpack downloads and keep the `.gz`, or the other way round."""
    with path.open("rb") as file:
        zipped = file.read(2) == GZIP_MAGIC
        file.seek(0)
        if not zipped:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as unzipped:
            yield unzipped
