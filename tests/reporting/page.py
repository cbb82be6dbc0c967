"""The answers as a fragment of HTML, for the top of pytest-html's report: no script, nothing to load from elsewhere."""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tests.reporting import wording
from tests.reporting.wording import FAILED_OUTCOMES, Answer, Document, Test

TEMPLATES = Path(__file__).parent / "templates"
# Spaces at which no line may end: 99 %, 3 ± 1, p = 0.5.
TIED = re.compile(r"(?<=\d) (?=%)|(?<=±) (?=\d)|(?<=\d) (?=±)|(?<=\bp) (?=[=<])|(?<=\bp [=<]) (?=\d)")
# Beside a word each, so that a status is never told by its colour alone.
SYMBOLS = {
    "passed": "✓",
    "failed": "✗",
    "error": "!",
    "not submitted": "–",
    "not run": "–",
    "not seen": "–",
    "not selected": "–",
    "reproduced": "=",
    "indistinguishable": "≈",
    "contradicted": "≠",
    "not measured": "?",
}


def answers_section(document: Document, figures: Mapping[str, bytes]) -> str:
    """The document and its figures, PNG by name, as one `<div class="lab-report">`."""
    return page_environment().get_template("answers.html.j2").render(document=document, figures=figures)


@lru_cache(maxsize=1)
def page_environment() -> Environment:
    """Jinja2 with escaping and the names that the templates use; an unknown name is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=printable,
    )
    wordings = ("comparison", "details", "facts_of", "is_selected", "mnist_source", "name_of", "notices")
    audit = ("AUDIT_LEAD", "AUDIT_TITLE", "audit_entries", "audit_summary")
    submission = ("SUBMISSION_LEAD", "SUBMISSION_TITLE", "findings")
    environment.globals |= {name: getattr(wording, name) for name in (*wordings, *audit, *submission)}
    environment.globals |= {"other_tests": other_tests, "outcomes": outcomes, "symbol": symbol, "url": data_url}
    environment.filters |= {
        "points": wording.points_text,
        "readable": wording.readable,
        "slug": slug,
        "value": wording.value_text,
    }
    environment.globals |= {"failed_tests": wording.failed_tests, "status_text": wording.status_text}
    return environment


def printable(value: Any) -> Any:
    """What Jinja2 is about to write, without control characters and with numbers tied to their signs.

    Markup is ours and needs neither.
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return TIED.sub("\u00a0", wording.clean(value))


def symbol(word: str) -> str:
    """The sign that stands beside a status, an outcome or a verdict."""
    return SYMBOLS.get(word, "?")


def slug(text: str) -> str:
    """`text` as part of an id or a class: `1.1` as `1-1`, `not run` as `not-run`."""
    return re.sub(r"[^0-9a-z]+", "-", text.lower()).strip("-") or "unnamed"


def data_url(png: bytes) -> Markup:
    """The image as the address of itself. Base64 holds nothing that HTML would need escaped."""
    return Markup("data:image/png;base64," + b64encode(png).decode("ascii"))


def other_tests(answer: Answer) -> list[Test]:
    """The tests that did not fail."""
    return [test for test in answer["tests"] if test["outcome"] not in FAILED_OUTCOMES]


def outcomes(tests: list[Test]) -> str:
    """`5 passed, 1 not run`."""
    return ", ".join(f"{count} {outcome}" for outcome, count in Counter(test["outcome"] for test in tests).items())
