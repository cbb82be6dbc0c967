"""Hundreds of replicas of exercises 1 and 2, trained in NumPy from random starts and in random orders.

Shuffling is `reshuffled`, a new permutation in every epoch, or `repeated`, one permutation in every epoch: what `fit`
does under a seeded Keras 3. Both are right, and they spread the results differently.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_iris

from lab.recipes import Recipe
from tests.checks.boundary import boundary_length, decision_axes, decision_grid
from tests.reference.oracle import (
    SGD_RATE,
    Floats,
    Network,
    Parameters,
    adam_start,
    adam_step,
    glorot_uniform,
    gradients,
    loss_of,
    predict,
)

SHUFFLINGS = ("reshuffled", "repeated")
Order = NDArray[np.integer]
Orders = Iterable[Order]


def epoch_orders(
    samples: int, replicas: int, epochs: int, shuffling: str, generator: np.random.Generator
) -> Iterator[Order]:
    """The order of the samples in each epoch: (samples, replicas), each column a permutation of its own."""
    if shuffling not in SHUFFLINGS:
        raise ValueError(f"shuffling is {shuffling!r}; it should be {' or '.join(SHUFFLINGS)}")
    smallest = np.min_scalar_type(samples)  # an eighth of the memory, for those who keep all epochs
    order = np.repeat(np.arange(samples, dtype=smallest)[:, None], replicas, axis=1)
    for epoch in range(epochs):
        if epoch == 0 or shuffling == "reshuffled":
            order = generator.permuted(order, axis=0)
        yield order


def train_lines(
    x: Floats, y: Floats, start: Floats, batch_size: int, orders: Orders, loss_weighs_samples: bool = True
) -> tuple[Floats, Floats]:
    """Train y = wx + b from `start` (2, replicas) by SGD: final (weight, bias) (replicas, 2), last loss (replicas,).

    The loss is the last epoch's as `fit` reports it: each batch's before its own update, averaged over the samples, or
    over the batches if `loss_weighs_samples` is false, as by Keras 3.0.
    Quicker than the oracle, which it must agree with, because replicas are the fastest axis and nothing is a matrix.
    """
    weight, bias = start
    seen, losses = None, np.zeros_like(weight)
    for order in orders:
        if order is not seen:  # gathering is a third of the time, and a repeated order needs it once
            seen, inputs, targets = order, x.ravel()[order], y.ravel()[order]  # (samples, replicas)
        losses = np.zeros_like(weight)
        for first in range(0, len(order), batch_size):
            batch = inputs[first : first + batch_size]
            errors = weight * batch + bias - targets[first : first + batch_size]  # (batch, replicas)
            parts = len(order) / len(batch) if loss_weighs_samples else -(-len(order) // batch_size)
            losses += np.einsum("br,br->r", errors, errors) / len(batch) / parts
            weight = weight - SGD_RATE * 2 / len(batch) * np.einsum("br,br->r", errors, batch)
            bias = bias - SGD_RATE * 2 / len(batch) * errors.sum(axis=0)
    return np.column_stack([weight, bias]), losses


def line_starts(replicas: int, generator: np.random.Generator) -> Floats:
    """Glorot-uniform weights, within sqrt(6 / (1 + 1)), and zero biases: (2, replicas)."""
    kernel, bias = glorot_uniform((1, 1), replicas, generator)
    return np.stack([kernel[:, 0, 0], bias[:, 0]])


def linear_replicas(
    x: Floats, y: Floats, recipe: Recipe, replicas: int, shuffling: str, seed: int, loss_weighs_samples: bool = True
) -> tuple[Floats, Floats]:
    """Exercise 1 trained `replicas` times: final (weight, bias) (replicas, 2) and final loss (replicas,)."""
    start, orders = line_draws(len(x), replicas, recipe.epochs, shuffling, seed)
    return train_lines(x, y, start, recipe.batch_size, orders, loss_weighs_samples)


@lru_cache(maxsize=len(SHUFFLINGS))
def line_draws(samples: int, replicas: int, epochs: int, shuffling: str, seed: int) -> tuple[Floats, tuple[Order, ...]]:
    """The start and the orders of `linear_replicas`: half of its work, and the same for each data set of a session."""
    generator = np.random.default_rng(seed)
    start = line_starts(replicas, generator)
    return start, tuple(epoch_orders(samples, replicas, epochs, shuffling, generator))


def two_start_contraction(x: Floats, recipe: Recipe, replicas: int, shuffling: str, seed: int) -> Floats:
    """The factor by which an epoch shrinks the distance between two models trained on the same batches: (replicas,).

    It is (distance after / distance before) ** (1 / epochs). SGD on a linear model is affine, so the targets drop out
    of the difference of two models: the difference itself trains as a model would whose targets are all zero.
    """
    generator = np.random.default_rng(seed)
    apart = line_starts(replicas, generator) - line_starts(replicas, generator)
    orders = epoch_orders(len(x), replicas, recipe.epochs, shuffling, generator)
    finally_apart, _ = train_lines(x, np.zeros_like(x), apart, recipe.batch_size, orders)
    ratio = np.linalg.norm(finally_apart, axis=1) / np.linalg.norm(apart, axis=0)
    return np.asarray(ratio ** (1 / recipe.epochs))


def iris_network(activation: str) -> Network:
    """Exercise 2's network: a hidden layer and a softmax, with cross-entropy."""
    return Network((activation, "softmax"), "categorical_crossentropy")


