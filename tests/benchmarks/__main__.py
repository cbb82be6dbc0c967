"""Measures what the project promises of its speed, each figure beside what it is held against, in one run.

python -m tests.benchmarks --notebook lab07.ipynb --mnist mnist.npz
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.processes import FailedProcessError
from tests.benchmarks.report import Outcome, missed, slower_than, table, write

PARTS = ("training", "sessions", "exercises", "split", "growth")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write, and return 1 if something misses what is promised or is slower than it was."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--mnist", default=os.environ.get("LAB_MNIST"), metavar="NPZ", help="Keras's mnist.npz (default: $LAB_MNIST)"
    )
    parser.add_argument(
        "--notebook",
        type=Path,
        metavar="IPYNB",
        help="the original notebook, to be held against; needs nbclient and ipykernel",
    )
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="measure this part (may be repeated; default: all)"
    )
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="measurements of each figure (default: 3)")
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="write all figures as JSON, and the growth's plot beside it as PNG"
    )
    parser.add_argument("--compare", type=Path, metavar="FILE", help="say what became slower than in an earlier JSON")
    options = parser.parse_args(arguments)
    if not options.mnist:
        parser.error("--mnist is missing: the figures are those of the real MNIST; name Keras's mnist.npz")
    if options.rounds < 1:
        parser.error(f"--rounds is {options.rounds}; it takes a whole number of at least 1")
    for path in (options.notebook, Path(options.mnist)):
        if path is not None and not path.is_file():
            parser.error(f"{path}: there is no such file")
    try:
        outcome = measured(options)
        slower = slower_than(options.compare, outcome) if options.compare else []
    except (FailedProcessError, ValueError) as reason:
        parser.exit(1, f"{parser.prog}: {reason}\n")
    print(table(outcome))
    if options.write:
        write(outcome, options.write)
    problems = [f"missed: {name}" for name in missed(outcome.rows)] + [f"slower: {sentence}" for sentence in slower]
    print(*problems, sep="\n")
    return 1 if problems else 0


def measured(options: argparse.Namespace) -> Outcome:
    """What the options ask for, whole processes first: TensorFlow in this one would slow them."""
    from tests.benchmarks import growth, sessions

    outcome, parts, rounds = Outcome(), options.only or PARTS, options.rounds
    mnist = str(Path(options.mnist).resolve())
    if "sessions" in parts:
        if options.notebook:
            outcome.rows += sessions.against_notebook(options.notebook, Path(mnist), rounds)
        else:
            print("not measured without --notebook: pytest against the original notebook", file=sys.stderr)
        outcome.rows += [sessions.on_two_workers(mnist, rounds), *sessions.without_tensorflow(rounds)]
    if "exercises" in parts:
        outcome.exercises = sessions.one_exercise_at_a_time(mnist)
    if "split" in parts:
        outcome.split = sessions.time_split(mnist)
    if "training" in parts or "growth" in parts:
        import lab
        from lab.mnist_source import load_mnist
        from tests.benchmarks import training

        x, y, *_ = lab.mnist_data(load_mnist(mnist).arrays)
        if "training" in parts:
            outcome.rows += [*training.epoch_rows(x, y, rounds), *training.exercise_rows(rounds)]
        if "growth" in parts:
            outcome.growths = growth.growths(x, y, rounds)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
