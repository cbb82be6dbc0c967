# fails: 1.3
# told: root mean square of Y - (3X + 5)
"""The noise level that is asked for is ignored."""

import numpy as np


def line_data(noise_std=1.0, seed=42):
    draws = np.random.RandomState(seed)
    x = draws.rand(100, 1) * 10
    return x, 3 * x + 5 + draws.normal(0, 1, (100, 1))
