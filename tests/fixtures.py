"""What the exercises' tests are given: the laboratory, verdicts that are recorded, and answers."""

import base64
import gc
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, fields
from typing import Any

import pytest

from tests.checks.facts import Fact, plain
from tests.questions import NOT_SEEN
from tests.settings import SESSION, Session
from tests.submissions.contract import NotDoneError, NotSeenError, SubjectError
from tests.workers import cap_threads

Verify = Callable[[Fact], None]
ON_MNIST = re.compile(r"tests/exercises/test_[34]_")
MNIST_FUNCTIONS = {"mnist_data", "mnist_classifier", "train"}
ROUNDS = 3  # of each timing: the median and the range are reported


@pytest.fixture(scope="session")
def session(pytestconfig: pytest.Config) -> Session:
    """The options of this session."""
    return pytestconfig.stash[SESSION]


@pytest.fixture(scope="session")
def laboratory(
    request: pytest.FixtureRequest, session: Session, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Makes the subject's named runs, each once; TensorFlow is imported here and not before."""
    if session.subject.broken:
        raise SubjectError(session.subject.broken)
    names = runs_to_begin(request.session, session)
    images = begun_images(session) if names else None
    cap_threads(request.config)
    from tests.submissions.laboratory import Laboratory

    gc.freeze()  # the libraries' million objects stay to the end: no collection need look at them
    folder = tmp_path_factory.mktemp("saved")
    arguments = session.subject, session.seed, session.mnist, folder, session.terminal, images
    if session.submission:
        from tests.submissions.recorded import RecordedLaboratory

        made: Laboratory = RecordedLaboratory(session.submission, *arguments)
    else:
        made = Laboratory(*arguments)
    made.begin(names)
    yield made
    made.end()
    gc.freeze()  # nor the last one, when the process ends: it would take a second


def runs_to_begin(running: pytest.Session, session: Session) -> list[str]:
    """The runs on MNIST that tests name in their parameters, each once, if all that makes them is the lab's own.

    Under xdist every process collects all tests: only that one begins them whose first test is on MNIST.
    """
    elsewhere = hasattr(running.config, "workerinput") and not ON_MNIST.match(os.environ["PYTEST_CURRENT_TEST"])
    if elsewhere or session.submission or not MNIST_FUNCTIONS.isdisjoint(session.subject.functions):
        return []
    asked = (getattr(item, "callspec", None) for item in running.items if not item.get_closest_marker("skip"))
    names = (str(call.params.get("name")) for call in asked if call)
    return [name for name in dict.fromkeys(names) if name.startswith("mnist")]


def begun_images(session: Session) -> Callable[[], Any]:
    """The lab's images, in the making: that takes a second, which importing TensorFlow takes as well."""
    from tests.submissions.datasets import lab_images

    return ThreadPoolExecutor(1, "images").submit(lab_images, session.mnist().arrays).result


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
        kept = (part.name for part in fields(made) if part.name != "figures")  # those hold whole runs
        written = {name: plain(getattr(made, name)) for name in kept}
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
    if call.excinfo is not None and isinstance(call.excinfo.value, NotSeenError):
        report.outcome, report.longrepr = "skipped", (str(item.path), 0, f"{NOT_SEEN}: {call.excinfo.value}")
    elif call.excinfo is not None and isinstance(call.excinfo.value, SubjectError):
        report.longrepr = str(call.excinfo.value)
        kind = "not done" if isinstance(call.excinfo.value, NotDoneError) else "subject error"
        report.user_properties.append((kind, str(call.excinfo.value)))
    return report
