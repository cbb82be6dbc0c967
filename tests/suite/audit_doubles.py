"""Made-up runs and records for the tests of the audit."""

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lab.run import FirstSteps, Run, SavedModel, Structure, Timing
from tests.reference import mnist_bounds
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


def use_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put thirty made-up records in the place of the evidence."""
    monkeypatch.setattr(mnist_bounds, "trainings", lambda is_mnist: tuple(record(number) for number in range(30)))


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

    def two_starts(self, name: str) -> tuple[Run, Run]:
        """The run, and the one that was restarted."""
        return self.run(name), self.run(f"{name}_restarted")

    def resumed_and_continued(self) -> tuple[Run, Run]:
        """The same run twice."""
        return self.run("mnist_resumed"), self.run("mnist_continued")

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
