"""A model that notes which samples a gradient is taken of, whatever the loop that trains it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lab.recipes import Recipe
from lab.run import Array, Visits
from tests.reference.replay import FEATURE_SCALE

Train = Callable[[keras.Model, Array, Array, Recipe], Mapping[str, Sequence[float]]]

WHOLE, PARTIAL = 2, 8  # whole batches in an epoch, and samples of its last batch, which is not whole
CAPACITY = 20_000  # samples that can be noted: exercise 1's hundred epochs visit 7,200


class Witness(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Passes its input on, times FEATURE_SCALE, and notes each sample's first feature in the backward pass.

    Forward passes are no evidence: validation makes them too. A backward pass comes here because of a trainable 1,
    whose gradient is zero, so it stays. The notes are variables: they work in `fit`, in a compiled loop and by hand.
    """

    def build(self, _: Any) -> None:
        """Make the variables: room for CAPACITY samples and as many batches, one more for what is too much."""
        self.scale = self.add_weight(shape=(), initializer="ones")
        notes = {"dtype": "float32", "initializer": "zeros", "trainable": False}
        self.numbers = self.add_weight(shape=(CAPACITY + 1,), **notes)
        self.sizes = self.add_weight(shape=(CAPACITY + 1,), **notes)
        self.noted = self.add_weight(shape=(2,), **notes)  # samples and batches so far

    def call(self, x: Any) -> Any:
        """x, noted when a gradient comes back through it."""

        @tf.custom_gradient  # type: ignore[untyped-decorator]
        def witnessed(scaled: tf.Tensor) -> tuple[tf.Tensor, Any]:
            def gradient(slope: tf.Tensor) -> tf.Tensor:
                self._note(tf.cast(x[:, 0], tf.float32))
                return tf.zeros_like(slope)

            return scaled * FEATURE_SCALE, gradient

        return witnessed(x * tf.cast(self.scale, x.dtype))

    def _note(self, numbers: tf.Tensor) -> None:
        size = tf.shape(numbers)[0]
        samples, batches = tf.unstack(tf.cast(tf.convert_to_tensor(self.noted), tf.int32))
        places = tf.minimum(samples + tf.range(size), CAPACITY)
        self.numbers.assign(tf.tensor_scatter_nd_update(self.numbers, places[:, None], numbers))
        place = tf.minimum(batches, CAPACITY)
        self.sizes.assign(tf.tensor_scatter_nd_update(self.sizes, [[place]], [tf.cast(size, tf.float32)]))
        self.noted.assign_add(tf.cast(tf.stack([size, 1]), tf.float32))

    def forget(self) -> None:
        """Start anew."""
        self.noted.assign([0, 0])

    def batches(self) -> list[Array]:
        """The numbers in each batch."""
        samples, batches = np.minimum(self.noted.numpy().astype(int), CAPACITY)
        ends = np.cumsum(self.sizes.numpy()[:batches].astype(int))
        if not batches:
            return []
        return np.split(self.numbers.numpy()[:samples], ends[ends < samples])


def numbered_data(recipe: Recipe, features: int, outputs: int) -> tuple[Array, Array, int]:
    """x (n, features), whose first feature is the sample's number, y (n, outputs), and how many are to be trained on.

    There are just enough for WHOLE batches and a partial one. Neighbours have different targets.
    """
    samples = int(np.ceil((WHOLE * recipe.batch_size + PARTIAL) / (1 - recipe.validation_split)))
    x = np.zeros((samples, features), np.float32)
    x[:, 0] = np.arange(samples)
    y: Array = np.eye(outputs, dtype=np.float32)[np.arange(samples) % outputs]
    if outputs == 1:
        y = x[:, :1] % 7 / 7
    return x, y, int(samples * (1 - recipe.validation_split))


def witness_model(features: int, outputs: int) -> keras.Model:
    """A model for `numbered_data` that starts with a Witness, compiled as the lab compiles its own."""
    activation, loss, optimizer = ("linear", "mse", "sgd")
    if outputs > 1:
        activation, loss, optimizer = ("softmax", "categorical_crossentropy", "adam")
    layers = [Witness(), keras.layers.Dense(outputs, activation=activation)]
    model = keras.Sequential([keras.Input((features,)), *layers])
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"] if outputs > 1 else None)
    model.optimizer.build(model.trainable_variables)
    return model


def witnessed_training(model: keras.Model, train: Train, recipe: Recipe, calls: int = 1) -> Visits:
    """What `train` does with a new witness model in that many calls of the same recipe, one going on from the last."""
    dense = model.layers[-1]
    x, y, trained_on = numbered_data(recipe, *dense.kernel.shape)
    start = tuple(np.array(weight) for weight in dense.get_weights())
    histories = [train(model, x, y, recipe) for _ in range(calls)]
    found = []
    for batch in model.layers[0].batches():
        numbers = np.rint(batch).astype(int)
        known = (np.abs(batch - numbers) < 1e-3) & (numbers >= 0) & (numbers < len(x))
        found.append(tuple(int(number) for number in np.where(known, numbers, -1)))
    return Visits(
        recipe=replace(recipe, epochs=calls * recipe.epochs),
        x=x,
        y=y,
        trained_on=trained_on,
        batches=tuple(found),
        start=start,
        end=tuple(np.array(weight) for weight in dense.get_weights()),
        history={name: tuple(value for each in histories for value in each.get(name, ())) for name in histories[0]},
    )
