# fails: 1.1
# told: X
# alone: 1::test_x_range
"""X reaches beyond 10."""

import numpy as np


def line_data(noise_std=1.0, seed=42):
    draws = np.random.RandomState(seed)
    x = draws.rand(100, 1) * 11
    return x, 3 * x + 5 + draws.normal(0, noise_std, (100, 1))
