"""The report as a browser shows it: a real session's page, alone in a folder, in headless Chromium."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[2]
PLUGINS = ("tests.settings", "tests.questions", "tests.fixtures", "tests.reporting.plugin", "no:cacheprovider")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = ("sandbox", "first-run"), ("gpu", "quic", "background-networking", "component-update", "sync")
TOO_LARGE = 10_000_000  # bytes: what a mail server still takes
DESKTOP, TELEPHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 800}

# Two tests of each question and every figure, through the suite's own fixtures. 2.1 fails and 3.1 breaks.
SESSION = '''
from itertools import batched

import pytest

from tests.checks.facts import Fact
from tests.questions import QUESTIONS
from tests.reporting.answers.answer import Answer
from tests.suite.sample_figures import DRAWN

EVERY = [pytest.param(number, id=number) for number in QUESTIONS]
'''


@dataclass
class Opened:
    """The report in a tab, and what the browser had to say about it."""

    tab: Any
    file: Path
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
