# fails: 3.1 3.2
# told: initial
"""Kernels start as draws of a normal distribution of standard deviation 0.05 (WCI)."""

import keras


def mnist_classifier(dropout=0.0):
    layers = [keras.Input((784,))]
    for units in (128, 64):
        layers.append(
            keras.layers.Dense(
                units, activation="relu", kernel_initializer=keras.initializers.RandomNormal(stddev=0.05)
            )
        )
        if dropout > 0:
            layers.append(keras.layers.Dropout(dropout))
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
