"""The training probe: what it notes of right and wrong trainings, and what the checks make of it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lab.recipes import Recipe
from lab.run import Array, Visits
from tests.checks import visits as checks
from tests.reference.replay import same_training, true_history

pytestmark = pytest.mark.tensorflow

RECIPE = Recipe(3, 4, 0.25)
TRAINED_ON, SAMPLES = 6, 8


def visits(*batches: tuple[int, ...]) -> Visits:
    """Two samples of eight are held out of three epochs in batches of four."""
    x = np.arange(SAMPLES, dtype=float)[:, None]
    return Visits(RECIPE, x, x, TRAINED_ON, batches, start=(), end=(), history={})


RIGHT = visits((0, 1, 2, 3), (4, 5), (5, 4, 3, 2), (1, 0), (1, 3, 5, 0), (2, 4))


def test_right_training_passes() -> None:
    """Three epochs, each sample once in each, nothing of the validation part."""
    assert all(check(RIGHT).holds for check in (checks.steps, checks.every_sample_once))


@pytest.mark.parametrize(
    ("wrong", "check", "measured"),
    [
        (visits(*RIGHT.batches[:4]), checks.steps, ["2 of 4", "2 of 2"]),
        (visits((0, 1, 2, 3), (4, 5, 5, 4), (3, 2, 1, 0), (1, 3, 5, 0), (2, 4)), checks.steps, ["4 of 4", "1 of 2"]),
        (visits(*RIGHT.batches[:5]), checks.every_sample_once, 2),
        (visits((0, 0, 2, 3), (4, 5), *RIGHT.batches[2:]), checks.every_sample_once, 2),
        (visits((0, 1, 2, 3), (4, 7), *RIGHT.batches[2:]), checks.every_sample_once, 2),
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


def in_orders(orders: list[Array]) -> Visits:
    """A hundred epochs over 72 samples in batches of 32, as exercise 1's probe has them."""
    batches = [tuple(map(int, part)) for order in orders for part in np.split(order, [32, 64])]
    x = np.arange(72.0)[:, None]
    return Visits(Recipe(100, 32), x, x, 72, tuple(batches), start=(), end=(), history={})


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        (lambda draw: [draw.permutation(72) for _ in range(100)], ("reshuffled",)),
        (lambda draw: [draw.permutation(72)] * 100, ("reshuffled", "repeated")),
        (lambda draw: [np.arange(72)] * 100, ("reshuffled", "repeated")),
        (lambda draw: [np.r_[draw.permutation(64), 64:72] for _ in range(100)], ("reshuffled", "repeated")),
    ],
    ids=["reshuffled", "repeated", "data's own", "all but the last reshuffled"],
)
def test_shufflings(orders: Callable[[np.random.Generator], list[Array]], expected: tuple[str, ...]) -> None:
    """Only where all samples take turns in the last batch is a training held against reshuffled ones alone."""
    assert checks.shufflings(in_orders(orders(np.random.default_rng(0)))) == expected


def test_another_recipe_fails() -> None:
    """90 epochs are not 100."""
    assert not checks.recipe_is(Recipe(90, 32), Recipe(100, 32)).holds


def by_fit(model: Any, x: Array, y: Array, recipe: Recipe) -> Any:
    return model.fit(x, y, epochs=recipe.epochs, batch_size=recipe.batch_size, validation_split=0.25, verbose=0).history


def by_lab(model: Any, x: Array, y: Array, recipe: Recipe) -> Any:
    import lab

    return lab.train(model, x, y, recipe)


def by_hand(model: Any, x: Array, y: Array, recipe: Recipe) -> Any:
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
    return {}


def witnessed(train: Callable[..., Any], features: int = 1, outputs: int = 1, calls: int = 1) -> Visits:
    """What a new witness sees of `train`."""
    from tests.submissions.witness import witness_model, witnessed_training

    return witnessed_training(witness_model(features, outputs), train, RECIPE, calls)


def complaints(seen: Visits) -> list[str]:
    facts = [check(seen) for check in (checks.steps, checks.every_sample_once)]
    return [fact.message() for fact in facts if not fact.holds]


@pytest.mark.parametrize("train", [by_fit, by_lab, by_hand])
@pytest.mark.parametrize("traced_from", [1, 1000], ids=["traced", "one by one"])
def test_witness_sees_what_is_trained_on(
    monkeypatch: pytest.MonkeyPatch, train: Callable[..., Any], traced_from: int
) -> None:
    """In `fit`, in the lab's loop and in one by hand, all that is trained on is noted and nothing else."""
    monkeypatch.setattr("lab.compilation.TRACING_REPAYS_FROM_STEPS", traced_from)
    assert complaints(witnessed(train, 3, 2)) == []


@pytest.mark.parametrize("outputs", [1, 3], ids=["line", "classes"])
@pytest.mark.parametrize("train", [by_fit, by_lab])
def test_witness_is_trained_as_the_oracle_is(train: Callable[..., Any], outputs: int) -> None:
    """Keras's own training, and the lab's, end at the oracle's weights and report its figures."""
    seen = witnessed(train, 2, outputs)
    assert [fact.message() for fact in (same_training(seen), true_history(seen)) if not fact.holds] == []


def test_witness_goes_on_in_a_second_call() -> None:
    """The optimizer's state is kept from one call to the next, and the recipe that is judged has both."""
    seen = witnessed(by_lab, 2, 3, calls=2)
    assert (seen.recipe.epochs, len(seen.history["loss"]), complaints(seen)) == (6, 6, [])
    assert same_training(seen).holds


def test_witness_sees_xla_s_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled by XLA the notes and the weights are the same."""
    for name in ("TRACING_REPAYS_FROM_STEPS", "XLA_REPAYS_FROM_STEPS"):
        monkeypatch.setattr(f"lab.compilation.{name}", 1)
    seen = witnessed(by_lab)
    assert (complaints(seen), same_training(seen).holds) == ([], True)


def test_data_that_was_changed_is_seen() -> None:
    """Samples that a training scales are none of those which it was given."""
    assert complaints(witnessed(lambda model, x, y, recipe: by_fit(model, x / 255, y, recipe)))


def test_more_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A training that never seems to end is noted as far as there is room, and fails."""
    monkeypatch.setattr("tests.submissions.witness.CAPACITY", 50)
    seen = witnessed(lambda model, x, y, recipe: by_fit(model, x, y, Recipe(20, 4, 0.25)))
    assert (sum(map(len, seen.batches)), checks.steps(seen).holds) == (50, False)


def test_training_nothing_is_no_step() -> None:
    """A train that trains nothing took no batch, not an empty one."""
    seen = witnessed(lambda *_: {})
    assert (seen.batches, checks.steps(seen).holds, same_training(seen).holds) == ((), False, False)


def test_numbered_data_is_numbered() -> None:
    """The first feature is the sample's number, the rest is zero, and neighbours have different targets."""
    from tests.submissions.witness import numbered_data

    for outputs in (1, 10):
        x, y, trained_on = numbered_data(Recipe(1, 32, 0.1), 784, outputs)
        assert np.array_equal(x[:, 0], np.arange(len(x)))
        assert (y[1:] != y[:-1]).any(axis=1).all()
        assert (x[:, 1:].any(), y.shape, trained_on % 32 > 0) == (False, (len(x), outputs), True)
