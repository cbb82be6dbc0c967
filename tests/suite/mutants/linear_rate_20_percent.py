# fails: 1.1 1.3
# told: learning rate
# alone: 1::test_first_steps
"""20 % more learning rate (HLR)."""

import keras


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.012), loss="mse")
    return model
