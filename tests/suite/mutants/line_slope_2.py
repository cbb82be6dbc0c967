# fails: 1.1 1.2 1.3
# told: Y - (3X + 5)
"""Y = 2X + 5."""

import numpy as np


def line_data(noise_std=1.0, seed=42):
    draws = np.random.RandomState(seed)
    x = draws.rand(100, 1) * 10
    return x, 2 * x + 5 + draws.normal(0, noise_std, (100, 1))
