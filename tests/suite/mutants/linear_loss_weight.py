# fails: 1.1 1.3
# told: step
"""The loss is weighted by 0.5, which halves every step (LCH)."""

import keras


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse", loss_weights=[0.5])
    return model
