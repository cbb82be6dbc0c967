"""The answers on the terminal."""

from itertools import pairwise
from typing import Any

import pytest

from tests.reporting.terminal import columns_of, summary_lines, wrap
from tests.suite.sample_document import hostile_document, sample_document

WIDTHS = [1, 20, 46, 79, 80, 100, 250]


def text(document: dict[str, Any], width: int = 100) -> str:
    """All lines, without their markup."""
    return "\n".join(line for line, _ in summary_lines(document, width))


def row(document: dict[str, Any], question: str) -> tuple[str, dict[str, bool]]:
    """The first line of a question's row, with its markup."""
    return next((line, markup) for line, markup in summary_lines(document, 100) if line.startswith(question))


@pytest.mark.parametrize("width", WIDTHS, ids=lambda width: f"width={width}")
@pytest.mark.parametrize("document", [sample_document(), hostile_document()], ids=["sample", "hostile"])
def test_no_line_is_wider_than_asked(document: dict[str, Any], width: int) -> None:
    """Lines keep to the width, and to 100 columns at most, East Asian letters counted as two."""
    assert max(columns_of(line) for line, _ in summary_lines(document, width)) <= min(width, 100)


def test_no_control_character_reaches_the_terminal() -> None:
    """Text from a submission cannot move the cursor, ring the bell or reverse the line."""
    assert text(hostile_document()).replace("\n", "").replace("\u202e", "?").isprintable()


@pytest.mark.parametrize(
    ("question", "status"), [("1.1", "passed"), ("2.1", "failed"), ("3.1", "error"), ("4.1", "not submitted")]
)
def test_status_is_a_word(question: str, status: str) -> None:
    """Each of the four statuses is told by its word; colour only repeats it."""
    assert f"{question}       {status} " in row(sample_document(), question)[0]


def test_four_statuses_differ_in_markup() -> None:
    """And their colours differ too."""
    markups = [row(sample_document(), question)[1] for question in ("1.1", "2.1", "3.1", "4.1")]
    assert all(one not in markups[:index] for index, one in enumerate(markups))


@pytest.mark.parametrize("width", [60, 100], ids=lambda width: f"width={width}")
def test_sentence_is_shown_in_full(width: int) -> None:
    """A sentence is wrapped, never cut."""
    document = sample_document()
    document["answers"][0]["sentence"] = " ".join(f"word{index}" for index in range(40))
    words = text(document, width).split()
    assert [word for word in words if word.startswith("word")] == [f"word{index}" for index in range(40)]


def test_unselected_question_is_only_named() -> None:
    """A question outside the selection has no row; one closing line names it."""
    assert [line for line, _ in summary_lines(sample_document()) if "4.2" in line] == ["Not selected: 4.2"]


def test_failed_test_shows_the_first_line_of_its_message() -> None:
    """The rest of the message is left to the reports."""
    shown = text(sample_document())
    assert ("measured 0.3333" in shown, "The confusion matrix has one column" in shown) == (True, False)


def test_long_message_is_cut() -> None:
    """One message takes six lines and an ellipsis at most."""
    document = sample_document()
    document["answers"][3]["tests"][2]["message"] = "y" * 5000
    lines = [line for line, _ in summary_lines(document, 100)]
    assert [sum(line.startswith("  yyy") for line in lines), lines.count("  ...")] == [6, 1]


def test_test_that_failed_without_a_word_is_reported() -> None:
    """A failure without a message still has its lines."""
    document = sample_document()
    document["answers"][3]["tests"][2]["message"] = ""
    lines = [line for line, _ in summary_lines(document)]
    assert ("2.1 failed: test_accuracy[question=2.1]", "  no message") in pairwise(lines)


@pytest.mark.parametrize(
    ("questions", "heading"),
    [
        (["4.1", "4.1", "4.1"], "4.1 error: test_save[0] and 2 more"),
        (["4.1", "4.1", "4.3"], "4.1, 4.3 error: test_save[0] and 2 more"),
    ],
    ids=["one", "two"],
)
def test_same_message_is_shown_once(questions: list[str], heading: str) -> None:
    """Tests that failed with the very same message share it; the first is named, the others are counted."""
    document = sample_document()
    for index, question in enumerate(questions):
        test = {"id": f"a.py::test_save[{index}]", "outcome": "error", "message": "TypeError: save_model()"}
        next(answer for answer in document["answers"] if answer["question"] == question)["tests"].append(test)
    lines = [line for line, _ in summary_lines(document, 100)]
    assert lines.count("  TypeError: save_model()") == 1
    assert (heading, "  TypeError: save_model()") in pairwise(lines)


def test_width_is_the_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a width, lines keep to the terminal's."""
    monkeypatch.setenv("COLUMNS", "60")
    assert summary_lines(sample_document()) == summary_lines(sample_document(), 60)


def test_number_and_sign_stay_on_one_line() -> None:
    """A line never ends between a number and its per cent sign or tolerance."""
    assert wrap("it is 79 %, or 3 ± 1", 10) == ["it is", "79 %, or", "3 ± 1"]


def test_no_question_no_table() -> None:
    """A session that selected no question starts with its points."""
    assert summary_lines(sample_document() | {"answers": []})[0][0] == "Points: 82.5/110"


def test_total_is_green_only_if_complete() -> None:
    """Green means that every point was earned."""
    document = sample_document()
    complete = document | {"points": {"earned": 110, "possible": 110}}
    markups = [dict(summary_lines(each)).get(line) for each, line in [(document, "Points: 82.5/110")]]
    markups.append(dict(summary_lines(complete))["Points: 110/110"])
    assert markups == [{"bold": True}, {"bold": True, "green": True}]


def test_stand_in_is_announced() -> None:
    """Without MNIST the reader is told, even if the notes are silent."""
    document = sample_document() | {"mnist": {"source": "digits", "is_mnist": False, "passed_over": []}, "notes": []}
    assert "Note: The images are not MNIST" in text(document)


def test_no_stand_in_without_images() -> None:
    """A session that needed no images does not call its answers those of a stand-in."""
    document = sample_document() | {
        "mnist": {"source": "not needed", "is_mnist": False, "passed_over": []},
        "notes": [],
    }
    document["answers"] = [answer for answer in document["answers"] if answer["question"] < "3"]
    assert "Note:" not in text(document)


def test_interruption_is_announced() -> None:
    """An interrupted session says so, even if the notes are silent."""
    assert "Note: The session was interrupted" in text(sample_document() | {"interrupted": True})


def test_lines_are_ascii_but_for_the_document() -> None:
    """The table itself survives a terminal that knows only ASCII."""
    assert text(sample_document()).replace("±", "+-").isascii()


def test_word_wider_than_the_line_is_cut() -> None:
    """A word alone wider than the line continues on the next."""
    assert wrap("ab cdefgh", 3) == ["ab", "cde", "fgh"]
