"""Exercise 2 held against evidence: NumPy replicas over many splits, starts and both shufflings."""

import math

from lab.run import Run
from tests.checks.boundary import STEP
from tests.checks.classification import training_loss
from tests.checks.facts import FALSE_ALARM, Fact, inside
from tests.checks.iris import run_boundary_length
from tests.reference.evidence import load_evidence

# Fitted tails reach beyond both; of 8,064 correct trainings none came near (highest loss 1.05, shortest boundary 5 cm).
KNOWS_NOTHING = 0.999 * math.log(3)  # nats: just below the loss of a model that gives each of three classes a third


def training_loss_in_range(run: Run) -> Fact:
    """The cross-entropy on the training part after training; never that of a model that knows nothing."""
    return _in_range("training loss after training", training_loss(run), run, "training_loss", highest=KNOWS_NOTHING)


def boundary_in_range(run: Run) -> Fact:
    """The length of the decision boundary."""
    return _in_range("length of the decision boundary in cm", run_boundary_length(run), run, "boundary_length", STEP)


def loss_difference_in_range(run: Run, first: Run) -> Fact:
    """The training loss minus that of the first model, 10 ReLU units, on the same split."""
    pair = f"{_kind(run)}-{_kind(first)}"
    low, high = bounds("differences", pair, "training_loss")
    difference = training_loss(run) - training_loss(first)
    return inside("training loss minus that of 10 ReLU units", difference, low, high, _evidence(pair))


def _in_range(
    statement: str, measured: float, run: Run, metric: str, lowest: float = 0.0, highest: float = math.inf
) -> Fact:
    low, high = bounds("configurations", _kind(run), metric)
    return inside(statement, measured, max(low, lowest), min(high, highest), _evidence(_kind(run)))


def bounds(section: str, name: str, metric: str) -> tuple[float, float]:
    """What a further correct training leaves with probability `FALSE_ALARM`, whichever way it shuffles."""
    ends = [shuffling[name][metric]["bounds"] for shuffling in load_evidence("iris")[section].values()]
    return min(low for low, _ in ends), max(high for _, high in ends)


def _kind(run: Run) -> str:
    return run.name.removeprefix("iris_")


def _evidence(name: str) -> str:
    number = load_evidence("iris")["configurations"]["reshuffled"]["relu10"]["training_loss"]["number"]
    return (
        f"fitted tails of {number:,} NumPy trainings of {name} under each shuffling "
        f"(tests/reference/evidence/iris.json); false alarms {FALSE_ALARM:g}"
    )
