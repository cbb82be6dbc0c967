"""Exercises 3 and 4 held against evidence: real trainings of the same models, on MNIST or on the stand-in."""

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.run import Run
from tests.checks.classification import accuracy_on_test, generalisation_gap, training_loss, validation_accuracy
from tests.checks.facts import FALSE_ALARM, Fact, at_least, inside
from tests.reference.evidence import EVIDENCE, prediction_bounds

Record = dict[str, Any]


@lru_cache(maxsize=2)
def trainings(is_mnist: bool) -> tuple[Record, ...]:
    """One record a seed, as `python -m tests.reference.calibrate mnist` wrote them."""
    path = EVIDENCE / ("mnist.jsonl" if is_mnist else "standin.jsonl")
    return tuple(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def sample(is_mnist: bool, figure: Callable[[Record], float]) -> NDArray[np.float64]:
    """One figure of every recorded training: (seeds,)."""
    return np.array([figure(record) for record in trainings(is_mnist)])


def bounds(values: NDArray[np.float64]) -> tuple[float, float]:
    """What one further training leaves with probability `FALSE_ALARM`."""
    return prediction_bounds(float(values.mean()), float(values.std(ddof=1)), len(values), FALSE_ALARM)


def accuracy(run: Run, is_mnist: bool) -> Fact:
    """The test accuracy is at least what correct trainings reach."""
    values = sample(is_mnist, lambda record: record[run.name]["test_accuracy"])
    return at_least("test accuracy", accuracy_on_test(run).share, bounds(values)[0], evidence(values, is_mnist))


def loss_on_training_part(run: Run, is_mnist: bool) -> Fact:
    """The cross-entropy on the images trained on is where correct trainings bring it (judged on a log scale)."""
    values = np.log(sample(is_mnist, lambda record: record[run.name]["training_loss"]))
    low, high = (float(np.exp(end)) for end in bounds(values))
    return inside(
        "training loss after training",
        training_loss(run),
        low,
        high,
        evidence(values, is_mnist, "logarithm of the loss"),
    )


def reported_loss(run: Run, is_mnist: bool) -> Fact:
    """The loss that training reported of its last epoch is one that correct trainings report (on a log scale)."""
    values = np.log(sample(is_mnist, lambda record: record[run.name]["reported"]["loss"]))
    low, high = (float(np.exp(end)) for end in bounds(values))
    told = evidence(values, is_mnist, "logarithm of the loss")
    return inside("training loss reported of the last epoch", run.history["loss"][-1], low, high, told)


def gap_change(plain: Run, dropped: Run, is_mnist: bool) -> Fact:
    """Dropout changes the generalisation gap as it does in correct trainings: on MNIST it shrinks."""
    values = sample(is_mnist, lambda record: record["mnist_dropout"]["gap"] - record["mnist"]["gap"])
    low, high = bounds(values)
    change = generalisation_gap(dropped) - generalisation_gap(plain)
    return inside("change of the generalisation gap with dropout", change, low, high, evidence(values, is_mnist))


def accuracy_change(plain: Run, dropped: Run, is_mnist: bool) -> Fact:
    """Dropout changes the test accuracy as it does in correct trainings: hardly."""
    values = sample(
        is_mnist, lambda record: record["mnist_dropout"]["test_accuracy"] - record["mnist"]["test_accuracy"]
    )
    low, high = bounds(values)
    change = accuracy_on_test(dropped).share - accuracy_on_test(plain).share
    return inside("change of the test accuracy with dropout", change, low, high, evidence(values, is_mnist))


def resumed_accuracy(run: Run, is_mnist: bool) -> Fact:
    """The validation accuracy after the two resumed epochs is at least what correct trainings reach."""
    values = sample(is_mnist, lambda record: record[run.name]["val_accuracy"][-1])
    statement = "validation accuracy after two resumed epochs"
    return at_least(statement, validation_accuracy(run), bounds(values)[0], evidence(values, is_mnist))


def evidence(values: NDArray[np.float64], is_mnist: bool, of: str = "the same") -> str:
    """Where a bound comes from."""
    name = "mnist" if is_mnist else "standin"
    return (
        f"prediction interval (Student's t) of {of} in {len(values)} trainings, {values.mean():.4f} ± "
        f"{values.std(ddof=1):.4f} (tests/reference/evidence/{name}.jsonl); false alarms {FALSE_ALARM:g}"
    )
