"""The answers of exercise 2."""

from functools import partial

from lab.run import Run
from tests.checks.classification import accuracy_on_test, hits, paired, training_loss
from tests.checks.iris import run_boundary_length
from tests.reference.evidence import load_evidence
from tests.reference.published import PUBLISHED
from tests.reporting import figures
from tests.reporting.answers.answer import CONTRADICTED, INDISTINGUISHABLE, REPRODUCED, Answer, Runs, percent

FIRST = "iris_relu10"


def accuracy(runs: Runs) -> Answer:
    """2.1: the classification accuracy."""
    run = runs.run(FIRST)
    share = accuracy_on_test(run)
    verdict, reason = published_accuracy("relu10", PUBLISHED["2.1"]["accuracy"])
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
        published=PUBLISHED["2.1"],
        verdict=verdict,
        reason=reason,
        figures={
            "iris_accuracy": partial(figures.accuracy_curve, run),
            "iris_boundary_relu10": partial(figures.decision_boundary, run),
        },
    )


def published_accuracy(kind: str, published: float) -> tuple[str, str]:
    """Whether correct trainings reach the published accuracy, by the range that 99 % of the replicas lie in."""
    samples = [shuffling[kind]["test_accuracy"] for shuffling in load_evidence("iris")["configurations"].values()]
    low, high = (
        min(sample["quantiles"]["0.01"] for sample in samples),
        max(sample["quantiles"]["0.99"] for sample in samples),
    )
    told = (
        f"Correct trainings of this model over many splits and starts reach {percent(low)} to {percent(high)} (1st to "
        f"99th percentile of {sum(sample['number'] for sample in samples):,}); published: {percent(published)}."
    )
    return (REPRODUCED if low <= published <= high else CONTRADICTED), told


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
    longer, more_accurate = (share_above("relu50-relu10", metric) for metric in ("boundary_length", "test_accuracy"))
    return Answer(
        sentence=sentence,
        measured=measured,
        published=PUBLISHED["2.2"],
        verdict=claim_verdict(longer),
        reason=(
            f"In correct trainings on the same split 50 units draw the longer boundary in {percent(longer)} and are "
            f"more accurate on the test flowers in {percent(more_accurate)}: "
            f"{'a difference' if claim_verdict(longer) == REPRODUCED else 'no difference'} that one training can show."
        ),
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
    slower = share_above("sigmoid10-relu10", "training_loss")
    shorter = 1 - share_above("sigmoid10-relu10", "boundary_length")
    verdict, reason = published_accuracy("sigmoid10", PUBLISHED["2.3"]["accuracy"])
    return Answer(
        sentence=sentence,
        measured=measured,
        published=PUBLISHED["2.3"],
        verdict=verdict if verdict == CONTRADICTED else claim_verdict(slower),
        reason=(
            f"{reason} After the same epochs sigmoid's training loss is the higher one in {percent(slower)} of the "
            f"trainings on the same split, and its boundary the shorter one in {percent(shorter)}."
        ),
        figures={"iris_boundary_sigmoid10": partial(figures.decision_boundary, run)},
    )


def share_above(pair: str, metric: str) -> float:
    """In what share of paired replicas the first of the pair has more of the metric; the smaller of both shufflings."""
    return min(
        float(shuffling[pair][metric]["above_zero"]) for shuffling in load_evidence("iris")["differences"].values()
    )


def claim_verdict(share: float) -> str:
    """A claim of "more" holds if 99 % of correct trainings show it, and fails if 99 % show the contrary."""
    if share >= 0.99:
        return REPRODUCED
    return CONTRADICTED if share <= 0.01 else INDISTINGUISHABLE


ANSWERS = {"2.1": accuracy, "2.2": more_units, "2.3": sigmoid}
