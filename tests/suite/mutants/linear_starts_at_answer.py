# fails: 1.1 1.3
# told: start at zero
# alone: 1::test_initial_bias
"""The bias starts at 5, the answer (WCI)."""

import keras


def linear_regressor():
    model = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(1, bias_initializer=keras.initializers.Constant(5.0))]
    )
    model.compile(optimizer="sgd", loss="mse")
    return model
