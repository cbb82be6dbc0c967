"""What is known of one trained model. The narrow waist: above it TensorFlow is needed, below it never."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.recipes import Recipe

Array = NDArray[Any]
Arrays = tuple[Array, ...]


@dataclass(frozen=True)
class Dataset:
    """What a model is trained and tested on: features (n, features) and targets (n, outputs)."""

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array


@dataclass(frozen=True)
class Structure:
    """A model's shape and compilation, in plain values.

    `layers` has one mapping a layer that computes something: `class`, and where they apply `units`, `activation`,
    `use_bias` and `rate`. `optimizer` has its `class` and its configuration; both it and `loss` are empty if the model
    is not compiled.
    """

    layers: tuple[Mapping[str, Any], ...]
    optimizer: Mapping[str, Any]
    loss: str


@dataclass(frozen=True)
class Masking:
    """What one dropout layer did to `values` ones: how many it zeroed in training, how many it changed at inference."""

    rate: float
    values: int
    zeroed_in_training: int
    changed_at_inference: int


@dataclass(frozen=True)
class Run:
    """One trained model and all that was measured of it, as NumPy arrays and plain values.

    Predictions are the model's outputs, (n, outputs), after training. `weights` and `initial_weights` are in the
    model's own order: kernel (inputs, units) and bias (units,) of each layer. `history` has one float per epoch.
    `loss_weighs_samples` tells how the losses reported were averaged: over samples, or over batches (Keras 3.0).
    `seconds` is the wall time of the subject's `train`, `epoch_seconds` that of each epoch where it is known.
    """

    name: str
    seed: int
    recipe: Recipe
    data: Dataset
    structure: Structure
    initial_weights: Arrays
    weights: Arrays
    history: Mapping[str, tuple[float, ...]]
    train_predictions: Array
    test_predictions: Array
    seconds: float
    grid_predictions: Array | None = None  # (61600, 3): Iris alone, over the decision grid
    masking: tuple[Masking, ...] = ()
    loss_weighs_samples: bool = True


@dataclass(frozen=True)
class SavedModel:
    """A model's file and what came back from it. Optimizer states are empty where none was kept or restored."""

    file_format: str  # "keras" or "h5"
    include_optimizer: bool
    file_bytes: int
    save_seconds: float
    load_seconds: float
    predictions_before: Array  # (100, 10)
    predictions_after: Array
    weights_before: Arrays
    weights_after: Arrays
    structure_before: Structure
    structure_after: Structure
    optimizer_before: Arrays
    optimizer_in_file: Arrays
    optimizer_after: Arrays

    @property
    def optimizer_state_restored(self) -> bool:
        """Whether loading brought every variable of the optimizer back."""
        pairs = list(zip(self.optimizer_before, self.optimizer_after, strict=False))
        return len(self.optimizer_before) == len(self.optimizer_after) and all(np.array_equal(*pair) for pair in pairs)


@dataclass(frozen=True)
class Steps:
    """A fresh model's first steps on fixed batches, its dropout off.

    `x` is (steps, batch, features) and `y` (steps, batch, outputs); `weights` are the model's before the first step and
    after each one, in its own order; `structure` is what the model says of itself.
    """

    structure: Structure
    x: Array
    y: Array
    weights: tuple[Arrays, ...]


@dataclass(frozen=True)
class Visits:
    """What a training did with numbered samples, of which it was to train a small model on the first `trained_on`.

    `x` is (samples, features), the first feature the sample's number, and `y` (samples, outputs). `batches` has the
    numbers of the samples in each batch that a gradient was taken of, in order; a number that is none of theirs shows
    as -1. `start` and `end` are the model's kernel and bias before and after; `history` is what was reported.
    """

    recipe: Recipe
    x: Array
    y: Array
    trained_on: int
    batches: tuple[tuple[int, ...], ...]
    start: Arrays
    end: Arrays
    history: Mapping[str, tuple[float, ...]]

    @property
    def samples(self) -> int:
        """How many samples there are, the validation part included."""
        return len(self.x)


@dataclass(frozen=True)
class FirstSteps:
    """The first batches of resumed training: the loss before each step, and the distance that the weights then move.

    `largest_move` is the farthest that any single weight moves in the first step.
    """

    losses: tuple[float, ...]
    movements: tuple[float, ...]
    largest_move: float = float("nan")


@dataclass(frozen=True)
class Timing:
    """Seconds of each round of training on `images` images in `steps` batches of `batch_size`."""

    loop: str  # "fit" or "compiled"
    batch_size: int
    images: int
    steps: int
    seconds: tuple[float, ...] = field(default=())
