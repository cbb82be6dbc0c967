"""Every claim of the original notebook is judged, and each judge can come to more than one verdict."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lab.datasets import line_data
from lab.run import FirstSteps, Run, SavedModel, Structure, Timing
from tests.checks.facts import equal, plain
from tests.questions import QUESTIONS
from tests.reference.audit import (
    CONTRADICTED,
    INDISTINGUISHABLE,
    NOT_MEASURED,
    REPRODUCED,
    VERDICTS,
    Judgement,
    by_share,
    count,
    more_spread,
    one_of,
    p_text,
    quoted,
    tendency,
    worst,
)
from tests.reference.linear_bounds import reference_on
from tests.reference.published import CLAIMS, PUBLISHED, claims_on, figure
from tests.reporting import audit
from tests.reporting.answers import iris_audit, linear_audit, mnist_audit, noise_audit, saving_audit
from tests.suite.sample_figures import LINEAR, MNIST, NOISY

JUDGES: dict[str, audit.Judge] = {
    "1.1": linear_audit.line_claims,
    "1.2": linear_audit.closeness_claims,
    "1.3": noise_audit.noise_claims,
    "2.1": iris_audit.accuracy_claims,
    "2.2": iris_audit.units_claims,
    "2.3": iris_audit.sigmoid_claims,
    "3.1": mnist_audit.accuracy_claims,
    "3.2": mnist_audit.dropout_claims,
    "3.3": mnist_audit.batch_claims,
    "4.1": saving_audit.identical_claims,
    "4.2": saving_audit.deployment_claims,
    "4.3": saving_audit.resuming_claims,
}
PREDICTIONS = np.linspace(0, 1, 1000).reshape(100, 10)
BARE = Structure((), {}, "")
COMPILED = Structure((), {"class": "Adam"}, "categorical_crossentropy")
SAVED = SavedModel(
    "h5", False, 1, 0.1, 0.1, PREDICTIONS, PREDICTIONS, (np.ones(2),), (np.ones(2),), COMPILED, BARE, (), (), ()
)
BATCHES = tuple(f"mnist_batch{size}" for size in mnist_audit.BATCH_SIZES)
TIMED = {16: (0.5, 0.6), 32: (0.3, 0.3), 64: (0.2, 0.2), 128: (0.1, 0.1)}


def record(number: int) -> dict[str, Any]:
    """A training that comes near to everything published, and scatters by its number."""
    off = 1e-3 * np.sin(number)
    reported = {"accuracy": 0.9937, "loss": 0.0178, "val_accuracy": 0.9752, "val_loss": 0.1108}
    dropped = {"accuracy": 0.9733, "loss": 0.0884, "val_accuracy": 0.9790, "val_loss": 0.0693}
    resumed = {"accuracy": [0.9939, 0.9950], "val_accuracy": [0.9815, 0.9783]}
    made: dict[str, Any] = {
        "mnist": {"test_accuracy": 0.9733 + off, "gap": 0.02, "reported": reported},
        "mnist_dropout": {"test_accuracy": 0.9733 + 1e-3 * np.cos(number), "gap": 0.01, "reported": dropped},
        **{name: {"test_accuracy": 0.9740 + 2e-3 * np.sin(number * size)} for size, name in enumerate(BATCHES, 1)},
        "mnist_resumed": resumed,
        "mnist_resumed_without_optimizer": resumed | {"reported": {"loss": 0.0141, "val_loss": 0.1151}},
    }
    for metrics in (reported, dropped):
        metrics |= {metric: value + off for metric, value in metrics.items()}
    for name in ("mnist_resumed", "mnist_resumed_without_optimizer"):
        made[name] = made[name] | {metric: [value + off for value in made[name][metric]] for metric in resumed}
    return made


@pytest.fixture
def recorded_trainings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty made-up records in place of the evidence."""
    monkeypatch.setattr(mnist_audit, "trainings", lambda is_mnist: tuple(record(number) for number in range(30)))


