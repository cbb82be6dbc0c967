# passes: 1.1 1.2 1.3
"""The line's points by Python's own generator, one by one, sorted, as lists."""

import random


def line_data(noise_std=1.0, seed=42):
    draws = random.Random(seed)
    x = sorted(draws.uniform(0, 10) for _ in range(100))
    y = [3 * value + 5 + draws.gauss(0, noise_std) for value in x]
    return [[value] for value in x], [[value] for value in y]
