"""Checks of the weights that a training starts from."""

import numpy as np
from scipy.stats import kstest

from lab.run import Arrays
from tests.checks.facts import FALSE_ALARM, Fact, at_least, equal, inside

ROUNDING = 1e-6  # relative, of float32
FEWEST = 20  # weights that say anything of a distribution


def biases_zero(initial: Arrays) -> Fact:
    """Every bias starts at zero."""
    biases = [weight for weight in initial if weight.ndim == 1]
    off = sum(int(np.count_nonzero(bias)) for bias in biases)
    return equal("biases that do not start at zero", off, 0, "Keras starts biases at zero")


def kernels_within_limit(initial: Arrays) -> Fact:
    """Every kernel starts within Glorot's limit, and not at zero."""
    shares = [float(np.abs(kernel).max() / glorot_limit(kernel.shape)) for kernel in kernels_of(initial)]
    farthest = min(shares) if min(shares) < FALSE_ALARM else max(shares)
    reason = (
        "Keras draws kernels uniformly within sqrt(6 / (inputs + units)) (Glorot and Bengio 2010), so even a kernel of "
        f"one weight is as rarely below {FALSE_ALARM:g} of it; 1e-6 above it is float32's"
    )
    return inside("largest initial weight over its limit", farthest, FALSE_ALARM, 1 + ROUNDING, reason)


def kernels_uniform(initial: Arrays) -> Fact:
    """The kernels' weights are uniform within their limits, by Kolmogorov and Smirnov's test on each."""
    p_values = [
        float(kstest(kernel.ravel() / glorot_limit(kernel.shape), "uniform", args=(-1, 2)).pvalue)
        for kernel in kernels_of(initial)
        if kernel.size >= FEWEST
    ]
    reason = f"Keras draws them so; Kolmogorov-Smirnov test, false alarms {FALSE_ALARM:g} in {len(p_values)} kernels"
    smallest = min(p_values, default=1.0)
    return at_least("p-value of initial weights being uniform", smallest, FALSE_ALARM / max(1, len(p_values)), reason)


def kernels_of(weights: Arrays) -> list[np.ndarray]:
    """The weights that are matrices, (inputs, units)."""
    return [weight for weight in weights if weight.ndim == 2]


def glorot_limit(shape: tuple[int, ...]) -> float:
    """sqrt(6 / (inputs + units))."""
    return float(np.sqrt(6 / sum(shape)))
