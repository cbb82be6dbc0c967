"""The audit as a whole: every claim is judged, by rules that can come to each verdict."""

import json
import re
from typing import Any

import numpy as np
import pytest

from tests.checks.facts import plain
from tests.questions import QUESTIONS
from tests.reference.audit import by_share, count, more_spread, one_of, p_text, quoted, tendency
from tests.reference.published import CLAIMS, PUBLISHED, claims_on, figure
from tests.reference.verdicts import (
    CONTRADICTED,
    INDISTINGUISHABLE,
    NOT_MEASURED,
    REPRODUCED,
    VERDICTS,
    Judgement,
    worst,
)
from tests.reporting import audit
from tests.suite.audit_doubles import (
    JUDGES,
    MadeUp,
    use_records,
)


@pytest.fixture
def recorded_trainings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up records in the place of the evidence."""
    use_records(monkeypatch)


class TestClaims:
    """What was published, as data."""

    def test_ids_differ(self) -> None:
        """Each claim has a name of its own."""
        assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)

    def test_questions_in_order(self) -> None:
        """The claims go through all twelve questions in order, and each is named after its question."""
        assert list(dict.fromkeys(claim.question for claim in CLAIMS)) == list(QUESTIONS)
        assert [claim.id for claim in CLAIMS if not claim.id.startswith(f"{claim.question}-")] == []

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_question_rests_on_a_claim(self, question: str) -> None:
        """The verdict of each question is carried by a claim that can be judged."""
        assert [claim for claim in claims_on(question) if claim.decides and not claim.unmeasured]

    @pytest.mark.usefixtures("recorded_trainings")
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_each_claim_is_judged_or_says_why_not(self, question: str) -> None:
        """A question's judge judges all of its claims but those that nothing can measure."""
        judged = set(JUDGES[question](MadeUp()))
        assert judged == {claim.id for claim in claims_on(question) if not claim.unmeasured}

    def test_no_figure_of_a_claim_without_one(self) -> None:
        """A claim in words has no number."""
        with pytest.raises(ValueError, match=r"1\.1-line is a claim without a figure"):
            figure("1.1-line")

    def test_published_figures_are_the_claims(self) -> None:
        """What stands beside an answer's measurements are the audited figures."""
        assert PUBLISHED["1.1"] == {"weight": 3.1674, "bias": 4.3361}
        assert PUBLISHED["3.3"]["seconds"] == {"16": 61.69, "32": 25.38, "64": 13.51, "128": 12.81}


class TestAudited:
    """The entries of a question, and its verdict from them."""

    @pytest.mark.parametrize(
        ("verdicts", "together"),
        [
            ([REPRODUCED, REPRODUCED], REPRODUCED),
            ([REPRODUCED, NOT_MEASURED], NOT_MEASURED),
            ([NOT_MEASURED, INDISTINGUISHABLE], INDISTINGUISHABLE),
            ([INDISTINGUISHABLE, CONTRADICTED], CONTRADICTED),
        ],
    )
    def test_worst_verdict_is_the_questions(self, verdicts: list[str], together: str) -> None:
        """One contradicted claim contradicts, and only claims that all hold are reproduced."""
        assert worst(verdicts) == together

    def judged(self, **verdicts: str) -> dict[str, Any]:
        """Question 1.2 with these verdicts, and reproduced for the rest."""
        judgements = {
            claim.id: Judgement(verdicts.get(claim.id.split("-")[1], REPRODUCED), f"{claim.id}.")
            for claim in claims_on("1.2")
        }
        return audit.audited("1.2", lambda runs: judgements, MadeUp())

    def test_claim_that_decides(self) -> None:
        """A claim that the answer rests on changes the question's verdict, and its reason is the question's."""
        judged = self.judged(mse=CONTRADICTED)
        assert (judged["verdict"], judged["reason"]) == (CONTRADICTED, "1.2-mae. 1.2-mse.")

    def test_claim_beside_the_point(self) -> None:
        """Another contradicted claim leaves the verdict and is named after the reasons."""
        judged = self.judged(aligned=CONTRADICTED)
        assert judged["verdict"] == REPRODUCED
        assert judged["reason"].endswith("Contradicted besides (see the audit): the line aligns well with the data.")

    def test_entry_is_all_that_was_found(self) -> None:
        """An entry has the claim's place and words, the verdict, the reason and the numbers, and nothing else."""
        entry = self.judged()["audit"][0]
        assert list(entry) == ["id", "question", "place", "said", "verdict", "reason", "measured"]

    @pytest.mark.parametrize("question", [question for question in QUESTIONS if question[0] in "34"])
    def test_no_claim_is_judged_on_the_stand_in(self, question: str) -> None:
        """On images that are not MNIST no claim about MNIST models is judged, and the reason is told."""
        entries = audit.audited(question, JUDGES[question], MadeUp(is_mnist=False))["audit"]
        assert {(entry["verdict"], entry["reason"]) for entry in entries} == {(NOT_MEASURED, audit.NO_MNIST)}

    @pytest.mark.usefixtures("recorded_trainings")
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_entries_survive_another_process(self, question: str) -> None:
        """Entries are JSON-plain, as everything is that a worker of pytest-xdist sends."""
        entries = plain(audit.audited(question, JUDGES[question], MadeUp())["audit"])
        assert json.loads(json.dumps(entries, allow_nan=False)) == entries

    @pytest.mark.usefixtures("recorded_trainings")
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_reasons_are_one_sentence(self, question: str) -> None:
        """Each reason is one sentence: a capital or a figure first, a full stop last and none before a capital."""
        reasons = [entry["reason"] for entry in audit.audited(question, JUDGES[question], MadeUp())["audit"]]
        assert [text for text in reasons if text[0].islower() or text[-1] != "." or re.search(r"\. [A-Z]", text)] == []

    @pytest.mark.parametrize(
        ("question", "verdict"),
        [
            ("1.1", REPRODUCED),
            ("1.2", REPRODUCED),
            ("2.1", REPRODUCED),
            ("2.2", INDISTINGUISHABLE),
            ("2.3", REPRODUCED),
        ],
    )
    def test_verdict_that_needs_no_session(self, question: str, verdict: str) -> None:
        """On the notebook's own data and the recorded Iris trainings the verdict is always the same."""
        assert audit.audited(question, JUDGES[question], MadeUp())["verdict"] == verdict


