# fails: 4.1 4.2 4.3
# told: not compiled
"""Layers and weights are saved, but neither optimizer nor loss: the model comes back uncompiled."""

import keras


def save_model(model, path, include_optimizer=True):
    keras.Sequential([keras.Input((784,)), *model.layers]).save(path)
