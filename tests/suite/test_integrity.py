"""A subject that replaces what judges it is refused, with a sentence that names what it replaced."""

from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from tests.checks import facts
from tests.submissions.contract import SubjectError
from tests.submissions.integrity import refuse_changes, snapshot
from tests.submissions.subject import load_subject

FUNCTIONS = """
    def linear_regressor():
        return None
"""


def error_of(folder: Path, source: str) -> str:
    """The sentence that a solution with this source is refused with."""
    path = folder / "solution.py"
    path.write_text(dedent(source) + dedent(FUNCTIONS), encoding="utf-8")
    with pytest.raises(SubjectError) as caught:
        load_subject(str(path))
    return str(caught.value)


def test_nothing_changed() -> None:
    """Two snapshots of an honest session are the same."""
    assert refuse_changes("solution.py", snapshot(), "nothing") is None


@pytest.mark.parametrize(
    ("owner", "name", "replacement", "told"),
    [
        (facts, "equal", lambda *_: None, "tests.checks.facts.equal"),
        (facts.Fact, "message", lambda _: "", "tests.checks.facts.Fact.message"),
        (np, "abs", lambda x: 0 * x, "numpy.abs"),
        (np.linalg, "norm", lambda _: 0.0, "numpy.linalg.norm"),
    ],
)
def test_replaced_function_is_named(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, replacement: Any, told: str
) -> None:
    """A function, a method or a library's function that is another one now."""
    before = snapshot()
    monkeypatch.setattr(owner, name, replacement)
    with pytest.raises(SubjectError, match=rf"solution\.py: train replaced {told}"):
        refuse_changes("solution.py", before, "train")


def test_replaced_code_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same function object with other code in it is another function."""
    before = snapshot()
    monkeypatch.setattr(facts.equal, "__code__", (lambda statement, measured, expected, because: None).__code__)
    with pytest.raises(SubjectError, match=r"facts\.equal"):
        refuse_changes("solution.py", before, "train")


def test_replacing_at_import_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A solution whose import changes NumPy is not judged at all."""
    monkeypatch.setattr(np, "isfinite", np.isfinite)  # put back afterwards
    sentence = error_of(tmp_path, "import numpy as np\nnp.isfinite = lambda x: x == x\n")
    assert "its import replaced numpy.isfinite; nothing that judges a solution may be changed by it" in sentence


def test_importing_the_suite_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is one that brings a module of the suite along."""
    import sys

    monkeypatch.delitem(sys.modules, "tests.checks.boundary", raising=False)
    sentence = error_of(tmp_path, "import tests.checks.boundary\n")
    assert "it imports tests.checks.boundary; a solution may import the lab, but not what judges it" in sentence
