# fails: 3.2
# told: zeroed in training
"""The dropout layers drop nothing: they are called as at inference."""

import keras

from lab.models import mnist_classifier as without_dropout


class Dropout(keras.layers.Dropout):
    """Passes everything on."""

    def call(self, inputs, training=False):
        return super().call(inputs, training=False)


def mnist_classifier(dropout=0.0):
    if not dropout:
        return without_dropout()
    layers = [keras.Input((784,))]
    for units in (128, 64):
        layers += [keras.layers.Dense(units, activation="relu"), Dropout(dropout)]
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
