# fails: 1.1 1.2 1.3
# told: optimizer
"""Adam instead of SGD (OCH)."""

import keras


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse")
    return model
