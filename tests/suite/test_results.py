"""From pytest's reports to a question's status, and to the document that answers.json holds."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from lab.mnist_source import Mnist
from tests.checks.facts import at_most
from tests.questions import NOT_SUBMITTED, QUESTIONS
from tests.reference.published import CLAIMS
from tests.reporting.audit import NO_JUDGEMENT, unjudged
from tests.reporting.document import build
from tests.reporting.documents import to_json
from tests.reporting.results import NOT_RUN, Results
from tests.settings import Session
from tests.submissions.subject import Subject
from tests.suite.test_documents import reject_constant, schema_errors

HOLDS = at_most("error of the bias", 0.1, 0.5, "a formula")
FAILS = at_most("error of the bias", 0.9, 0.5, "a formula")
NOT_A_NUMBER = at_most("error of the bias", float("nan"), 0.5, "a formula")
ANSWER = {
    "sentence": "The bias is 4.7.",
    "measured": {"bias": float("nan")},
    "published": {"bias": 4.3},
    "verdict": "reproduced",
    "reason": "2.5 units from the mean.",
    "figures": ["line"],
}
POINTS = QUESTIONS["1.1"].points


def report(
    outcome: str = "passed",
    *,
    when: str = "call",
    test: str = "test_bias",
    points: float = POINTS,
    message: Any = "",
    properties: tuple[tuple[str, Any], ...] = (),
) -> pytest.TestReport:
    """What pytest says of a phase of a test of question 1.1."""
    question = ("question", {"number": "1.1", "points": points})
    return pytest.TestReport(
        nodeid=f"tests/exercises/test_1.py::{test}",
        location=("test_1.py", 1, test),
        keywords={},
        outcome=outcome,  # type: ignore[arg-type]
        longrepr=message or None,
        when=when,  # type: ignore[arg-type]
        user_properties=[question, *properties],
    )


def fact(one: Any) -> tuple[str, Any]:
    return "fact", asdict(one)


def gathered(*reports: pytest.TestReport) -> Results:
    """The results that a session would have after these reports."""
    results = Results()
    for one in reports:
        results.add(one)
    return results


def document(results: Results, interrupted: bool = False, mnist: Mnist | None = None) -> dict[str, Any]:
    """The document of a session with these results."""
    subject = Subject("solution.py", frozenset({"line_data"}), notes=("a note",))
    session = Session(7, Path("report"), subject, None, None, mnist)
    return build(results, session, interrupted, ["another note"])


def first(results: Results) -> dict[str, Any]:
    """The answer to question 1.1."""
    answer: dict[str, Any] = document(results)["answers"][0]
    return answer


GIVEN = ("answer", ANSWER)
SUBJECT_ERROR = ("subject error", "solution.py: line_data raised ValueError: no")
SKIPPED = ("test_1.py", 1, f"Skipped: {NOT_SUBMITTED}: solution.py defines nothing that exercise 1 depends on")


class TestStatus:
    """A question passes only if all of it was measured and all of it holds."""

    def test_passed(self) -> None:
        """All tests of all points passed, and there is an answer."""
        assert first(gathered(report(properties=(fact(HOLDS), GIVEN))))["status"] == "passed"

    def test_failed(self) -> None:
        """A fact that does not hold fails the question."""
        assert first(gathered(report("failed", message="so", properties=(fact(FAILS), GIVEN))))["status"] == "failed"

    def test_error(self) -> None:
        """A test that ends without a fact that does not hold is an error: nothing was found wrong, nothing right."""
        assert first(gathered(report("failed", message="crash", properties=(GIVEN,))))["status"] == "error"

    def test_not_submitted(self) -> None:
        """A question whose tests were all skipped as not submitted was not submitted."""
        assert first(gathered(report("skipped", when="setup", message=SKIPPED)))["status"] == NOT_SUBMITTED

    def test_failed_goes_before_error(self) -> None:
        """Of a failed test and an error the failure is told: it is certain."""
        half = POINTS / 2
        reports = report("failed", points=half, message="so", properties=(fact(FAILS),)), report("failed", test="other")
        assert first(gathered(*reports))["status"] == "failed"

    def test_missing_answer(self) -> None:
        """Without an answer a question is an error, though every test passed."""
        assert first(gathered(report(properties=(fact(HOLDS),))))["status"] == "error"

    def test_deselected_test(self) -> None:
        """With a test deselected a question is an error, not passed, though all that ran passed."""
        assert first(gathered(report(points=POINTS - 0.5, properties=(fact(HOLDS), GIVEN))))["status"] == "error"

    def test_test_that_never_ran(self) -> None:
        """A test that was collected and never ran makes its question an error, even if it earns no points."""
        results = gathered(report(properties=(fact(HOLDS), GIVEN)))
        results.expect("test_1.py::test_last", [("question", {"number": "1.1", "points": 0})])
        assert first(results)["status"] == "error"

    def test_skipped_for_another_reason(self) -> None:
        """A test that skips itself was not run, which is not the same as not submitted."""
        assert first(gathered(report("skipped", message=("test_1.py", 1, "Skipped: no time"))))["status"] == "error"

    def test_question_without_tests(self) -> None:
        """A question of which no test was selected is an error that says so."""
        answer = first(Results())
        assert (answer["status"], answer["selected"]) == ("error", False)

    @pytest.mark.parametrize("when", ["setup", "teardown"])
    def test_error_outside_the_call(self, when: str) -> None:
        """An error while a test is set up or torn down is not covered up by a call that passed."""
        reports = report(properties=(fact(HOLDS), GIVEN)), report("failed", when=when, message="crash")
        assert first(gathered(*reports))["status"] == "error"

    def test_failed_fact_in_set_up_is_an_error(self) -> None:
        """Only the call of a test judges."""
        assert first(gathered(report("failed", when="setup", properties=(fact(FAILS),))))["status"] == "error"

    @pytest.mark.parametrize("status", ["passed", "failed", "error", NOT_SUBMITTED])
    def test_other_questions_are_not_touched(self, status: str) -> None:
        """What becomes of one question changes no other."""
        message = SKIPPED if status == NOT_SUBMITTED else "so"
        outcome = {"passed": "passed", NOT_SUBMITTED: "skipped"}.get(status, "failed")
        shown = document(gathered(report(outcome, message=message)))["answers"][1:]
        assert {(answer["status"], answer["sentence"]) for answer in shown} == {
            ("error", "Not run: no test of this question was selected.")
        }


class TestAnswer:
    """What stands in a question's answer."""

    def test_given_answer_stands_as_it_is(self) -> None:
        """Sentence, numbers, verdict, reason and figures are the answer's own."""
        answer = first(gathered(report(properties=(fact(HOLDS), GIVEN))))
        assert {key: answer[key] for key in ANSWER} == ANSWER

    def test_answer_of_a_failed_test_stands(self) -> None:
        """An answer is shown though the question failed."""
        answer = first(gathered(report("failed", message="so", properties=(fact(FAILS), GIVEN))))
        assert answer["sentence"] == ANSWER["sentence"]

    def test_points_are_those_of_tests_that_passed(self) -> None:
        """A question earns what its passed tests earn, of what it is worth."""
        reports = (
            report(points=2.5),
            report(points=4, test="test_weight"),
            report("failed", points=1, test="test_loss"),
            report("skipped", points=2, test="test_last", message=("", 1, "Skipped: no time")),
        )
        assert first(gathered(*reports))["points"] == {"earned": 6.5, "possible": POINTS}

    def test_sum_of_points(self) -> None:
        """The document's points are the sum over all questions, run or not."""
        points = document(gathered(report(points=2.5)))["points"]
        assert points == {"earned": 2.5, "possible": sum(question.points for question in QUESTIONS.values())}

    @pytest.mark.parametrize(
        ("reports", "sentence"),
        [
            pytest.param([], "Not run: no test of this question was selected.", id="not selected"),
            pytest.param(
                [report("skipped", when="setup", message=SKIPPED)],
                "Not submitted: solution.py defines nothing that exercise 1 depends on.",
                id="not submitted",
            ),
            pytest.param(
                [report("failed", message="long", properties=(SUBJECT_ERROR,))],
                f"No answer: {SUBJECT_ERROR[1]}",
                id="subject's error",
            ),
            pytest.param(
                [report(points=1), report("failed", test="other", message="first\nsecond")],
                "No answer: first",
                id="error of one test",
            ),
            pytest.param(
                [report(points=1)], "Not judged: only a part of its tests was selected.", id="answer deselected"
            ),
            pytest.param(
                [report("skipped", message=("", 1, "Skipped: no time"))],
                "No answer: the test that measures it did not run.",
                id="test skipped",
            ),
        ],
    )
    def test_sentence_where_there_is_no_answer(self, reports: list[pytest.TestReport], sentence: str) -> None:
        """Without an answer the sentence says why there is none."""
        assert first(gathered(*reports))["sentence"] == sentence

    def test_missing_answer_is_not_measured(self) -> None:
        """Without an answer nothing is said about the published figures."""
        answer = first(gathered(report()))
        assert (answer["verdict"], answer["measured"], answer["figures"]) == ("not measured", {}, [])


