"""Downloading Keras's MNIST file into Keras's own cache."""

import hashlib
import os
import socket
import tempfile
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from filelock import FileLock, Timeout

from lab.mnist_files import FourArrays, MnistError, read_mnist
from lab.progress import bar

ADDRESS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"  # keras.datasets.mnist's
SILENCE = 20.0  # s without a byte after which the download is given up
PATIENCE = 600.0  # s to wait for another process that is downloading
LARGEST = 64_000_000  # bytes; the file has 11,490,434, and a longer answer is something else
CHUNK = 1 << 16  # bytes


def download(target: Path) -> FourArrays:
    """MNIST from `ADDRESS`, kept as `target` once it is verified; on any failure, or Ctrl-C, nothing is kept.

    Raises MnistError with the address and the reason. One process downloads while others wait and read its file.
    """
    try:
        with FileLock(_lock_path(target), timeout=PATIENCE):
            if target.exists():
                try:
                    return read_mnist(target, str(target))
                except MnistError:
                    pass  # the caller has passed this file over and said why; the download replaces it
            return _fetch(target)
    except MnistError:
        raise
    except (Timeout, NotImplementedError, OSError, HTTPException) as error:
        raise MnistError(f"MNIST was not downloaded from {ADDRESS}: {_reason(error)}") from error


def _lock_path(target: Path) -> Path:
    """In the system's temporary folder: a lock's file stays, and it should not litter Keras's cache."""
    digest = hashlib.sha256(os.fsencode(target.absolute())).hexdigest()
    return Path(tempfile.gettempdir()) / f"mnist-{digest[:16]}.lock"


def _fetch(target: Path) -> FourArrays:
    partial = target.with_name(f"{target.name}.partial")
    try:
        with urlopen(ADDRESS, timeout=SILENCE) as response:
            target.parent.mkdir(parents=True, exist_ok=True)
            _receive(response, partial)
        arrays = read_mnist(partial, f"the answer of {ADDRESS}")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return arrays


def _receive(response: HTTPResponse, partial: Path) -> None:
    expected = response.length
    received = 0
    with partial.open("wb") as file, bar("MNIST", expected, "B") as line:
        while chunk := response.read1(CHUNK):  # read would wait for a whole chunk, and hide a slow connection
            received += len(chunk)
            if received > LARGEST:
                raise MnistError(f"the answer of {ADDRESS} is longer than {LARGEST:,} bytes, so it is not MNIST")
            file.write(chunk)
            line.update(len(chunk))
    if expected is not None and received < expected:
        raise ConnectionError(f"the connection broke off after {received:,} of {expected:,} bytes")


def _reason(error: Exception) -> str:
    if isinstance(error, HTTPError):
        error.close()
        return f"the server answered {error.code} ({error.reason})"
    if isinstance(error, URLError) and isinstance(error.reason, Exception):
        return _reason(error.reason)
    if isinstance(error, Timeout):
        return f"another process has been downloading it for {PATIENCE:g} s"
    if isinstance(error, TimeoutError):
        return f"not a byte came for {SILENCE:g} s"
    if isinstance(error, socket.gaierror):
        return f"the server's name is not known here ({error.strerror})"
    return f"{error}" or type(error).__name__
