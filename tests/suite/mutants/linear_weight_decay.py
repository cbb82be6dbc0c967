# fails: 1.1 1.3
# told: step
"""SGD with weight decay (RAW)."""

import keras


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.01, weight_decay=0.01), loss="mse")
    return model
