"""Reading MNIST from Keras's file or the four original ones, and the proof that what was read is MNIST."""

import hashlib
import lzma
import math
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from lab.idx import IdxError, read_idx
from lab.run import Array

FourArrays = tuple[Array, Array, Array, Array]

REMEDY = "give Keras's mnist.npz, a folder with the four IDX files, or `--mnist standin`"


class MnistError(ValueError):
    """One clear sentence: the file or value, what is wrong with it, and the remedy.

    Its argument is the sentence without the remedy, for those who already have another source.
    """

    def __str__(self) -> str:
        return f"{self.args[0]}; {REMEDY}"


@dataclass(frozen=True)
class Published:
    """One array of MNIST as published, uint8, and the stem of its IDX file.

    The sum is over the array's bytes in C order, because the same arrays come in different containers. Sums measured
    on arrays that equal the original IDX files byte for byte.
    """

    shape: tuple[int, ...]
    sha256: str
    idx_stem: str


PUBLISHED = {
    "x_train": Published(
        (60000, 28, 28), "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757", "train-images"
    ),
    "y_train": Published((60000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13", "train-labels"),
    "x_test": Published(
        (10000, 28, 28), "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161", "t10k-images"
    ),
    "y_test": Published((10000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5", "t10k-labels"),
}

NPY_HEADER_ROOM = 4096  # bytes; a uint8 array's header has 128
# What a damaged, encrypted or exotic zip file raises in zipfile and its decompressors.
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, UnicodeDecodeError, RuntimeError)


def read_mnist(path: Path, where: str) -> FourArrays:
    """MNIST from the `.npz` file or the folder of IDX files at `path`, verified; `where` names it in a MnistError."""
    try:
        if path.is_dir():
            arrays = _read_idx_folder(path, where)
        elif path.is_file() and not path.stat().st_size:
            raise MnistError(f"{where} is empty")
        elif path.is_file():
            arrays = _read_npz(path, where)
        elif path.exists():
            raise MnistError(f"{where} is neither a file nor a folder")
        else:
            raise MnistError(f"{where} does not exist")
    except OSError as error:
        raise MnistError(f"{where} cannot be read ({error.strerror or error})") from error
    x_train, y_train, x_test, y_test = arrays
    verify((x_train, y_train, x_test, y_test), where)
    return x_train, y_train, x_test, y_test


def verify(arrays: FourArrays, where: str) -> None:
    """Raise a MnistError unless `arrays`, in the order of `PUBLISHED`, are MNIST's own, byte for byte."""
    for (name, published), array in zip(PUBLISHED.items(), arrays, strict=True):
        _check_form(f"{where}, array {name}:", array.dtype, array.shape, published)
        found = hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()
        if found != published.sha256:
            raise MnistError(
                f"{where}, array {name}: it is not MNIST's, for the SHA-256 of its bytes is {found[:12]}…, "
                f"but should be {published.sha256[:12]}…"
            )


def _check_form(whose: str, dtype: np.dtype, shape: tuple[int, ...], published: Published) -> None:
    if dtype != np.uint8:
        raise MnistError(f"{whose} its dtype is {dtype}, but should be uint8")
    if shape != published.shape:
        raise MnistError(f"{whose} its shape is {shape}, but should be {published.shape}")


def _read_npz(path: Path, where: str) -> list[Array]:
    try:
        with zipfile.ZipFile(path) as archive:
            missing = [name for name in PUBLISHED if f"{name}.npy" not in archive.namelist()]
            if missing:
                raise MnistError(f"{where} has no array {', '.join(missing)}")
            return [_read_member(archive, name, where) for name in PUBLISHED]
    except ZIP_ERRORS as error:
        raise MnistError(f"{where} is damaged or not an .npz file ({error})") from error


def _read_member(archive: zipfile.ZipFile, name: str, where: str) -> Array:
    """One array, whose header is believed only once it is what it should be: so no file can ask for all the memory."""
    whose, published = f"{where}, array {name}:", PUBLISHED[name]
    with archive.open(f"{name}.npy") as member:
        try:
            shape, fortran_order, dtype = _npy_header(member)
        except ValueError as error:
            raise MnistError(f"{whose} it is not in NumPy's format ({error})") from error
        _check_form(whose, dtype, shape, published)
        expected = math.prod(shape)
        elements = member.read(expected + 1)
    if len(elements) != expected:
        much = "less" if len(elements) < expected else "more"
        raise MnistError(f"{whose} it holds {much} than the {expected:,} bytes that its header declares")
    flat = np.frombuffer(bytearray(elements), np.uint8)  # a bytearray, so that the array is writable
    return flat.reshape(shape, order="F" if fortran_order else "C")


def _npy_header(member: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    version = np.lib.format.read_magic(member)
    if version not in readers:
        raise ValueError(f"version {version} of it is for other data")
    return readers[version](member, max_header_size=NPY_HEADER_ROOM)


def _read_idx_folder(folder: Path, where: str) -> list[Array]:
    paths = {name: _idx_path(folder, published) for name, published in PUBLISHED.items()}
    missing = [_idx_names(PUBLISHED[name])[0] for name, path in paths.items() if path is None]
    if missing:
        raise MnistError(f"{where} has no file {', '.join(missing)} (or with .gz)")
    return [_read_idx_array(path, PUBLISHED[name], where) for name, path in paths.items() if path is not None]


def _read_idx_array(path: Path, published: Published, where: str) -> Array:
    try:
        return read_idx(path, published.shape)
    except IdxError as error:
        raise MnistError(f"{where}, file {path.name}: {error}") from error
    except OSError as error:
        raise MnistError(f"{where}, file {path.name}: it cannot be read ({error.strerror or error})") from error


def _idx_names(published: Published) -> list[str]:
    """The spellings in use, the original one first."""
    kind = f"idx{len(published.shape)}-ubyte"
    return [f"{published.idx_stem}{dash}{kind}{ending}" for dash in "-." for ending in ("", ".gz")]


def _idx_path(folder: Path, published: Published) -> Path | None:
    return next((path for name in _idx_names(published) if (path := folder / name).is_file()), None)
