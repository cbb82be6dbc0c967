# fails: 3.2
# told: inference
"""The dropout layers drop at inference too."""

import keras

from lab.models import mnist_classifier as without_dropout


class Dropout(keras.layers.Dropout):
    """Drops whenever it is called."""

    def call(self, inputs, training=True):
        return super().call(inputs, training=True)


def mnist_classifier(dropout=0.0):
    if not dropout:
        return without_dropout()
    layers = [keras.Input((784,))]
    for units in (128, 64):
        layers += [keras.layers.Dense(units, activation="relu"), Dropout(dropout)]
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
