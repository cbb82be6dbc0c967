# fails: 1.1
# told: points
# alone: 1::test_number_of_points
"""Half of the points are missing (TRD)."""

import numpy as np


def line_data(noise_std=1.0, seed=42):
    draws = np.random.RandomState(seed)
    x = draws.rand(50, 1) * 10
    return x, 3 * x + 5 + draws.normal(0, noise_std, (50, 1))
