# passes: 1.1 1.2 1.3
"""The line's points in float32, by the global generator."""

import numpy as np


def line_data(noise_std=1.0, seed=42):
    np.random.seed(seed)  # noqa: NPY002
    x = (10 * np.random.rand(100, 1)).astype("float32")  # noqa: NPY002
    noise = np.random.normal(0, noise_std, x.shape)  # noqa: NPY002
    y = 3 * x + 5 + noise
    return x, y.astype("float32")
