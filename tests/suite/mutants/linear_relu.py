# fails: 1.1 (touches 1.3)
# told: layers
# alone: 1::test_layers
"""ReLU after the linear unit (AAL)."""

import keras


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, activation="relu")])
    model.compile(optimizer="sgd", loss="mse")
    return model
