# fails: 1.1 1.3 (touches 1.2)
# told: use_ema
# alone: 1::test_optimizer_settings
"""The optimizer averages the weights of the last steps (OCH)."""

import keras


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(use_ema=True, ema_momentum=0.5), loss="mse")
    return model
