"""What pytest-html's own table of tests gets from us: three columns of facts, and a layout that wraps them."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from tests.reporting.page import TEMPLATES
from tests.reporting.wording import clean, value_text

Fact = Mapping[str, Any]

TEST_COLUMN_HEADERS = [
    '<th class="lab-column-measured">Measured</th>',
    '<th class="lab-column-expected">Expected</th>',
    '<th class="lab-column-because">Because</th>',
]


def test_row_cells(facts: Sequence[Fact]) -> list[str]:
    """Three cells: what was measured, expected, and why; numbered alike where a test has several facts.

    Only text and line breaks stand in them: pytest-html's script takes a click on an element inside a cell for a click
    on a row that has no name. Rows of set-up and tear-down get three empty cells, from no facts.
    """
    return [
        cell("measured", [value_text(fact["measured"]) for fact in facts]),
        cell("expected", [str(fact["expected"]) for fact in facts]),
        cell("because", [str(fact["because"]) for fact in facts]),
    ]


def cell(name: str, texts: Sequence[str]) -> str:
    """One `<td>` with a line for each text."""
    number: Callable[[int], str] = (lambda index: f"({index}) ") if len(texts) > 1 else (lambda index: "")
    lines = [escape(number(index) + " ".join(clean(text).split())) for index, text in enumerate(texts, start=1)]
    return f'<td class="col-{name}">{"<br>".join(lines)}</td>'


def report_css() -> str:
    """Style for pytest-html's page itself, to stand before `answers_section`: wrapped cells, contrast, small screens.

    pytest-html gives its page no viewport, without which a telephone lays it out 980 pixels wide.
    """
    css = (TEMPLATES / "results_table.css").read_text(encoding="utf-8")
    return f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>\n{css}</style>\n'
