"""Notebooks as students write them, each with the verdict that it deserves: `notebooks/NAME.py`.

A file is a notebook in the percent format: a cell begins at `# %%`, a cell of Markdown at `# %% [markdown]`. Above the
first cell stands what the style or the defect is, then which questions must pass, must fail, may do either, or are not
submitted, and which figures are printed that no training supports:

    # passes: 1.1 1.2
    # fails: 2.1
    # may fail: 2.2
    # not submitted: 3.1
    # unsupported: 0.9999
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

CORPUS = Path(__file__).parent / "notebooks"
STATUSES = {
    "passes": {"passed"},
    "fails": {"failed"},
    "may fail": {"passed", "failed"},
    "not submitted": {"not submitted"},
}
CLAIM = re.compile(rf"# (?P<kind>{'|'.join(STATUSES)}): (?P<questions>[1-4]\.[1-3](?: [1-4]\.[1-3])*)")
UNSUPPORTED = re.compile(r"# unsupported: (?P<figures>\d+\.\d+(?: \d+\.\d+)*)")
CELL = re.compile(r"^# %%(?P<markdown> \[markdown\])?$\n?", re.MULTILINE)


@dataclass(frozen=True)
class Sample:
    """A notebook of the corpus: what it is, what each question may get, figures that it invents, and its cells."""

    name: str
    told: str
    expected: Mapping[str, frozenset[str]]
    unsupported: tuple[str, ...]
    notebook: nbformat.NotebookNode

    def questions(self, status: str) -> tuple[str, ...]:
        """The questions that must get this status."""
        return tuple(number for number, statuses in self.expected.items() if statuses == {status})


def corpus() -> list[Path]:
    """Every file of the corpus."""
    return sorted(CORPUS.glob("*.py"))


def read_sample(path: Path) -> Sample:
    """The sample in the file. Raises ValueError for a line above the first cell that says nothing of the kind."""
    head, cells = _split(path.read_text(encoding="utf-8"))
    told, expected, unsupported = [], [], []
    for line in head.splitlines():
        if claim := CLAIM.fullmatch(line):
            expected += [(number, frozenset(STATUSES[claim["kind"]])) for number in claim["questions"].split()]
        elif invented := UNSUPPORTED.fullmatch(line):
            unsupported += invented["figures"].split()
        elif line.startswith("# ") and not expected:
            told.append(line.removeprefix("# "))
        elif line:
            raise ValueError(f"{path.name}: {line!r} should be '# passes: 1.1 1.2' or another of {', '.join(STATUSES)}")
    numbers = [number for number, _ in expected]
    if twice := {number for number in numbers if numbers.count(number) > 1}:
        raise ValueError(f"{path.name} names {', '.join(sorted(twice))} more than once")
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    return Sample(path.stem, " ".join(told), dict(sorted(expected)), tuple(unsupported), notebook)


def _split(text: str) -> tuple[str, Iterator[nbformat.NotebookNode]]:
    """What stands above the first cell, and the cells."""
    head, *parts = CELL.split(text)
    return head, (_cell(bool(markdown), source) for markdown, source in zip(parts[::2], parts[1::2], strict=True))


def _cell(markdown: bool, source: str) -> nbformat.NotebookNode:
    if not markdown:
        return nbformat.v4.new_code_cell(source.strip("\n"))
    return nbformat.v4.new_markdown_cell(re.sub(r"^# ?", "", source.strip("\n"), flags=re.MULTILINE))
