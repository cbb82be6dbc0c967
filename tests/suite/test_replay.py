"""The replay: the oracle's own training passes it, and each way of training otherwise, or of reporting it, fails."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from lab.recipes import Recipe
from lab.run import Arrays, Visits
from tests.reference.oracle import glorot_uniform, loss_of, predict
from tests.reference.replay import CLASSES, FEATURE_SCALE, LINE, same_training, true_history
from tests.reference.step_check import oracle_path

EPOCHS, BATCH, TRAINED_ON, SAMPLES = 4, 4, 10, 14
RECIPE = Recipe(EPOCHS, BATCH, 1 - TRAINED_ON / SAMPLES)
Changed = Callable[[np.ndarray], np.ndarray]


def right(outputs: int, targets: Changed = lambda y: y, validated_at_once: int = SAMPLES) -> Visits:
    """A training of four epochs as the oracle does it, on changed targets perhaps, kept in float32.

    Its validation figures are means over batches of so many samples.
    """
    generator = np.random.default_rng(0)
    x = np.zeros((SAMPLES, 2))
    x[:, 0] = np.arange(SAMPLES)
    y = x[:, :1] % 7 / 7 if outputs == 1 else np.eye(outputs)[np.arange(SAMPLES) % outputs]
    orders = [generator.permutation(TRAINED_ON) for _ in range(EPOCHS)]
    batches = tuple(tuple(map(int, part)) for order in orders for part in np.split(order, [BATCH, 2 * BATCH]))
    start = tuple(part[0].astype(np.float32) for part in glorot_uniform((2, outputs), 1, generator))
    asked, learned = (LINE if outputs == 1 else CLASSES), targets(y)
    rows = [list(batch) for batch in batches]
    path = list(oracle_path(asked, start, [(x[batch] * FEATURE_SCALE, learned[batch]) for batch in rows]))

    def figures(parameters: Arrays, batch: list[int]) -> tuple[float, float]:
        predictions = predict(asked.network, parameters, x[batch] * FEATURE_SCALE)
        loss = loss_of(asked.network, predictions, learned[batch])
        return float(loss), float((predictions.argmax(axis=1) == learned[batch].argmax(axis=1)).mean())

    steps = np.array([figures(parameters, batch) for parameters, batch in zip(path, rows, strict=False)])
    sizes = np.array([len(batch) for batch in rows])
    epochs = (steps * sizes[:, None]).reshape(EPOCHS, -1, 2).sum(axis=1) / TRAINED_ON
    parts = np.split(np.arange(TRAINED_ON, SAMPLES), range(validated_at_once, SAMPLES - TRAINED_ON, validated_at_once))
    validated = np.array([np.mean([figures(end, list(part)) for part in parts], axis=0) for end in path[3::3]])
    names = ["loss", "accuracy", "val_loss", "val_accuracy"]
    history = dict(zip(names, map(tuple, np.hstack([epochs, validated]).T.tolist()), strict=True))
    if outputs == 1:
        history = {name: values for name, values in history.items() if "accuracy" not in name}
    end = tuple(part.astype(np.float32) for part in path[-1])
    return Visits(RECIPE, x, y, TRAINED_ON, batches, start, end, history)


both = pytest.mark.parametrize("outputs", [1, 3], ids=["line", "classes"])


@both
def test_right_training_passes(outputs: int) -> None:
    """The oracle agrees with itself but for float32's rounding."""
    assert (same_training(right(outputs)).holds, true_history(right(outputs)).holds) == (True, True)


@both
def test_other_targets_fail(outputs: int) -> None:
    """Two samples that learn each other's targets show in the weights."""
    assert not same_training(right(outputs, lambda y: y[[1, 0, *range(2, SAMPLES)]])).holds


@both
def test_weights_that_were_touched_fail(outputs: int) -> None:
    """A thousandth of the way is too far."""
    seen = right(outputs)
    moved = tuple(end + 0.001 * (end - start) for start, end in zip(seen.start, seen.end, strict=True))
    assert not same_training(replace(seen, end=moved)).holds


def test_weights_that_are_no_numbers_fail() -> None:
    """NaN is not near the oracle."""
    seen = right(3)
    assert not same_training(replace(seen, end=tuple(np.full_like(end, np.nan) for end in seen.end))).holds


