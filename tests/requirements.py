"""What the suite cannot run with, said in one line before anything else is imported.

An older Python reads this module too, to be told that it is too old.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Mapping, Optional  # noqa: UP035

OLDEST_PYTHON = (3, 11)
OLDEST_TENSORFLOW = (2, 15)
DISTRIBUTIONS = ("tensorflow", "tensorflow-cpu", "tensorflow-macos")


def refuse_unsupported() -> None:
    """End the process with status 4, pytest's for wrong usage, if something keeps the suite from running."""
    problem = unsupported(sys.version_info[:2], installed_tensorflow(), os.environ)
    if problem:
        sys.stderr.write(f"ERROR: {problem}\n")
        raise SystemExit(4)


def installed_tensorflow() -> Optional[str]:  # noqa: UP045
    """The version of TensorFlow, which is not imported for it; None if there is none by a known name."""
    for name in DISTRIBUTIONS:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return None


def unsupported(python: tuple, tensorflow: Optional[str], environment: Mapping) -> Optional[str]:  # noqa: UP045
    """What keeps the suite from running, and the remedy; None if nothing does."""
    if python < OLDEST_PYTHON:
        return f"Python {_text(python)} is too old; use Python {_text(OLDEST_PYTHON)} or later"
    if tensorflow and tuple(int(part) for part in tensorflow.split(".")[:2]) < OLDEST_TENSORFLOW:
        return (
            f"TensorFlow {tensorflow} is too old; install {_text(OLDEST_TENSORFLOW)} or later: "
            f'python -m pip install "tensorflow>={_text(OLDEST_TENSORFLOW)}"'
        )
    if environment.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true"):
        return "TF_USE_LEGACY_KERAS is set: tf.keras would be tf-keras, not the lab's keras; unset it"
    backend = environment.get("KERAS_BACKEND", "tensorflow")
    if backend != "tensorflow":
        return f"KERAS_BACKEND is {backend!r}; the lab is about TensorFlow: unset it"
    return None


def _text(number: tuple) -> str:
    return ".".join(map(str, number))
