# fails: 3.2
# told: dropout
"""Dropout 0.5 instead of 0.3 (RCD)."""

import keras


def mnist_classifier(dropout=0.0):
    layers = [keras.Input((784,))]
    for units in (128, 64):
        layers.append(keras.layers.Dense(units, activation="relu"))
        if dropout > 0:
            layers.append(keras.layers.Dropout(0.5))
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
