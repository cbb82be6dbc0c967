"""The lab's twelve questions: what a test says it answers, and what a subject did not submit."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.settings import SESSION


@dataclass(frozen=True)
class Question:
    """A question of the lab and the points that its tests add up to."""

    number: str
    title: str
    points: int

    @property
    def exercise(self) -> int:
        """The exercise that it belongs to, 1 to 4."""
        return int(self.number[0])


QUESTIONS = {
    number: Question(number, title, points)
    for number, title, points in (
        ("1.1", "Learned weight and bias", 10),
        ("1.2", "How close to Y = 3X + 5", 8),
        ("1.3", "How more noise affects convergence", 8),
        ("2.1", "Classification accuracy", 8),
        ("2.2", "Decision boundary with more hidden units", 8),
        ("2.3", "Sigmoid in the hidden layer", 8),
        ("3.1", "Test accuracy", 10),
        ("3.2", "Performance with dropout", 10),
        ("3.3", "Training time against batch size", 8),
        ("4.1", "Predictions before and after saving", 10),
        ("4.2", "Why saving is useful in deployment", 4),
        ("4.3", "If the optimizer state is not saved", 8),
    )
}

NOT_SUBMITTED = "not submitted"
NOT_SEEN = "not seen"  # in a notebook; it neither earns points nor costs any


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers", "question(number, points): the question that the test helps to answer, and its points"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note each test's question in its report; skip what the subject did not submit."""
    subject = config.stash[SESSION].subject
    for item in items:
        mark = item.get_closest_marker("question")
        if mark is None:
            continue
        question, points = _marked(item, *mark.args, **mark.kwargs)
        item.user_properties.append(("question", {"number": question.number, "points": points}))
        lacking = subject.lacks(question.number)
        if lacking:
            item.add_marker(pytest.mark.skip(reason=f"{NOT_SUBMITTED}: {lacking}"))
    items.sort(key=_is_of_exercise_3)


def _is_of_exercise_3(item: pytest.Item) -> bool:
    """Last, because its trainings are the longest and go on in other threads while the other exercises are measured."""
    mark = item.get_closest_marker("question")
    return mark is not None and str(mark.args[0]).startswith("3.")


def _marked(item: pytest.Item, number: str, points: float) -> tuple[Question, float]:
    if number not in QUESTIONS:
        raise pytest.UsageError(f"{item.nodeid}: there is no question {number!r}; there are {', '.join(QUESTIONS)}")
    return QUESTIONS[number], points


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Whose solution is judged, from which seed, and where MNIST comes from."""
    session = config.stash[SESSION]
    lines = [f"lab: subject {session.subject.name}, seed {session.seed}", *session.subject.notes]
    if config.getoption("numprocesses", None) and not config.option.collectonly:
        session.mnist()  # found, or downloaded, once: the workers then find it where it is
    return lines + (_mnist_lines(session) if session.found else [])


def pytest_report_collectionfinish(config: pytest.Config, items: list[pytest.Item]) -> list[str]:
    """Find MNIST, by a download if need be, once it is known that a test needs it."""
    session = config.stash[SESSION]
    if session.found or config.option.collectonly or not any(_needs_mnist(item) for item in items):
        return []
    session.mnist()
    return _mnist_lines(session)


def _mnist_lines(session: Any) -> list[str]:
    return [
        f"mnist: {session.found.source}",
        *(f"mnist: passed over: {reason}" for reason in session.found.passed_over),
    ]


def _needs_mnist(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("question")
    return mark is not None and str(mark.args[0])[0] in "34" and item.get_closest_marker("skip") is None
