"""A file is MNIST's only if its arrays are, and every other file is refused with what is wrong and what to do."""

import gzip
import io
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lab import mnist_files
from lab.mnist_files import REMEDY, MnistError, read_mnist, verify
from lab.run import Array
from tests.suite.mnist_doubles import IDX_FILES, idx_bytes, published, small_arrays, write_idx_folder

ARRAYS = small_arrays()
Change = Callable[[dict[str, Array]], object]


@pytest.fixture(autouse=True)
def small_mnist_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """MNIST is the small arrays; restores what was really published."""
    monkeypatch.setattr(mnist_files, "PUBLISHED", published(ARRAYS))


def refusal(path: Path, where: str = "the file") -> str:
    """The sentence with which `path` is refused."""
    with pytest.raises(MnistError) as raised:
        read_mnist(path, where)
    return str(raised.value)


def npz(path: Path, arrays: dict[str, Array]) -> Path:
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # its stub takes the names for its own options
    return path


def npz_with_member(path: Path, content: bytes) -> Path:
    """MNIST's file with `content` in place of the test labels."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in ARRAYS.items():
            written = io.BytesIO()
            np.save(written, array)
            archive.writestr(f"{name}.npy", content if name == "y_test" else written.getvalue())
    return path


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed], ids=["stored", "compressed"])
def test_an_npz_file_gives_its_arrays(tmp_path: Path, save: Callable[..., None]) -> None:
    """How the zip file is packed does not matter, for the arrays are what is verified."""
    save(tmp_path / "mnist.npz", **ARRAYS)
    for found, expected in zip(read_mnist(tmp_path / "mnist.npz", "it"), ARRAYS.values(), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_an_array_saved_column_by_column_is_read_row_by_row(tmp_path: Path) -> None:
    """Order in the file is not part of MNIST: the same images in Fortran's order are MNIST."""
    turned = {name: np.asfortranarray(array) for name, array in ARRAYS.items()}
    np.testing.assert_array_equal(read_mnist(npz(tmp_path / "mnist.npz", turned), "it")[0], ARRAYS["x_train"])


def test_the_arrays_of_an_npz_file_can_be_written_to(tmp_path: Path) -> None:
    """A subject that changes its images in place works on them as on Keras's."""
    assert all(array.flags.writeable for array in read_mnist(npz(tmp_path / "mnist.npz", ARRAYS), "it"))


@pytest.mark.parametrize("ending", ["", ".gz"], ids=["plain", "gzipped"])
@pytest.mark.parametrize("dash", ["-", "."], ids=["dash", "dot"])
def test_a_folder_of_idx_files_gives_its_arrays(tmp_path: Path, dash: str, ending: str) -> None:
    """Each spelling in use is found: `train-images-idx3-ubyte`, `train-images.idx3-ubyte`, either gzipped."""
    for name, file_name in IDX_FILES.items():
        content = idx_bytes(ARRAYS[name])
        spelt = file_name.replace("-idx", f"{dash}idx") + ending
        (tmp_path / spelt).write_bytes(gzip.compress(content) if ending else content)
    for found, expected in zip(read_mnist(tmp_path, "it"), ARRAYS.values(), strict=True):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(lambda a: a.pop("y_test"), "the file has no array y_test", id="an_array_missing"),
        pytest.param(
            lambda a: a.update(y_test=a["y_test"].astype(np.int64)),
            "the file, array y_test: its dtype is int64, but should be uint8",
            id="labels_as_int64",
        ),
        pytest.param(
            lambda a: a.update(x_test=a["x_test"] / 255),
            "the file, array x_test: its dtype is float64, but should be uint8",
            id="images_scaled",
        ),
        pytest.param(
            lambda a: a.update(x_test=a["x_test"].reshape(4, 9)),
            "the file, array x_test: its shape is (4, 9), but should be (4, 3, 3)",
            id="images_flattened",
        ),
        pytest.param(
            lambda a: a.update(x_train=a["x_train"][:5]),
            "the file, array x_train: its shape is (5, 3, 3), but should be (6, 3, 3)",
            id="an_image_missing",
        ),
        pytest.param(
            lambda a: a.update(x_train=a["x_train"][::-1]),
            "the file, array x_train: it is not MNIST's, for the SHA-256 of its bytes is",
            id="images_in_another_order",
        ),
        pytest.param(
            lambda a: a.update(y_test=np.array([None] * 4)),
            "the file, array y_test: its dtype is object, but should be uint8",
            id="a_pickled_array",
        ),
    ],
)
def test_an_npz_file_of_other_arrays_is_refused(tmp_path: Path, change: Change, sentence: str) -> None:
    """The sentence names the array, what was found and what should be, and ends in the remedy."""
    arrays = dict(ARRAYS)
    change(arrays)
    found = refusal(npz(tmp_path / "mnist.npz", arrays))
    assert (found[: len(sentence)], found[-len(REMEDY) :]) == (sentence, REMEDY)


