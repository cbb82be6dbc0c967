# fails: 4.1 (touches 4.2 4.3)
# told: predictions that changed
# alone: 4::test_predictions
"""The loaded model is a little surer of itself."""

import keras

from lab.persistence import load_model as load_rightly


def softmax(logits):
    return keras.ops.softmax(1.001 * logits)


def load_model(path):
    model = load_rightly(path)
    model.layers[-1].activation = softmax
    return model
