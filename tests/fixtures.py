"""What the exercises' tests are given: the laboratory, verdicts that are recorded, and answers."""

import base64
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import pytest

from tests.checks.facts import Fact, plain
from tests.settings import SESSION, Session
from tests.submissions.contract import SubjectError

Verify = Callable[[Fact], None]


@pytest.fixture(scope="session")
def session(pytestconfig: pytest.Config) -> Session:
    """The options of this session."""
    return pytestconfig.stash[SESSION]


@pytest.fixture(scope="session")
def laboratory(session: Session, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Makes the subject's named runs, each once; TensorFlow is imported here and not before."""
    from tests.submissions.laboratory import Laboratory

    folder = tmp_path_factory.mktemp("saved")
    return Laboratory(session.subject, session.seed, session.mnist, folder, _terminal(pytestconfig))


def _terminal(config: pytest.Config) -> Any:
    """The terminal below pytest's own line, for live lines; None where there is none."""
    from lab.progress import BelowCursor

    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not reporter.isatty or config.option.verbose < 0:
        return None
    return BelowCursor(reporter._tw._file) if hasattr(reporter._tw, "_file") else sys.__stderr__


@pytest.fixture
def verify(request: pytest.FixtureRequest) -> Verify:
    """Record a fact for the report, and fail with its sentence if it does not hold."""

    def record_and_judge(fact: Fact) -> None:
        __tracebackhide__ = True
        request.node.user_properties.append(("fact", asdict(fact)))
        if not fact.holds:
            pytest.fail(fact.message(), pytrace=False)

    return record_and_judge


@pytest.fixture
def answer(request: pytest.FixtureRequest, laboratory: Any) -> Callable[[Any], Any]:
    """Make an answer from the laboratory's runs and record it with its figures, whatever then becomes of the test."""

    def record(make: Callable[[Any], Any]) -> Any:
        from tests.reporting.figures import png

        made = make(laboratory)
        written = {key: plain(value) for key, value in asdict(made).items() if key != "figures"}
        request.node.user_properties.append(("answer", {**written, "figures": list(made.figures)}))
        for name, draw in made.figures.items():
            encoded = base64.b64encode(png(draw())).decode("ascii")
            request.node.user_properties.append(("figure", {"name": name, "png": encoded}))
        return made

    return record


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """What a subject did wrong is shown as its sentence, not as a traceback through the suite."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, SubjectError):
        report.longrepr = str(call.excinfo.value)
        report.user_properties.append(("subject error", str(call.excinfo.value)))
    return report
