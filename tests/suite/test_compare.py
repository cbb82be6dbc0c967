"""What differs between versions is marked, with a reason; what differs no more than the seeds do is not."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.reference.versions import BY_NAME
from tests.reporting import compare
from tests.reporting.comparison import FILE_TEXT, UNEXPLAINED, compared, leaves, sentence
from tests.suite.sample_document import Document, hostile_document, sample_document

NEWEST = {"tensorflow": "2.21.0", "keras": "3.15.1", "python": "3.11.7"}
OLDEST = {"tensorflow": "2.15.1", "keras": "2.15.0", "python": "3.11.7"}


def session(versions: dict[str, str], question: str = "3.2", verdict: str = "reproduced", **measured: Any) -> Document:
    """A session that measured this of one question, and nothing of the others."""
    document = copy.deepcopy(sample_document())
    document["versions"] |= versions
    for answer in document["answers"]:
        asked = answer["question"] == question
        answer |= {"measured": measured if asked else {}, "verdict": verdict if asked else "not measured"}
    return document


def marks(quantity: str, *documents: Document, noise: tuple[Document, ...] = ()) -> list[str | None]:
    """The marks of one quantity, oldest version first."""
    rows = {row.quantity: row for row in compared(documents, noise).rows if row.quantity == quantity and row.cells}
    return [cell.reason for cell in rows[quantity].cells]


def of_seeds(**values: list[Any]) -> tuple[Document, ...]:
    """Sessions of the newest version, one a seed."""
    names, columns = values.keys(), zip(*values.values(), strict=True)
    return tuple(session(NEWEST, **dict(zip(names, column, strict=True))) for column in columns)


class TestMarks:
    """What is marked."""

    SEEDS = of_seeds(gap=[0.016, 0.018, 0.015, 0.017, 0.016, 0.019])

    @pytest.mark.parametrize(("gap", "marked"), [(0.020, False), (0.05, True), (-0.02, True)])
    def test_number(self, gap: float, marked: bool) -> None:
        """A number is marked outside the prediction interval of the seeds, about 0.0173 ± 0.014."""
        found = marks("gap", session(OLDEST, gap=gap), session(NEWEST, gap=0.0172), noise=self.SEEDS)
        assert [it is not None for it in found] == [marked, False]

    def test_number_without_noise(self) -> None:
        """Without sessions of other seeds all but rounding is marked."""
        documents = [session(versions, gap=gap) for versions, gap in ((OLDEST, 0.0172), (NEWEST, 0.01720000001))]
        assert marks("gap", *documents) == [None, None]
        assert marks("gap", session(OLDEST, gap=0.0173), documents[1])[0] is not None

    @pytest.mark.parametrize(("value", "marked"), [(True, True), (False, False), (None, True)])
    def test_truth(self, value: bool | None, marked: bool) -> None:
        """What no seed changes is marked wherever it is another, or is missing."""
        noise = of_seeds(restored=[False] * 3)
        found = marks("restored", session(OLDEST, restored=value), session(NEWEST, restored=False), noise=noise)
        assert [it is not None for it in found] == [marked, False]

    @pytest.mark.parametrize(("verdict", "marked"), [("contradicted", True), ("indistinguishable", False)])
    def test_verdict(self, verdict: str, marked: bool) -> None:
        """A verdict that other seeds have as well is no difference."""
        noise = (session(NEWEST), session(NEWEST, verdict="indistinguishable"))
        rows = compared([session(OLDEST, verdict=verdict), session(NEWEST)], noise).rows
        found = next(row for row in rows if (row.question, row.quantity) == ("3.2", "published figures"))
        assert [cell.reason is not None for cell in found.cells] == [marked, False]

    @pytest.mark.parametrize(("seconds", "marked"), [(2.9, False), (0.8, False), (30.0, True)])
    def test_time(self, seconds: float, marked: bool) -> None:
        """A machine alone makes seconds twice as many: that is no difference."""
        noise = of_seeds(training_seconds=[1.4, 1.5, 1.5, 1.4])
        documents = session(OLDEST, training_seconds=seconds), session(NEWEST, training_seconds=1.5)
        assert [it is not None for it in marks("training_seconds", *documents, noise=noise)] == [marked, False]


class TestReasons:
    """Why it differs."""

    def test_behaviour_of_one_of_them(self) -> None:
        """A value that a known behaviour changes has that for its reason."""
        found = marks("gap", session(OLDEST, gap=1.0), session(NEWEST, gap=2.0))
        assert found == [sentence(BY_NAME["dropout's own state"]), None]

    def test_behaviour_of_both(self) -> None:
        """What both versions do explains nothing."""
        found = marks("gap", session(OLDEST | {"keras": "3.4.1"}, gap=1.0), session(NEWEST, gap=2.0))
        assert found == [UNEXPLAINED, None]

    def test_another_question(self) -> None:
        """What nothing explains says so."""
        documents = [session(versions, "1.1", weight=value) for versions, value in ((OLDEST, 1.0), (NEWEST, 2.0))]
        assert marks("weight", *documents) == [UNEXPLAINED, None]

    @pytest.mark.parametrize(("size", "expected"), [(457_900, FILE_TEXT), (600_000, UNEXPLAINED), (None, UNEXPLAINED)])
    def test_size_of_a_file(self, size: int | None, expected: str) -> None:
        """A few bytes are the words of the configuration, a third of the file is not."""
        name, older = "bytes_h5_without_optimizer", OLDEST | {"keras": "3.4.1"}
        documents = [session(it, "4.2", **{name: value}) for it, value in ((older, size), (NEWEST, 457_824))]
        assert marks(name, *documents) == [expected, None]

    def test_sentence_of_a_behaviour_that_ended(self) -> None:
        """First and last version are told."""
        assert sentence(BY_NAME["losses over batches"]).startswith("since Keras 3.0 and before 3.2: a reported loss")


class TestOrder:
    """Which session is the base, and where it stands."""

    def test_versions_are_sorted_as_numbers(self) -> None:
        """3.9 is older than 3.15, and the newest is the base."""
        keras = ["3.15.1", "3.9.2", "2.15.0"]
        found = compared([session(NEWEST | {"keras": version}) for version in keras])
        assert [it["keras"] for it in found.sessions] == keras[::-1]
        assert found.base == 2

    def test_base_has_the_version_of_the_noise(self) -> None:
        """Later Pythons are held against the one that the noise was measured with."""
        later = NEWEST | {"python": "3.13.0"}
        assert compared([session(later), session(NEWEST)], of_seeds(gap=[1, 2])).base == 0

    @pytest.mark.parametrize(
        ("noise", "told"),
        [
            ((session(OLDEST),), r"the noise was measured with tensorflow 2\.15\.1, .*none of the sessions was"),
            ((session(OLDEST), session(NEWEST)), "the noise is of several versions"),
        ],
    )
    def test_noise_of_something_else(self, noise: tuple[Document, ...], told: str) -> None:
        """Noise that none of the sessions can be judged by is refused."""
        with pytest.raises(ValueError, match=told):
            compared([session(NEWEST)], noise)

    def test_values_within_values(self) -> None:
        """Each number has a row of its own."""
        found = dict(leaves({"seconds": {"16": 1.0}, "interval": [2, 3]}))
        assert found == {"seconds 16": 1.0, "interval [1]": 2, "interval [2]": 3}


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two sessions as they are kept."""
    found = []
    for name, document in (("old", session(OLDEST, gap=1.0)), ("new", session(NEWEST, gap=2.0))):
        found.append(tmp_path / f"{name}.json")
        found[-1].write_text(json.dumps(document), encoding="utf-8")
    return list(map(str, found))


