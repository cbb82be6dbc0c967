"""The answers of exercise 3."""

from functools import partial

import numpy as np

from lab.run import Timing
from tests.checks import mnist
from tests.checks.classification import (
    accuracy_on_test,
    confusion_matrix,
    generalisation_gap,
    hits,
    most_confused,
    paired,
    training_loss,
)
from tests.reporting import figures
from tests.reporting.answers.answer import Answer, Runs, percent
from tests.reporting.answers.mnist_audit import BATCH_SIZES, accuracy_claims, batch_claims, dropout_claims
from tests.reporting.audit import audited


def source(runs: Runs) -> str:
    """Which images, for every sentence about them."""
    return f"On {'MNIST' if runs.mnist().is_mnist else 'the stand-in for MNIST'}, "


def accuracy(runs: Runs) -> Answer:
    """3.1: the test accuracy."""
    run = runs.run("mnist")
    share, (true, taken_for, times) = accuracy_on_test(run), most_confused(confusion_matrix(run))
    return Answer(
        sentence=(
            f"{source(runs)}the model classifies {share.hits:,} of {share.trials:,} test images right, "
            f"{percent(share.share)} (95 % interval {percent(share.low)} to {percent(share.high)}); most often "
            f"{article(true)} {true} is taken for {article(taken_for)} {taken_for} ({times} times)."
        ),
        measured={
            "accuracy": share.share,
            "interval": [share.low, share.high],
            "training_loss": training_loss(run),
            "most_confused": {"true": true, "taken_for": taken_for, "times": times},
            "training_seconds": run.seconds,
        },
        **audited("3.1", accuracy_claims, runs),
        figures={
            "mnist_accuracy": partial(figures.accuracy_curve, run),
            "mnist_confusion": partial(figures.confusion_matrix, run),
        },
    )


def article(digit: int) -> str:
    """The article of a digit's name: an eight, a nine."""
    return "an" if digit == 8 else "a"


MARGIN = 0.005  # of accuracy: dropout is called no worse if it costs less, fifty of 10,000 images


def dropout(runs: Runs) -> Answer:
    """3.2: what dropout changes."""
    plain, dropped = runs.run("mnist"), runs.run("mnist_dropout")
    shares = accuracy_on_test(plain), accuracy_on_test(dropped)
    gaps = generalisation_gap(plain), generalisation_gap(dropped)
    test = paired(*(hits(run.test_predictions, run.data.y_test) for run in (plain, dropped)))
    return Answer(
        sentence=(
            f"{source(runs)}with dropout 0.3 the test accuracy is {percent(shares[1].share)} instead of "
            f"{percent(shares[0].share)} ({test.only_second} images only with it, {test.only_first} only without, "
            f"exact McNemar p = {test.p_value:.2g}): a difference of {100 * test.difference:.2f} points (Newcombe's "
            f"95 % interval {100 * test.low:.2f} to {100 * test.high:.2f}), "
            f"{'not' if test.low > -MARGIN else 'perhaps'} worse by the margin of {100 * MARGIN:g} points. The "
            f"generalisation gap is {percent(gaps[1])} instead of {percent(gaps[0])}."
        ),
        measured={
            "accuracy": shares[1].share,
            "accuracy_without": shares[0].share,
            "right_only_with": test.only_second,
            "right_only_without": test.only_first,
            "mcnemar_p": test.p_value,
            "accuracy_difference": test.difference,
            "accuracy_difference_low": test.low,
            "accuracy_difference_high": test.high,
            "not_inferior": test.low > -MARGIN,
            "gap": gaps[1],
            "gap_without": gaps[0],
            "zeroed_in_training": [masking.zeroed_in_training / masking.values for masking in dropped.masking],
        },
        **audited("3.2", dropout_claims, runs),
        figures={
            "mnist_dropout_accuracy": partial(figures.accuracy_curve, dropped),
            "mnist_gaps": partial(figures.generalisation_gaps, plain, dropped),
        },
    )


def batch_size(runs: Runs) -> Answer:
    """3.3: training time against batch size."""
    trained = [runs.run(f"mnist_batch{size}") for size in BATCH_SIZES]
    shares = {str(size): accuracy_on_test(run).share for size, run in zip(BATCH_SIZES, trained, strict=True)}
    reached = [f"{percent(share)} at {size}" for size, share in shares.items()]
    timings = list(runs.timings.values())
    fit = [timing for timing in timings if timing.loop == "fit" and timing.seconds]
    measured = {
        "accuracy": shares,
        "training_seconds": {str(size): run.seconds for size, run in zip(BATCH_SIZES, trained, strict=True)},
    }
    if len(fit) < len(BATCH_SIZES):
        sentence = (
            f"{source(runs)}training time was not measured in this session, where benchmarks are switched off (as with "
            "-n); pytest tests/exercises/test_3_mnist.py measures it. "
        )
    else:
        measured |= timing_numbers(timings)
        sentence = timing_sentence(runs, measured, fit)
    return Answer(
        sentence=f"{sentence}Accuracy after five epochs: {', '.join(reached)}.",
        measured=measured,
        **audited("3.3", batch_claims, runs),
        figures={
            **({"mnist_batch_time": partial(figures.time_against_batch_size, timings)} if fit else {}),
            "mnist_batch_accuracy": partial(figures.accuracy_against_batch_size, trained),
        },
    )


def timing_numbers(timings: list[Timing]) -> dict[str, object]:
    """Median seconds by batch size and the two coefficients, for each loop that was timed."""
    numbers: dict[str, object] = {}
    for loop in ("fit", "compiled"):
        timed = [timing for timing in timings if timing.loop == loop and timing.seconds]
        if len(timed) > 1:
            a_step, an_image = mnist.time_model(timed)
            numbers[f"{loop}_seconds"] = {str(timing.batch_size): float(np.median(timing.seconds)) for timing in timed}
            numbers[f"{loop}_ms_a_step"], numbers[f"{loop}_us_an_image"] = 1e3 * a_step, 1e6 * an_image
    return numbers


def timing_sentence(runs: Runs, measured: dict[str, object], fit: list[Timing]) -> str:
    """How the time of `fit` falls with the batch size, and why."""
    seconds = measured["fit_seconds"]
    assert isinstance(seconds, dict)
    return (
        f"{source(runs)}one epoch of Keras's fit over {fit[0].images:,} images takes {seconds['16']:.2f} s in batches "
        f"of 16 and {seconds['128']:.2f} s in batches of 128, because its time is {measured['fit_ms_a_step']:.2f} ms a "
        f"step plus {measured['fit_us_an_image']:.1f} µs an image; the compiled loop takes "
        f"{measured['compiled_ms_a_step']:.2f} ms a step plus {measured['compiled_us_an_image']:.1f} µs an image. "
    )


ANSWERS = {"3.1": accuracy, "3.2": dropout, "3.3": batch_size}
