"""`pytest --submissions` as a grader starts it: options, a real class, and its overview in a browser."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.questions import QUESTIONS
from tests.suite.test_browser import DESKTOP, OPERABLE, TELEPHONE, browser  # noqa: F401  # a fixture
from tests.suite.test_classroom_results import rows
from tests.suite.test_classroom_results import schema_errors as gradescope_errors
from tests.suite.test_documents import schema_errors
from tests.suite.test_import_rules import PROJECT
from tests.suite.test_sessions import LINE_ONLY, QUESTION_1_2, Session, start

pytestmark = pytest.mark.tensorflow

FLAT = LINE_ONLY.replace("3 * x + 5 +", "0 * x + 5 +")
REPORTS = {"answers.json", "answers.md", "report.html"}
WRONG = {
    "--submissions": "--submissions needs a value; see `pytest --help`",
    "--submissions FILES/absent": "--submissions FILES/absent does not exist; name a folder of notebooks and modules",
    "--submissions FILES/a.py": "--submissions FILES/a.py is no folder; name a folder of notebooks and modules",
    "--submissions FILES/empty": "--submissions FILES/empty: there is no notebook (.ipynb) and no module (.py) in it",
    "--submissions FILES --lab-module FILES/a.py": "--submissions judges a folder and --lab-module one subject; give",
    "--submissions FILES --seed x": "--seed is 'x'; it takes a whole number from 0 to 4294967295",
    "--submissions FILES --mnist FILES/absent.npz": "--mnist FILES/absent.npz does not exist; give Keras's mnist.npz",
    "--submissions FILES --scheduler": "--scheduler needs a value; see `pytest --help`",
    "--submissions FILES --scheduler x:1 -n 2": "-n chooses workers on this machine and --scheduler has its own; give",
    "--submissions FILES -n 0": "-n is 0; a class needs at least one worker",
    "--submissions FILES --submission-timeout 0": "--submission-timeout is '0'; it takes a number of seconds from 1",
    "--submissions FILES --submission-timeout nan": "--submission-timeout is 'nan'; it takes a number",
    "--submissions FILES --report-dir FILES/a.py/b": "--report-dir FILES/a.py/b: no file can be written there (Not",
    "--submissions FILES tests/exercises": "--submissions takes no tests, but tests/exercises was given",
    "--scheduler tcp://127.0.0.1:9": "--scheduler needs --submissions FOLDER",
    "--submission-timeout 5": "--submission-timeout needs --submissions FOLDER",
}


@pytest.mark.parametrize("arguments", WRONG)
def test_wrong_usage(arguments: str, tmp_path: Path) -> None:
    """A wrong option ends in one line on standard error and exit status 4, before anything is judged."""
    (tmp_path / "a.py").write_text("")
    (tmp_path / "empty").mkdir()
    words = [word.replace("FILES", str(tmp_path)) for word in arguments.split()]
    session = start(*words, folder=tmp_path)
    (line,) = filter(None, session.errors.splitlines())
    assert session.exit_status == 4, session.output
    assert line.startswith(f"ERROR: {WRONG[arguments]}".replace("FILES", str(tmp_path)))
    assert session.output == ""


def test_list_only(tmp_path: Path) -> None:
    """`--collect-only` lists the submissions and writes nothing."""
    (tmp_path / "class/ann").mkdir(parents=True)
    (tmp_path / "class/ann/lab.py").write_text("")
    (tmp_path / "class/link.py").symlink_to("ann/lab.py")
    listed = start(
        "--submissions", tmp_path / "class", "--collect-only", "--report-dir", tmp_path / "r", folder=tmp_path
    )
    assert (listed.exit_status, listed.output.splitlines()) == (
        *(0, ["left out: link.py is a link or no regular file", "ann/lab.py"]),
    )
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("options", [["--collect-only", "-q"], ["--help"], ["--version"]])
def test_dask_is_imported_only_for_a_class(options: list[str]) -> None:
    """A session that judges one subject imports neither Dask nor what it needs."""
    code = (
        f"import sys, pytest\nassert pytest.main({options!r}) == 0\n"
        "print('imported:', sorted({name.split('.')[0] for name in sys.modules} & {'dask', 'distributed', 'tornado'}))"
    )
    process = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert process.stdout.splitlines()[-1] == "imported: []", process.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class: two students' files of the same name, one of them wrong, a file that is broken, and one named `json`."""
    made = tmp_path_factory.mktemp("a class") / "handed in"
    sources = {"ann/lab.py": LINE_ONLY, "bob/lab.py": FLAT, "broken.py": "def line_data(:\n", "zoe/json.py": LINE_ONLY}
    for name, source in sources.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(dedent(source))
    return made


