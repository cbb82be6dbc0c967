# fails: 4.1 4.3
# told: optimizer variables that changed
"""The loaded model is compiled afresh, which forgets the optimizer's state."""

import keras


def load_model(path):
    model = keras.models.load_model(path)
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