class TestTest:
    """What stands in the entry of a test."""

    def entry(self, *reports: pytest.TestReport) -> dict[str, Any]:
        """The entry of the only test."""
        (entry,) = first(gathered(*reports))["tests"]
        return dict(entry)

    def test_fact_is_the_headline(self) -> None:
        """The one fact of a test is told beside its id."""
        entry = self.entry(report(properties=(fact(HOLDS),)))
        assert {key: entry[key] for key in asdict(HOLDS) if key != "holds"} == {
            key: value for key, value in asdict(HOLDS).items() if key != "holds"
        }

    def test_broken_fact_is_the_headline(self) -> None:
        """Of several facts the first that does not hold is told."""
        entry = self.entry(report("failed", properties=(fact(HOLDS), fact(FAILS))))
        assert (entry["measured"], len(entry["facts"])) == (0.9, 2)

    def test_message_of_a_crash_is_one_line(self) -> None:
        """Of a crash its exception is told, not the traceback."""

        class Crash:
            class reprcrash:  # noqa: N801  (pytest's name)
                message = "ValueError: no"

        assert self.entry(report("failed", message=Crash()))["message"] == "ValueError: no"

    def test_reports_of_three_phases_are_one_test(self) -> None:
        """Set-up, call and tear-down are told once, by the call."""
        properties = (fact(HOLDS),)
        phases = [report(when=when, properties=properties) for when in ("setup", "call", "teardown")]
        entry = self.entry(*phases)
        assert (entry["outcome"], len(entry["facts"])) == ("passed", 1)

    def test_test_that_never_ran(self) -> None:
        """A test that was collected and then never ran has its entry."""
        results = Results()
        results.expect("test_1.py::test_last", [("question", {"number": "1.1", "points": 1})])
        assert first(results)["tests"][0]["outcome"] == NOT_RUN

    def test_test_of_no_question_is_left_out(self) -> None:
        """Tests without a question, such as the suite's own, are no part of the document."""
        results = gathered()
        other = report()
        other.user_properties = []
        results.add(other)
        assert results.tests == {}


