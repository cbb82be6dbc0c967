"""Nothing reported is believed: predictions, losses and validation figures are calculated again."""

from dataclasses import replace

import numpy as np
import pytest

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
