"""Every wrong subject is rejected where it is wrong, with a message that names its defect; every right one passes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.suite.judging import Judge
from tests.suite.mutation import EQUIVALENTS, MUTANTS, broken_claims, claim_of

pytestmark = pytest.mark.tensorflow

MUTANT_FILES = sorted(MUTANTS.glob("*.py"))
EQUIVALENT_FILES = sorted(EQUIVALENTS.glob("*.py"))
SENTENCE = re.compile(r"[A-Z].*\.", re.DOTALL)


def name(path: Path) -> str:
    return path.stem


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """One process that judges file after file: TensorFlow is imported once."""
    judge = Judge()
    yield judge
    judge.close()


@pytest.mark.parametrize("path", MUTANT_FILES, ids=name)
def test_mutant_is_rejected(path: Path, judge: Judge) -> None:
    """It fails the questions that it spoils, for the right reason, and no other."""
    assert broken_claims(path, judge(path)) == []


@pytest.mark.parametrize("path", EQUIVALENT_FILES, ids=name)
def test_equivalent_passes(path: Path, judge: Judge) -> None:
    """A right solution in another style passes every question that it touches."""
    judgement = judge(path)
    assert broken_claims(path, judgement) == []
    assert {question for question, status in judgement.statuses.items() if status == "passed"} == set(
        claim_of(path).questions
    )
