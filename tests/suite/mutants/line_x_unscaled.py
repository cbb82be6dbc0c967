# fails: 1.1
# told: X
# alone: 1::test_x_spread
"""X stays on 0 to 1: the factor 10 is forgotten."""

import numpy as np


def line_data(noise_std=1.0, seed=42):
    draws = np.random.RandomState(seed)
    x = draws.rand(100, 1)
    return x, 3 * x + 5 + draws.normal(0, noise_std, (100, 1))
