"""Checks of exercise 4: what a saved model keeps."""

from typing import Any

import numpy as np

from lab.run import Array, Arrays, FirstSteps, SavedModel
from tests.checks.facts import Fact, close, equal, inside

FLOAT32 = 4  # bytes
ADAM_RATE = 0.001  # Keras's default


def predictions_kept(saved: SavedModel) -> Fact:
    """The predictions of 100 test images are the same to the bit."""
    return _bitwise(
        "predictions that changed",
        [saved.predictions_before],
        [saved.predictions_after],
        "the same weights in the same program give the same floats",
    )


def weights_kept(saved: SavedModel) -> Fact:
    """The weights are the same to the bit."""
    return _bitwise("weights that changed", saved.weights_before, saved.weights_after, "a file holds float32 as it is")


def configuration_kept(saved: SavedModel) -> Fact:
    """Layers, loss and optimizer settings are the same."""
    before, after = saved.structure_before, saved.structure_after
    changed = [
        name
        for name, old, new in (
            ("layers", before.layers, after.layers),
            ("loss", before.loss, after.loss),
            ("optimizer", before.optimizer, after.optimizer),
        )
        if old != new
    ]
    return equal(
        "parts of the configuration that changed", changed, [], "a saved model is rebuilt from its own configuration"
    )


def optimizer_state_kept(saved: SavedModel) -> Fact:
    """The optimizer's state is in the file to the bit, and restored wherever Keras restores it.

    Keras 3 writes the state into `.h5` files but does not read it back (it builds the loaded optimizer for no
    variable at all), so for `.h5` the file itself is looked at.
    """
    kept = saved.optimizer_in_file if saved.file_format == "h5" else saved.optimizer_after
    return _bitwise(
        "optimizer variables that changed", saved.optimizer_before, kept, "Adam goes on from its moments and step count"
    )


def file_size(saved: SavedModel) -> Fact:
    """The file is as large as what it must hold: weights, and with the optimizer its state."""
    parts = saved.weights_before + (saved.optimizer_before if saved.include_optimizer else ())
    needed = FLOAT32 * sum(part.size for part in parts)
    reason = "float32 takes 4 bytes; the format's own headers took 10 to 25 KB and may take 64 KiB"
    return inside("bytes in the file", saved.file_bytes, needed, needed + 65536, reason)


def no_optimizer_in_file(saved: SavedModel) -> Fact:
    """A file saved without the optimizer holds nothing of it."""
    found = len(saved.optimizer_in_file) + len(saved.optimizer_after)
    return equal(
        "optimizer variables in the file or the loaded model",
        found,
        0,
        "the file was saved with include_optimizer=False",
    )


def same_weights(statement: str, ours: Arrays, theirs: Arrays, because: str) -> Fact:
    """Two sets of weights are the same to the bit."""
    return _bitwise(statement, ours, theirs, because)


def starts_afresh(without: FirstSteps) -> Fact:
    """Without the optimizer's state the first step moves some weight by Adam's whole rate, as on the first day.

    A fresh Adam divides the gradient by its own size: its first step is rate * g / (|g| + epsilon) (Kingma and Ba,
    2015).
    """
    reason = (
        "a fresh Adam's first step is its whole rate wherever the gradient is far above epsilon, 1e-7 (1 % allowed)"
    )
    return close(
        "farthest that the first step moves a weight", without.largest_move, ADAM_RATE, 0.01 * ADAM_RATE, reason
    )


def movement_ratio(without: FirstSteps, with_state: FirstSteps) -> float:
    """How much farther the first steps move the weights without the optimizer's state."""
    return sum(without.movements) / sum(with_state.movements)


def _bitwise(statement: str, before: Any, after: Any, because: str) -> Fact:
    """How many values differ, as a fact that there is none; arrays of other number or shape count whole."""
    before, after = list(before), list(after)
    total = sum(part.size for part in before)
    if [part.shape for part in before] != [part.shape for part in after]:
        return equal(statement, f"all {total:,}: {len(before)} arrays became {len(after)}", 0, because)
    return equal(statement, sum(_differing(old, new) for old, new in zip(before, after, strict=True)), 0, because)


def _differing(old: Array, new: Array) -> int:
    """Values that are not the same bits; NaN counts, as nothing is proved of it."""
    return int((~(np.asarray(old) == np.asarray(new))).sum())
