# fails: 1.1 1.2 1.3
# told: loss
"""The layer is frozen: nothing is learned."""

import keras


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, trainable=False)])
    model.compile(optimizer="sgd", loss="mse")
    return model
