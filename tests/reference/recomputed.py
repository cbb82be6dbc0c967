"""What a run reports of itself, calculated again from its weights and its data: nothing reported is believed."""

import numpy as np
from scipy.stats import norm

from lab.run import Array, Run
from tests.checks.classification import (
    EPSILON,
    UNCLIPPED,
    cross_entropy,
    hits,
    trained_samples,
    training_loss,
)
from tests.checks.facts import FALSE_ALARM, Fact, at_most, equal, inside
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
    luck = 0.0
    if not run.loss_weighs_samples:
        luck = luck_of_the_last_batch(run) / training_loss(run)
        reason += f"; this Keras averages over batches, so the last, smaller one decides {luck:.0%} of it by luck"
    return inside(
        "reported training loss over the recomputed one", ratio, EPOCH_BOUNDS[0] - luck, EPOCH_BOUNDS[1] + luck, reason
    )


def mean_over_batches(outputs: Array, targets: Array, size: int, epsilon: float) -> float:
    """The mean of the mean cross-entropies of batches of `size`, in order, the last one perhaps smaller."""
    starts = range(0, len(targets), size)
    return float(np.mean([cross_entropy(outputs[at : at + size], targets[at : at + size], epsilon) for at in starts]))


def luck_of_the_last_batch(run: Run) -> float:
    """How far a mean over batches, the last of them smaller, may be from the mean over all samples.

    Samples drawn into batches of equal weight have unequal weights w; the variance of the mean is then that of the
    samples (n - 1 below the line) times the sum of (w - 1 / n)². The distance is left with probability FALSE_ALARM.
    """
    count, size = trained_samples(run), run.recipe.batch_size
    outputs, targets = run.train_predictions[:count], run.data.y_train[:count]
    losses = np.array([cross_entropy(*pair) for pair in zip(outputs[:, None], targets[:, None], strict=True)])
    sizes = np.diff([*range(0, count, size), count])
    weights = np.repeat(1 / len(sizes) / sizes, sizes)
    return float(norm.isf(FALSE_ALARM / 2) * losses.std(ddof=1) * np.sqrt(np.sum((weights - 1 / count) ** 2)))


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
    sizes = {len(targets)} if run.loss_weighs_samples else {len(targets), run.recipe.batch_size}
    losses = [  # Keras does either
        mean_over_batches(outputs, targets, size, epsilon) for size in sizes for epsilon in (EPSILON, UNCLIPPED)
    ]
    loss = min(losses, key=lambda loss: abs(loss - reported_loss))
    gap = float(np.max(np.abs([loss - reported_loss, accuracy - reported_accuracy])))
    reason = (
        f"on the {len(targets):,} samples held out the trained weights have loss {loss:.4f} and accuracy "
        f"{accuracy:.4f}; sums in float32 leave 1e-7"
    )
    return at_most("largest difference between validation figures reported and recomputed", gap, FIGURES_BOUND, reason)
