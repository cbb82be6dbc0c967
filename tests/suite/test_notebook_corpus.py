"""The corpus of notebooks is read, and every one of them says what it deserves."""

import pytest

from tests.questions import QUESTIONS
from tests.suite.notebook_corpus import corpus, read_sample

FILES = corpus()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_names_every_question_once(path):
    """Each file says what it is, and what each of the twelve questions deserves."""
    sample = read_sample(path)
    assert list(sample.expected) == list(QUESTIONS)
    assert sample.told.endswith(".")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_has_cells(path):
    """Each file is several cells of code; only the one about syntax errors cannot be compiled."""
    codes = [cell.source for cell in read_sample(path).notebook.cells if cell.cell_type == "code"]
    assert len(codes) > 2
    broken = [code for code in codes if not compiles(code)]
    assert len(broken) == (path.stem == "syntax_error")


def compiles(code):
    try:
        return compile(code, "cell", "exec") is not None
    except SyntaxError:
        return False


def test_right_and_wrong():
    """There are at least ten of both kinds."""
    samples = [read_sample(path) for path in FILES]
    kinds = [bool(sample.questions("failed") or sample.unsupported) for sample in samples]
    assert min(kinds.count(True), kinds.count(False)) >= 10


@pytest.fixture
def sample(tmp_path):
    def read(text):
        (tmp_path / "sample.py").write_text(text)
        return read_sample(tmp_path / "sample.py")

    return read


def test_is_read(sample):
    """Cells, style, verdicts and invented figures come out of the file."""
    read = sample(
        "# A style,\n# in two lines.\n# passes: 1.2 1.1\n# may fail: 2.1\n# unsupported: 0.9999 3.1\n\n"
        "# %% [markdown]\n# # Title\n#\n# text\n\n# %%\nx = 1  # %% no cell\n\n\ny = 2\n# %%\n"
    )
    assert (read.name, read.told, read.unsupported) == ("sample", "A style, in two lines.", ("0.9999", "3.1"))
    assert read.questions("passed") == ("1.1", "1.2")
    assert read.expected["2.1"] == {"passed", "failed"}
    cells = [(cell.cell_type, cell.source) for cell in read.notebook.cells]
    assert cells == [("markdown", "# Title\n\ntext"), ("code", "x = 1  # %% no cell\n\n\ny = 2"), ("code", "")]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("# What.\n# passes: 1.1\n# pases: 1.2", "should be"),
        ("# What.\n# passes: 1.1\nimport os", "should be"),
        ("# What.\n# passes: 1.1 1.1", "more than once"),
        ("# What.\n# passes: 1.1\n# fails: 1.1", "more than once"),
    ],
    ids=["misspelt", "code above the first cell", "twice in a line", "in two lines"],
)
def test_head_that_is_wrong(head, said, sample):
    """A verdict that cannot be read fails, and the message names the file."""
    with pytest.raises(ValueError, match=said) as refused:
        sample(head + "\n\n# %%\nx = 1\n")
    assert "sample.py" in str(refused.value)