@pytest.mark.parametrize(
    ("batches", "problem"),
    [
        ((), "there are none: nothing was trained"),
        (((-1, -1, 0),), "2 samples that training was not given"),
    ],
)
def test_batches_that_cannot_be_replayed_fail(batches: Any, problem: str) -> None:
    """Without batches of known samples nothing is known of the training."""
    seen = replace(right(3), batches=batches)
    for fact in (same_training(seen), true_history(seen)):
        assert (fact.holds, fact.measured) == (False, [problem])


def test_epochs_that_differ_in_length_have_no_history() -> None:
    """A history is one of equal epochs."""
    fact = true_history(replace(right(3), batches=right(3).batches[:-1]))
    assert (fact.holds, fact.measured) == (False, ["11 are no 4 equal epochs"])


@pytest.mark.parametrize("name", ["loss", "accuracy", "val_loss", "val_accuracy"])
@pytest.mark.parametrize("change", [lambda value: value + 0.0001, lambda value: float("nan")], ids=["flattered", "NaN"])
def test_one_false_figure_fails(name: str, change: Callable[[float], float]) -> None:
    """A ten-thousandth in one epoch is found, and the message names the figure."""
    seen = right(3)
    first, *rest = seen.history[name]
    fact = true_history(replace(seen, history={**seen.history, name: (change(first), *rest)}))
    assert (fact.holds, f"an epoch's {name} as reported" in fact.statement) == (False, True)


@pytest.mark.parametrize("name", ["loss", "val_loss", "val_accuracy"])
def test_missing_figures_fail(name: str) -> None:
    """Loss and validation figures must be there; the accuracy may be left out."""
    seen = right(3)
    kept = {key: values for key, values in seen.history.items() if key != name}
    fact = true_history(replace(seen, history=kept))
    assert (fact.holds, fact.measured) == (False, [name])


@both
@pytest.mark.parametrize(("at_once", "batch_size", "holds"), [(3, 3, True), (3, 4, False), (1, 3, True)])
def test_validation_over_batches_of_the_recipe(outputs: int, at_once: int, batch_size: int, holds: bool) -> None:
    """Keras before 3.2 averages the loss over batches, the last one smaller: over the recipe's, and no others."""
    seen = replace(right(outputs, validated_at_once=at_once), recipe=replace(RECIPE, batch_size=batch_size))
    assert true_history(seen).holds is holds


def test_accuracy_may_be_left_out() -> None:
    """The lab asks for no accuracy of the training part."""
    seen = right(3)
    assert true_history(replace(seen, history={k: v for k, v in seen.history.items() if k != "accuracy"})).holds


def test_loss_of_the_weights_at_an_epoch_s_end_passes() -> None:
    """A loop written by hand may measure when an epoch is over."""
    seen = right(1)
    rows = [(seen.x[list(batch)] * FEATURE_SCALE, seen.y[list(batch)]) for batch in seen.batches]
    path = list(oracle_path(LINE, seen.start, rows))
    x, y = seen.x[:TRAINED_ON] * FEATURE_SCALE, seen.y[:TRAINED_ON]
    after = tuple(float(loss_of(LINE.network, predict(LINE.network, end, x), y)) for end in path[3::3])
    assert all(later < earlier for earlier, later in pairwise(after))
    assert true_history(replace(seen, history={**seen.history, "loss": after})).holds


def test_ways_of_measuring_may_not_be_mixed() -> None:
    """Half of the epochs by one way and half by another are nobody's history."""
    seen = right(1)
    rows = [(seen.x[list(batch)] * FEATURE_SCALE, seen.y[list(batch)]) for batch in seen.batches]
    end = list(oracle_path(LINE, seen.start, rows))[3]
    x, y = seen.x[:TRAINED_ON] * FEATURE_SCALE, seen.y[:TRAINED_ON]
    mixed = (float(loss_of(LINE.network, predict(LINE.network, end, x), y)), *seen.history["loss"][1:])
    assert not true_history(replace(seen, history={**seen.history, "loss": mixed})).holds


def test_level_classes_count_either_way() -> None:
    """Where two classes are as likely, float32 may choose the other: both accuracies pass, a third does not."""
    seen = right(3)
    level = tuple(np.zeros_like(part) for part in seen.start)
    batch = tuple(range(TRAINED_ON))
    still = replace(seen, recipe=Recipe(1, TRAINED_ON), x=seen.x[:TRAINED_ON], batches=(batch,), start=level)
    for accuracy, holds in ((0.0, True), (1.0, True), (1.1, False)):
        history = {"loss": (float(np.log(3)),), "accuracy": (accuracy,)}
        assert true_history(replace(still, history=history)).holds is holds
