"""The answers of exercise 2."""

from functools import partial

from lab.run import Run
from tests.checks.classification import accuracy_on_test, hits, paired, training_loss
from tests.checks.iris import run_boundary_length
from tests.reporting import figures
from tests.reporting.answers.answer import Answer, Runs, percent
from tests.reporting.answers.iris_audit import accuracy_claims, sigmoid_claims, units_claims
from tests.reporting.audit import audited

FIRST = "iris_relu10"


def accuracy(runs: Runs) -> Answer:
    """2.1: the classification accuracy."""
    run = runs.run(FIRST)
    share = accuracy_on_test(run)
    return Answer(
        sentence=(
            f"The model classifies {share.hits} of {share.trials} test flowers right, {percent(share.share)} "
            f"(95 % interval {percent(share.low)} to {percent(share.high)}): one flower is {percent(1 / share.trials)}."
        ),
        measured={
            "accuracy": share.share,
            "hits": share.hits,
            "flowers": share.trials,
            "interval": [share.low, share.high],
            "training_loss": training_loss(run),
        },
        **audited("2.1", accuracy_claims, runs),
        figures={
            "iris_accuracy": partial(figures.accuracy_curve, run),
            "iris_boundary_relu10": partial(figures.decision_boundary, run),
        },
    )


def compared(runs: Runs, name: str, change: str) -> tuple[Run, dict[str, float], str]:
    """A model beside the first one: its run, the numbers, and a sentence about accuracy."""
    first, other = runs.run(FIRST), runs.run(name)
    shares = accuracy_on_test(first), accuracy_on_test(other)
    test = paired(*(hits(run.test_predictions, run.data.y_test) for run in (first, other)))
    measured = {
        "accuracy": shares[1].share,
        "accuracy_10_relu": shares[0].share,
        "mcnemar_p": test.p_value,
        "training_loss": training_loss(other),
        "training_loss_10_relu": training_loss(first),
        "boundary_length_cm": run_boundary_length(other),
        "boundary_length_cm_10_relu": run_boundary_length(first),
    }
    sentence = (
        f"{change} the training loss after {other.recipe.epochs} epochs is {measured['training_loss']:.3f} instead of "
        f"{measured['training_loss_10_relu']:.3f}, the decision boundary {measured['boundary_length_cm']:.2f} cm long "
        f"instead of {measured['boundary_length_cm_10_relu']:.2f} cm, and {shares[1].hits} of {shares[1].trials} test "
        f"flowers are right instead of {shares[0].hits} (exact McNemar p = {test.p_value:.2f})."
    )
    return other, measured, sentence


def more_units(runs: Runs) -> Answer:
    """2.2: what 50 hidden units change."""
    run, measured, sentence = compared(runs, "iris_relu50", "With 50 hidden units")
    return Answer(
        sentence=sentence,
        measured=measured,
        **audited("2.2", units_claims, runs),
        figures={
            "iris_boundary_relu50": partial(figures.decision_boundary, run),
            "iris_training_losses": partial(
                figures.training_losses, [runs.run(FIRST), run, runs.run("iris_sigmoid10")]
            ),
        },
    )


def sigmoid(runs: Runs) -> Answer:
    """2.3: what a sigmoid in the hidden layer changes."""
    run, measured, sentence = compared(runs, "iris_sigmoid10", "With sigmoid in the hidden layer")
    return Answer(
        sentence=sentence,
        measured=measured,
        **audited("2.3", sigmoid_claims, runs),
        figures={"iris_boundary_sigmoid10": partial(figures.decision_boundary, run)},
    )


ANSWERS = {"2.1": accuracy, "2.2": more_units, "2.3": sigmoid}
