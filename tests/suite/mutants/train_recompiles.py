# fails: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.3
# told: step
"""The model is compiled again, with Adam at rate 0.01 (OCH)."""

import keras

from lab.training import train as train_rightly


def train(model, x, y, recipe, seed=42):
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=model.loss, metrics=["accuracy"])
    return train_rightly(model, x, y, recipe, seed)
