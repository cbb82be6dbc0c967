"""What is written of a submission and of the class: Gradescope's results, the gradebook, the overview."""

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.classroom import gradescope
from tests.classroom.entries import (
    JUDGED,
    NOT_JUDGED,
    WAITING,
    Entry,
    Outcome,
    entry_of,
    failed_entry,
    from_plain,
    read_document,
    to_plain,
)
from tests.classroom.gradebook import gradebook, harmless
from tests.classroom.gradescope import gradescope_results
from tests.classroom.overview import distribution, overview, summary
from tests.classroom.submissions import Submission
from tests.questions import QUESTIONS
from tests.reporting.documents import to_json
from tests.suite.classroom_doubles import graded_document, judgement
from tests.suite.sample_document import HOSTILE, hostile_document

SCHEMA = Path(gradescope.__file__).with_name("results.schema.json")
ANN = Submission("ann/lab.ipynb", Path("ann/lab.ipynb"), "ann__lab.ipynb")
LIMIT = 900.0


def schema_errors(results: Any) -> list[str]:
    """What Gradescope's format has against these results."""
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(results)]


def entry(earned: float | None = 82.5, name: str = "ann/lab.ipynb", **changes: Any) -> Entry:
    """The entry of a submission that earned so many points, or could not be judged."""
    one = Submission(name, Path(name), name.replace("/", "__"))
    if earned is None:
        return failed_entry(one, "it ended its worker 3 times")
    return entry_of(one, judgement(earned, **changes), graded_document(earned), LIMIT)


class TestDocument:
    """What is taken for a document of the suite."""

    def test_own(self) -> None:
        assert read_document(to_json(graded_document()).encode()) == graded_document()

    @pytest.mark.parametrize("field", ["schema_version", "answers", "points", "notes"])
    def test_incomplete(self, field: str) -> None:
        """Without one of its fields it is none."""
        document = graded_document()
        del document[field]
        assert read_document(json.dumps(document).encode()) is None

    @pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'"x"', b"null"])
    def test_other_content(self, content: bytes | None) -> None:
        """Nor is anything else, whatever wrote it."""
        assert read_document(content) is None

    @pytest.mark.parametrize("points", [{"earned": 11, "possible": 10}, {"earned": -1, "possible": 10}, {}, None, 3])
    def test_impossible_points(self, points: Any) -> None:
        """Nobody earns more than there is."""
        document = graded_document()
        document["answers"][0]["points"] = points
        assert read_document(json.dumps(document).encode()) is None

    def test_points_that_are_no_numbers(self) -> None:
        """JSON's readers let NaN and infinities through."""
        document = graded_document()
        document["points"] = {"earned": float("nan"), "possible": float("inf")}
        assert read_document(json.dumps(document).encode()) is None


class TestEntry:
    """What becomes of a run."""

    def test_judged(self) -> None:
        """Points and outcomes are the document's, and nothing unusual was found."""
        found = entry_of(ANN, judgement(), graded_document(), LIMIT)
        assert (found.status, found.earned, found.possible, len(found.outcomes)) == (JUDGED, 82.5, 100, 12)
        assert found.outcomes["1.1"] == Outcome("passed", 10, 10)
        assert found.finding == ""

    def test_nothing_could_be_run(self) -> None:
        """If every test failed for one reason, that is the finding."""
        document = graded_document(0)
        for answer in document["answers"]:
            answer["tests"] = [{"id": "test", "outcome": "error", "message": "lab.ipynb is not JSON\nmore"}]
        assert entry_of(ANN, judgement(), document, LIMIT).finding == "lab.ipynb is not JSON."

    @pytest.mark.parametrize(
        ("changes", "finding"),
        [
            ({"exit_status": 4, "output": "x\nERROR: a.py: no\n"}, "could not be judged: a.py: no."),
            ({"exit_status": 3}, "could not be judged: its process ended with status 3."),
            ({"exit_status": -9}, "could not be judged: its process was ended by signal 9."),
            ({"exit_status": None}, "could not be judged: the process that watched over it was ended."),
            (
                {"exit_status": -9, "out_of_time": True},
                "could not be judged: it was stopped after 900 s, the time limit: it left no report.",
            ),
        ],
    )
    def test_without_a_document(self, changes: dict[str, Any], finding: str) -> None:
        """What left no report has no points, not even none, and one sentence why."""
        found = entry_of(ANN, judgement(**changes), None, LIMIT)
        assert (found.status, found.earned, found.finding) == (NOT_JUDGED, None, finding)

    def test_stopped_with_a_report(self) -> None:
        """What was measured before the time limit counts."""
        found = entry_of(ANN, judgement(exit_status=2, out_of_time=True), graded_document(), LIMIT)
        assert found.status == JUDGED
        assert found.finding.startswith("it was stopped after 900 s, the time limit: what was measured until then")

    def test_survives_json(self) -> None:
        """What is read back is what was written."""
        assert from_plain(json.loads(to_json(to_plain(entry())))) == entry()

    def test_finding_is_one_short_line(self) -> None:
        """Whatever a submission printed."""
        found = failed_entry(ANN, HOSTILE * 10)
        assert "\n" not in found.finding
        assert "\x1b" not in found.finding
        assert len(found.finding) <= 600


