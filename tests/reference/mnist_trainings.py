"""Real trainings of exercises 3 and 4, one JSON line a seed: the evidence that their tolerances come from.

`python -m tests.reference.calibrate mnist [--seeds 1000:1050] [--mnist PATH|standin]` adds what is missing to
`evidence/mnist.jsonl` or `evidence/standin.jsonl`; it can be interrupted and started again.
"""

import argparse
import json
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from lab.run import Run
from tests.checks.classification import accuracy_on_test, generalisation_gap, training_accuracy, training_loss

EVIDENCE = Path(__file__).parent / "evidence"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `calibrate mnist`."""
    parser.add_argument(
        "--seeds", type=seeds, default="1000:1050", help="first:last (exclusive), 1000:1050 if not given"
    )
    parser.add_argument("--mnist", help="Keras's mnist.npz, a folder of IDX files, or `standin`")


def seeds(text: str) -> range:
    """The seeds that `first:last` means."""
    first, colon, last = text.partition(":")
    if not colon or not (first.isdigit() and last.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is not first:last, two whole numbers")
    return range(int(first), int(last))


def record_trainings(arguments: argparse.Namespace) -> None:
    """Train what is missing, seed by seed, on MNIST or the stand-in."""
    from lab.mnist_source import load_mnist  # reference imports nothing above the narrow waist unless it trains

    mnist = load_mnist(arguments.mnist)
    path = EVIDENCE / ("mnist.jsonl" if mnist.is_mnist else "standin.jsonl")
    known = {json.loads(line)["seed"] for line in path.read_text().splitlines()} if path.exists() else set()
    for seed in tqdm([seed for seed in arguments.seeds if seed not in known], unit="seed", desc=path.name):
        record = one_seed(seed, mnist)
        with path.open("a") as file:
            file.write(json.dumps(record) + "\n")


def one_seed(seed: int, mnist: Any) -> dict[str, Any]:
    """The figures of merit of every MNIST run of one seed."""
    import keras
    import tensorflow as tf

    from tests.submissions.laboratory import Laboratory
    from tests.submissions.subject import load_subject

    with tempfile.TemporaryDirectory() as folder:
        laboratory = Laboratory(load_subject(None), seed, lambda: mnist, Path(folder), None)
        record: dict[str, Any] = {
            "seed": seed,
            "date": datetime.now(UTC).date().isoformat(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "python": platform.python_version(),
        }
        for name in ("mnist", "mnist_dropout", *(f"mnist_batch{size}" for size in (16, 32, 64, 128))):
            run = laboratory.run(name)
            record[name] = {"test_accuracy": accuracy_on_test(run).share, "reported": reported(run)}
            if len(run.train_predictions):
                record[name] |= {
                    "training_accuracy": training_accuracy(run),
                    "training_loss": training_loss(run),
                    "gap": generalisation_gap(run),
                }
        for state, name in ((True, "mnist_resumed"), (False, "mnist_resumed_without_optimizer")):
            run, steps = laboratory.run(name), laboratory.first_steps(state)
            record[name] = {
                "accuracy": run.history["accuracy"],
                "val_accuracy": run.history["val_accuracy"],
                "reported": reported(run),
                "first_movement": steps.movements[0],
                "movement": sum(steps.movements),
                "mean_first_loss": sum(steps.losses) / len(steps.losses),
            }
    return record


def reported(run: Run) -> dict[str, float]:
    """What training itself reported of its last epoch: means over the epoch, while the weights moved."""
    return {metric: values[-1] for metric, values in run.history.items()}
