# fails: 1.1 1.3
# told: loss
"""Trained on the mean absolute error (LCH)."""

import keras


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mae")
    return model
