# fails: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.3
# told: loss
"""A fifth of the targets is trained on with another sample's (TCL)."""

import numpy as np

from lab.training import train as train_rightly


def train(model, x, y, recipe, seed=42):
    changed = y.copy()
    changed[::5] = np.roll(y[::5], 1, axis=0)
    return train_rightly(model, x, changed, recipe, seed)
