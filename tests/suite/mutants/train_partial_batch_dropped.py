# fails: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.3
# told: steps
"""The last, partial batch of an epoch is left out (TRD)."""

from dataclasses import replace

import numpy as np

from lab.training import train as train_rightly


def train(model, x, y, recipe, seed=42):
    kept = len(x) - int(len(x) * (1 - recipe.validation_split)) % recipe.batch_size
    held_out = len(x) - int(len(x) * (1 - recipe.validation_split))
    rows = np.r_[: kept - held_out, len(x) - held_out : len(x)]
    share = held_out / len(rows)
    return train_rightly(model, x[rows], y[rows], replace(recipe, validation_split=share), seed)
