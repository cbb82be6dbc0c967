"""What a recorder leaves is read as something that the notebook could have written itself."""

import json
import os

import numpy as np
import pytest

from tests.submissions.records import LARGEST_ARRAY, STOPPED, read_array, read_recording

NAME = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def write(tmp_path):
    def lines(name, *records):
        text = "".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records)
        (tmp_path / name).write_text(text)
        return read_recording(tmp_path)

    return lines


class TestRecording:
    def test_of_nothing(self, tmp_path):
        """A notebook that was stopped before it began leaves nothing, and that is no error."""
        recording = read_recording(tmp_path)
        assert (recording.cells, recording.records, recording.problems) == ((), (), ())

    def test_cell(self, write):
        """A cell has what it raised, its seconds and its text."""
        line = {"kind": "cell", "cell": 3, "error": "NameError: x", "seconds": 1.5, "printed": "hello"}
        (cell,) = write("cells.jsonl", {"kind": "cell begun", "cell": 3}, line).cells
        assert (cell.number, cell.error, cell.seconds, cell.printed) == (3, "NameError: x", 1.5, "hello")

    def test_cell_without_an_end(self, write):
        """A cell that began and did not end was running when everything was stopped."""
        assert [cell.error for cell in write("cells.jsonl", {"kind": "cell begun", "cell": 3}).cells] == [STOPPED]

    def test_recorder_that_did_not_begin(self, write, tmp_path):
        """Cells that ran unrecorded are no notebook that did nothing."""
        line = {"kind": "cell", "cell": 1, "error": "", "seconds": 1, "printed": ""}
        assert "the recorder did not begin" in write("cells.jsonl", line).problems[0]
        assert write("keras.jsonl", {"kind": "begun", "cell": 0}).problems == ()

    def test_record(self, write):
        """A record keeps its values."""
        (record,) = write("keras.jsonl", {"kind": "fit", "cell": 2, "seconds": 3}).records
        assert (record.kind, record.cell, record.values) == ("fit", 2, {"seconds": 3})

    @pytest.mark.parametrize(
        "line",
        ["no JSON", "[1]", "", '{"kind": "verdict", "points": 100}', "[" * 100_000, '{"kind": {"fit": 1}}', "\x00\xff"],
        ids=["text", "list", "empty", "unknown kind", "deep", "kind is no text", "binary"],
    )
    def test_line_that_is_no_record(self, line, write):
        """Such a line is passed over with a sentence, and the next one is read."""
        recording = write("keras.jsonl", line, {"kind": "fit", "cell": 1})
        assert [record.kind for record in recording.records] == ["fit"]
        assert len(recording.problems) == 1

    @pytest.mark.parametrize("cell", ["3", 1e9, True, None, -(10**9), [1]])
    def test_cell_number_that_is_none(self, cell, write):
        """Whatever is no small whole number is cell 0."""
        assert write("keras.jsonl", {"kind": "fit", "cell": cell}).records[0].cell == 0

    @pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
    def test_file_that_is_none(self, kind, tmp_path):
        """A link is not followed and a pipe is not waited for."""
        path = tmp_path / "keras.jsonl"
        {"link": lambda: path.symlink_to("/etc/hosts"), "pipe": lambda: os.mkfifo(path), "folder": path.mkdir}[kind]()
        assert "ordinary file" in read_recording(tmp_path).problems[0]


class TestArray:
    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / f"{NAME}.npy"

    @pytest.mark.parametrize("dtype", [np.float32, np.int64, np.uint8, bool])
    def test_is_read(self, dtype, tmp_path, path):
        """An array of numbers comes back as it was."""
        values = np.arange(6).reshape(2, 3).astype(dtype)
        np.save(path, values)
        np.testing.assert_array_equal(read_array(tmp_path, NAME), values, strict=True)

    @pytest.mark.parametrize("name", ["../../etc/passwd", "", None, NAME.upper(), NAME + "\n", 7])
    def test_name_that_is_none(self, name, tmp_path):
        """A name that could lead elsewhere is refused before anything is opened."""
        with pytest.raises(ValueError, match="is no name of an array"):
            read_array(tmp_path, name)

    def test_pickle(self, tmp_path, path):
        """An array of objects would be unpickled: it is refused."""
        np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
        with pytest.raises(ValueError, match="which is no number"):
            read_array(tmp_path, NAME)

    def test_archive(self, tmp_path, path):
        """An archive in the place of an array is refused: it could unpack to any size."""
        with path.open("wb") as file:
            np.savez_compressed(file, values=np.zeros(1000))
        with pytest.raises(ValueError, match="none of NumPy's"):
            read_array(tmp_path, NAME)

    def test_shape_that_the_file_does_not_hold(self, tmp_path, path):
        """A header that promises a terabyte gets no memory."""
        with path.open("wb") as file:
            np.lib.format.write_array_header_1_0(
                file, {"shape": (2**20, 2**20), "fortran_order": False, "descr": "<f4"}
            )
        with pytest.raises(ValueError, match="its file is of another size"):
            read_array(tmp_path, NAME)

    def test_negative_shape(self, tmp_path, path):
        """Two negative sides make no array."""
        with path.open("wb") as file:
            np.lib.format.write_array_header_1_0(file, {"shape": (-2, -2), "fortran_order": False, "descr": "<f4"})
            file.write(bytes(16))
        with pytest.raises(ValueError, match="its file is of another size"):
            read_array(tmp_path, NAME)

    def test_link(self, tmp_path, path):
        """A link is not followed."""
        np.save(tmp_path / "elsewhere.npy", np.zeros(3))
        path.symlink_to(tmp_path / "elsewhere.npy")
        with pytest.raises(ValueError, match="no ordinary file"):
            read_array(tmp_path, NAME)

    def test_too_large(self, tmp_path, path):
        """A file beyond the limit is not opened; this one takes no room on the disk."""
        with path.open("wb") as file:
            file.truncate(LARGEST_ARRAY + 1)
        with pytest.raises(ValueError, match="at most"):
            read_array(tmp_path, NAME)
