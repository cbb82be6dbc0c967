"""What the suite cannot run with ends in one clear line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.requirements import unsupported

CLONE = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("python", "tensorflow", "environment", "told"),
    [
        ((3, 10), "2.21.0", {}, r"^Python 3\.10 is too old; use Python 3\.11 or later$"),
        ((3, 11), "2.14.1", {}, r"^TensorFlow 2\.14\.1 is too old; install 2\.15 or later: .*tensorflow>=2\.15"),
        ((3, 11), "2.9.0rc1", {}, r"^TensorFlow 2\.9\.0rc1 is too old"),
        ((3, 11), "2.21.0", {"TF_USE_LEGACY_KERAS": "1"}, r"^TF_USE_LEGACY_KERAS is set: .* unset it"),
        ((3, 11), "2.21.0", {"KERAS_BACKEND": "jax"}, r"^KERAS_BACKEND is 'jax'; .* unset it"),
    ],
)
def test_unsupported(python: tuple[int, int], tensorflow: str, environment: dict[str, str], told: str) -> None:
    """Each is told with its value and the remedy."""
    problem = unsupported(python, tensorflow, environment)
    assert problem is not None
    assert re.search(told, problem)
    assert "\n" not in problem


@pytest.mark.parametrize(
    ("tensorflow", "environment"),
    [("2.15.0", {}), ("2.21.0", {"TF_USE_LEGACY_KERAS": "0"}), (None, {}), ("3.0.0", {"KERAS_BACKEND": "tensorflow"})],
)
def test_supported(tensorflow: str | None, environment: dict[str, str]) -> None:
    """Later versions, and variables that change nothing, are no problem."""
    assert unsupported((3, 13), tensorflow, environment) is None


def test_pytest_ends_with_one_line() -> None:
    """`pytest` itself says that line, and nothing else, with the status of wrong usage."""
    command = [sys.executable, "-m", "pytest", "--collect-only"]
    environment = {**os.environ, "TF_USE_LEGACY_KERAS": "1"}
    ended = subprocess.run(command, cwd=CLONE, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 4
    assert len((ended.stdout + ended.stderr).splitlines()) == 1
    assert ended.stderr.startswith("ERROR: TF_USE_LEGACY_KERAS is set")
