# fails: 4.1 4.2 4.3
# told: weights that changed
# alone: 4::test_accuracy_after_loading
"""Only the architecture is loaded: the weights are new."""

import keras


def load_model(path):
    loaded = keras.models.load_model(path)
    model = keras.models.clone_model(loaded)
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model