def train_with_adam(
    network: Network, start: Parameters, x: Floats, y: Floats, batch_size: int, orders: Orders
) -> Parameters:
    """The replicas' parameters after training from `start` by Adam, each in its own order of the samples."""
    parameters, state = start, adam_start(start)
    for order in orders:
        inputs, targets = x[order.T], y[order.T]  # (replicas, samples, features or classes)
        for first in range(0, len(order), batch_size):
            batch = slice(first, first + batch_size)
            _, slopes = gradients(network, parameters, inputs[:, batch], targets[:, batch])
            parameters, state = adam_step(parameters, slopes, state)
    return parameters


def iris_replicas(
    x_train: Floats,
    y_train: Floats,
    hidden_units: int,
    activation: str,
    recipe: Recipe,
    replicas: int,
    shuffling: str,
    seed: int,
) -> Parameters:
    """Exercise 2 trained `replicas` times: the parameters, each with a leading replica axis."""
    generator = np.random.default_rng(seed)
    start = glorot_uniform((x_train.shape[1], hidden_units, y_train.shape[1]), replicas, generator)
    orders = epoch_orders(len(x_train), replicas, recipe.epochs, shuffling, generator)
    return train_with_adam(iris_network(activation), start, x_train, y_train, recipe.batch_size, orders)


def accuracies(network: Network, parameters: Parameters, x: Floats, y: Floats) -> Floats:
    """Each replica's share of samples classified correctly, 0 to 1: (replicas,)."""
    chosen = predict(network, parameters, x).argmax(axis=-1)  # (replicas, samples)
    return np.asarray((chosen == y.argmax(axis=-1)).mean(axis=-1))


def losses(network: Network, parameters: Parameters, x: Floats, y: Floats) -> Floats:
    """Each replica's loss in one full pass: (replicas,)."""
    return loss_of(network, predict(network, parameters, x), y)


def standardised_grid(x_train: Floats, x_test: Floats) -> Floats:
    """The decision grid's points (61600, 2) in the units of `iris_data`.

    Standardising is affine, so the means and deviations of all 150 flowers, before and after, give it back whatever
    the split was.
    """
    flowers, standardised = load_iris().data[:, :2], np.concatenate([x_train, x_test])
    scale = standardised.std(axis=0) / flowers.std(axis=0)
    return np.asarray((decision_grid() - flowers.mean(axis=0)) * scale + standardised.mean(axis=0))


def boundary_lengths(network: Network, parameters: Parameters, grid: Floats) -> Floats:
    """Each replica's boundary length in cm, (replicas,), on the standardised `grid`.

    One replica at a time and 2,200 points a step: what is between the layers then stays in the processor's cache.
    """
    lengths, widths = decision_axes()
    found = []
    for replica in range(len(parameters[0])):
        own = tuple(parameter[replica] for parameter in parameters)
        steps = np.split(grid, len(grid) // 2200)
        classes = np.concatenate([predict(network, own, points).argmax(axis=-1) for points in steps])
        found.append(boundary_length(classes.reshape(len(widths), len(lengths))))
    return np.array(found)