class MadeUp:
    """Runs that were made up, as a laboratory gives them."""

    seed = 42
    file = SAVED

    def __init__(self, is_mnist: bool = True, timed: Mapping[int, tuple[float, ...]] = TIMED) -> None:
        self.is_mnist = is_mnist
        self.timings = {("fit", size): Timing("fit", size, 60, 1, seconds) for size, seconds in timed.items()}

    def run(self, name: str) -> Run:
        """One linear unit at its line after a start at 0, or at 1 where it was restarted; any image run is the same."""
        if not name.startswith("linear"):
            return MNIST
        away = float(name.endswith("_restarted"))
        start, end = (np.array([[away]]), np.zeros(1)), (np.array([[3 + 0.01 * away]]), np.zeros(1))
        return replace(NOISY if "noisy" in name else LINEAR, name=name, initial_weights=start, weights=end)

    def saved(self, file_format: str, include_optimizer: bool = True) -> SavedModel:
        """The same file for all."""
        return self.file

    def first_steps(self, with_optimizer: bool) -> FirstSteps:
        """A fresh Adam's first step."""
        return FirstSteps((0.1,), (0.1,), 0.001)

    def mnist(self) -> Any:
        """MNIST, or the stand-in."""
        return SimpleNamespace(is_mnist=self.is_mnist)


def verdict_of(question: str, name: str, runs: Any) -> str:
    """The verdict on one claim."""
    (entry,) = (entry for entry in audit.audited(question, JUDGES[question], runs)["audit"] if entry["id"] == name)
    return str(entry["verdict"])


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
        batches = np.random.default_rng(0).normal(size=(4000, 1000))
        running = np.cumsum(batches, axis=1) / np.arange(1, 1001)
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


class TestLine:
    """Exercise 1."""

    def test_first_data_are_the_labs(self) -> None:
        """The notebook's points at noise 1 are `line_data` with its seed."""
        np.testing.assert_allclose(linear_audit.notebook_data()[:2], line_data(1.0, 42), rtol=1e-15)

    def test_bias_belongs_to_a_repeated_order_only(self) -> None:
        """The published bias is a training's that repeats one order, and far from those that shuffle anew."""
        away = linear_audit.line_claims(MadeUp())["1.1-bias"].measured
        assert away["away_if_repeated"] < 2 < 10 < away["away_if_reshuffled"]

    @pytest.mark.parametrize(("name", "axis"), [("weight", 0), ("bias", 1)])
    def test_number_that_no_training_gives(self, name: str, axis: int) -> None:
        """A weight or a bias of 9 is contradicted."""
        x, y, _ = linear_audit.notebook_data()
        assert linear_audit.coordinate(reference_on(x, y), axis, 9.0).verdict == CONTRADICTED

    def test_line_that_no_training_gives(self) -> None:
        """Weight and bias that are each possible are contradicted if they are not together."""
        x, y, _ = linear_audit.notebook_data()
        reference = reference_on(x, y)
        assert {judged.verdict for judged in linear_audit.coordinates(reference, "1.1", 3.16, 4.9).values()} == {
            REPRODUCED
        }
        assert linear_audit.line(reference, 3.16, 4.9).verdict == CONTRADICTED

    @pytest.mark.parametrize(("weight", "verdict"), [(3.1674, REPRODUCED), (3.2, CONTRADICTED)])
    def test_errors_of_another_line(self, weight: float, verdict: str) -> None:
        """The published errors follow from the published line and from no other."""
        x, _, _ = linear_audit.notebook_data()
        assert {judged.verdict for judged in linear_audit.errors("1.2", x, weight, 4.3361).values()} == {verdict}

    @pytest.mark.parametrize(("mse", "verdict"), [(0.2605, REPRODUCED), (0.9, CONTRADICTED)])
    def test_close(self, mse: float, verdict: str) -> None:
        """A line is close if it is nearer to the truth than the points are."""
        assert linear_audit.close(*linear_audit.notebook_data()[:2], mse).verdict == verdict

    @pytest.mark.parametrize(("shift", "verdict"), [(0.0, REPRODUCED), (1.0, CONTRADICTED)])
    def test_aligned(self, shift: float, verdict: str) -> None:
        """A line does not align with the data if too few points are near it."""
        x, y, _ = linear_audit.notebook_data()
        assert linear_audit.aligned(y, 3 * x + 5 + shift).verdict == verdict

    @pytest.mark.parametrize(
        ("before", "after", "verdict"), [(4.3361, 4.7393, CONTRADICTED), (4.7393, 4.3361, REPRODUCED)]
    )
    def test_bias_deviates_more(self, before: float, after: float, verdict: str) -> None:
        """The notebook's bias came nearer to 5 with more noise; the other way round the claim would hold."""
        assert noise_audit.deviates_more("bias", 5, before, after).verdict == verdict

    @pytest.mark.parametrize(
        ("noisy", "verdict"),
        [
            (0.95, CONTRADICTED),
            (0.95001, CONTRADICTED),
            (0.951, INDISTINGUISHABLE),
            (0.97, REPRODUCED),
            (0.93, CONTRADICTED),
            (float("nan"), NOT_MEASURED),
        ],
    )
    def test_slower(self, noisy: float, verdict: str) -> None:
        """An equal or faster rate contradicts, a change as large as that of the order is noise, a larger one slows."""
        rates = {"repeated": np.array([0.949, 0.950, 0.951]), "reshuffled": np.array([0.949, 0.950, 0.951])}
        assert noise_audit.slower(0.95, noisy, rates).verdict == verdict

    @pytest.mark.parametrize(
        ("scale", "verdict"), [(5, REPRODUCED), (1.05, INDISTINGUISHABLE), (0.1, CONTRADICTED), (np.nan, NOT_MEASURED)]
    )
    def test_smoothness(self, scale: float, verdict: str) -> None:
        """Five times the scatter of the losses is less smooth, a tenth is smoother, about the same is the same."""
        losses = np.random.default_rng(0).normal(size=100)
        assert noise_audit.less_smooth(losses, scale * losses).verdict == verdict

    @pytest.mark.parametrize("losses", [np.ones(100), np.arange(3.0)], ids=["constant", "three epochs"])
    def test_smoothness_of_no_curve(self, losses: Any) -> None:
        """Losses that never change, or are few, have no scatter to compare."""
        assert noise_audit.less_smooth(losses, losses).verdict == NOT_MEASURED

    @pytest.mark.parametrize(
        ("pace", "verdict"), [(0.5, REPRODUCED), (0.9, INDISTINGUISHABLE), (0.95, CONTRADICTED), (np.nan, NOT_MEASURED)]
    )
    def test_plateau(self, pace: float, verdict: str) -> None:
        """The curve that comes down sooner has its plateau earlier."""
        epochs = np.arange(100)
        clean, noisy = (1 + 0.1 * np.sin(epochs) + 50 * rate**epochs for rate in (0.9, pace))
        assert noise_audit.earlier_plateau(clean, noisy).verdict == verdict