class TestGradescope:
    """`results.json`."""

    @pytest.mark.parametrize(
        ("one", "document"),
        [(entry(), graded_document()), (entry(), hostile_document()), (entry(None), None)],
        ids=["sample", "hostile", "not judged"],
    )
    def test_fits_the_documented_format(self, one: Entry, document: Any) -> None:
        """Whatever became of a submission, Gradescope takes its results."""
        assert schema_errors(json.loads(to_json(gradescope_results(one, document)))) == []

    @pytest.mark.parametrize(
        "wrong",
        [
            {},
            {"tests": []},
            {"tests": [{"name": "no score"}]},
            {"score": "44"},
            {"score": 1, "visibility": "public"},
            {"score": 1, "tests": [{"status": "error"}]},
            {"score": 1, "tests": [{"output_format": "markdown"}]},
            {"score": 1, "points": 2},
        ],
        ids=str,
    )
    def test_schema_refuses(self, wrong: Any) -> None:
        """The schema refuses what Gradescope's documentation does not have."""
        assert schema_errors(wrong) != []

    def test_one_test_for_each_question(self) -> None:
        """Each has its number, title and points, and they add up to the score."""
        results = gradescope_results(entry(), graded_document())
        assert [test["number"] for test in results["tests"]] == list(QUESTIONS)
        assert sum(test["score"] for test in results["tests"]) == results["score"] == 82.5

    def test_failed_question(self) -> None:
        """A question that failed has its sentence, and the message of each failed test."""
        tests = {test["number"]: test for test in gradescope_results(entry(), graded_document())["tests"]}
        sentence, message = tests["2.1"]["output"].split("\n\n", 1)
        assert sentence.startswith("Question 2.1 is answered by")
        assert message.startswith("test_accuracy[question=2.1]: The accuracy on the test part: measured 0.3333, but")
        assert (tests["2.1"]["status"], tests["1.1"]["status"]) == ("failed", "passed")

    def test_not_judged(self) -> None:
        """Nothing is earned, and every question says why."""
        results = gradescope_results(entry(None), None)
        assert (results["score"], {test["output"] for test in results["tests"]}) == (0, {results["output"]})
        assert results["output"] == "could not be judged: it ended its worker 3 times."


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


class TestGradebook:
    """`gradebook.csv`."""

    def test_row(self) -> None:
        """A row has the name, the status, the points, those of each question, and the seconds."""
        (row,) = rows(gradebook([entry()]))
        assert (row["submission"], row["status"], row["points"], row["seconds"]) == (
            *("ann/lab.ipynb", "judged", "82.5", "2.5"),
        )
        assert sum(float(row[question]) for question in QUESTIONS) == 82.5

    def test_not_judged_has_no_points(self) -> None:
        """An empty cell, which no spreadsheet takes for a zero."""
        (row,) = rows(gradebook([entry(None)]))
        assert (row["status"], row["points"], row["1.1"]) == ("not judged", "", "")

    @pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n=", "＝", "\x00="])
    def test_no_formula(self, sign: str) -> None:
        """No name and no finding begins a formula."""
        made = harmless(f"{sign}HYPERLINK(0)")
        assert made[0] in "'\ufffd"

    def test_names_survive(self) -> None:
        """Commas, quotes and other scripts come back as they were."""
        names = ['a,"b".py', "Zoë/lab.py", "漢字.ipynb"]
        assert [row["submission"] for row in rows(gradebook([entry(name=name) for name in names]))] == names

    def test_byte_order_mark(self) -> None:
        """Without it Excel misreads names; Python's utf-8-sig takes it off."""
        assert gradebook([]).encode().decode("utf-8-sig").startswith("submission,status,points,possible,1.1,")


class TestOverview:
    """`overview.html`."""

    CLASS = (entry(), entry(None, "bob/lab.py"), Entry("zoe.py", "zoe.py"))

    def test_summary(self) -> None:
        """How many there are, and what became of them."""
        assert summary(self.CLASS) == (
            "3 submissions: 1 judged, 1 could not be judged, 1 not judged yet; the median is 82.5 points."
        )

    def test_distribution(self) -> None:
        """Ten ranges, the best first; all points belong to the best."""
        found = distribution([entry(earned) for earned in (0, 9.9, 10, 55, 100, 90)])
        assert [(name, count) for name, count, _ in found if count] == [
            *(("90 to 100", 2), ("50 to 60", 1), ("10 to 20", 1), ("0 to 10", 2)),
        ]

    def test_nobody_judged(self) -> None:
        """There is a page, without a distribution."""
        page = overview([Entry("zoe.py", "zoe.py")], [], "submissions")
        assert 'class="lab-bar"' not in page
        assert "1 submission: 0 judged, 1 not judged yet." in page

    def test_links(self) -> None:
        """Each report is linked to by the name of its folder; what has none leads to its output or nowhere."""
        page = overview([*self.CLASS, entry(name="a b?.py")], [], "submissions")
        for link in ("ann__lab.ipynb/report.html", "bob__lab.py/output.txt", "a%20b%3F.py/report.html"):
            assert f'href="submissions/{link}"' in page
        assert "zoe.py/" not in page

    def test_hostile_names_are_text(self) -> None:
        """Nothing of a submission becomes a tag, an attribute or a script."""
        page = overview([entry(name=HOSTILE), failed_entry(ANN, HOSTILE)], [HOSTILE], "submissions")
        assert page.count("<script") == 1
        tags = Tags()
        tags.feed(page)
        assert tags.unknown == set()

    def test_needs_nothing_else(self) -> None:
        """It loads nothing."""
        page = overview(self.CLASS, [], "submissions")
        assert [word for word in ("src=", "url(", "@import", "http") if word in page] == []

    def test_every_status_is_told_in_words(self) -> None:
        """No status by its colour alone."""
        page = overview(self.CLASS, [], "submissions")
        for status in ("passed", "failed", "error", "not submitted"):
            assert f'<span class="lab-unseen"> {status}</span>' in page
        assert WAITING in page


class Tags(HTMLParser):
    """Finds attributes that run something."""

    def __init__(self) -> None:
        super().__init__()
        self.unknown: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unknown |= {name for name, _ in attrs if name.startswith("on")}
        self.unknown |= {tag} & {"img", "iframe", "object", "embed", "base"}