WHOLE_HEADER = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little")
HEADER = b"{'descr': '|u1', 'fortran_order': False, 'shape': (%s,), }"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "it is not in NumPy's format", id="empty"),
        pytest.param(b"four labels", "it is not in NumPy's format", id="text"),
        pytest.param(b"\x93NUMPY\x09\x00", "it is not in NumPy's format", id="a_version_of_the_future"),
        pytest.param(
            WHOLE_HEADER + (HEADER % b"4").ljust(117) + b"\n" + b"123",
            "it holds less than the 4 bytes that its header declares",
            id="one_label_too_few",
        ),
        pytest.param(
            WHOLE_HEADER + (HEADER % b"4").ljust(117) + b"\n" + b"12345",
            "it holds more than the 4 bytes that its header declares",
            id="one_label_too_many",
        ),
        pytest.param(
            WHOLE_HEADER + (HEADER % b"4000000000000").ljust(117) + b"\n",
            "its shape is (4000000000000,), but should be (4,)",
            id="header_that_asks_for_all_memory",
        ),
    ],
)
def test_a_damaged_array_in_an_npz_file_is_explained(tmp_path: Path, content: bytes, sentence: str) -> None:
    """A zip file that is whole may still hold an array that is not."""
    found = refusal(npz_with_member(tmp_path / "mnist.npz", content))
    assert found.startswith(f"the file, array y_test: {sentence}")


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        pytest.param(lambda good: b"", "the file is empty", id="empty"),
        pytest.param(lambda good: good[:-40], "the file is damaged or not an .npz file (", id="cut_short"),
        pytest.param(lambda good: b"<!DOCTYPE html>", "the file is damaged or not an .npz file (", id="a_web_page"),
        pytest.param(
            lambda good: good[:90] + bytes(40) + good[130:],
            "the file is damaged or not an .npz file (",
            id="overwritten",
        ),
    ],
)
def test_a_damaged_npz_file_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes], sentence: str) -> None:
    """No error of the unpacking comes through as itself."""
    path = npz(tmp_path / "mnist.npz", ARRAYS)
    path.write_bytes(damage(path.read_bytes()))
    assert refusal(path).startswith(sentence)


def test_missing_idx_files_are_all_named(tmp_path: Path) -> None:
    """A folder that lacks two files is told both, by their original names."""
    folder = write_idx_folder(tmp_path / "idx", ARRAYS)
    for name in ("y_train", "x_test"):
        (folder / IDX_FILES[name]).unlink()
    sentence = "the folder has no file train-labels-idx1-ubyte, t10k-images-idx3-ubyte (or with .gz)"
    assert refusal(folder, "the folder") == f"{sentence}; {REMEDY}"


def test_a_damaged_idx_file_is_named(tmp_path: Path) -> None:
    """Which of the four files is damaged is part of the sentence."""
    folder = write_idx_folder(tmp_path / "idx", ARRAYS)
    (folder / IDX_FILES["y_test"]).write_bytes(b"")
    assert refusal(folder, "the folder").startswith("the folder, file t10k-labels-idx1-ubyte: it is empty")


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """The sentence names it and says so."""
    assert refusal(tmp_path / "mnist.npz", "--mnist mnist.npz") == f"--mnist mnist.npz does not exist; {REMEDY}"


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    """What is neither a file nor a folder is never opened: it might block for ever."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe").startswith("the file is neither a file nor a folder")


@pytest.mark.parametrize("kind", ["npz", "idx"])
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """The system's reason is part of the sentence (the system is a double: an administrator may read everything)."""
    path = npz(tmp_path / "mnist.npz", ARRAYS) if kind == "npz" else write_idx_folder(tmp_path / "idx", ARRAYS)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("zipfile.ZipFile", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    assert "cannot be read (Permission denied); " in refusal(path)


def test_verify_accepts_published_arrays() -> None:
    """Arrays from anywhere are MNIST if they equal the published ones."""
    verify(tuple(ARRAYS.values()), "the arrays")  # type: ignore[arg-type]  # there are four


def test_verify_shows_the_sum_it_found_and_the_sum_it_wanted() -> None:
    """One pixel that differs shows in the sums' first digits."""
    changed = {**ARRAYS, "x_test": ARRAYS["x_test"] ^ np.uint8(1)}
    sums = [published(arrays)["x_test"].sha256[:12] for arrays in (changed, ARRAYS)]
    wanted = f"the arrays, array x_test: .* is {sums[0]}…, but should be {sums[1]}…; {re.escape(REMEDY)}"
    with pytest.raises(MnistError, match=wanted):
        verify(tuple(changed.values()), "the arrays")  # type: ignore[arg-type]  # there are four
