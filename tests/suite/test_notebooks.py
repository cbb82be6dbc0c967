"""A notebook is read and laid out, or refused with one sentence."""

import json

import nbformat
import pytest

from tests.submissions.contract import SubjectError
from tests.submissions.notebooks import lay_out, read_notebook

CODE = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": ["x = 1\n", "x"]}


@pytest.fixture
def notebook(tmp_path):
    """Writes a notebook of format 4 and returns its path."""

    def write(*cells, **metadata):
        document = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}
        path = tmp_path / "lab07.ipynb"
        path.write_text(json.dumps(document))
        return path

    return write


class TestReading:
    def test_cells(self, notebook):
        """Code and text come back in order, the code as one string."""
        read = read_notebook(notebook({"cell_type": "markdown", "metadata": {}, "source": "Hello"}, CODE))
        assert [(cell.cell_type, cell.source) for cell in read.cells] == [("markdown", "Hello"), ("code", "x = 1\nx")]

    def test_outputs_are_left_behind(self, notebook):
        """Megabytes of outputs do not go into the sandbox."""
        output = {"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}
        assert len(json.dumps(read_notebook(notebook({**CODE, "outputs": [output]})))) < 1000

    def test_older_format(self, tmp_path):
        """A notebook of format 3 is one as well."""
        old = nbformat.v3.new_notebook(
            worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("y = 2")])]
        )
        (tmp_path / "old.ipynb").write_text(nbformat.v3.writes_json(old))
        assert [cell.source for cell in read_notebook(tmp_path / "old.ipynb").cells] == ["y = 2"]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"not JSON", "is not JSON"),
            (b"", "is not JSON"),
            (b"\xff\xfe\x00", "is not JSON"),
            (b"[1, 2]", "no notebook"),
            (b"{}", "no notebook"),
            (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}', "no notebook"),
            (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}', "no code cells"),
        ],
        ids=["text", "empty", "binary", "list", "object", "cells are numbers", "no cells"],
    )
    def test_no_notebook(self, content, said, tmp_path):
        """Whatever is none is refused, and the sentence names the file."""
        path = tmp_path / "lab07.ipynb"
        path.write_bytes(content)
        with pytest.raises(SubjectError, match=said) as refused:
            read_notebook(path)
        assert str(path) in str(refused.value)

    def test_missing(self, tmp_path):
        """A file that is not there is named."""
        with pytest.raises(SubjectError, match="there is no such file"):
            read_notebook(tmp_path / "lab08.ipynb")

    @pytest.mark.parametrize(
        "metadata",
        [{"language_info": {"name": "R"}}, {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}],
        ids=["language_info", "kernelspec"],
    )
    def test_another_language(self, metadata, notebook):
        """A notebook in R is refused before anything runs."""
        with pytest.raises(SubjectError, match="in r;"):
            read_notebook(notebook(CODE, **metadata))


class TestLayout:
    def test_files_beside(self, notebook, tmp_path):
        """What stands beside the notebook goes with it, but for other notebooks and links."""
        path = notebook(CODE)
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "line.csv").write_text("1,2")
        (tmp_path / "somebody_else.ipynb").write_text("{}")
        (tmp_path / "link").symlink_to("/etc/hosts")
        target = tmp_path.parent / f"{tmp_path.name}-laid-out"
        target.mkdir()
        lay_out(path, target)
        laid = sorted(str(one.relative_to(target)) for one in target.rglob("*") if one.is_file())
        assert laid == ["data/line.csv", "notebook.ipynb"]

    def test_alone(self, notebook, tmp_path):
        """Of a class's common folder nothing but the notebook goes."""
        path = notebook(CODE)
        (tmp_path / "somebody_else.py").write_text("")
        target = tmp_path.parent / f"{tmp_path.name}-alone"
        target.mkdir()
        lay_out(path, target, alone=True)
        assert [one.name for one in target.iterdir()] == ["notebook.ipynb"]
