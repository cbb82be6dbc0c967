"""What a run reports of itself, calculated again from its weights and its data: nothing reported is believed."""

import numpy as np

from lab.run import Run
from tests.checks.classification import (
    EPSILON,
    UNCLIPPED,
    cross_entropy,
    hits,
    trained_samples,
    training_loss,
)
from tests.checks.facts import Fact, at_most, equal, inside
from tests.reference.oracle import Network, predict

OUTPUTS_BOUND = 1e-4  # of probabilities; float32 leaves 2e-7 (exercise 2, 105 seeds) and 1.9e-6 (exercise 3, 5 seeds)
FIGURES_BOUND = 1e-4  # of a mean loss or accuracy; float32's sums leave 9e-8 (5 seeds), one image in 6,000 makes 1.7e-4
# The reported loss is a mean over the last epoch, while the weights still moved. In 1,920 replicas of exercise 2 (five
# splits, three models, both shufflings) that epoch lowered the loss by 0.06 % to 0.9 %, 0.3 % ± 0.12 %; what 315 real
# trainings (105 seeds) reported was 0.04 % to 0.54 % above.
EPOCH_BOUNDS = (0.99, 1.03)


def predictions(run: Run, network: Network) -> Fact:
    """The model's outputs on the test part are those of a forward pass in NumPy through its weights."""
    statement = "largest difference between the model's outputs and its weights' in NumPy"
    reason = "dense layers compute nothing else at inference; float32 rounds to 2e-6"
    weights = tuple(weight.astype(np.float64) for weight in run.weights)
    try:
        expected = predict(network, weights, run.data.x_test.astype(np.float64))
        gap = float(np.max(np.abs(run.test_predictions - expected)))
    except ValueError:  # other layers than the network's
        shapes = [list(weight.shape) for weight in weights]
        return equal("shapes of the weights", shapes, f"those of {len(network.activations)} dense layers", reason)
    return at_most(statement, gap, OUTPUTS_BOUND, reason)


def reported_loss(run: Run) -> Fact:
    """The loss that training reported of its last epoch is that of the weights in the end, but for one epoch's way."""
    ratio = float(np.divide(run.history["loss"][-1], training_loss(run)))
    reason = (
        f"the trained weights have a cross-entropy of {training_loss(run):.4f} on the samples trained on, and what is "
        "reported is the mean over the last epoch, in which it falls by less than 1 %"
    )
    return inside("reported training loss over the recomputed one", ratio, *EPOCH_BOUNDS, reason)


def validation_figures(run: Run) -> Fact:
    """The validation loss and accuracy reported of the last epoch are those of the weights in the end."""
    names = ("val_loss", "val_accuracy")
    missing = [name for name in names if name not in run.history]
    if missing:
        reason = "the lab asks for validation, and a share of the data is held out for it"
        return equal("validation figures missing in the history", missing, [], reason)
    count = trained_samples(run)
    outputs, targets = run.train_predictions[count:], run.data.y_train[count:]
    reported_loss, reported_accuracy = (run.history[name][-1] for name in names)
    accuracy = float(hits(outputs, targets).mean())
    losses = [cross_entropy(outputs, targets, epsilon) for epsilon in (EPSILON, UNCLIPPED)]  # Keras does either
    loss = min(losses, key=lambda loss: abs(loss - reported_loss))
    gap = float(np.max(np.abs([loss - reported_loss, accuracy - reported_accuracy])))
    reason = (
        f"on the {len(targets):,} samples held out the trained weights have loss {loss:.4f} and accuracy "
        f"{accuracy:.4f}; sums in float32 leave 1e-7"
    )
    return at_most("largest difference between validation figures reported and recomputed", gap, FIGURES_BOUND, reason)
