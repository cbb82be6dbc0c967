"""Training, in one process: the lab's loop against Keras's `fit`, and against its matrix products alone."""

import itertools
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

import lab
from lab import compilation
from lab.recipes import RECIPES, Recipe
from lab.run import Array
from tests.benchmarks.comparison import Measure, Row, by_turns

EPOCHS = 3  # of each measurement of an epoch: what is done once a training is shared among them, as among a run's ten
SIZES = (784, 128, 64, 10)


def epoch_rows(x: Array, y: Array, rounds: int) -> list[Row]:
    """One epoch at batch size 32, a tenth held out: the lab's, Keras's, the floor's, and with dropout.

    Each is compiled, or traced, before it is timed.
    """
    recipe, images = RECIPES["mnist"], f"one epoch of {len(x):,} images"
    plain, dropped, fitted = lab.mnist_classifier(), lab.mnist_classifier(0.3), lab.mnist_classifier()

    def ours(model: keras.Model) -> Measure:
        return seconds(
            lambda: lab.train(model, x, y, Recipe(EPOCHS, recipe.batch_size, recipe.validation_split)), EPOCHS
        )

    def fit() -> float:
        arguments = {"batch_size": recipe.batch_size, "validation_split": recipe.validation_split}
        return seconds(lambda: fitted.fit(x, y, epochs=1, verbose=0, **arguments))()

    floor = products_alone(x[: int(len(x) * (1 - recipe.validation_split))], recipe.batch_size)
    for warm_up in (ours(plain), ours(dropped), fit, floor):
        warm_up()
    return [
        Row(images, "Keras's fit", *by_turns(ours(plain), fit, rounds), 6, 8),
        Row(images, "its matrix products alone", *by_turns(ours(plain), floor, rounds), 1 / 2, 1 / 1.4),
        Row(f"{images}, dropout 0.3", "the same without", *by_turns(ours(dropped), ours(plain), rounds), 0.8, 1 / 1.1),
    ]


def exercise_rows(rounds: int) -> list[Row]:
    """Exercise 1's training and exercise 2's three, each from a new model, its tracing included."""
    iris = [lab.iris_classifier, partial(lab.iris_classifier, 50), partial(lab.iris_classifier, 10, "sigmoid")]
    line, flowers = lab.line_data(), lab.iris_data()[:2]
    return [
        _from_new_models("exercise 1's training", [lab.linear_regressor], line, RECIPES["linear"], rounds, 5, 10),
        _from_new_models("exercise 2's three trainings", iris, flowers, RECIPES["iris"], rounds, 3, 5),
    ]


def _from_new_models(
    name: str,
    builders: Sequence[Callable[[], keras.Model]],
    data: tuple[Array, Array],
    recipe: Recipe,
    rounds: int,
    required: float,
    aim: float,
) -> Row:
    def by_lab() -> None:
        compilation.forget()
        for build in builders:
            lab.train(build(), *data, recipe)

    def by_fit() -> None:
        for build in builders:
            build().fit(*data, epochs=recipe.epochs, batch_size=recipe.batch_size, verbose=0)

    return Row(name, "Keras's fit", *by_turns(seconds(by_lab), seconds(by_fit), rounds), required, aim)


def seconds(action: Callable[[], Any], parts: int = 1) -> Measure:
    """The wall time of `action`, or of one of its equal parts."""

    def measure() -> float:
        start = time.perf_counter()
        action()
        return (time.perf_counter() - start) / parts

    return measure


def products_alone(x: Array, batch_size: int) -> Measure:
    """The matrix products of an epoch, forward and backward, and nothing else, compiled by XLA.

    A step of 784-128-64-10 has three forward, and backward three for the kernels and two for the layers below.
    """
    generator = np.random.default_rng(0)
    kernels = [tf.constant(generator.normal(0, 0.05, pair), tf.float32) for pair in itertools.pairwise(SIZES)]
    data, steps = tf.constant(x, tf.float32), len(x) // batch_size

    @tf.function(jit_compile=True)
    def epoch(data: tf.Tensor, kernels: list[tf.Tensor]) -> list[tf.Tensor]:
        def step(index: tf.Tensor, first: tf.Tensor, second: tf.Tensor, third: tf.Tensor) -> tuple[tf.Tensor, ...]:
            batch = tf.slice(data, [index * batch_size, 0], [batch_size, SIZES[0]])
            low = batch @ first
            high = low @ second
            slope = high @ third
            below = tf.matmul(slope, third, transpose_b=True)
            lowest = tf.matmul(below, second, transpose_b=True)
            slopes = [
                tf.matmul(one, other, transpose_a=True) for one, other in ((batch, lowest), (low, below), (high, slope))
            ]
            # A product that nobody uses would not be computed.
            return index + 1, *(
                kernel + 1e-12 * change for kernel, change in zip((first, second, third), slopes, strict=True)
            )

        return tf.while_loop(lambda index, *_: index < steps, step, [tf.constant(0), *kernels])[1:]

    return seconds(lambda: [part.numpy() for part in epoch(data, kernels)])
