# fails: 1.1 1.2 1.3
# told: mean of Y - (3X + 5)
# alone: 1::test_noise_centred 1::test_estimation_error
"""The noise has the mean that it should have as standard deviation (TAN)."""

import numpy as np


def line_data(noise_std=1.0, seed=42):
    draws = np.random.RandomState(seed)
    x = draws.rand(100, 1) * 10
    return x, 3 * x + 5 + draws.normal(noise_std, noise_std, (100, 1))
