"""A model that notes which samples a gradient is taken of, whatever the loop that trains it."""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lab.recipes import Recipe
from lab.run import Array, Visits

WHOLE, PARTIAL = 2, 8  # whole batches in an epoch, and samples of its last batch, which is not whole
CAPACITY = 20_000  # samples that can be noted: exercise 1's hundred epochs visit 7,200


class Witness(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Passes its input on, scaled by a trainable 1, and notes the first feature of every sample in the backward pass.

    Forward passes are no evidence: validation makes them too. The notes are variables, so they work in `fit`, in a
    compiled loop and in one written by hand.
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
                return slope

            return tf.identity(scaled), gradient

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

    There are just enough for WHOLE batches and a partial one.
    """
    samples = int(np.ceil((WHOLE * recipe.batch_size + PARTIAL) / (1 - recipe.validation_split)))
    x = np.zeros((samples, features), np.float32)
    x[:, 0] = np.arange(samples)
    y = np.eye(outputs, dtype=np.float32)[np.arange(samples) % outputs]
    return x, y, int(samples * (1 - recipe.validation_split))


def witness_model(features: int, outputs: int) -> keras.Model:
    """A compiled model for `numbered_data` that starts with a Witness."""
    activation, loss = ("linear", "mse") if outputs == 1 else ("softmax", "categorical_crossentropy")
    layers = [Witness(), keras.layers.Dense(outputs, activation=activation)]
    model = keras.Sequential([keras.Input((features,)), *layers])
    # A rate at which numbers as large as these cannot make the weights infinite.
    model.compile(optimizer=keras.optimizers.SGD(1e-9), loss=loss, metrics=["accuracy"] if outputs > 1 else None)
    return model


def visits_of(model: keras.Model, recipe: Recipe, samples: int, trained_on: int) -> Visits:
    """What the model's witness noted."""
    found = []
    for batch in model.layers[0].batches():
        numbers = np.rint(batch).astype(int)
        known = (np.abs(batch - numbers) < 1e-3) & (numbers >= 0) & (numbers < samples)
        found.append(tuple(int(number) for number in np.where(known, numbers, -1)))
    return Visits(recipe, samples, trained_on, tuple(found))