def judge_class(folder: Path, *more: str) -> Session:
    """Judge the class on the stand-in, question 1.2 only."""
    report = folder.parent / "report"
    asked = ["--submissions", folder, "--report-dir", report, "--mnist", "standin", "-k", QUESTION_1_2, *more]
    return start(*asked, folder=report)


@pytest.fixture(scope="module")
def judged(folder: Path) -> Session:
    """The class after its first run."""
    return judge_class(folder, "-n", "2")


def submission(judged: Session, folder: str, name: str) -> Any:
    return json.loads((judged.folder / "submissions" / folder / name).read_text(encoding="utf-8"))


class TestClass:
    """A real class, in a folder with a space in its name, judged by two workers."""

    def test_exit_status(self, judged: Session) -> None:
        """One could not be judged; the terminal tells it, with the others' points and how many workers there were."""
        assert judged.exit_status == 1, judged.errors
        assert "2 workers on this machine" in judged.output
        finding = "(could not be judged: broken.py, line 1: invalid syntax; the file is not valid Python.)"
        assert re.search(rf"\] broken\.py: not judged, \d+ s {re.escape(finding)}", judged.output)
        assert "4 submissions: 3 judged, 1 could not be judged; the median is" in judged.output

    def test_reports_of_one(self, judged: Session) -> None:
        """Each has the suite's own reports, with the submission's name as the subject."""
        own = judged.folder / "submissions/ann__lab.py"
        assert {path.name for path in own.iterdir()} > REPORTS | {"results.json", "figures"}
        document = submission(judged, "ann__lab.py", "answers.json")
        assert (document["subject"], schema_errors(document)) == ("ann/lab.py", [])

    def test_verdicts(self, judged: Session) -> None:
        """The right one passes question 1.2, and the flat line of the other student does not."""
        found = {row["submission"]: row for row in rows((judged.folder / "gradebook.csv").read_text(encoding="utf-8"))}
        assert list(found) == ["ann/lab.py", "bob/lab.py", "broken.py", "zoe/json.py"]
        assert [found[name]["1.2"] for name in ("ann/lab.py", "zoe/json.py")] == ["8", "8"]
        assert float(found["bob/lab.py"]["1.2"]) < 8
        assert found["broken.py"]["points"] == ""

    @pytest.mark.parametrize("name", ["ann__lab.py", "bob__lab.py", "broken.py"])
    def test_gradescope(self, name: str, judged: Session) -> None:
        """Each has results in Gradescope's format, with the message of what failed."""
        results = submission(judged, name, "results.json")
        assert gradescope_errors(results) == []
        outputs = {test["number"]: test["output"] for test in results["tests"]}
        assert ("but should be" in outputs["1.2"]) == (name == "bob__lab.py")

    def test_run_again(self, judged: Session, folder: Path) -> None:
        """A second run judges only what could not be judged."""
        again = judge_class(folder)
        assert "4 submissions: 3 judged before, 1 to judge" in again.output
        assert again.exit_status == 1


@pytest.fixture(scope="module")
def page(judged: Session) -> Path:
    """The overview of the class."""
    return judged.folder / "overview.html"