class TestIris:
    """Exercise 2."""

    @pytest.mark.parametrize(("accuracy", "verdict"), [(0.8, REPRODUCED), (0.3, CONTRADICTED), (1.0, CONTRADICTED)])
    def test_accuracy(self, accuracy: float, verdict: str) -> None:
        """80 % is within what correct trainings reach; 30 % and 100 % are not."""
        assert iris_audit.reachable("relu10", accuracy).verdict == verdict

    @pytest.mark.parametrize(("accuracy", "verdict"), [(0.8, REPRODUCED), (0.4, CONTRADICTED)])
    def test_better_than_guessing(self, accuracy: float, verdict: str) -> None:
        """36 of 45 are more than chance among three kinds, 18 of 45 are not."""
        assert iris_audit.better_than_guessing(accuracy, np.eye(3)[np.arange(45) % 3]).verdict == verdict

    @pytest.mark.parametrize(
        ("metric", "direction", "verdict"),
        [
            ("training_loss", iris_audit.LESS, REPRODUCED),
            ("training_loss", iris_audit.MORE, CONTRADICTED),
            ("test_accuracy", iris_audit.MORE, INDISTINGUISHABLE),
        ],
    )
    def test_fifty_units(self, metric: str, direction: str, verdict: str) -> None:
        """50 units always learn the training part better, and are more accurate half of the time."""
        assert iris_audit.in_pairs(iris_audit.UNITS, metric, direction, "told").verdict == verdict

    @pytest.mark.parametrize(
        ("training", "verdict"), [(0.2, REPRODUCED), (0.0, INDISTINGUISHABLE), (-0.2, CONTRADICTED)]
    )
    def test_overfitting(self, monkeypatch: pytest.MonkeyPatch, training: float, verdict: str) -> None:
        """Training accuracy that rises far beyond its scatter while test accuracy stays overfits."""
        sample = {"training_accuracy": {"mean": training, "sd": 0.03}, "test_accuracy": {"mean": 0.0, "sd": 0.04}}
        monkeypatch.setattr(iris_audit, "differences", lambda pair: [sample])
        assert iris_audit.wider_gap("pair", "told").verdict == verdict


