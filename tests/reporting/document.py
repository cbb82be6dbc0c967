"""The document that `answers.json` holds and every report is made from: built from results, and from nothing else."""

import os
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tests.questions import NOT_SUBMITTED, QUESTIONS, Question
from tests.reporting.audit import NO_JUDGEMENT, unjudged
from tests.reporting.results import NOT_RUN, Result, Results, earned, status
from tests.settings import Session

SCHEMA_VERSION = 1
PACKAGES = ("tensorflow", "keras", "numpy", "scikit-learn", "scipy", "pytest", "pytest-benchmark", "pytest-html")


def build(results: Results, session: Session, interrupted: bool, notes: list[str]) -> dict[str, Any]:
    """The document, with an answer for each of the twelve questions."""
    answers = [_answer(question, results) for question in QUESTIONS.values()]
    mnist = session.found
    submission = {"submission": session.submission.described()} if session.submission else {}
    return {
        "schema_version": SCHEMA_VERSION,
        "subject": session.subject.name,
        "seed": session.seed,
        "mnist": {
            "source": mnist.source if mnist else "not needed by the tests that were selected",
            "is_mnist": bool(mnist and mnist.is_mnist),
            "passed_over": list(mnist.passed_over) if mnist else [],
        },
        "versions": {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES},
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count() or 1},
        "points": {
            "earned": sum(answer["points"]["earned"] for answer in answers),
            "possible": sum(question.points for question in QUESTIONS.values()),
        },
        "interrupted": interrupted,
        "notes": [*session.subject.notes, *notes],
        "answers": answers,
        "audit": [entry for answer in answers for entry in _audit(answer, results)],
        **submission,
    }


@cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _answer(question: Question, results: Results) -> dict[str, Any]:
    tests = [test for test in results.tests.values() if test.question == question.number]
    given = results.answers.get(question.number)
    state = status(question.number, tests, given is not None) if tests else "error"
    return {
        "question": question.number,
        "title": question.title,
        "selected": bool(tests),
        "status": state,
        "sentence": given["sentence"] if given else _instead(state, tests),
        "measured": given["measured"] if given else {},
        "published": given["published"] if given else {},
        "verdict": given["verdict"] if given else "not measured",
        "reason": given["reason"] if given else "There is no measured answer to judge it by.",
        "points": {
            "earned": earned(tests),
            "possible": question.points,
        },
        "figures": given["figures"] if given else [],
        "tests": [_test(test) for test in tests],
    }


def _audit(answer: dict[str, Any], results: Results) -> list[dict[str, Any]]:
    """What the original notebook published on a question, judged; unjudged for the reason that there is no answer."""
    given = results.answers.get(answer["question"])
    if given is None:
        return unjudged(answer["question"], answer["sentence"])
    return given.get("audit") or unjudged(answer["question"], NO_JUDGEMENT)


def _instead(state: str, tests: list[Result]) -> str:
    """What stands where there is no answer: never nothing."""
    if not tests:
        return "Not run: no test of this question was selected."
    if state == NOT_SUBMITTED:
        return f"{tests[0].message[:1].upper()}{tests[0].message[1:]}."
    if all(test.outcome == "passed" for test in tests):
        return "Not judged: only a part of its tests was selected."
    told = [test.message.splitlines()[0] for test in tests if test.message and test.outcome != NOT_RUN]
    return f"No answer: {told[0]}" if told else "No answer: the test that measures it did not run."


def _test(test: Result) -> dict[str, Any]:
    """A test as the document has it; its headline is its first fact that does not hold, else all of them."""
    broken = [fact for fact in test.facts if not fact["holds"]]
    shown = broken[:1] or test.facts

    def joined(key: str) -> str:
        return "; ".join(str(fact[key]) for fact in shown)

    return {
        "id": test.id,
        "outcome": test.outcome,
        "points": test.points,
        "statement": joined("statement"),
        "measured": shown[0]["measured"] if len(shown) == 1 else joined("measured") or None,
        "expected": joined("expected"),
        "because": joined("because"),
        "message": test.message,
        "facts": test.facts,
    }
