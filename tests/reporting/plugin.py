"""Carries results from pytest to the four reports: terminal, JSON, Markdown and pytest-html's page."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_html.basereport import BaseReport

from tests.reporting.document import build
from tests.reporting.documents import to_json, write_atomically
from tests.reporting.markdown import answers_markdown
from tests.reporting.page import answers_section
from tests.reporting.results import Results
from tests.reporting.results_table import TEST_COLUMN_HEADERS, report_css, test_row_cells
from tests.reporting.terminal import summary_lines
from tests.settings import SESSION, Session

HTML, JSON, MARKDOWN, FIGURES = "report.html", "answers.json", "answers.md", "figures"


def pytest_configure(config: pytest.Config) -> None:
    """Ask pytest-html for one self-contained page, and register the reporter of this session."""
    if SESSION not in config.stash or hasattr(config, "workerinput") or config.option.collectonly:
        return
    session = config.stash[SESSION]
    chosen = config.option.htmlpath is not None
    if not chosen:
        config.option.htmlpath = HTML  # the folder is made, and named, when there is something to write
        config.option.self_contained_html = True
    config.pluginmanager.register(Reporter(config, session, chosen), "lab-reporter")


class Reporter:
    """Gathers results while the session runs and writes the reports at its end, however it ends."""

    def __init__(self, config: pytest.Config, session: Session, html_was_chosen: bool) -> None:
        self.config, self.session, self.html_was_chosen = config, session, html_was_chosen
        self.results = Results()
        self.interrupted = False
        self.unwritten: dict[str, list[Path]] = {}  # by what the system says
        self._document: dict[str, Any] | None = None

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Know every test from the start, so that one which never runs is not forgotten."""
        for item in session.items:
            self.results.expect(item.nodeid, item.user_properties)
        self._page()  # which is dropped where there is nothing to write: it would take note of every test

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.results.add(report)

    def pytest_keyboard_interrupt(self) -> None:
        self.interrupted = True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        """Write the reports; pytest-html writes its own in between, under our care for full disks."""
        page = self._page()
        if page is not None:
            if not self.html_was_chosen:
                page._report_path = self.session.report_folder / HTML
            page._write_report = lambda content: self._write_page(page, content)
        if self.results.tests:
            self._write_answers()  # before the terminal's summary, which is a part of what follows
        yield
        if self.unwritten and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _page(self) -> BaseReport | None:
        """pytest-html's page, if it is to be written: asked for by name, or with answers in it."""
        plugins = self.config.pluginmanager.get_plugins()
        page = next((plugin for plugin in plugins if isinstance(plugin, BaseReport)), None)
        if page is not None and not self.results.tests and not self.html_was_chosen:
            self.config.pluginmanager.unregister(page)
            page._write_report = lambda content: None  # a hook that is running already still calls it
            return None
        return page

    def document(self) -> dict[str, Any]:
        """The document of what has been measured; the same for every report."""
        if self._document is None:
            self._document = build(self.results, self.session, self.interrupted, [])
        return self._document

    def figures(self) -> dict[str, bytes]:
        """PNG by name."""
        return {name: base64.b64decode(png) for name, png in self.results.figures.items()}

    def _write_answers(self) -> None:
        folder = self.session.report_folder
        for name, png in self.figures().items():
            self._try_to_write(folder / FIGURES / f"{name}.png", lambda png=png: png)
        self._try_to_write(folder / MARKDOWN, lambda: answers_markdown(self.document()))
        self._try_to_write(folder / JSON, lambda: to_json(self.document()))

    def _write_page(self, page: BaseReport, content: str) -> None:
        self._try_to_write(page._report_path, lambda: content)
        if any(page._report_path in paths for paths in self.unwritten.values()):
            self.config.pluginmanager.unregister(page)  # it would say where its report is

    def _try_to_write(self, path: Path, content: Callable[[], str | bytes]) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content())
        except OSError as reason:
            self.unwritten.setdefault(reason.strerror or str(reason), []).append(path)

    def _problems(self) -> Iterator[str]:
        """A sentence for each reason, with the files that it kept from being written, all figures as one."""
        folder = self.session.report_folder
        for reason, paths in self.unwritten.items():
            parts = [path.relative_to(folder).parts[0] if path.is_relative_to(folder) else str(path) for path in paths]
            names = ", ".join(dict.fromkeys(parts))
            yield f"{folder}: {names} could not be written ({reason}); make room or choose --report-dir"

    def pytest_html_report_title(self, report: Any) -> None:
        report.title = f"Lab 07: {self.session.subject.name}"

    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        """The answers stand above pytest-html's table of tests."""
        if self.results.tests:
            prefix.extend([report_css(), answers_section(self.document(), self.figures())])

    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        cells[2:2] = TEST_COLUMN_HEADERS

    def pytest_html_results_table_row(self, report: Any, cells: list[str]) -> None:
        facts = [value for name, value in getattr(report, "user_properties", ()) if name == "fact"]
        cells[2:2] = test_row_cells(facts)

    @pytest.hookimpl(tryfirst=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The answers as a table, and where the reports are."""
        for problem in self._problems():
            terminalreporter.write_line(f"ERROR: {problem}", red=True, bold=True)
        if not self.results.tests:
            return
        terminalreporter.section("the lab's answers")
        for line, markup in summary_lines(self.document()):
            terminalreporter.write_line(line, **markup)
        if not self.unwritten:
            folder = self.session.report_folder
            written = ", ".join([MARKDOWN, JSON, HTML])
            terminalreporter.write_line(f"written to {_shown(folder, self.config)}: {written}")


def _shown(folder: Path, config: pytest.Config) -> str:
    """The folder as seen from where pytest was started."""
    start = config.invocation_params.dir
    return str(folder.relative_to(start)) if folder.is_relative_to(start) else str(folder)