@pytest.mark.usefixtures("recorded_trainings")
class TestMnist:
    """Exercise 3, by made-up records and timings."""

    @pytest.mark.parametrize(
        ("name", "verdict"),
        [
            ("3.2-accuracy", CONTRADICTED),  # the records' accuracy with dropout is that without
            ("3.2-text", CONTRADICTED),
            ("3.2-improved", INDISTINGUISHABLE),
            ("3.2-overfitting", REPRODUCED),
            ("3.2-co-adaptation", NOT_MEASURED),
            ("3.2-last-loss", REPRODUCED),
        ],
    )
    def test_dropout(self, name: str, verdict: str) -> None:
        """Dropout that narrows the gap and leaves the accuracy does what is said of the one and not of the other."""
        assert verdict_of("3.2", name, MadeUp()) == verdict

    @pytest.mark.parametrize(("key", "verdict"), [("mnist", CONTRADICTED), ("mnist_dropout", REPRODUCED)])
    def test_dropout_that_matters(self, monkeypatch: pytest.MonkeyPatch, key: str, verdict: str) -> None:
        """Were the accuracy always higher with dropout, the claim would hold; were it always lower, it would not."""
        records = tuple(record(number) for number in range(30))
        for one in records:
            one[key]["test_accuracy"] += 0.01
        monkeypatch.setattr(mnist_audit, "trainings", lambda is_mnist: records)
        assert verdict_of("3.2", "3.2-improved", MadeUp()) == verdict

    def test_question_is_not_condemned_by_a_slip(self) -> None:
        """97.68 % is contradicted, and the question is what its claim about dropout is."""
        judged = audit.audited("3.2", mnist_audit.dropout_claims, MadeUp())
        assert judged["verdict"] == INDISTINGUISHABLE
        assert "97.68 % with dropout" in judged["reason"]

    def test_figure_that_no_record_has(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Evidence recorded without the last epoch leaves its figures not measured."""
        bare = {"mnist": {"test_accuracy": 0.97}}
        monkeypatch.setattr(mnist_audit, "trainings", lambda is_mnist: (bare, bare))
        assert verdict_of("3.1", "3.1-last-loss", MadeUp()) == NOT_MEASURED

    @pytest.mark.parametrize(
        ("seconds_at_128", "verdict"),
        [((0.1, 0.2), REPRODUCED), ((0.4, 0.55), INDISTINGUISHABLE), ((0.7, 0.8), CONTRADICTED)],
    )
    def test_time_falls(self, seconds_at_128: tuple[float, ...], verdict: str) -> None:
        """Time falls if no round at 128 is as slow as one at 16, and rises if none is as quick."""
        assert verdict_of("3.3", "3.3-falls", MadeUp(timed=TIMED | {128: seconds_at_128})) == verdict

    def test_time_without_benchmark(self) -> None:
        """Under xdist nothing is timed, so nothing is said about times; accuracies are judged all the same."""
        runs = MadeUp(timed={})
        assert [verdict_of("3.3", f"3.3-{name}", runs) for name in ("falls", "accuracy-64")] == [
            NOT_MEASURED,
            REPRODUCED,
        ]

    @pytest.mark.parametrize("size", mnist_audit.BATCH_SIZES)
    def test_seconds_of_another_machine(self, size: int) -> None:
        """No second is judged."""
        assert verdict_of("3.3", f"3.3-seconds-{size}", MadeUp()) == NOT_MEASURED

    @pytest.mark.parametrize(
        ("size", "verdict"), [(64, REPRODUCED), (16, CONTRADICTED)], ids=["always best", "never best"]
    )
    def test_best_batch_size(self, size: int, verdict: str) -> None:
        """A size that is always the best is so by more than chance, and one that never is, by less."""
        assert mnist_audit.best_at(size, np.tile([0.1, 0.2, 0.9, 0.3], (30, 1))).verdict == verdict

    @pytest.mark.parametrize(("change", "verdict"), [(0.0, REPRODUCED), (1.0, CONTRADICTED)])
    def test_impact_of_the_batch_size(self, change: float, verdict: str) -> None:
        """Sizes that scatter alike have no impact; one that is better in every training has."""
        accuracies = np.random.default_rng(0).normal(size=(30, 4)) + change * np.array([0, 0, 0, 9])
        assert mnist_audit.hardly_affected(accuracies).verdict == verdict

    @pytest.mark.parametrize(("lowest", "verdict"), [(0.9730, REPRODUCED), (0.9700, CONTRADICTED)])
    def test_range_in_the_text(self, lowest: float, verdict: str) -> None:
        """The range is that of the figures that were printed."""
        assert mnist_audit.own_range([lowest, 0.9747, 0.9760], 0.9730, 0.9760).verdict == verdict

    @pytest.mark.parametrize(
        ("gain", "verdict"), [(0.0044, INDISTINGUISHABLE), (0.02, REPRODUCED), (-0.02, CONTRADICTED)]
    )
    def test_gain_beyond_luck(self, gain: float, verdict: str) -> None:
        """A gain inside the scatter of pairs demonstrates nothing."""
        assert mnist_audit.beyond_luck(gain, np.resize([0.003, -0.003], 30)).verdict == verdict


@pytest.mark.usefixtures("recorded_trainings")
class TestSaving:
    """Exercise 4, by made-up files and records."""

    @pytest.mark.parametrize(("change", "verdict"), [(0.0, REPRODUCED), (1e-6, REPRODUCED), (1e-3, CONTRADICTED)])
    def test_identical(self, change: float, verdict: str) -> None:
        """Predictions are identical to the notebook's own tolerance of 1e-5."""
        other = replace(SAVED, predictions_after=PREDICTIONS + change)
        assert saving_audit.identical([SAVED, other], 1e-5).verdict == verdict

    @pytest.mark.parametrize(("changed", "verdict"), [(False, REPRODUCED), (True, CONTRADICTED)])
    def test_architecture(self, changed: bool, verdict: str) -> None:
        """The architecture is preserved if the layers are, whatever becomes of the optimizer."""
        structure = replace(BARE, layers=({"class": "Dense"},)) if changed else BARE
        runs = MadeUp()
        runs.file = replace(SAVED, structure_after=structure)
        assert verdict_of("4.1", "4.1-preserved", runs) == verdict

    @pytest.mark.parametrize(("found", "verdict"), [(0, REPRODUCED), (3, CONTRADICTED)])
    def test_established(self, found: int, verdict: str) -> None:
        """A claim that a check establishes holds if the check does."""
        assert saving_audit.established(equal("weights that changed", found, 0, "a file")).verdict == verdict

    @pytest.mark.parametrize(("structure", "verdict"), [(BARE, REPRODUCED), (COMPILED, CONTRADICTED)])
    def test_compiled_again(self, structure: Structure, verdict: str) -> None:
        """A model that comes back with loss and optimizer needs no compiling."""
        assert saving_audit.uncompiled(replace(SAVED, structure_after=structure)).verdict == verdict

    @pytest.mark.parametrize(("change", "verdict"), [(0.0, REPRODUCED), (0.02, CONTRADICTED)])
    def test_resumed_accuracies(self, monkeypatch: pytest.MonkeyPatch, change: float, verdict: str) -> None:
        """One accuracy of four that no recorded training reaches contradicts them together."""
        records = tuple(record(number) for number in range(30))
        for one in records:
            one["mnist_resumed_without_optimizer"]["val_accuracy"][1] += change
        monkeypatch.setattr(mnist_audit, "trainings", lambda is_mnist: records)
        assert verdict_of("4.3", "4.3-resumed", MadeUp()) == verdict

    @pytest.mark.parametrize(
        ("lost", "verdict"), [(-0.001, REPRODUCED), (0.0, INDISTINGUISHABLE), (0.001, CONTRADICTED)]
    )
    def test_slower_without_the_state(self, monkeypatch: pytest.MonkeyPatch, lost: float, verdict: str) -> None:
        """Resumed training is slower if its first epoch ends lower in almost every recorded pair."""
        records = tuple(record(number) for number in range(30))
        for one in records:
            one["mnist_resumed_without_optimizer"]["accuracy"][0] += lost
        monkeypatch.setattr(mnist_audit, "trainings", lambda is_mnist: records)
        assert verdict_of("4.3", "4.3-slower", MadeUp()) == verdict
