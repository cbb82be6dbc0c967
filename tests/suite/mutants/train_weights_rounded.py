# fails: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.3
# told: oracle's weights
# alone: 1::test_training 2::test_training 3::test_training 4::test_training
"""The trained weights are rounded to 16 bits."""

import numpy as np

from lab.training import train as train_rightly


def train(model, x, y, recipe, seed=42):
    history = train_rightly(model, x, y, recipe, seed)
    for weight in model.trainable_variables:
        weight.assign(np.float16(weight.numpy()))
    return history
