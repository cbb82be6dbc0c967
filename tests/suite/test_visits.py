"""The training probe: what it notes of right and wrong trainings, and what the checks make of it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lab.recipes import Recipe
from lab.run import Array, Visits
from tests.checks import visits as checks

RECIPE = Recipe(3, 4, 0.25)
TRAINED_ON, SAMPLES = 6, 8


def visits(*batches: tuple[int, ...]) -> Visits:
    """Two samples of eight are held out of three epochs in batches of four."""
    return Visits(RECIPE, SAMPLES, TRAINED_ON, batches)


RIGHT = visits((0, 1, 2, 3), (4, 5), (5, 4, 3, 2), (1, 0), (1, 3, 5, 0), (2, 4))


def test_right_training_passes() -> None:
    """Three epochs, each sample once in each, nothing of the validation part."""
    assert all(check(RIGHT).holds for check in (checks.steps, checks.every_sample_once, checks.validation_held_out))


@pytest.mark.parametrize(
    ("wrong", "check", "measured"),
    [
        (visits(*RIGHT.batches[:4]), checks.steps, ["2 of 4", "2 of 2"]),
        (visits((0, 1, 2, 3), (4, 5, 5, 4), (3, 2, 1, 0), (1, 3, 5, 0), (2, 4)), checks.steps, ["4 of 4", "1 of 2"]),
        (visits(*RIGHT.batches[:5]), checks.every_sample_once, 2),
        (visits((0, 0, 2, 3), (4, 5), *RIGHT.batches[2:]), checks.every_sample_once, 2),
        (visits((0, 1, 2, 3), (4, 7), *RIGHT.batches[2:]), checks.validation_held_out, 1),
        (visits((-1, -1, -1, -1), (-1, -1)), checks.every_sample_once, 0),
    ],
    ids=["epoch less", "batches of another size", "last batch dropped", "sample twice", "validation", "other data"],
)
def test_wrong_training_fails(wrong: Visits, check: Callable[[Visits], Any], measured: Any) -> None:
    """Each defect fails, and the message counts it."""
    fact = check(wrong)
    assert (fact.holds, fact.measured) == (False, measured)


@pytest.mark.parametrize(
    ("batches", "order"),
    [
        (RIGHT.batches, "the order is reshuffled"),
        ([(1, 0, 2, 3), (4, 5)] * 3, "one order is repeated"),
        ([(0, 1, 2, 3), (4, 5)] * 3, "the order is the data's own"),
    ],
)
def test_order_is_told(batches: Any, order: str) -> None:
    """How the order changes is told; none of the three is wrong."""
    assert checks.order_of(visits(*batches)) == order


def test_another_recipe_fails() -> None:
    """90 epochs are not 100."""
    assert not checks.recipe_is(Recipe(90, 32), Recipe(100, 32)).holds


def by_fit(model: Any, x: Array, y: Array, recipe: Recipe) -> None:
    model.fit(x, y, epochs=recipe.epochs, batch_size=recipe.batch_size, validation_split=0.25, verbose=0)


def by_lab(model: Any, x: Array, y: Array, recipe: Recipe) -> None:
    import lab

    lab.train(model, x, y, recipe)


def by_hand(model: Any, x: Array, y: Array, recipe: Recipe) -> None:
    import tensorflow as tf

    count = int(len(x) * (1 - recipe.validation_split))
    for _ in range(recipe.epochs):
        for first in range(0, count, recipe.batch_size):
            batch = slice(first, min(first + recipe.batch_size, count))
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((model(x[batch], training=True) - y[batch]) ** 2)
            slopes = tape.gradient(loss, model.trainable_variables)
            model.optimizer.apply_gradients(zip(slopes, model.trainable_variables, strict=True))
        model(x[count:])  # a forward pass is no training


@pytest.mark.parametrize("train", [by_fit, by_lab, by_hand])
@pytest.mark.parametrize("traced_from", [1, 1000], ids=["traced", "one by one"])
def test_witness_sees_what_is_trained_on(
    monkeypatch: pytest.MonkeyPatch, train: Callable[..., None], traced_from: int
) -> None:
    """In `fit`, in the lab's loop and in one by hand, all that is trained on is noted and nothing else."""
    from tests.submissions.witness import numbered_data, visits_of, witness_model

    monkeypatch.setattr("lab.compilation.TRACING_REPAYS_FROM_STEPS", traced_from)
    x, y, trained_on = numbered_data(RECIPE, 3, 2)
    model = witness_model(3, 2)
    train(model, x, y, RECIPE)
    seen = visits_of(model, RECIPE, len(x), trained_on)
    facts = [check(seen) for check in (checks.steps, checks.every_sample_once, checks.validation_held_out)]
    assert [fact.message() for fact in facts if not fact.holds] == []


def test_witness_sees_xla_s_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled by XLA the notes are the same."""
    import lab
    from tests.submissions.witness import numbered_data, visits_of, witness_model

    for name in ("TRACING_REPAYS_FROM_STEPS", "XLA_REPAYS_FROM_STEPS"):
        monkeypatch.setattr(f"lab.compilation.{name}", 1)
    x, y, trained_on = numbered_data(RECIPE, 1, 1)
    model = witness_model(1, 1)
    lab.train(model, x, y, RECIPE)
    assert checks.every_sample_once(visits_of(model, RECIPE, len(x), trained_on)).holds


def test_data_that_was_changed_is_seen() -> None:
    """Samples that a training scales are none of those which it was given."""
    from tests.submissions.witness import numbered_data, visits_of, witness_model

    x, y, trained_on = numbered_data(RECIPE, 1, 1)
    model = witness_model(1, 1)
    by_fit(model, x / 255, y, RECIPE)
    assert not checks.every_sample_once(visits_of(model, RECIPE, len(x), trained_on)).holds


def test_more_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A training that never seems to end is noted as far as there is room, and fails."""
    from tests.submissions import witness

    monkeypatch.setattr(witness, "CAPACITY", 50)
    x, y, trained_on = witness.numbered_data(RECIPE, 1, 1)
    model = witness.witness_model(1, 1)
    by_fit(model, x, y, Recipe(20, 4, 0.25))
    seen = witness.visits_of(model, RECIPE, len(x), trained_on)
    assert (sum(map(len, seen.batches)), checks.steps(seen).holds) == (50, False)


def test_training_nothing_is_no_step() -> None:
    """A train that trains nothing took no batch, not an empty one."""
    from tests.submissions.witness import numbered_data, visits_of, witness_model

    x, _, trained_on = numbered_data(RECIPE, 1, 1)
    seen = visits_of(witness_model(1, 1), RECIPE, len(x), trained_on)
    assert (seen.batches, checks.steps(seen).holds) == ((), False)


def test_witness_forgets() -> None:
    """A second training with the same witness is noted alone."""
    from tests.submissions.witness import numbered_data, visits_of, witness_model

    x, y, trained_on = numbered_data(RECIPE, 1, 1)
    model = witness_model(1, 1)
    by_fit(model, x, y, RECIPE)
    model.layers[0].forget()
    by_fit(model, x, y, RECIPE)
    assert checks.steps(visits_of(model, RECIPE, len(x), trained_on)).holds


def test_numbered_data_is_numbered() -> None:
    """The first feature is the sample's number, and the rest is zero."""
    from tests.submissions.witness import numbered_data

    x, y, trained_on = numbered_data(Recipe(1, 32, 0.1), 784, 10)
    assert np.array_equal(x[:, 0], np.arange(len(x)))
    assert (x[:, 1:].any(), y.sum(), trained_on % 32 > 0) == (False, len(x), True)
