"""IDX files are read as written, and each kind of damage has its sentence."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from lab.idx import IdxError, read_idx
from tests.suite.mnist_doubles import idx_bytes

IMAGES = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
GOOD = idx_bytes(IMAGES)
ZIPPED = gzip.compress(GOOD, mtime=0)


@pytest.mark.parametrize("name", ["plain", "plain.gz"])
@pytest.mark.parametrize("content", [GOOD, ZIPPED], ids=["as_it_is", "gzipped"])
def test_an_idx_file_is_read_by_its_content_whatever_its_name(tmp_path: Path, name: str, content: bytes) -> None:
    """Browsers unpack a download and keep its name, so the name does not tell whether it is gzipped."""
    (tmp_path / name).write_bytes(content)
    np.testing.assert_array_equal(read_idx(tmp_path / name, (2, 3, 4)), IMAGES)


def test_the_array_can_be_written_to(tmp_path: Path) -> None:
    """A subject that changes its images in place works on them as on Keras's."""
    (tmp_path / "images").write_bytes(GOOD)
    assert read_idx(tmp_path / "images", (2, 3, 4)).flags.writeable


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "it is empty", id="empty"),
        pytest.param(b"\x00\x00\x08\x01" + GOOD[4:], "its magic number is 0x00000801, but", id="labels_for_images"),
        pytest.param(b"\x00\x00\x0d\x03" + GOOD[4:], "its magic number is 0x00000d03, but", id="floats_for_bytes"),
        pytest.param(GOOD[:10], "it ends within its header", id="header_cut_short"),
        pytest.param(GOOD[:-1], "it ends after 23 of its 24 elements", id="one_byte_too_few"),
        pytest.param(GOOD + b"\x00", "it goes on after its 24 elements", id="one_byte_too_many"),
        pytest.param(ZIPPED[:-9], "it is a damaged gzip file", id="gzip_cut_short"),
        pytest.param(ZIPPED[:-6] + b"\x00" + ZIPPED[-5:], "it is a damaged gzip file", id="gzip_with_a_wrong_checksum"),
        pytest.param(gzip.compress(GOOD[:-1]), "it ends after 23 of its 24", id="gzip_of_too_few"),
        pytest.param(
            struct.pack(">4I", 0x0803, 2**32 - 1, 2**32 - 1, 2**32 - 1),
            "its shape is (4294967295, 4294967295, 4294967295), but should be (2, 3, 4)",
            id="header_that_asks_for_all_memory",
        ),
    ],
)
def test_a_damaged_idx_file_is_explained(tmp_path: Path, content: bytes, sentence: str) -> None:
    """The words say what was found, and what should be where that can be known."""
    (tmp_path / "images").write_bytes(content)
    with pytest.raises(IdxError) as raised:
        read_idx(tmp_path / "images", (2, 3, 4))
    assert str(raised.value).startswith(sentence)


def test_gzipped_zeros_without_end_are_read_no_further_than_the_images(tmp_path: Path) -> None:
    """A small gzip file that unpacks to far more than the images is refused after one element too many."""
    (tmp_path / "bomb").write_bytes(gzip.compress(GOOD + bytes(5_000_000)))
    with pytest.raises(IdxError, match="goes on after its 24 elements"):
        read_idx(tmp_path / "bomb", (2, 3, 4))
