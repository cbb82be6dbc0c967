"""Compare sessions under different versions of TensorFlow and Keras: one page, and one Markdown table.

Questions go down and versions across: each answer's measured values, the verdicts on what was published, and seconds.
What differs from the newest version by more than the seeds do is marked, each mark with its reason or "unexplained".
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.reference.versions import number
from tests.reporting.comparison import NAMES, UNEXPLAINED, Comparison, Row, compared
from tests.reporting.document import SCHEMA_VERSION
from tests.reporting.documents import write_atomically
from tests.reporting.markdown import table
from tests.reporting.page import page_environment
from tests.reporting.wording import ABSENT, readable, value_text

FOLDER = Path("report/versions")
NOISE = Path("report/noise")
TITLE = "The lab's answers under different versions"


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the sessions that the command line names and write `compare.html` and `compare.md`."""
    parser = argparse.ArgumentParser(prog="python -m tests.reporting.compare", description=__doc__)
    add = parser.add_argument
    add("files", nargs="*", type=Path, help=f"each version's answers.json (default: {FOLDER}/*/answers.json)")
    add(
        "--noise",
        nargs="+",
        type=Path,
        metavar="FILE",
        help=f"answers.json of one version with other seeds (default: {NOISE}/*/answers.json)",
    )
    add("--output", type=Path, default=FOLDER, metavar="FOLDER", help="where both files go (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        files = options.files or sorted(FOLDER.glob("*/answers.json"))
        if not files:
            raise ValueError(f"there is no session in {FOLDER}; make some with `tox -e py311-tf215,py311-tf221`")
        noise = sorted(NOISE.glob("*/answers.json")) if options.noise is None else options.noise
        comparison = compared([read(path) for path in files], [read(path) for path in noise])
        write_atomically(options.output / "compare.html", page(comparison))
        write_atomically(options.output / "compare.md", markdown(comparison))
    except (OSError, ValueError) as problem:
        parser.error(str(problem))
    sys.stdout.write(f"{summary(comparison)}\nwritten to {options.output}: compare.html, compare.md\n")


def read(path: Path) -> dict[str, Any]:
    """A session's document. Raises ValueError, in one line, if the file holds none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        document["schema_version"]
        for name in NAMES:
            number(document["versions"][name])
        for answer in document["answers"]:
            answer["question"], answer["title"], answer["measured"], answer["verdict"], answer["points"]
    except OSError as reason:
        raise ValueError(f"{path}: {reason.strerror}; name an answers.json that a session wrote") from None
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"{path}: it is no answers.json of a session") from None
    if document["schema_version"] != SCHEMA_VERSION:
        raise ValueError(f"{path}: its schema version is {document['schema_version']}; this reads {SCHEMA_VERSION}")
    return document  # type: ignore[no-any-return]


def summary(comparison: Comparison) -> str:
    """How many values differ, and how many of them nobody can explain."""
    marks = [cell.reason for row in comparison.rows for cell in row.cells if cell.reason]
    cells = len(comparison.rows) * len(comparison.sessions)
    noise = f"the noise of {comparison.noise} sessions" if comparison.noise else "rounding (no noise was measured)"
    return (
        f"{len(comparison.sessions)} sessions, {len(comparison.rows)} quantities: {len(marks)} of {cells:,} values "
        f"differ from the base beyond {noise}, {marks.count(UNEXPLAINED)} of them unexplained."
    )


def page(comparison: Comparison) -> str:
    """One self-contained page."""
    template = page_environment().get_template("compare.html.j2")
    return template.render(
        title=TITLE,
        comparison=comparison,
        summary=summary(comparison),
        heads=[heading(comparison, place) for place in range(len(comparison.sessions))],
        marks=marks_of(comparison),
        groups=groups(comparison),
        text=text,
    )


def markdown(comparison: Comparison) -> str:
    """A Markdown table, and the reasons of its marks."""
    marks, rows = marks_of(comparison), []
    for row in comparison.rows:
        cells = [
            f"{text(cell.value)} ({marks[cell.reason]})" if cell.reason else text(cell.value) for cell in row.cells
        ]
        rows.append([row.question, readable(row.quantity), *cells])
    heads = [" ".join(heading(comparison, place)) for place in range(len(comparison.sessions))]
    reasons = "\n".join(f"- ({mark}) {reason}" for reason, mark in marks.items())
    return f"# {TITLE}\n\n{summary(comparison)}\n\n{table(['no.', 'quantity', *heads], rows)}\n\n{reasons}\n"


def heading(comparison: Comparison, place: int) -> list[str]:
    """The head of a column: TensorFlow, Keras, Python, and whether it is the base."""
    session = comparison.sessions[place]
    told = [f"TensorFlow {session['tensorflow']}", f"Keras {session['keras']}", f"Python {session['python']}"]
    return [*told, "(base)"] if place == comparison.base else told


def marks_of(comparison: Comparison) -> dict[str, str]:
    """A letter for each reason; what is unexplained has a question mark."""
    explained = [reason for reason in comparison.reasons() if reason != UNEXPLAINED]
    letters = {reason: chr(ord("a") + place) for place, reason in enumerate(explained)}
    return {UNEXPLAINED: "?"} | letters if UNEXPLAINED in comparison.reasons() else letters


def groups(comparison: Comparison) -> list[tuple[str, str, list[Row]]]:
    """The rows of each question, with its title."""
    rows = {question: [row for row in comparison.rows if row.question == question] for question in comparison.titles}
    return [(question, comparison.titles[question], found) for question, found in rows.items()]


def text(value: Any) -> str:
    """A value for a reader, or a dash where a session has none."""
    return ABSENT if value is None else value_text(value)


if __name__ == "__main__":
    main()
