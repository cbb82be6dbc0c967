"""What became of each test, gathered from pytest's reports: they survive the way from another process."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.questions import NOT_SEEN, NOT_SUBMITTED, QUESTIONS

NOT_RUN = "not run"


@dataclass
class Result:
    """One test of a question: its outcome, the facts that it recorded, and why it did not pass."""

    id: str
    question: str
    points: float
    outcome: str = NOT_RUN
    facts: list[dict[str, Any]] = field(default_factory=list)
    message: str = ""


@dataclass
class Results:
    """All that a session has measured so far."""

    tests: dict[str, Result] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=dict)  # PNG in base64, by name

    def expect(self, node: str, properties: list[tuple[str, Any]]) -> Result | None:
        """The result that a test will have; None for a test that answers no question."""
        question = dict(properties).get("question")
        if question is None:
            return None
        return self.tests.setdefault(node, Result(node, question["number"], question["points"]))

    def add(self, report: pytest.TestReport) -> None:
        """Take what a phase of a test reports."""
        result = self.expect(report.nodeid, report.user_properties)
        if result is None:
            return
        if report.when == "call" or report.outcome != "passed":
            result.outcome, result.message = _outcome(report)
        if report.when != "call":
            return
        for name, value in report.user_properties:
            if name == "fact":
                result.facts.append(value)
            elif name == "answer":
                self.answers[result.question] = value
            elif name == "figure":
                self.figures[value["name"]] = value["png"]


def _outcome(report: pytest.TestReport) -> tuple[str, str]:
    """The outcome in the report's words, and the message of one that did not pass."""
    if report.outcome == "passed":
        return "passed", ""
    if report.outcome == "skipped":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        return next((word for word in (NOT_SUBMITTED, NOT_SEEN) if reason.startswith(word)), NOT_RUN), reason
    told = dict(report.user_properties)
    if "not done" in told:
        return "failed", told["not done"]
    if "subject error" in told:
        return "error", told["subject error"]
    failed_check = report.when == "call" and any(
        name == "fact" and not value["holds"] for name, value in report.user_properties
    )
    if failed_check:
        return "failed", report.longreprtext
    crash = getattr(report.longrepr, "reprcrash", None)
    return "error", crash.message if crash else report.longreprtext


def status(question: str, tests: list[Result], answered: bool) -> str:
    """A question passes only if every one of its tests ran and passed, and it has an answer.

    What is not seen in a notebook counts for nothing, if other tests passed.
    """
    outcomes = {test.outcome for test in tests}
    if outcomes == {NOT_SUBMITTED}:
        return NOT_SUBMITTED
    if "failed" in outcomes:
        return "failed"
    complete = sum(test.points for test in tests) == QUESTIONS[question].points
    answered = answered or any(test.outcome == NOT_SEEN and "test_answer" in test.id for test in tests)
    return "passed" if outcomes - {NOT_SEEN} == {"passed"} and complete and answered else "error"


def earned(tests: list[Result]) -> float:
    """The question's points by the tests that passed; what was not seen leaves its share to the others."""
    passed = sum(test.points for test in tests if test.outcome == "passed")
    seen = sum(test.points for test in tests if test.outcome != NOT_SEEN)
    unseen = sum(test.points for test in tests) - seen
    return passed * (1 + unseen / seen) if unseen and seen else passed
