"""The audit: each claim of the original notebook with its verdict, and the verdict of a question from its claims."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.reference.published import PUBLISHED, Claim, claims_on
from tests.reference.verdicts import CONTRADICTED, Judgement, not_measured, worst
from tests.reporting.answers.answer import Runs
from tests.reporting.wording import IMAGE_EXERCISES

NO_MNIST = "The images are a stand-in, so no published MNIST figure can be judged."
NO_JUDGEMENT = "The session's answer does not judge it."

Entry = dict[str, Any]
Judge = Callable[[Runs], Mapping[str, Judgement]]


def audited(question: str, judge: Judge, runs: Runs) -> dict[str, Any]:
    """What an answer says of everything that was published on its question: its last four fields.

    The rule: the question's verdict is the worst of the claims that decide, those that the notebook's answer rests on.
    Not of all, because one slip beside the point would condemn an answer that holds; such slips are named after the
    reasons.
    """
    entries = _judged(question, judge, runs)
    deciding = {claim.id for claim in claims_on(question) if claim.decides}
    decided = [entry for entry in entries if entry["id"] in deciding]
    slips = [entry["said"] for entry in entries if entry["verdict"] == CONTRADICTED and entry not in decided]
    reasons = list(dict.fromkeys(entry["reason"] for entry in decided))
    if slips:
        reasons.append(f"Contradicted besides (see the audit): {'; '.join(slips)}.")
    return {
        "published": PUBLISHED[question],
        "verdict": worst([entry["verdict"] for entry in decided]),
        "reason": " ".join(reasons),
        "audit": entries,
    }


def _judged(question: str, judge: Judge, runs: Runs) -> list[Entry]:
    if question[0] in IMAGE_EXERCISES and not runs.mnist().is_mnist:
        return unjudged(question, NO_MNIST)
    judgements = judge(runs)
    return [
        _entry(claim, not_measured(claim.unmeasured) if claim.unmeasured else judgements[claim.id])
        for claim in claims_on(question)
    ]


def unjudged(question: str, reason: str) -> list[Entry]:
    """The claims of a question of which this session measured nothing."""
    return [_entry(claim, not_measured(reason)) for claim in claims_on(question)]


def _entry(claim: Claim, judgement: Judgement) -> Entry:
    return {
        "id": claim.id,
        "question": claim.question,
        "place": claim.place,
        "said": claim.said,
        "verdict": judgement.verdict,
        "reason": judgement.reason,
        "measured": dict(judgement.measured),
    }
