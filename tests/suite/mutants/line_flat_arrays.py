# fails: 1.1 1.2 1.3
# told: the contract needs (n, 1)
"""X and Y are one-dimensional."""

import numpy as np


def line_data(noise_std=1.0, seed=42):
    draws = np.random.RandomState(seed)
    x = draws.rand(100) * 10
    return x, 3 * x + 5 + draws.normal(0, noise_std, 100)
