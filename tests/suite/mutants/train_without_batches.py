# fails: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.3
# told: steps
"""Every epoch is one step on all samples (HDB)."""

from dataclasses import replace

from lab.training import train as train_rightly


def train(model, x, y, recipe, seed=42):
    return train_rightly(model, x, y, replace(recipe, batch_size=len(x)), seed)
