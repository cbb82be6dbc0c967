# fails: 3.1 3.2
# told: largest initial weight over its limit
# alone: 3::test_initial_kernels
"""Kernels start a thousandth wider than Glorot's limit (WCI)."""

import keras

KERNEL = keras.initializers.VarianceScaling(1.002, "fan_avg", "uniform")


def mnist_classifier(dropout=0.0):
    layers = [keras.Input((784,))]
    for units in (128, 64):
        layers.append(keras.layers.Dense(units, activation="relu", kernel_initializer=KERNEL))
        if dropout > 0:
            layers.append(keras.layers.Dropout(dropout))
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax", kernel_initializer=KERNEL)])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