class TestProgram:
    """`python -m tests.reporting.compare`."""

    @pytest.fixture(autouse=True)
    def elsewhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """No report of this clone is found."""
        monkeypatch.chdir(tmp_path)

    def test_writes_both(self, files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        """A page and a Markdown table with the same marks, and one line of summary."""
        compare.main([*files, "--output", "out"])
        page, markdown = (Path("out", f"compare.{ending}").read_text("utf-8") for ending in ("html", "md"))
        assert "| 3.2 | gap | 1 (a) | 2 |" in markdown
        assert "- (a) since Keras 3.0: a dropout layer" in markdown
        assert re.search(r'<td class="differs">1 <span class="mark"[^>]*>a</span></td>', page)
        assert "2 sessions, " in capsys.readouterr().out

    def test_page_needs_nothing_else(self, files: list[str]) -> None:
        """No address in it leads elsewhere."""
        compare.main([*files, "--output", "out"])
        assert re.findall(r"(?:src|href|url)\s*[=(]", Path("out/compare.html").read_text("utf-8")) == []

    def test_sessions_are_found(self, files: list[str]) -> None:
        """Without files it takes what tox left."""
        for place, file in enumerate(files):
            kept = Path("report/versions", str(place), "answers.json")
            kept.parent.mkdir(parents=True)
            Path(file).rename(kept)
        compare.main([])
        assert Path("report/versions/compare.html").is_file()

    def test_hostile_values_are_text(self) -> None:
        """What a subject named or measured breaks out of neither."""
        document = hostile_document()
        document["versions"] |= NEWEST
        page = compare.page(compared([document, session(OLDEST)]))
        assert "<script" not in page

    @pytest.mark.parametrize(
        ("contents", "told"),
        [
            (None, "No such file or directory; name an answers.json"),
            ("{", "it is no answers.json of a session"),
            ("[]", "it is no answers.json of a session"),
            (json.dumps(session(NEWEST) | {"schema_version": 2}), "its schema version is 2; this reads 1"),
            (json.dumps(session(NEWEST | {"keras": "not installed"})), "it is no answers.json of a session"),
            ('{"schema_version": 1, "versions": {}}', "it is no answers.json of a session"),
        ],
    )
    def test_other_files(self, contents: str | None, told: str, capsys: pytest.CaptureFixture[str]) -> None:
        """One clear line with the file's name."""
        if contents is not None:
            Path("other.json").write_text(contents, encoding="utf-8")
        with pytest.raises(SystemExit, match="2"):
            compare.main(["other.json"])
        assert f"other.json: {told}" in capsys.readouterr().err

    def test_nothing_to_compare(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Says how sessions are made."""
        with pytest.raises(SystemExit, match="2"):
            compare.main([])
        assert "there is no session in report/versions; make some with `tox -e" in capsys.readouterr().err
