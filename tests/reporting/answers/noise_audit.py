"""What the original notebook published on question 1.3: its figures at noise 5, and what noise is said to change."""

from collections.abc import Mapping

import numpy as np
from scipy import stats

from lab.run import Array
from tests.checks import linear
from tests.reference.audit import RATE, exact, more_spread, p_text, significant
from tests.reference.linear_bounds import RECIPE, reference_on
from tests.reference.linear_reference import REPLICAS, LinearReference
from tests.reference.oracle import Floats
from tests.reference.published import figure
from tests.reference.replicas import SHUFFLINGS, two_start_contraction
from tests.reference.verdicts import CONTRADICTED, INDISTINGUISHABLE, REPRODUCED, Judgement, not_measured
from tests.reporting.answers.answer import Runs
from tests.reporting.answers.linear_audit import coordinates, errors, notebook_data

ORDER_WORDS = {"repeated": "one order repeated", "reshuffled": "shuffled anew"}
LEVEL = 50  # epochs at the end, over which the loss curve is level: those of `linear.scatter`


def noise_claims(runs: Runs) -> Mapping[str, Judgement]:
    """1.3: the figures at noise 5, and what the noise is said to change."""
    x, clean, noisy = notebook_data()
    before, after = reference_on(x, clean), reference_on(x, noisy)
    weight, bias = figure("1.3-weight"), figure("1.3-bias")
    return {
        **coordinates(after, "1.3", weight, bias),
        **errors("1.3", x, weight, bias),
        "1.3-weight-worse": deviates_more("weight", linear.WEIGHT, figure("1.1-weight"), weight),
        "1.3-bias-worse": deviates_more("bias", linear.BIAS, figure("1.1-bias"), bias),
        "1.3-errors-rose": errors_rose(),
        "1.3-variability": least([more_spread(*spread, REPLICAS) for spread in loss_spreads(before, after)]),
        "1.3-precision": least([more_spread(*spread, REPLICAS) for spread in line_spreads(before, after)]),
        **curve_claims(runs),
    }


def deviates_more(name: str, truth: float, before: float, after: float) -> Judgement:
    """Whether the notebook's own figure went away from the truth when the noise grew."""
    distances = abs(before - truth), abs(after - truth)
    told = (
        f"Its own {name} went from {before:.4f} to {after:.4f} with more noise, and its distance from {truth:g} "
        f"{'rose' if distances[1] > distances[0] else 'did not rise'}: {distances[0]:.4f}, then {distances[1]:.4f}."
    )
    return exact(distances[1] > distances[0], told, distances=list(distances))


def errors_rose() -> Judgement:
    """Whether the notebook's own errors are the larger ones at noise 5."""
    pairs = {name: (figure(f"1.2-{name}"), figure(f"1.3-{name}")) for name in ("mae", "mse")}
    told = ", ".join(f"its {name.upper()} {one:.4f} and then {other:.4f}" for name, (one, other) in pairs.items())
    return exact(all(one < other for one, other in pairs.values()), f"By its own figures, with more noise: {told}.")


def loss_spreads(before: LinearReference, after: LinearReference) -> list[tuple[str, float, float]]:
    """Standard deviations of the last loss over trainings at both noise levels, for each order."""
    return [
        (f"the last loss ({ORDER_WORDS[name]})", before.cloud(name).loss_sd, after.cloud(name).loss_sd)
        for name in SHUFFLINGS
    ]


def line_spreads(before: LinearReference, after: LinearReference) -> list[tuple[str, float, float]]:
    """Standard deviations of weight and of bias over trainings at both noise levels, for each order."""

    def spread(reference: LinearReference, shuffling: str, axis: int) -> float:
        return float(np.sqrt(reference.cloud(shuffling).covariance[axis, axis]))

    return [
        (f"the {parameter} ({ORDER_WORDS[name]})", spread(before, name, axis), spread(after, name, axis))
        for name in SHUFFLINGS
        for axis, parameter in enumerate(("weight", "bias"))
    ]


def least(judgements: list[Judgement]) -> Judgement:
    """The judgement of the pair that grew least: a claim without conditions must hold there too."""
    return min(judgements, key=lambda judgement: judgement.measured["after"] / judgement.measured["before"])


