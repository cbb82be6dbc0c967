# fails: 1.1 1.3
# told: step
"""Gradients are clipped to norm 1 (OCG)."""

import keras


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.01, clipnorm=1.0), loss="mse")
    return model
