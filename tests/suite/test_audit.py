"""The judge of each claim of the original notebook can come to more than one verdict."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lab.datasets import line_data
from lab.run import Structure
from tests.checks.facts import equal
from tests.reference import mnist_bounds
from tests.reference.linear_bounds import reference_on
from tests.reference.verdicts import CONTRADICTED, INDISTINGUISHABLE, NOT_MEASURED, REPRODUCED
from tests.reporting import audit
from tests.reporting.answers import iris_audit, linear_audit, mnist_audit, noise_audit, saving_audit
from tests.suite.audit_doubles import (
    BARE,
    COMPILED,
    PREDICTIONS,
    SAVED,
    TIMED,
    MadeUp,
    record,
    use_records,
    verdict_of,
)


@pytest.fixture
def recorded_trainings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made-up records in the place of the evidence."""
    use_records(monkeypatch)


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
        monkeypatch.setattr(mnist_bounds, "trainings", lambda is_mnist: records)
        assert verdict_of("3.2", "3.2-improved", MadeUp()) == verdict

    def test_question_is_not_condemned_by_a_slip(self) -> None:
        """97.68 % is contradicted, and the question is what its claim about dropout is."""
        judged = audit.audited("3.2", mnist_audit.dropout_claims, MadeUp())
        assert judged["verdict"] == INDISTINGUISHABLE
        assert "97.68 % with dropout" in judged["reason"]

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
        monkeypatch.setattr(mnist_bounds, "trainings", lambda is_mnist: records)
        assert verdict_of("4.3", "4.3-resumed", MadeUp()) == verdict

    @pytest.mark.parametrize(
        ("lost", "verdict"), [(-0.001, REPRODUCED), (0.0, INDISTINGUISHABLE), (0.001, CONTRADICTED)]
    )
    def test_slower_without_the_state(self, monkeypatch: pytest.MonkeyPatch, lost: float, verdict: str) -> None:
        """Resumed training is slower if its first epoch ends lower in almost every recorded pair."""
        records = tuple(record(number) for number in range(30))
        for one in records:
            one["mnist_resumed_without_optimizer"]["accuracy"][0] += lost
        monkeypatch.setattr(mnist_bounds, "trainings", lambda is_mnist: records)
        assert verdict_of("4.3", "4.3-slower", MadeUp()) == verdict
