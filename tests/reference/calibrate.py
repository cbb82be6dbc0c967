"""Measure what correct trainings give over many seeds, as evidence that the tolerances of the exercises cite.

`python -m tests.reference.calibrate iris` writes `evidence/iris.json`; `… mnist` trains what is missing in
`evidence/mnist.jsonl` or `evidence/standin.jsonl`, and can be interrupted and started again.
"""

import argparse
import json
import platform
import time
from datetime import date
from importlib.metadata import version
from itertools import product
from typing import Any

import numpy as np
from tqdm import tqdm

from lab.datasets import iris_data
from lab.recipes import RECIPES
from tests.reference.evidence import EVIDENCE, tail_bounds
from tests.reference.mnist_trainings import add_options, record_trainings
from tests.reference.oracle import Floats
from tests.reference.replicas import (
    SHUFFLINGS,
    accuracies,
    boundary_lengths,
    iris_network,
    iris_replicas,
    losses,
    standardised_grid,
)

DATA_SEEDS = (*range(20), 42)
MODEL_SEEDS = 64  # a data seed; 1,344 replicas for each configuration in about five minutes
IRIS = {"relu10": (10, "relu"), "relu50": (50, "relu"), "sigmoid10": (10, "sigmoid")}
PAIRS = (("relu50", "relu10"), ("sigmoid10", "relu10"))
QUANTILES = (0.001, 0.01, 0.5, 0.99, 0.999)

Measured = dict[str, Floats]


def measure_iris(configuration: str, shuffling: str, data_seed: int, replicas: int) -> Measured:
    """What each replica of one Iris model measures on one split: an array (replicas,) by name.

    Configurations draw from seeds of their own. From one seed, ReLU and sigmoid would start from equal weights, and
    their losses would differ by much less than those of two models that somebody trains one after the other.
    """
    hidden_units, activation = IRIS[configuration]
    seed = 1000 * list(IRIS).index(configuration) + data_seed
    x_train, y_train, x_test, y_test = (np.asarray(part, np.float64) for part in iris_data(data_seed))
    recipe = RECIPES["iris"]
    trained = iris_replicas(x_train, y_train, hidden_units, activation, recipe, replicas, shuffling, seed)
    network = iris_network(activation)
    return {
        "test_accuracy": accuracies(network, trained, x_test, y_test),
        "training_accuracy": accuracies(network, trained, x_train, y_train),
        "training_loss": losses(network, trained, x_train, y_train),
        "boundary_length": boundary_lengths(network, trained, standardised_grid(x_train, x_test)),
    }


def summary(values: Floats) -> dict[str, Any]:
    """A sample (n,) in a few numbers; `sd` has n - 1 below the line."""
    return {
        "number": values.size,
        "mean": float(values.mean()),
        "sd": float(values.std(ddof=1)),
        "min": float(values.min()),
        "max": float(values.max()),
        "above_zero": float((values > 0).mean()),
        "below_zero": float((values < 0).mean()),
        "bounds": tail_bounds(values),
        "quantiles": {str(share): float(np.quantile(values, share)) for share in QUANTILES},
    }


def summaries(measured: Measured) -> dict[str, Any]:
    """The summary of each measurement."""
    return {name: summary(values) for name, values in measured.items()}


def pooled(parts: list[Measured]) -> Measured:
    """The measurements of all data seeds, one after the other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def differences(one: list[Measured], other: list[Measured]) -> Measured:
    """Every replica of `one` minus every replica of `other` on the same split, all splits one after the other."""
    pairs = zip(one, other, strict=True)
    return pooled([{name: np.subtract.outer(a[name], b[name]).ravel() for name in a} for a, b in pairs])


def calibrate_iris(data_seeds: tuple[int, ...] = DATA_SEEDS, model_seeds: int = MODEL_SEEDS) -> dict[str, Any]:
    """The evidence on exercise 2: each configuration, and differences of two on the same split."""
    parts: dict[tuple[str, str], list[Measured]] = {}
    for shuffling, name, data_seed in tqdm(list(product(SHUFFLINGS, IRIS, data_seeds)), desc="iris", unit="split"):
        parts.setdefault((shuffling, name), []).append(measure_iris(name, shuffling, data_seed, model_seeds))
    return {
        "data_seeds": list(data_seeds),
        "model_seeds": model_seeds,
        "recipe": {"epochs": RECIPES["iris"].epochs, "batch_size": RECIPES["iris"].batch_size},
        "sizes": {"training_flowers": 105, "test_flowers": 45, "grid_points": 61_600},
        "units": {
            "test_accuracy": "0 to 1",
            "training_accuracy": "0 to 1",
            "training_loss": "nats, one full pass after training",
            "boundary_length": "cm",
        },
        "configurations": {way: {name: summaries(pooled(parts[way, name])) for name in IRIS} for way in SHUFFLINGS},
        "differences": {
            way: {f"{a}-{b}": summaries(differences(parts[way, a], parts[way, b])) for a, b in PAIRS}
            for way in SHUFFLINGS
        },
    }


def write_evidence(name: str, contents: dict[str, Any], seconds: float) -> None:
    """Write `evidence/<name>.json` whole or not at all, with the versions and the day it was measured."""
    provenance = {
        "command": f"python -m tests.reference.calibrate {name}",
        "date": date.today().isoformat(),
        "seconds": round(seconds),
        "versions": {"python": platform.python_version()} | {it: version(it) for it in ("numpy", "scikit-learn")},
    }
    EVIDENCE.mkdir(exist_ok=True)
    unfinished = EVIDENCE / f"{name}.json.unfinished"
    rounded = json.loads(json.dumps(provenance | contents), parse_float=lambda digits: float(f"{float(digits):.6g}"))
    unfinished.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(EVIDENCE / f"{name}.json")


def record_iris(_: argparse.Namespace) -> None:
    """Train exercise 2's replicas and write their fitted tails."""
    start = time.perf_counter()
    contents = calibrate_iris()
    write_evidence("iris", contents, time.perf_counter() - start)


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.reference.calibrate", description=__doc__)
    subcommands = parser.add_subparsers(dest="name", required=True)
    for name, record in (("iris", record_iris), ("mnist", record_trainings)):
        subcommands.add_parser(name, help=record.__doc__).set_defaults(record=record)
    add_options(subcommands.choices["mnist"])
    options = parser.parse_args()
    options.record(options)


if __name__ == "__main__":
    main()
