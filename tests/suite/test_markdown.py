"""The answers as Markdown."""

import re

import pytest

from tests.reporting.markdown import answers_markdown, escape
from tests.suite.sample_document import hostile_document, sample_document

FENCED = re.compile(r"^  (`{3,})text\n.*?^  \1$", re.MULTILINE | re.DOTALL)


def outside_fences() -> str:
    """The hostile document's Markdown without its fenced messages."""
    return FENCED.sub("", answers_markdown(hostile_document()))


@pytest.mark.parametrize(
    ("raw", "escaped"),
    [
        ("a|b", r"a\|b"),
        ("<script>", "&lt;script&gt;"),
        ("&lt;", "&amp;lt;"),
        ("[x](y)", r"\[x\](y)"),
        ("![x](y)", r"!\[x\](y)"),
        ("*a* _b_ `c` ~d~ $e$", r"\*a\* \_b\_ \`c\` \~d\~ \$e\$"),
        ("a\\|b", r"a\\\|b"),
        ("one\r\n\ntwo", "one two"),
        ("# one", r"\# one"),
        ("- one", r"\- one"),
        ("--- ", r"\---"),
        ("1. one", r"1\. one"),
        ("-0.5", "-0.5"),
        ("1.5", "1.5"),
        ("\x1b[31mred\x1b[0m", "red"),
    ],
)
def test_special_characters_are_escaped(raw: str, escaped: str) -> None:
    """Nothing in a value is taken for Markdown or HTML, and numbers stay as they are."""
    assert escape(raw) == escaped


def test_no_tag_outside_a_fence() -> None:
    """A hostile document brings no HTML element into the prose."""
    assert not re.search(r"<\w", outside_fences())


def test_table_rows_have_equal_columns() -> None:
    """A pipe or a newline in a value never breaks its table: each row has three or five cells."""
    rows = [line for line in outside_fences().split("\n") if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) - 1 for row in rows} == {3, 5}


def test_fence_is_longer_than_any_in_the_message() -> None:
    """A message that holds a fence cannot close its own."""
    document = sample_document()
    document["answers"][3]["tests"][2]["message"] = "before\n````\n# after"
    assert "  `````text\n  before\n  ````\n  # after\n  `````" in answers_markdown(document)


def test_every_selected_question_has_a_section() -> None:
    """The sections are the selected questions, in order."""
    questions = re.findall(r"^## (\d\.\d) ", answers_markdown(sample_document()), re.MULTILINE)
    assert questions == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "4.1", "4.3"]


def test_figure_stands_by_its_file() -> None:
    """A figure is an image from the folder beside the file, described by its question and name."""
    line = "![1.1 Learned weight and bias: loss curve](figures/loss_curve.png)"
    assert line in answers_markdown(sample_document()).split("\n")


def test_measured_stands_beside_published() -> None:
    """A row has the quantity, the measured and the published value; a dash where one is missing."""
    text = answers_markdown(sample_document())
    rows = ["| weight | 3.0267 | 3.1674 |", "| loss | 1.0240 | – |"]
    assert all(row in text.split("\n") for row in rows)


def test_mapping_inside_becomes_rows() -> None:
    """Seconds by batch size are a row each, and a long list says how many values it has."""
    text = answers_markdown(sample_document())
    assert ("| seconds, 16 | 61.7000 |" in text, "(100 values)" in text) == (True, True)


def test_failed_test_is_listed_with_its_message() -> None:
    """The whole message is handed in, not only its first line."""
    assert "  The confusion matrix has one column.\n" in answers_markdown(sample_document())


@pytest.mark.parametrize("status", ["passed", "failed", "error", "not submitted", "not selected"])
def test_status_stands_in_the_overview(status: str) -> None:
    """Each status is a word in the table of questions."""
    assert f" | {status} | " in answers_markdown(sample_document())


def test_claim_is_a_row_of_the_audit() -> None:
    """The last section has a row for each claim: question, place, what is said, verdict and reason."""
    row = (
        "| 1.3 | cell \\[7\\], “Learned bias-worse” | what is said of bias-worse | contradicted | It lies 7 standard "
        "deviations from 2,048 trainings; 99 % lie within 2.6. |"
    )
    audit = answers_markdown(sample_document()).split("## Audit of the original notebook\n")[1]
    assert row in audit.split("\n")


def test_audit_counts_its_verdicts() -> None:
    """Above its table the audit says how many claims there are, by verdict, of the questions that were selected."""
    told = "3 figures and claims: 1 contradicted, 1 indistinguishable, 1 reproduced."
    assert told in answers_markdown(sample_document())


def test_claim_on_a_question_that_was_not_selected_is_left_out() -> None:
    """Claims on questions without a section have no row."""
    assert "what is said of reused" not in answers_markdown(sample_document())


def test_document_without_an_audit_has_no_section_of_it() -> None:
    """A document that was written before there was an audit reads as before."""
    document = sample_document()
    del document["audit"]
    assert "Audit" not in answers_markdown(document)


def test_notes_are_quoted() -> None:
    """What the reader must know stands above the numbers."""
    text = answers_markdown(sample_document())
    assert 0 < text.index("> **Note:** solution.py defines") < text.index("| no. |")


def test_passed_over_sources_are_named() -> None:
    """The MNIST line says what was tried and why it was not used."""
    assert "(passed over: /data/mnist.npz: no file)" in answers_markdown(sample_document())


def test_what_was_recorded_of_a_notebook() -> None:
    """Trainings are a table, and whatever went wrong are lists; nothing of it where no notebook was judged."""
    text = answers_markdown(sample_document())
    assert "## What was recorded of the notebook" in text
    assert "| linear noisy | 2 | points that scatter about 3X + 5 by 5.46 |" in text
    assert "- cell 3: NameError: name 'x' is not defined" in text
    document = sample_document()
    del document["submission"]
    assert "recorded of the notebook" not in answers_markdown(document)
