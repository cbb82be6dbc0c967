"""The answers as HTML, and the cells that pytest-html's table gets."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from markupsafe import escape

from tests.reporting import results_table
from tests.reporting.page import SYMBOLS, TEMPLATES, answers_section
from tests.suite.sample_document import HOSTILE, hostile_document, one_pixel, sample_document, sample_figures

VOID = {"img", "meta", "br"}


class Outline(HTMLParser):
    """The elements of a fragment: (tag, attributes) in order, and whether each was closed in its turn."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.misnested: list[str] = []
        self.text: list[str] = []
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Take note of an end that is not that of the last open element."""
        if not self.open or self.open.pop() != tag:
            self.misnested.append(tag)

    def handle_data(self, data: str) -> None:
        """Collect text."""
        self.text.append(data)

    def values(self, name: str, tag: str | None = None) -> list[str]:
        """Values of an attribute, of all elements or of those with one tag."""
        return [
            attributes[name] or "" for each, attributes in self.elements if name in attributes and tag in (None, each)
        ]


def outline(document: dict[str, Any]) -> Outline:
    """The rendered document, parsed."""
    return Outline(answers_section(document, sample_figures(document)))


@pytest.fixture(scope="module", params=[sample_document, hostile_document], ids=["sample", "hostile"])
def parsed(request: pytest.FixtureRequest) -> Outline:
    """The sample and the hostile document, parsed."""
    return outline(request.param())


def test_elements_are_nested(parsed: Outline) -> None:
    """Every element is closed where it should be."""
    assert (parsed.open, parsed.misnested) == ([], [])


def test_no_script_and_nothing_from_elsewhere(parsed: Outline) -> None:
    """The fragment has no script, no handler, and only addresses inside itself."""
    tags = {tag for tag, _ in parsed.elements}
    handlers = {name for _, attributes in parsed.elements for name in attributes if name.startswith("on")}
    outside = [
        url for url in parsed.values("href") + parsed.values("src") if not url.startswith(("#", "data:image/png"))
    ]
    assert (tags & {"script", "link", "iframe", "object"}, handlers, outside) == (set(), set(), [])


def test_every_anchor_resolves(parsed: Outline) -> None:
    """Each link leads to an element of the fragment; the overview links all twelve questions."""
    links, ids = set(parsed.values("href")), {f"#{name}" for name in parsed.values("id")}
    questions = {link for link in links if re.fullmatch(r"#lab-question-\d-\d", link)}
    assert (links - ids, len(questions)) == (set(), 12)


def test_ids_are_unique(parsed: Outline) -> None:
    """No two elements have the same id."""
    ids = parsed.values("id")
    assert len(ids) == len(set(ids))


def test_no_control_character_is_written() -> None:
    """Escape sequences of a terminal and marks that reverse text do not reach the page."""
    page = answers_section(hostile_document(), {})
    assert [character for character in "\x1b\x07\u202e" if character in page] == []


def test_hostile_text_is_shown_as_text() -> None:
    """Markup in a value is read, not obeyed."""
    assert "<script>alert('1')</script>" in "".join(outline(hostile_document()).text)


def test_every_image_says_what_it_shows() -> None:
    """The text of an image is its question's title and the readable name of the figure."""
    assert "Learned weight and bias: loss curve" in outline(sample_document()).values("alt", "img")


def test_each_figure_is_shown_once() -> None:
    """Images are inlined once each, decoded when they are needed."""
    document = sample_document()
    images = [attributes for tag, attributes in outline(document).elements if tag == "img"]
    assert (len(images), {image["decoding"] for image in images}) == (len(sample_figures(document)), {"async"})


def test_missing_figure_is_named() -> None:
    """A figure that was not drawn leaves a sentence, not a broken image."""
    assert "“never drawn” was not drawn" in answers_section(sample_document(), {})


@pytest.mark.parametrize("status", ["passed", "failed", "error", "not submitted", "not selected", "not run"])
def test_status_is_symbol_and_word(status: str) -> None:
    """A status is told by a sign and a word, whatever its colour."""
    page = answers_section(sample_document(), {})
    assert f'<span aria-hidden="true">{SYMBOLS[status]}</span> {status}</span>' in page


def test_four_statuses_have_four_symbols() -> None:
    """The signs of the four statuses differ."""
    assert len({SYMBOLS[status] for status in ("passed", "failed", "error", "not submitted")}) == 4


def test_failed_tests_come_first_and_open() -> None:
    """In question 2.1 the failed test stands open above the others, which are folded."""
    page = answers_section(sample_document(), {})
    section = page[page.index('id="lab-question-2-1"') : page.index('id="lab-question-2-2"')]
    assert re.findall(r'<details class="lab-test"( open)?>', section) == [" open", ""]


