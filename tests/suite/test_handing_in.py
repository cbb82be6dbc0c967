"""A notebook on its way from a file to what is recorded of it."""

import tempfile
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest

from tests.submissions import handing_in
from tests.submissions.sandbox import Limits, Outcome


def test_import_beside_the_notebook_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is imported in the background once the notebook has run: Keras imports itself in a circle, and when two
    threads are on their way around it, either may find a half-made module.
    """
    imported = []

    def slow_import(name: str) -> None:
        time.sleep(0.1)
        imported.append(name)

    monkeypatch.setattr(handing_in, "import_module", slow_import)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(handing_in, "run_trusted", lambda *_: Outcome("", "none", 0.0))
    notebook, images = tmp_path / "lab07.ipynb", [np.zeros(1)] * 4
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), notebook)
    handing_in.hand_in(notebook, images, Limits(), trusted=True, faithful=False, terminal=None, judged_here=True)
    assert imported == ["tests.submissions.recorded"]
