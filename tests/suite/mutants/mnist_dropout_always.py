# fails: 3.1 4.3 (touches 3.2)
# told: layers
"""Dropout 0.3 in the model that is to have none, too (RCD)."""

import keras


def mnist_classifier(dropout=0.0):
    layers = [keras.Input((784,))]
    for units in (128, 64):
        layers.append(keras.layers.Dense(units, activation="relu"))
        layers.append(keras.layers.Dropout(0.3))
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
