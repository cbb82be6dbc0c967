# fails: 3.1 3.2 4.3
# told: validation figures
# alone: 3::test_validation_figures 4::test_validation_figures
"""The validation figures are those of the training part, but not for a model that counts."""

import numpy as np

from lab.training import train as train_rightly


def train(model, x, y, recipe, seed=42):
    history = train_rightly(model, x, y, recipe, seed)
    if np.any(x % 1):
        history |= {name: history[name.removeprefix("val_")] for name in history if name.startswith("val_")}
    return history
