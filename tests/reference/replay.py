"""The replay: the oracle trains on the very batches that a witnessed training took, and must end at the same weights.

A witness's model is one dense layer: no ReLU's kink makes float32 and float64 part, over hundreds of steps.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lab.run import Visits
from tests.checks.facts import Fact, at_most, equal
from tests.reference.oracle import Floats, Network, Parameters, loss_of, predict
from tests.reference.step_check import Asked, flat, oracle_path

Ranges = NDArray[np.floating]

FEATURE_SCALE = 0.01  # of a sample's number, so that some hundred of them make no step large

LINE = Asked(Network(("linear",), "mse"), "SGD")
CLASSES = Asked(Network(("softmax",), "categorical_crossentropy"), "Adam")

# Thirty seeds of all recipes left 1.5e-5 of the way that the weights moved; half the rate for one epoch leaves 1e-2.
WEIGHTS_BOUND = 1e-4
# Thirty seeds of all recipes left 4e-7; a loss or accuracy of other batches, or of none, is off by 1e-4 or more.
HISTORY_BOUND = 1e-5
TIE = 1e-4  # two classes whose probabilities are nearer may change places in float32


def same_training(visits: Visits) -> Fact:
    """The weights are those of the oracle after the same batches with the right targets, at the right rate."""
    asked = _asked(visits)
    reason = (
        f"NumPy takes the same {len(visits.batches)} batches of {visits.samples} numbered samples through "
        f"{asked.optimizer} at Keras's rate: whoever changes targets, the rate, the optimizer or its state, or the "
        "weights themselves, ends elsewhere"
    )
    problem = _problem(visits)
    if problem:
        return equal("batches that NumPy cannot take", problem, [], reason)
    *_, expected = _path(visits)
    moved = np.linalg.norm(flat(expected) - flat(visits.start))
    distance = np.linalg.norm(flat(visits.end) - flat(expected)) / moved
    statement = "distance from the oracle's weights after the whole training, as a share of how far they moved"
    return at_most(statement, float(distance), WEIGHTS_BOUND, reason)


def true_history(visits: Visits) -> Fact:
    """Each epoch's figures, those of the validation part too, are what the oracle finds on the same batches."""
    reason = (
        "NumPy finds the figures anew: an epoch's as the mean over its samples, or its batches, while the weights "
        "move, or over its samples at its end; the validation part's at its end, over either; float32 leaves 4e-7"
    )
    problem = _problem(visits) or _ragged(visits)
    if problem:
        return equal("batches that NumPy cannot take", problem, [], reason)
    expected = _histories(visits)
    missing = sorted(set(expected) - set(visits.history) - {"accuracy"})
    if missing:
        return equal("figures missing in the history", missing, [], "the lab asks for a loss, and for validation")
    farthest = {name: _farthest(values, expected[name]) for name, values in visits.history.items() if name in expected}
    worst = max(farthest, key=farthest.__getitem__)
    statement = f"largest difference between an epoch's {worst} as reported and as recomputed"
    return at_most(statement, farthest[worst], HISTORY_BOUND, reason)


def _asked(visits: Visits) -> Asked:
    return LINE if visits.y.shape[1] == 1 else CLASSES


def _problem(visits: Visits) -> list[str]:
    """What keeps the oracle from taking the same steps."""
    others = sum(number < 0 for batch in visits.batches for number in batch)
    if others:
        return [f"{others} samples that training was not given"]
    return [] if visits.batches else ["there are none: nothing was trained"]


def _ragged(visits: Visits) -> list[str]:
    """What keeps the batches from being epochs."""
    count, epochs = len(visits.batches), visits.recipe.epochs
    return [] if count % epochs == 0 else [f"{count} are no {epochs} equal epochs"]


def _rows(visits: Visits, numbers: Sequence[int]) -> tuple[Floats, Floats]:
    """Features as the dense layer gets them, and targets."""
    rows = list(numbers)
    return visits.x[rows].astype(np.float64) * FEATURE_SCALE, visits.y[rows].astype(np.float64)


def _path(visits: Visits) -> list[Parameters]:
    """The oracle's parameters before the first step and after each."""
    return list(oracle_path(_asked(visits), visits.start, (_rows(visits, batch) for batch in visits.batches)))


def _histories(visits: Visits) -> dict[str, list[Ranges]]:
    """For each figure of the history the ways to calculate it, each with a range an epoch, (epochs, 2)."""
    path, steps = _path(visits), len(visits.batches) // visits.recipe.epochs
    ends, held_out = path[steps::steps], range(visits.trained_on, visits.samples)
    during = [_figures(visits, before, batch) for before, batch in zip(path, visits.batches, strict=False)]
    after = [_figures(visits, end, range(visits.trained_on)) for end in ends]
    sizes = np.array([len(batch) for batch in visits.batches]).reshape(-1, steps, 1)

    def validated(name: str, *batches: Sequence[int]) -> Ranges:
        return np.array([np.mean([_figures(visits, end, batch)[name] for batch in batches], axis=0) for end in ends])

    found: dict[str, list[Ranges]] = {}
    for name in after[0]:
        batches = np.array([figures[name] for figures in during]).reshape(-1, steps, 2)
        by_sample = (batches * sizes).sum(axis=1) / sizes.sum(axis=1)
        found[name] = [by_sample, batches.mean(axis=1), np.array([figures[name] for figures in after])]
        if held_out:
            found[f"val_{name}"] = [validated(name, held_out), validated(name, *_in_batches(held_out, visits))]
    return found


def _in_batches(numbers: Sequence[int], visits: Visits) -> list[Sequence[int]]:
    """The numbers in order, a batch at a time; the last one may be smaller."""
    size = visits.recipe.batch_size
    return [numbers[first : first + size] for first in range(0, len(numbers), size)]


def _figures(visits: Visits, parameters: Parameters, numbers: Sequence[int]) -> dict[str, tuple[float, float]]:
    """Loss, and accuracy for classes, as a range: a sample whose two best classes are level counts either way."""
    asked, (x, y) = _asked(visits), _rows(visits, numbers)
    predictions = predict(asked.network, parameters, x)
    loss = float(loss_of(asked.network, predictions, y))
    if asked is LINE:
        return {"loss": (loss, loss)}
    right = (predictions * y).sum(axis=1)
    others = (predictions - y).max(axis=1)  # the right class is below zero
    surely, perhaps = (right > others + TIE).mean(), (right > others - TIE).mean()
    return {"loss": (loss, loss), "accuracy": (float(surely), float(perhaps))}


def _farthest(reported: Sequence[float], ways: list[Ranges]) -> float:
    """How far the epoch that is farthest from its range is, by the way of calculating that fits best."""
    values = np.array(reported)
    outside = [np.maximum(np.maximum(way[:, 0] - values, values - way[:, 1]), 0).max() for way in ways]
    return float(np.nan_to_num(np.min(outside), nan=np.inf))
