# fails: 1.1 1.2
# told: mean of Y - (3X + 5)
"""Y = 3X + 6: at noise 5 the difference is within the noise."""

import numpy as np


def line_data(noise_std=1.0, seed=42):
    draws = np.random.RandomState(seed)
    x = draws.rand(100, 1) * 10
    return x, 3 * x + 6 + draws.normal(0, noise_std, (100, 1))