class TestAudit:
    """What the document holds of everything that was published."""

    def entries(self, results: Results, question: str = "1.1") -> list[dict[str, Any]]:
        """The audit of one question."""
        return [entry for entry in document(results)["audit"] if entry["question"] == question]

    def test_every_claim_in_order(self) -> None:
        """Each claim of the notebook has its entry, whatever was run."""
        assert [entry["id"] for entry in document(Results())["audit"]] == [claim.id for claim in CLAIMS]

    def test_given_entries_stand_as_they_are(self) -> None:
        """What an answer says of its question's claims is what the document says, and the answer has none of it."""
        entry = unjudged("1.1", "so")[0] | {"verdict": "reproduced", "measured": {"away": 2.4}}
        results = gathered(report(properties=(fact(HOLDS), ("answer", ANSWER | {"audit": [entry]}))))
        assert (self.entries(results), "audit" in first(results)) == ([entry], False)

    @pytest.mark.parametrize(
        ("reports", "reason"),
        [
            pytest.param([], "Not run: no test of this question was selected.", id="not selected"),
            pytest.param(
                [report("skipped", when="setup", message=SKIPPED)],
                "Not submitted: solution.py defines nothing that exercise 1 depends on.",
                id="not submitted",
            ),
            pytest.param([report("failed", message="so")], "No answer: so", id="error"),
            pytest.param([report(properties=(GIVEN,))], NO_JUDGEMENT, id="answer without an audit"),
        ],
    )
    def test_claim_that_was_not_measured(self, reports: list[pytest.TestReport], reason: str) -> None:
        """Where the session has no judgement, all claims of the question are not measured, and it says why."""
        entries = self.entries(gathered(*reports))
        assert {(entry["verdict"], entry["reason"]) for entry in entries} == {("not measured", reason)}


RESULTS = {
    "empty": Results(),
    "passed": gathered(report(properties=(fact(HOLDS), GIVEN))),
    "failed": gathered(report("failed", message="so", properties=(fact(NOT_A_NUMBER), fact(HOLDS), GIVEN))),
    "error": gathered(report("failed", message="crash")),
    "not submitted": gathered(report("skipped", when="setup", message=SKIPPED)),
}


class TestDocument:
    """The document as a whole."""

    @pytest.mark.parametrize("name", RESULTS)
    def test_fits_the_schema(self, name: str) -> None:
        """A document satisfies answers.schema.json, whatever became of the tests."""
        assert schema_errors(json.loads(to_json(document(RESULTS[name], interrupted=True)))) == []

    def test_has_every_question_in_order(self) -> None:
        """There is an answer for each of the twelve questions."""
        assert [answer["question"] for answer in document(Results())["answers"]] == list(QUESTIONS)

    def test_nan_is_a_word(self) -> None:
        """What is not a number is written as a word, in facts and in answers: any JSON reader accepts it."""
        written = json.loads(to_json(document(RESULTS["failed"])), parse_constant=reject_constant)
        (test,) = written["answers"][0]["tests"]
        assert (test["measured"], written["answers"][0]["measured"]) == ("NaN", {"bias": "NaN"})

    def test_says_whose_solution_and_from_which_seed(self) -> None:
        """The subject, the seed and the notes are the session's."""
        written = document(Results())
        assert [written[key] for key in ("subject", "seed", "notes", "interrupted")] == [
            "solution.py",
            7,
            ["a note", "another note"],
            False,
        ]

    def test_says_where_mnist_came_from(self) -> None:
        """The source of the images, and each that was passed over, are told."""
        mnist = Mnist((), "the stand-in", False, ("cache: no file.",))  # type: ignore[arg-type]  # no arrays needed
        told = {"source": "the stand-in", "is_mnist": False, "passed_over": ["cache: no file."]}
        assert document(Results(), mnist=mnist)["mnist"] == told

    def test_says_that_mnist_was_not_needed(self) -> None:
        """Without a test that needs images, no source is claimed."""
        mnist = document(Results())["mnist"]
        assert (mnist["source"], mnist["is_mnist"]) == ("not needed by the tests that were selected", False)
