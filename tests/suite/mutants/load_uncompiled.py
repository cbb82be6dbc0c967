# fails: 4.1 4.3
# told: not compiled
"""The model is loaded without its optimizer and loss: compile=False."""

import keras


def load_model(path):
    return keras.models.load_model(path, compile=False)
