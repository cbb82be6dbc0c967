# fails: 1.1 1.2 1.3
# told: without bias
"""The unit has no bias (WAB)."""

import keras


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(optimizer="sgd", loss="mse")
    return model
