"""What the exercises' tests are given: the laboratory, verdicts that are recorded, and answers."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import pytest

from tests.checks.facts import Fact, plain
from tests.settings import SESSION, Session
from tests.submissions.contract import SubjectError
from tests.workers import cap_threads

Verify = Callable[[Fact], None]
ROUNDS = 3  # of each timing: the median and the range are reported


@pytest.fixture(scope="session")
def session(pytestconfig: pytest.Config) -> Session:
    """The options of this session."""
    return pytestconfig.stash[SESSION]


@pytest.fixture(scope="session")
def laboratory(pytestconfig: pytest.Config, session: Session, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Makes the subject's named runs, each once; TensorFlow is imported here and not before."""
    cap_threads(pytestconfig)
    from tests.submissions.laboratory import Laboratory

    folder = tmp_path_factory.mktemp("saved")
    return Laboratory(session.subject, session.seed, session.mnist, folder, session.terminal)


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


@pytest.fixture
def time_training(request: pytest.FixtureRequest, laboratory: Any) -> Callable[[str, int], Any]:
    """Time one loop at one batch size with pytest-benchmark; without it (under xdist, say) train once, untimed."""

    def measure(loop: str, batch_size: int) -> Any:
        from lab.run import Timing

        prepare, train = laboratory.timing_case(loop, batch_size)
        benchmark = request.getfixturevalue("benchmark")  # once there is something to time: unused, it is an error
        steps = benchmark.pedantic(train, setup=prepare, rounds=ROUNDS)
        seconds = tuple(benchmark.stats.stats.data) if benchmark.stats else ()
        timing = Timing(loop, batch_size, laboratory.timed_images(), steps, seconds)
        laboratory.timings[loop, batch_size] = timing
        return timing

    return measure


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """What a subject did wrong is shown as its sentence, not as a traceback through the suite."""
    report = yield
    if call.excinfo is not None and isinstance(call.excinfo.value, SubjectError):
        report.longrepr = str(call.excinfo.value)
        report.user_properties.append(("subject error", str(call.excinfo.value)))
    return report
