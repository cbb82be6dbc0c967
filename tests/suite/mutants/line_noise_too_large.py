# fails: 1.1 1.3
# told: root mean square of Y - (3X + 5)
# alone: 1::test_noise_level
"""Twice the noise that was asked for (TAN)."""

import numpy as np


def line_data(noise_std=1.0, seed=42):
    draws = np.random.RandomState(seed)
    x = draws.rand(100, 1) * 10
    return x, 3 * x + 5 + draws.normal(0, 2 * noise_std, (100, 1))
