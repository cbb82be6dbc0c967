"""Which suite judges: a digest of its sources and of the versions that results depend on."""

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
JUDGES = ("conftest.py", "pytest.ini", "lab", "tests")
APART = ("tests/suite", "tests/benchmarks", "tests/classroom")  # none of them has a part in a verdict
PACKAGES = ("tensorflow", "tensorflow-cpu", "keras", "numpy", "scikit-learn", "scipy")


@cache
def suite_version() -> str:
    """The same for two suites only if they judge alike: what has been judged by another one is judged again."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.relative_to(PROJECT).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for package in PACKAGES:
        digest.update(f"{package} {_installed(package)}\n".encode())
    digest.update(platform.python_version().encode())
    return digest.hexdigest()[:16]


def _sources() -> list[Path]:
    found = [path for name in JUDGES for path in [PROJECT / name, *(PROJECT / name).rglob("*")] if path.is_file()]
    return sorted(path for path in found if _counts(path.relative_to(PROJECT).as_posix()))


def _counts(path: str) -> bool:
    return not path.startswith(tuple(f"{folder}/" for folder in APART)) and "__pycache__" not in path


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
