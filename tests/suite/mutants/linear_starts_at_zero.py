# fails: 1.1 1.3
# told: initial weight
# alone: 1::test_initial_weight
"""The weight starts at 0 (WCI)."""

import keras


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(optimizer="sgd", loss="mse")
    return model