class TestRules:
    """Statistics by which claims are judged: each rule can come to each of its verdicts."""

    @pytest.mark.parametrize(
        ("text", "printed", "verdict"), [(0.9768, 0.9777, CONTRADICTED), (0.9733, 0.9733, REPRODUCED)]
    )
    def test_quotation(self, text: float, printed: float, verdict: str) -> None:
        """A figure in the text is that of the cell to four decimals, or it contradicts the notebook's own cell."""
        assert quoted(text, printed).verdict == verdict

    @pytest.mark.parametrize(
        ("published", "verdict"), [(0.9733, REPRODUCED), (0.95, CONTRADICTED), (float("nan"), CONTRADICTED)]
    )
    def test_one_of_the_trainings(self, published: float, verdict: str) -> None:
        """A figure inside the prediction interval of recorded trainings is reproduced, and no other is."""
        assert one_of(published, np.array([0.970, 0.974, 0.978, 0.975])).verdict == verdict

    def test_interval_of_the_trainings(self) -> None:
        """One further draw of a normal population is outside the interval one time in a hundred."""
        draws = np.random.default_rng(0).normal(size=(4000, 11))
        outside = sum(one_of(values[0], values[1:]).verdict == CONTRADICTED for values in draws)
        assert outside == pytest.approx(40, abs=20)

    def test_no_recorded_training(self) -> None:
        """One training tells no scatter."""
        assert one_of(0.9, np.array([0.9])).verdict == NOT_MEASURED

    def test_mean_of_running_means_scatters_more(self) -> None:
        """Of 1,000 equal batches the mean of the running means has twice the variance of the mean."""
        batches = np.random.default_rng(0).standard_normal((4000, 1000), np.float32)
        running = np.cumsum(batches, axis=1) / np.arange(1, 1001, dtype=np.float32)
        ratio = running.mean(axis=1).var() / batches.mean(axis=1).var()
        assert ratio == pytest.approx(2, rel=0.1)

    def test_interval_of_a_mean_of_running_means(self) -> None:
        """For such a figure the interval is the wider by the root of two."""
        values = np.array([1.0, 2.0, 3.0])
        widths = [np.ptp(one_of(2, values, averaged_twice=twice).measured["interval"]) for twice in (False, True)]
        assert widths[1] == pytest.approx(2**0.5 * widths[0])

    @pytest.mark.parametrize(
        ("differences", "verdict"),
        [
            (np.ones(10), REPRODUCED),
            (-np.ones(10), CONTRADICTED),
            (np.resize([1.0, -1.0], 10), INDISTINGUISHABLE),
            (np.zeros(10), INDISTINGUISHABLE),
        ],
        ids=["all up", "all down", "half", "none"],
    )
    def test_tendency(self, differences: Any, verdict: str) -> None:
        """Ten pairs of ten show a tendency, five of ten none, and pairs without a difference say nothing."""
        assert tendency(differences, "told").verdict == verdict

    @pytest.mark.parametrize(("hits", "verdict"), [(20, REPRODUCED), (10, INDISTINGUISHABLE), (1, CONTRADICTED)])
    def test_more_often_than_by_chance(self, hits: int, verdict: str) -> None:
        """Of 40 draws at one in four, 20 are more than chance, 10 are chance, and 1 is less."""
        assert count(hits, 40, 0.25, "told").verdict == verdict

    @pytest.mark.parametrize(("share", "verdict"), [(0.995, REPRODUCED), (0.6, INDISTINGUISHABLE), (0.0, CONTRADICTED)])
    def test_share_of_trainings(self, share: float, verdict: str) -> None:
        """A difference that one training can show is there in 99 % of correct ones."""
        assert by_share(share) == verdict

    @pytest.mark.parametrize(("after", "verdict"), [(5.0, REPRODUCED), (1.01, INDISTINGUISHABLE), (0.2, CONTRADICTED)])
    def test_spread(self, after: float, verdict: str) -> None:
        """Five times the spread is more, a hundredth more is the same, and a fifth is less."""
        assert more_spread("it", 1.0, after, 100).verdict == verdict

    @pytest.mark.parametrize(("p_value", "text"), [(0.0123, "p = 0.012"), (0.0, "p < 1e-100")])
    def test_p_value_is_never_nothing(self, p_value: float, text: str) -> None:
        """A p-value that is rounded to 0 is told as a bound."""
        assert p_text(p_value) == text

    def test_verdicts_are_those_of_the_schema(self) -> None:
        """The rule knows every verdict."""
        assert set(VERDICTS) == {REPRODUCED, INDISTINGUISHABLE, CONTRADICTED, NOT_MEASURED}
