# fails: 1.1 1.2 1.3
# told: layers
"""A hidden layer of 8 units."""

import keras


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    return model
