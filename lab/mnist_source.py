"""Where MNIST comes from: a path that was asked for, Keras's cache, a verified download, or the stand-in."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lab.mnist_download import ADDRESS, download
from lab.mnist_files import FourArrays, MnistError, read_mnist, verify
from lab.standin import stand_in

__all__ = ["Mnist", "MnistError", "load_mnist", "verify"]

STAND_IN_WORD = "standin"
STAND_IN_SOURCE = "stand-in: scikit-learn's 1,797 handwritten digits enlarged to 28 x 28"


@dataclass(frozen=True)
class Mnist:
    """x_train, y_train, x_test, y_test: uint8 images (n, 28, 28) and labels (n,); where they come from, for people.

    `passed_over` has one sentence for each source that was tried before this one, and why it was not used.
    """

    arrays: FourArrays
    source: str
    is_mnist: bool
    passed_over: tuple[str, ...] = ()


def load_mnist(requested: str | None = None, environment: Mapping[str, str] = os.environ) -> Mnist:
    """MNIST from the first source that has it: `requested` (`--mnist`), `LAB_MNIST`, Keras's cache, Keras's server.

    The first two take a path (Keras's `.npz`, or a folder of the four IDX files) or the word `standin`; what was asked
    for and cannot be had is a MnistError. Without them the stand-in comes last, and the others' reasons with it.
    """
    if requested is not None:
        return _asked_for(requested, "--mnist")
    if environment.get("LAB_MNIST"):
        return _asked_for(environment["LAB_MNIST"], "LAB_MNIST")

    cached = _keras_cache(environment)
    shown = _shown(str(cached))
    passed_over: list[str] = []
    try:
        return Mnist(read_mnist(cached, f"Keras's cache {shown}"), f"real MNIST from Keras's cache ({shown})", True)
    except MnistError as error:
        passed_over.append(f"{error.args[0]}.")
    try:
        source = f"real MNIST from {ADDRESS}, now in Keras's cache ({shown})"
        return Mnist(download(cached), source, True, tuple(passed_over))
    except MnistError as error:
        passed_over.append(f"{error.args[0]}.")
    return Mnist(stand_in(), STAND_IN_SOURCE, False, tuple(passed_over))


def _asked_for(value: str, by: str) -> Mnist:
    if value == STAND_IN_WORD:
        return Mnist(stand_in(), STAND_IN_SOURCE, False)
    if not value:
        raise MnistError(f"{by} is empty")
    shown = _shown(value)
    return Mnist(read_mnist(Path(value).expanduser(), f"{by} {shown}"), f"real MNIST from {by} ({shown})", True)


def _keras_cache(environment: Mapping[str, str]) -> Path:
    home = environment.get("KERAS_HOME") or "~/.keras"
    return Path(home).expanduser() / "datasets" / "mnist.npz"


def _shown(path: str) -> str:
    """`path` as it was given, with the home folder as `~`."""
    home = str(Path.home())
    return f"~{path[len(home) :]}" if path.startswith(home + os.sep) else path
