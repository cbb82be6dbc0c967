# fails: 1.1 1.3
# told: step
"""The weight is regularised by L2 0.01 (RAW)."""

import keras


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_regularizer=keras.regularizers.L2(0.01))])
    model.compile(optimizer="sgd", loss="mse")
    return model
