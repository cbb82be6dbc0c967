"""Every notebook of the corpus, judged as a grader does it, gets the verdicts that were written down beforehand.

Takes a quarter of an hour: the ordinary run of the suite leaves it out, as it does the mutants.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.submissions.sandbox import why_no_bubblewrap
from tests.suite.notebook_corpus import corpus, read_sample
from tests.suite.test_corpus import one_process
from tests.suite.test_submission_sessions import judged

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.skipif(bool(why_no_bubblewrap()), reason=why_no_bubblewrap() or "bubblewrap works"),
]


@pytest.fixture(scope="module", params=map(one_process, corpus()))
def verdict(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A notebook of the corpus and the session that judged it on the stand-in."""
    sample = read_sample(Path(request.param))
    return SimpleNamespace(sample=sample, session=judged(tmp_path_factory.mktemp(sample.name), sample.notebook))


def test_statuses(verdict: Any) -> None:
    """Each question has the status that its notebook deserves."""
    statuses = {answer["question"]: answer["status"] for answer in verdict.session.document["answers"]}
    wrong = {
        number: f"{status}, not {' or '.join(sorted(verdict.sample.expected[number]))}"
        for number, status in statuses.items()
        if status not in verdict.sample.expected[number]
    }
    assert wrong == {}, verdict.session.output


def test_invented_figures_are_shown(verdict: Any) -> None:
    """Printed figures that no training supports are shown, and no others."""
    told = verdict.session.document["submission"]["printed"]
    assert len(told) == len(verdict.sample.unsupported), told
    assert all(any(figure in sentence for sentence in told) for figure in verdict.sample.unsupported)