def curve_claims(runs: Runs) -> dict[str, Judgement]:
    """What this session's pair of loss curves, and of restarted trainings, say."""
    clean, noisy = runs.run("linear"), runs.run("linear_noisy")
    losses = np.array(clean.history["loss"]), np.array(noisy.history["loss"])
    rates = [linear.contraction(*runs.two_starts(run.name)) for run in (clean, noisy)]
    return {
        "1.3-smoothness": less_smooth(*losses),
        "1.3-slower": slower(rates[0], rates[1], noise_free_rates(clean.data.x_train)),
        "1.3-plateau": earlier_plateau(*losses),
    }


def less_smooth(clean: Floats, noisy: Floats) -> Judgement:
    """Whether the level part of the loss curve jumps more at noise 5: Brown and Forsythe's test."""
    level = clean[-LEVEL:], noisy[-LEVEL:]
    scatters = [float(np.std(part)) for part in level]
    if min(map(len, level)) < LEVEL or not np.isfinite(scatters).all() or not any(scatters):
        return not_measured(f"This session's trainings have no {LEVEL} losses that scatter.")
    p_value = float(stats.levene(*level, center="median").pvalue)
    told = (
        f"Over the last {LEVEL} epochs of this session's trainings the loss scatters by {scatters[0]:.4f} at noise 1 "
        f"and {scatters[1]:.4f} at noise 5 (Brown-Forsythe test, {p_text(p_value)})."
    )
    return Judgement(significant(p_value, scatters[1] - scatters[0]), told, {"scatter": scatters, "p_value": p_value})


def noise_free_rates(x: Array) -> dict[str, Floats]:
    """The factor by which an epoch shrinks the distance to the goal where there is no noise, over many orders."""
    return {name: two_start_contraction(x, RECIPE, REPLICAS // 8, name, seed=0) for name in SHUFFLINGS}


def slower(clean: float, noisy: float, noise_free: Mapping[str, Floats]) -> Judgement:
    """Whether an epoch at noise 5 leaves more of the distance than one at noise 1.

    Equal, so contradicted, if they differ by less than a tenth of what another order of the samples changes; that is
    ten times the rounding of float32. Inside the noise up to 2.58 times the spread of a difference of two orders.
    """
    spreads = [float(rates.std(ddof=1)) for rates in noise_free.values()]
    if not np.isfinite([clean, noisy, *spreads]).all():
        return not_measured("The rate of convergence of this session's trainings is no number.")
    change, reach = noisy - clean, float(stats.norm.isf(RATE / 2) * np.sqrt(2)) * max(spreads)
    if abs(change) <= min(spreads) / 10:
        verdict = CONTRADICTED
    elif abs(change) <= reach:
        verdict = INDISTINGUISHABLE
    else:
        verdict = REPRODUCED if change > 0 else CONTRADICTED
    told = (
        f"An epoch leaves {clean:.6f} of the distance at noise 1 and {noisy:.6f} at noise 5, a change of {change:.1g}, "
        f"where another order of the samples alone changes it by {min(spreads):.1g} or more: the rate depends on X and "
        "the learning rate."
    )
    return Judgement(verdict, told, {"rates": [clean, noisy], "spread_over_orders": spreads})


def earlier_plateau(clean: Floats, noisy: Floats) -> Judgement:
    """Whether the loss at noise 5 first comes down to the level of its last epochs in an earlier epoch."""
    if not np.isfinite([*clean, *noisy]).all():
        return not_measured("A loss of this session's trainings is no number.")
    epochs = [int(np.argmax(losses <= losses[-LEVEL:].max())) + 1 for losses in (clean, noisy)]
    told = (
        f"In this session the loss first comes down to the level of its last {LEVEL} epochs in epoch {epochs[0]} at "
        f"noise 1 and in epoch {epochs[1]} at noise 5."
    )
    if epochs[0] == epochs[1]:
        return Judgement(INDISTINGUISHABLE, told, {"epochs": epochs})
    return exact(epochs[1] < epochs[0], told, epochs=epochs)
