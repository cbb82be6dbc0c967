# passes: 1.1 1.2 1.3
"""A separate activation layer, run without a graph."""

import keras


def linear_regressor():
    layers = [keras.Input((1,)), keras.layers.Dense(1), keras.layers.Activation("linear")]
    model = keras.Sequential(layers)
    model.compile(optimizer="sgd", loss="mse", run_eagerly=True)
    return model
