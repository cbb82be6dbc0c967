# fails: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.3
# told: exactly once
"""A tenth of the samples is never trained on: others stand in their place (TRD)."""

import numpy as np

from lab.training import train as train_rightly


def train(model, x, y, recipe, seed=42):
    rows = np.arange(len(x))
    rows[: len(x) // 10] = rows[len(x) // 10 : 2 * (len(x) // 10)]
    return train_rightly(model, x[rows], y[rows], recipe, seed)
