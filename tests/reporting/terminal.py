"""The answers on the terminal: lines of at most 100 columns, each with its markup."""

import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from tests.reporting.wording import (
    Answer,
    Document,
    clean,
    failed_tests,
    is_selected,
    mnist_source,
    name_of,
    notices,
    points_text,
)

Line = tuple[str, dict[str, bool]]

WIDEST = 100
GAP = "  "
COLUMNS = (8, 13, 8, 0, 17)  # the widest word of each, 0 takes what is left: sentences
HEADERS = ("question", "status", "points", "answer", "published")
NARROWEST_SENTENCE = 36  # columns; with less, as in 80 columns, the sentence gets lines of its own
LONGEST_MESSAGE = 6  # lines; the reports have all of it
WORD = re.compile(r"\S+(?: %\S*| ± \S+)*")  # no line ends inside 99 % or 3 ± 1
MARKUP: dict[str, dict[str, bool]] = {
    "failed": {"red": True},
    "error": {"red": True, "bold": True},
    "not submitted": {"yellow": True},
}


def summary_lines(document: Document, width: int | None = None) -> list[Line]:
    """The table of the selected questions, the total, where MNIST came from, notes, and what failed.

    Without a width it is that of the terminal, or the widest where the output is none.
    """
    width = min(width or shutil.get_terminal_size((WIDEST, 0)).columns, WIDEST)
    selected = [answer for answer in document["answers"] if is_selected(answer)]
    lines = [*table(selected, width), ("", {})] if selected else []
    lines.append(total(document))
    lines += labelled("MNIST", mnist_source(document), width)
    for note in notices(document):
        lines += labelled("Note", note, width, {"yellow": True})
    unselected = [answer["question"] for answer in document["answers"] if not is_selected(answer)]
    if unselected:
        lines += labelled("Not selected", ", ".join(unselected), width)
    lines += failures(selected, width)
    return [(cut(line, width), markup) for line, markup in lines]


def table(answers: Sequence[Answer], width: int) -> Iterator[Line]:
    """A header, a rule, and for each answer as many lines as its sentence needs."""
    sentence = width - sum(COLUMNS) - len(GAP) * (len(COLUMNS) - 1)
    if sentence < NARROWEST_SENTENCE:
        yield from stack(answers, width)
        return
    columns = [column or sentence for column in COLUMNS]
    yield joined(HEADERS, columns), {"bold": True}
    yield GAP.join("-" * column for column in columns), {}
    for answer in answers:
        cells = [wrap(cell, column) for cell, column in zip(row(answer), columns, strict=True)]
        for line in zip_longest(*cells, fillvalue=""):
            yield joined(line, columns), MARKUP.get(answer["status"], {})


def stack(answers: Sequence[Answer], width: int) -> Iterator[Line]:
    """The same for a narrow terminal: the sentence below its question, indented."""
    for answer in answers:
        question, status, points, sentence, verdict = row(answer)
        markup = MARKUP.get(answer["status"], {})
        heading = f"{question} {status}, {points} points, published: {verdict}"
        yield from ((line, markup) for line in wrap(heading, width))
        yield from ((GAP + line, markup) for line in wrap(sentence, width - len(GAP)))


def row(answer: Answer) -> tuple[str, ...]:
    """The cells of one question."""
    points = points_text(answer["points"])
    return answer["question"], answer["status"], points, answer["sentence"], answer["verdict"]


def total(document: Document) -> Line:
    """The points, green if all were earned."""
    points = document["points"]
    complete = points["earned"] >= points["possible"] and not document.get("interrupted")
    return f"Points: {points_text(points)}", {"bold": True, "green": True} if complete else {"bold": True}


def failures(answers: Sequence[Answer], width: int) -> Iterator[Line]:
    """A heading, and the failed tests, each with the first line of its message; the very same message stands once."""
    alike: dict[tuple[str, str], list[tuple[str, str]]] = {}  # (question, test) by outcome and message
    for answer in answers:
        for test in failed_tests(answer):
            message = clean(test.get("message") or "").strip() or "no message"
            alike.setdefault((test["outcome"], message), []).append((answer["question"], name_of(test)))
    if alike:
        yield from [("", {}), ("Failed tests", {"bold": True})]
    for (outcome, message), tests in alike.items():
        questions = ", ".join(dict.fromkeys(question for question, _ in tests))
        more = f" and {len(tests) - 1} more" if len(tests) > 1 else ""
        heading = f"{questions} {outcome}: {tests[0][1]}{more}"
        yield from ((line, MARKUP[outcome]) for line in wrap(heading, width))
        lines = wrap(message.split("\n", 1)[0], width - len(GAP))
        if len(lines) > LONGEST_MESSAGE:
            lines = [*lines[:LONGEST_MESSAGE], "..."]
        yield from ((GAP + line, {}) for line in lines)


def labelled(label: str, text: str, width: int, markup: dict[str, bool] | None = None) -> Iterator[Line]:
    """`label: text`, continued under itself with an indent."""
    for index, line in enumerate(wrap(f"{label}: {text}", width - len(GAP))):
        yield (GAP if index else "") + line, markup or {}


def joined(cells: Sequence[str], columns: Sequence[int]) -> str:
    """One line of the table; each cell fits its column."""
    padded = [cell + " " * (column - columns_of(cell)) for cell, column in zip(cells, columns, strict=True)]
    return GAP.join(padded).rstrip()


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` columns, cut inside a word only if the word alone is wider."""
    lines = [""]
    for word in WORD.findall(" ".join(clean(text).split())):
        room = width - columns_of(lines[-1]) - bool(lines[-1])
        if columns_of(word) <= room:
            lines[-1] += (" " if lines[-1] else "") + word
            continue
        pieces = list(chop(word, width))
        lines = [*lines, *pieces] if lines[-1] else pieces
    return lines


def chop(word: str, width: int) -> Iterator[str]:
    """`word` in pieces of at most `width` columns."""
    while word:
        piece = cut(word, width) or word[0]
        yield piece
        word = word[len(piece) :]


def cut(text: str, width: int) -> str:
    """As many characters of `text` as fit `width` columns."""
    if text.isascii():
        return text[: max(width, 0)]
    used = 0
    for index, character in enumerate(text):
        used += columns_of(character)
        if used > width:
            return text[:index]
    return text


def columns_of(text: str) -> int:
    """Columns that a terminal uses for `text`: two for East Asian wide characters, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
