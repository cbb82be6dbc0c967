"""A document as Gradescope reads the results of an autograder: its `results.json`.

https://gradescope-autograders.readthedocs.io/en/latest/specs/ describes the fields.
"""

from collections.abc import Mapping
from typing import Any

from tests.classroom.entries import Document, Entry
from tests.questions import QUESTIONS
from tests.reporting.wording import Answer, clean, failed_tests, mnist_source, name_of

# Shown to students with their grade: what failed tests say holds what was expected.
VISIBILITY = "after_published"
LONGEST_OUTPUT = 20_000  # characters of one question


def gradescope_results(entry: Entry, document: Document | None) -> dict[str, Any]:
    """One test for each question; all of it is text, for a submission's own words are in it."""
    answers = document["answers"] if document else ()
    return {
        "score": entry.earned or 0.0,
        "execution_time": round(entry.seconds),
        "output": entry.finding or "Every question was judged; each has its answer below.",
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": VISIBILITY,
        "stdout_visibility": "hidden",
        "tests": [_question(answer) for answer in answers] if document else _nothing(entry),
        "extra_data": _provenance(document) if document else {},
    }


def _question(answer: Answer) -> dict[str, Any]:
    failed = [f"{name_of(test)}: {clean(test.get('message') or 'no message')}" for test in failed_tests(answer)]
    output = "\n\n".join([clean(answer["sentence"]), *failed])
    return {
        "number": answer["question"],
        "name": f"{answer['question']} {clean(answer['title'])}",
        "score": float(answer["points"]["earned"]),
        "max_score": float(answer["points"]["possible"]),
        "status": "passed" if answer["status"] == "passed" else "failed",
        "output": output if len(output) <= LONGEST_OUTPUT else f"{output[: LONGEST_OUTPUT - 1]}…",
        "output_format": "text",
        "name_format": "text",
        "tags": [answer["status"]],
        "visibility": VISIBILITY,
    }


def _nothing(entry: Entry) -> list[dict[str, Any]]:
    """The questions of a submission that could not be judged."""
    return [
        {
            "number": number,
            "name": f"{number} {question.title}",
            "score": 0.0,
            "max_score": float(question.points),
            "status": "failed",
            "output": entry.finding,
            "output_format": "text",
            "name_format": "text",
            "tags": [entry.status],
            "visibility": VISIBILITY,
        }
        for number, question in QUESTIONS.items()
    ]


def _provenance(document: Document) -> Mapping[str, Any]:
    return {
        "subject": clean(str(document["subject"])),
        "seed": document["seed"],
        "mnist": mnist_source(document),
        "versions": document["versions"],
        "verdicts": {answer["question"]: answer["verdict"] for answer in document["answers"]},
    }
