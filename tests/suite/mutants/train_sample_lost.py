# fails: 1.1 1.2 1.3 2.1 2.2 2.3 3.1 3.2 3.3 4.3
# told: exactly once
# alone: 1::test_every_sample_once 2::test_every_sample_once 3::test_every_sample_once 4::test_every_sample_once
"""The first sample is never trained on: the second stands in its place (TRD)."""

import numpy as np

from lab.training import train as train_rightly


def train(model, x, y, recipe, seed=42):
    rows = np.r_[1, 1 : len(x)]
    return train_rightly(model, x[rows], y[rows], recipe, seed)
