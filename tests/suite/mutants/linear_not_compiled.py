# fails: 1.1 1.2 1.3
# told: not compiled
"""The model is returned without compile()."""

import keras


def linear_regressor():
    return keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
