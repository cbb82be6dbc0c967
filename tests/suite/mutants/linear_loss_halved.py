# fails: 1.1 1.3
# told: step
"""Half the squared error, as in textbooks, under the right name: half the learning rate (LCH)."""

import keras


def mean_squared_error(y, predicted):
    return keras.ops.mean(keras.ops.square(y - predicted), axis=-1) / 2


def linear_regressor():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss=mean_squared_error)
    return model
