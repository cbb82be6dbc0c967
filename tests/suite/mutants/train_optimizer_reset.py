# fails: 4.3 (touches 3.3)
# told: optimizer
"""Every training starts with a fresh optimizer."""

import keras

from lab.training import train as train_rightly


def train(model, x, y, recipe, seed=42):
    for variable in model.optimizer.variables:
        if variable is not model.optimizer.learning_rate:
            variable.assign(keras.ops.zeros_like(variable))
    return train_rightly(model, x, y, recipe, seed)
