# fails: 3.1 3.2 3.3
# told: biases that do not start at zero
# alone: 3::test_initial_biases
"""Biases start at 0.01 (WCI)."""

import keras

BIAS = keras.initializers.Constant(0.01)


def mnist_classifier(dropout=0.0):
    layers = [keras.Input((784,))]
    for units in (128, 64):
        layers.append(keras.layers.Dense(units, activation="relu", bias_initializer=BIAS))
        if dropout > 0:
            layers.append(keras.layers.Dropout(dropout))
    model = keras.Sequential([*layers, keras.layers.Dense(10, activation="softmax", bias_initializer=BIAS)])
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