@pytest.fixture(scope="module")
def tab(browser: Any, page: Path) -> Iterator[Any]:  # noqa: F811
    """The overview in a browser."""
    opened = browser.new_page(viewport=DESKTOP)
    opened.complaints = []
    opened.requests = []
    opened.on("console", lambda message: opened.complaints.append(message.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("request", lambda request: opened.requests.append(request.url))
    opened.goto(page.as_uri())
    yield opened
    opened.close()


class TestOverview:
    """The overview as a browser shows it."""

    def test_grid(self, tab: Any) -> None:
        """A row for each submission, with a cell for each question that tells its status in a word."""
        found = tab.eval_on_selector_all(
            ".lab-grid tbody", "all => all.map(each => each.rows[0].innerText.split('\\n')[0])"
        )
        assert [line.split("\t")[0] for line in found] == ["ann/lab.py", "bob/lab.py", "broken.py", "zoe/json.py"]
        cells = tab.eval_on_selector_all(
            ".lab-grid tbody:nth-of-type(1) td[class*=status]", "all => all.map(cell => cell.textContent.trim())"
        )
        assert len(cells) == len(QUESTIONS)
        assert "8 passed" in cells[1]

    def test_nothing_is_requested(self, tab: Any, page: Path) -> None:
        """The page is whole in itself, and no script fails."""
        assert (tab.requests, tab.complaints) == ([page.as_uri()], [])

    def test_links_lead_to_reports(self, tab: Any, page: Path) -> None:
        """Every link leads to a file that is there."""
        links = tab.eval_on_selector_all(".lab-grid a", "all => all.map(each => each.getAttribute('href'))")
        assert len(links) == 4
        assert [link for link in links if not (page.parent / link).is_file()] == []

    @pytest.mark.parametrize("head", ["points", "seconds", "submission"])
    def test_sorting(self, head: str, tab: Any) -> None:
        """A column's head orders by it, from the keyboard, and once more the other way."""
        tab.locator(f".lab-grid thead button:text-is('{head}')").focus()
        column = tab.evaluate("document.activeElement.closest('th').cellIndex")
        keys = (
            f"[...document.querySelectorAll('.lab-grid tbody')].map(each => each.rows[0].cells[{column}].dataset.key)"
        )
        orders = []
        for _ in range(2):
            tab.keyboard.press("Enter")
            orders.append(tab.evaluate(keys))
        number = head != "submission"
        assert orders[0] == sorted(orders[0], key=float if number else str)
        assert orders[1] == sorted(orders[0], key=float if number else str, reverse=True)
        assert tab.evaluate("document.activeElement.closest('th').ariaSort") == "descending"

    def test_tab_stops_at_everything_in_order(self, browser: Any, page: Path) -> None:  # noqa: F811
        """The Tab key reaches all that can be operated."""
        opened = browser.new_page(viewport=DESKTOP)
        opened.goto(page.as_uri())
        opened.evaluate(
            f"window.operable = {OPERABLE}; window.reached = [];"
            "addEventListener('focusin', event => reached.push(operable.indexOf(event.target)))"
        )
        count = opened.evaluate("operable.length")
        for _ in range(count):
            opened.keyboard.press("Tab")
        assert opened.evaluate("reached") == list(range(count))
        opened.close()

    def test_telephone_scrolls_down_only(self, browser: Any, page: Path) -> None:  # noqa: F811
        """On a screen 360 pixels wide the page is not wider."""
        opened = browser.new_page(viewport=TELEPHONE)
        opened.goto(page.as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth") == TELEPHONE["width"]
        opened.close()

    def test_print(self, tab: Any) -> None:
        """On paper it is whole: nothing is cut at the right edge of a landscape page."""
        tab.emulate_media(media="print")
        tab.set_viewport_size({"width": 1030, "height": 700})
        width = tab.evaluate("document.documentElement.scrollWidth")
        pdf = tab.pdf(format="A4", landscape=True)
        tab.emulate_media(media="screen")
        tab.set_viewport_size(DESKTOP)
        assert (width, pdf[:5]) == (1030, b"%PDF-")

    def test_without_scripts(self, browser: Any, page: Path) -> None:  # noqa: F811
        """It reads the same, in the order of names."""
        opened = browser.new_page(java_script_enabled=False)
        opened.goto(page.as_uri())
        assert opened.locator(".lab-grid tbody th").all_inner_texts() == [
            *("ann/lab.py", "bob/lab.py", "broken.py", "zoe/json.py"),
        ]
        opened.close()


def test_nothing_is_left_in_the_folder(judged: Session, folder: Path) -> None:
    """Judging writes nothing beside the submissions."""
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {"ann/lab.py", "bob/lab.py", "broken.py", "zoe/json.py"}
