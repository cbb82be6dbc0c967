# fails: 1.1 1.3
# told: root mean square of Y - (3X + 5)
"""The noise is uniform on -1 to 1, so its standard deviation is 0.58 of what was asked for."""

import numpy as np


def line_data(noise_std=1.0, seed=42):
    draws = np.random.RandomState(seed)
    x = draws.rand(100, 1) * 10
    return x, 3 * x + 5 + noise_std * draws.uniform(-1, 1, (100, 1))
