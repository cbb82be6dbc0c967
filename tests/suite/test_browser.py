"""The report as a browser shows it: a real session's page, alone in a folder, in headless Chromium."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.questions import QUESTIONS
from tests.suite.sample_figures import DRAWN

pytestmark = pytest.mark.tensorflow

CHECKOUT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    *("no-sandbox", "headless", "no-first-run", "disable-gpu", "disable-quic", "disable-sync"),
    *("disable-background-networking", "disable-component-update"),
)
LARGEST = 10_000_000  # bytes
PATIENCE = 3_000  # ms to wait for what is not there
DESKTOP, TELEPHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 800}  # CSS pixels

# Two tests of each question, through the suite's own fixtures, and every figure. 2.1 fails and 3.1 breaks.
SESSION = '''
import pytest

from tests.checks.facts import Fact
from tests.questions import QUESTIONS
from tests.reporting.answers.answer import Answer
from tests.suite.sample_figures import DRAWN


@pytest.fixture
def laboratory():
    """Nothing is trained here."""


def each_question(points):
    return pytest.mark.parametrize("question", [
        pytest.param(question, id=f"question={number}", marks=pytest.mark.question(number, points=points(question)))
        for number, question in QUESTIONS.items()
    ])


@each_question(lambda question: question.points)
def test_fact(question, verify):
    holds = question.number != "2.1"
    verify(Fact(f"loss of {question.number}", 0.25, "0.2000 to 0.3000", holds, f"evidence for {question.number}"))
    assert question.number != "3.1", "it broke"


@each_question(lambda question: 0)
def test_answer(question, answer, verify):
    place = list(QUESTIONS).index(question.number)
    figures = dict(list(DRAWN.items())[place :: len(QUESTIONS)])
    sentence = f"Answer {question.number}: the loss is 0.25."
    made = answer(lambda laboratory: Answer(sentence, {"loss": 0.25}, {"loss": 0.2}, "reproduced", "Near.", figures))
    verify(made.complete())
'''

# In page order, what Tab should stop at: all that can be operated and is shown.
OPERABLE = """[...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")].filter(
    element => !element.disabled && element.checkVisibility({contentVisibilityAuto: true}))"""


@dataclass
class Opened:
    """The report in a tab, and what the browser had to say about it."""

    tab: Any
    file: Path
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium, or a skip that says how to get one."""
    reason = "no playwright: `pip install playwright`"
    playwright = pytest.importorskip("playwright.sync_api", reason=reason)
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} on the PATH: `apt-get install chromium`")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program, args=[f"--{switch}" for switch in SWITCHES])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def report(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page that a pytest session wrote, moved to a folder where it is alone."""
    folder = tmp_path_factory.mktemp("session")
    (folder / "test_session.py").write_text(SESSION, encoding="utf-8")
    shutil.copy(CHECKOUT / "conftest.py", folder)
    options = [f"--rootdir={folder}", "-p", "no:cacheprovider", "--mnist=standin", f"--report-dir={folder / 'report'}"]
    command = [sys.executable, "-m", "pytest", "-c", "pytest.ini", *options, str(folder)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ran = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True)
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED, ran.stdout + ran.stderr
    return Path(shutil.move(folder / "report" / "report.html", tmp_path_factory.mktemp("alone")))


@pytest.fixture(scope="module")
def opened(browser: Any, report: Path) -> Opened:
    """The report as it is first seen, with all figures read."""
    tab = browser.new_page(viewport=DESKTOP)
    tab.set_default_timeout(PATIENCE)
    page = Opened(tab, report)
    tab.on("console", lambda message: page.complaints.append(f"{message.type}: {message.text}"))
    tab.on("pageerror", lambda error: page.complaints.append(str(error)))
    tab.on("request", lambda request: page.requests.append(request.url))
    tab.goto(report.as_uri())
    return page


@pytest.mark.parametrize("number", QUESTIONS, ids="question={}".format)
def test_answer_is_shown(opened: Opened, number: str) -> None:
    """Each question's section shows its number, its status in a word, and its sentence."""
    shown = opened.tab.locator(f"#lab-question-{number.replace('.', '-')}").inner_text()
    status = {"2.1": "failed", "3.1": "error"}.get(number, "passed")
    heading = rf"{number} +{re.escape(QUESTIONS[number].title)}\s+\S {status}\b"
    assert re.match(heading, shown), shown
    assert f"Answer {number}: the loss is 0.25." in shown


