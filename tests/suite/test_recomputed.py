"""Nothing reported is believed: predictions, losses and validation figures are calculated again."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from lab.recipes import Recipe
from lab.run import Dataset, Run, Structure
from tests.checks.classification import EPSILON, UNCLIPPED, cross_entropy, hits
from tests.reference import recomputed
from tests.reference.oracle import Network, glorot_uniform, predict

NETWORK = Network(("relu", "softmax"), "categorical_crossentropy")


def honest_run() -> Run:
    """A run of a random network, whose predictions and history are its weights'."""
    draws = np.random.default_rng(3)
    weights = tuple(part[0] for part in glorot_uniform((4, 6, 3), 1, draws))
    x, y = draws.normal(size=(100, 4)), np.eye(3)[draws.integers(0, 3, 100)]
    outputs = predict(NETWORK, weights, x)
    held_out = slice(80, 100)
    history = {
        "loss": (cross_entropy(outputs[:80], y[:80]) * 1.002,),
        "val_loss": (cross_entropy(outputs[held_out], y[held_out]),),
        "val_accuracy": (float(hits(outputs[held_out], y[held_out]).mean()),),
    }
    data = Dataset(x, y, x[:50], y[:50])
    return Run(
        "iris_relu10",
        0,
        Recipe(1, 10, 0.2),
        data,
        Structure((), {}, ""),
        (),
        weights,
        history,
        outputs,
        outputs[:50],
        0.0,
    )


HONEST = honest_run()


def test_honest_run_passes() -> None:
    """What a run says of itself is what its weights say."""
    facts = [
        recomputed.predictions(HONEST, NETWORK),
        recomputed.reported_loss(HONEST),
        recomputed.validation_figures(HONEST),
    ]
    assert [fact.message() for fact in facts if not fact.holds] == []


def test_outputs_of_other_weights_fail() -> None:
    """Predictions that the weights do not make are told."""
    other = replace(HONEST, test_predictions=HONEST.test_predictions[::-1])
    assert not recomputed.predictions(other, NETWORK).holds


def test_another_activation_fails() -> None:
    """The same weights under sigmoid predict otherwise."""
    assert not recomputed.predictions(HONEST, Network(("sigmoid", "softmax"), "categorical_crossentropy")).holds


def test_other_layers_are_told_by_their_shapes() -> None:
    """A forward pass that cannot be made is a fact, not a crash."""
    fact = recomputed.predictions(replace(HONEST, weights=HONEST.weights[:2]), NETWORK)
    assert (fact.holds, fact.measured) == (False, [[4, 6], [6]])


@pytest.mark.parametrize("factor", [0.5, 0.98, 1.05, float("nan")])
def test_invented_loss_fails(factor: float) -> None:
    """A reported loss that is not the weights' fails, by as little as 3 %."""
    invented = replace(HONEST, history={**HONEST.history, "loss": (HONEST.history["loss"][-1] * factor,)})
    assert not recomputed.reported_loss(invented).holds


@pytest.mark.parametrize(("name", "added"), [("val_loss", 0.001), ("val_accuracy", 0.05)])
def test_invented_validation_fails(name: str, added: float) -> None:
    """Validation figures are exact: one sample more is seen."""
    invented = replace(HONEST, history={**HONEST.history, name: (HONEST.history[name][-1] + added,)})
    assert not recomputed.validation_figures(invented).holds


@pytest.mark.parametrize("epsilon", [EPSILON, UNCLIPPED])
def test_either_way_of_keras_is_right(epsilon: float) -> None:
    """A confident error costs 16 nats where Keras clips probabilities and more where it knows the logits."""
    outputs = HONEST.train_predictions.copy()
    outputs[90] = np.where(HONEST.data.y_train[90] == 1, 1e-12, 0.5)
    loss = cross_entropy(outputs[80:], HONEST.data.y_train[80:], epsilon)
    accuracy = float(hits(outputs[80:], HONEST.data.y_train[80:]).mean())
    run = replace(HONEST, train_predictions=outputs, history={"val_loss": (loss,), "val_accuracy": (accuracy,)})
    assert recomputed.validation_figures(run).holds


def test_missing_validation_is_named() -> None:
    """A history without validation says which figures it lacks."""
    fact = recomputed.validation_figures(replace(HONEST, history={"loss": HONEST.history["loss"]}))
    assert (fact.holds, fact.measured) == (False, ["val_loss", "val_accuracy"])


def unweighted(size: int, order: np.ndarray) -> Run:
    """HONEST as Keras 3.0 reports it: losses are means over batches, in this order of the samples trained on."""
    outputs, targets = HONEST.train_predictions, HONEST.data.y_train
    losses = [cross_entropy(outputs[batch], targets[batch]) for batch in np.split(order, range(size, 80, size))]
    held_out = recomputed.mean_over_batches(outputs[80:], targets[80:], size, EPSILON)
    history = {**HONEST.history, "loss": (float(np.mean(losses)) * 1.002,), "val_loss": (held_out,)}
    return replace(HONEST, history=history, recipe=Recipe(1, size, 0.2), loss_weighs_samples=False)


@pytest.mark.parametrize("size", [10, 19, 32])
def test_mean_over_batches_is_right_where_keras_makes_it(size: int) -> None:
    """A loss averaged over batches, the last one smaller, passes on a Keras that reports such losses."""
    run = unweighted(size, np.arange(80))
    assert recomputed.reported_loss(run).holds
    assert recomputed.validation_figures(run).holds
    if size == 19:
        assert not recomputed.validation_figures(replace(run, loss_weighs_samples=True)).holds


def test_luck_of_the_last_batch_is_the_scatter_of_shuffled_orders() -> None:
    """The bound is as many deviations of 4,000 shuffled means over batches as one in a million leaves."""
    outputs, targets = HONEST.train_predictions[:80], HONEST.data.y_train[:80]
    each = [cross_entropy(outputs[[sample]], targets[[sample]]) for sample in range(80)]
    shuffled = np.random.default_rng(0).permuted(np.tile(each, (4000, 1)), axis=1)
    means = np.mean([batch.mean(axis=1) for batch in np.split(shuffled, range(19, 80, 19), axis=1)], axis=0)
    luck = recomputed.luck_of_the_last_batch(unweighted(19, np.arange(80)))
    assert luck == pytest.approx(norm.isf(0.5e-6) * np.std(means), rel=0.05)


def test_invented_loss_fails_there_too() -> None:
    """Half the loss is no luck."""
    run = unweighted(32, np.arange(80))
    invented = replace(run, history={**run.history, "loss": (run.history["loss"][0] / 2,)})
    assert not recomputed.reported_loss(invented).holds