def test_every_rule_is_scoped() -> None:
    """No rule of the fragment's style reaches beyond its wrapper."""
    css = re.sub(r"/\*.*?\*/", "", (TEMPLATES / "answers.css").read_text(encoding="utf-8"), flags=re.DOTALL)
    selectors = [each.strip() for group in re.findall(r"([^{}]+)\{", css) for each in group.split(",")]
    assert [each for each in selectors if not each.startswith((".lab-report", "@media"))] == []


def test_question_without_tests_says_so() -> None:
    """No tests, no empty table."""
    assert "No test was run for this question." in answers_section(sample_document(), {})


def test_claim_is_a_row_of_the_audit() -> None:
    """A claim's row has its question, place, words, verdict as sign and word, and reason."""
    page = answers_section(sample_document(), {})
    row = re.search(r'<tr id="lab-claim-1-3-bias-worse">(.*)</tr>', page)
    assert row is not None
    assert Outline(row[1]).text == [
        "1.3",
        "cell [7], “Learned bias-worse”",
        "what is said of bias-worse",
        "≠",
        " contradicted",
        "It lies 7 standard deviations from 2,048 trainings; 99\u00a0% lie within 2.6.",
    ]


def test_audit_is_linked_from_the_top() -> None:
    """Below the table of questions the verdicts are counted, and the audit is a link away."""
    page = answers_section(sample_document(), {})
    told = "3 figures and claims: 1 contradicted, 1 indistinguishable, 1 reproduced"
    assert f'<a href="#lab-audit">Audit of the original notebook</a>: {told}.' in page


def test_claim_on_a_question_that_was_not_selected_is_left_out() -> None:
    """Claims on questions that were not selected have no row."""
    assert "lab-claim-4-2" not in answers_section(sample_document(), {})


def test_page_tells_what_was_recorded_of_a_notebook() -> None:
    """Trainings with their cells, and whatever went wrong, each under a heading; linked from the top."""
    document = sample_document()
    page = answers_section(document, {})
    assert 'href="#lab-submission"' in page
    recorded = document["submission"]
    for said in (recorded["stopped"], *recorded["left_over"], *recorded["printed"], *recorded["problems"]):
        assert str(escape(said)) in page.replace("\u00a0", " ")
    assert "cell 3: NameError" in page
    assert "linear noisy" in page


def test_page_without_a_notebook() -> None:
    """Where no notebook was judged, nothing is said of one."""
    document = sample_document()
    del document["submission"]
    assert "lab-submission" not in answers_section(document, {})


def test_page_without_an_audit() -> None:
    """A document that was written before there was an audit has no section and no link for it."""
    document = sample_document()
    del document["audit"]
    assert "lab-audit" not in answers_section(document, {}).split("</style>")[1]


def test_test_without_facts_is_one_fact() -> None:
    """What a test measured is shown even if it is not split into facts and expects nothing."""
    document = sample_document()
    document["answers"][3]["tests"][2] |= {"facts": [], "measured": 0.25, "expected": None, "because": "of <it>"}
    assert "<td>0.2500</td><td></td><td>of &lt;it&gt;</td>" in answers_section(document, {})


def test_number_and_sign_stay_on_one_line() -> None:
    """A line never ends between a number and its per cent sign or tolerance, nor inside a p-value."""
    document = sample_document()
    document["answers"][0]["sentence"] = "It is 79 % or 0.79 ± 0.02 of all (p = 0.5)."
    assert "It is 79\u00a0% or 0.79\u00a0±\u00a00.02 of all (p\u00a0=\u00a00.5)." in answers_section(document, {})


def test_row_has_three_cells_without_facts() -> None:
    """Rows of set-up and tear-down get as many cells as the header has columns."""
    assert [len(results_table.test_row_cells([])), len(results_table.TEST_COLUMN_HEADERS)] == [3, 3]


def test_row_numbers_several_facts() -> None:
    """Facts stand on a line each, numbered alike in every cell."""
    facts = sample_document()["answers"][3]["tests"][2]["facts"]
    assert results_table.test_row_cells(facts)[0] == '<td class="col-measured">(1) 0.3333<br>(2) 0.5000</td>'


def test_row_is_escaped() -> None:
    """A hostile fact leaves no element in a cell but the cell itself."""
    fact = {"measured": HOSTILE, "expected": HOSTILE, "because": HOSTILE}
    assert [tag for tag, _ in Outline("".join(results_table.test_row_cells([fact]))).elements] == ["td"] * 3


def test_same_document_gives_the_same_page() -> None:
    """The page is a function of the document and its figures."""
    assert answers_section(sample_document(), {"a": one_pixel()}) == answers_section(
        sample_document(), {"a": one_pixel()}
    )
