"""MNIST comes from the first source that has it, and no source is passed over in silence."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lab import mnist_files, mnist_source
from lab.mnist_download import ADDRESS
from lab.mnist_files import REMEDY
from lab.mnist_source import STAND_IN_SOURCE, MnistError, load_mnist
from tests.suite.mnist_doubles import published, small_arrays, write_idx_folder

ARRAYS = small_arrays()


@pytest.fixture
def small_mnist_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """MNIST is the small arrays; restores what was really published."""
    monkeypatch.setattr(mnist_files, "PUBLISHED", published(ARRAYS))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_mnist_is_published: None) -> Path:
    """The working folder: empty, no network, and the home folder beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))  # Windows's home

    def no_network(target: Path) -> None:
        raise MnistError("MNIST was not downloaded: no network")

    monkeypatch.setattr(mnist_source, "download", no_network)
    return tmp_path


def save(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **ARRAYS)  # type: ignore[arg-type]  # its stub takes the names for its own options


def test_the_option_goes_before_the_environment(here: Path) -> None:
    """`--mnist` is used even where LAB_MNIST names another source."""
    save(here / "mnist.npz")
    found = load_mnist("mnist.npz", {"LAB_MNIST": "standin"})
    assert (found.source, found.is_mnist) == ("real MNIST from --mnist (mnist.npz)", True)


def test_the_environment_goes_before_the_cache(here: Path) -> None:
    """LAB_MNIST is used even where Keras's cache has MNIST."""
    save(here / "home/.keras/datasets/mnist.npz")
    write_idx_folder(here / "idx", ARRAYS)
    assert load_mnist(None, {"LAB_MNIST": "idx"}).source == "real MNIST from LAB_MNIST (idx)"


def test_keras_s_cache_is_used_before_the_network(here: Path) -> None:
    """What Keras downloaded once is not downloaded again."""
    save(here / "home/.keras/datasets/mnist.npz")
    found = load_mnist(None, {})
    assert (found.source, found.passed_over) == ("real MNIST from Keras's cache (~/.keras/datasets/mnist.npz)", ())


def test_keras_home_moves_the_cache(here: Path) -> None:
    """KERAS_HOME names the folder that Keras itself would use."""
    save(here / "elsewhere/datasets/mnist.npz")
    found = load_mnist(None, {"KERAS_HOME": "elsewhere"})
    assert found.source == f"real MNIST from Keras's cache ({Path('elsewhere/datasets/mnist.npz')})"


def test_an_empty_lab_mnist_is_none(here: Path) -> None:
    """A variable that is set to nothing asks for nothing."""
    save(here / "home/.keras/datasets/mnist.npz")
    assert load_mnist(None, {"LAB_MNIST": ""}).is_mnist


def test_a_download_comes_after_the_cache(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its source names the address and where the file now is; that the cache had none is told too."""
    monkeypatch.setattr(mnist_source, "download", lambda target: tuple(ARRAYS.values()))
    found = load_mnist(None, {})
    assert found.source == f"real MNIST from {ADDRESS}, now in Keras's cache (~/.keras/datasets/mnist.npz)"
    assert found.passed_over == ("Keras's cache ~/.keras/datasets/mnist.npz does not exist.",)


def test_the_stand_in_comes_last_with_every_reason(here: Path) -> None:
    """One sentence for the damaged cache and one for the download, in the order in which they were tried."""
    (here / "home/.keras/datasets").mkdir(parents=True)
    (here / "home/.keras/datasets/mnist.npz").touch()
    found = load_mnist(None, {})
    assert (found.source, found.is_mnist) == (STAND_IN_SOURCE, False)
    assert found.passed_over == (
        "Keras's cache ~/.keras/datasets/mnist.npz is empty.",
        "MNIST was not downloaded: no network.",
    )


@pytest.mark.parametrize(
    "load",
    [lambda: load_mnist("standin", {}), lambda: load_mnist(None, {"LAB_MNIST": "standin"})],
    ids=["by_option", "by_environment"],
)
def test_the_stand_in_can_be_asked_for(here: Path, load: Callable[[], mnist_source.Mnist]) -> None:
    """The word `standin` asks for it, and then nothing was passed over."""
    found = load()
    assert (found.source, found.is_mnist, found.passed_over) == (STAND_IN_SOURCE, False, ())


@pytest.mark.parametrize(
    ("requested", "environment", "sentence"),
    [
        pytest.param("absent.npz", {}, "--mnist absent.npz does not exist", id="option"),
        pytest.param(None, {"LAB_MNIST": "absent.npz"}, "LAB_MNIST absent.npz does not exist", id="environment"),
        pytest.param("", {}, "--mnist is empty", id="empty_option"),
    ],
)
def test_what_was_asked_for_is_never_replaced(
    here: Path, requested: str | None, environment: dict[str, str], sentence: str
) -> None:
    """A source that was named and cannot be had is an error, even where Keras's cache has MNIST."""
    save(here / "home/.keras/datasets/mnist.npz")
    with pytest.raises(MnistError) as raised:
        load_mnist(requested, environment)
    assert str(raised.value) == f"{sentence}; {REMEDY}"


@pytest.mark.parametrize("given", ["mnist.npz", "./sub/../mnist.npz", "~/mnist.npz"])
def test_a_path_is_shown_as_it_was_given(here: Path, given: str) -> None:
    """It is not made absolute, and `~` is understood where no shell replaced it."""
    (here / "sub").mkdir()
    save(here / "mnist.npz")
    save(here / "home/mnist.npz")
    assert load_mnist(given, {}).source == f"real MNIST from --mnist ({given})"


def test_the_home_folder_is_shown_as_a_tilde(here: Path) -> None:
    """A report names no one's home folder."""
    save(here / "home/mnist.npz")
    assert load_mnist(str(here / "home/mnist.npz"), {}).source == f"real MNIST from --mnist (~{os.sep}mnist.npz)"


def test_real_mnist_is_verified_as_mnist() -> None:
    """The published sums are those of the real arrays."""
    path = os.environ.get("LAB_MNIST")
    if not path or path == "standin":
        pytest.skip("LAB_MNIST names no real MNIST to read")
    found = load_mnist(path, {})
    assert found.is_mnist
    assert [array.shape for array in found.arrays] == [(60000, 28, 28), (60000,), (10000, 28, 28), (10000,)]