def test_every_figure_is_loaded(opened: Opened) -> None:
    """Each figure of the session is there, decodes, and says in words what it shows."""
    images = opened.tab.eval_on_selector_all(
        ".lab-report figure img", "images => images.map(image => [image.alt, image.naturalWidth])"
    )
    assert len(images) == len(DRAWN)
    assert [alt for alt, width in images if not alt or not width] == []


def test_every_test_has_a_row_of_facts(opened: Opened) -> None:
    """In the table of tests each test shows what was measured, what was expected, and why."""
    columns = ("testId", "measured", "expected", "because")
    rows = opened.tab.eval_on_selector_all(
        ".results-table-row",
        "(rows, columns) => rows.map(row => columns.map(column => row.querySelector(`.col-${column}`).innerText))",
        columns,
    )
    shown = {name.split("::")[1]: facts for name, *facts in rows}
    facts = {
        f"test_fact[question={number}]": ["0.2500", "0.2000 to 0.3000", f"evidence for {number}"]
        for number in QUESTIONS
    }
    answers = {f"test_answer[question={number}]" for number in QUESTIONS}
    assert {name: shown.get(name) for name in facts} == facts
    assert [name for name in answers if not all(shown.get(name, [""]))] == []


def test_browser_has_no_complaint(opened: Opened) -> None:
    """Nothing is written to the console and no script fails."""
    assert opened.complaints == []


def test_nothing_is_requested(opened: Opened) -> None:
    """The browser asks for the file and for nothing from elsewhere."""
    assert opened.requests[0] == opened.file.as_uri()
    assert [url for url in opened.requests[1:] if not url.startswith("data:")] == []


def test_file_can_be_mailed(report: Path) -> None:
    """The one file is smaller than 10 MB."""
    assert report.stat().st_size < LARGEST


def test_telephone_scrolls_down_only(browser: Any, report: Path) -> None:
    """On a screen 360 pixels wide the page is not wider, with everything unfolded too."""
    tab = browser.new_page(viewport=TELEPHONE)
    tab.goto(report.as_uri())
    tab.eval_on_selector_all("details", "all => all.forEach(each => each.open = true)")
    tab.locator("#show_all_details").click()
    assert tab.evaluate("document.documentElement.scrollWidth") == TELEPHONE["width"]
    tab.close()


def test_print_has_answers_and_folded_facts(opened: Opened) -> None:
    """On paper each answer, each figure and the facts of tests that are folded on the screen are visible."""
    opened.tab.emulate_media(media="print")
    text = opened.tab.locator(".lab-report").inner_text()
    hidden = "all => all.filter(each => !each.checkVisibility()).length"
    unseen = opened.tab.eval_on_selector_all(".lab-report figure, .lab-report .lab-wide", hidden)
    opened.tab.emulate_media(media="screen")
    expected = [f"{text} {number}" for number in QUESTIONS for text in ("Answer", "evidence for")]
    assert ([words for words in expected if words not in text], unseen) == ([], 0)


def test_printed_file_has_every_figure(opened: Opened) -> None:
    """Printing gives a PDF of several pages with all figures in it."""
    pdf = opened.tab.pdf(format="A4")
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") > 1
    assert pdf.count(b"/Subtype /Image") >= len(DRAWN)


def test_tab_stops_at_everything_in_order(browser: Any, report: Path) -> None:
    """The Tab key reaches all that can be operated, from the top of the page to its end."""
    tab = browser.new_page(viewport=DESKTOP)
    tab.goto(report.as_uri())
    tab.evaluate(
        f"window.operable = {OPERABLE}; window.reached = [];"
        "addEventListener('focusin', event => reached.push(operable.indexOf(event.target)))"
    )
    count = tab.evaluate("operable.length")
    for _ in range(count):
        tab.keyboard.press("Tab")
    assert tab.evaluate("reached") == list(range(count))
    tab.close()


@pytest.mark.parametrize("number", QUESTIONS, ids="question={}".format)
def test_overview_leads_to_the_section(opened: Opened, number: str) -> None:
    """A question's link in the overview brings its section to the top of the window."""
    target = f"#lab-question-{number.replace('.', '-')}"
    opened.tab.locator(f".lab-overview a[href='{target}']").click()
    top, shown, left = opened.tab.eval_on_selector(
        target,
        "section => [section.getBoundingClientRect().top, section.matches(':target'),"
        " document.documentElement.scrollHeight - innerHeight - scrollY]",
    )
    assert shown
    assert abs(top) < 1 or abs(left) < 1
