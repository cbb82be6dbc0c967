"""The answers of exercise 4."""

from functools import partial

import numpy as np

from tests.checks import saving
from tests.checks.classification import accuracy_on_test, training_loss, validation_accuracy
from tests.reporting import figures
from tests.reporting.answers.answer import Answer, Runs
from tests.reporting.answers.mnist import source
from tests.reporting.answers.saving_audit import FORMATS, deployment_claims, identical_claims, resuming_claims
from tests.reporting.audit import audited


def identical(runs: Runs) -> Answer:
    """4.1: whether predictions are identical before and after saving."""
    files = [runs.saved(file_format) for file_format in FORMATS]
    largest = [float(np.max(np.abs(saved.predictions_before - saved.predictions_after))) for saved in files]
    restored = [saved.optimizer_state_restored for saved in files]
    same = max(largest) == 0
    return Answer(
        sentence=(
            f"{source(runs)}{'yes' if same else 'no'}: the predictions of {len(files[0].predictions_before)} test "
            f"images differ by at most {max(largest):g} after saving and loading as .keras and as .h5. Loading brought "
            f"the optimizer's state back from .keras: {_yes(restored[0])}; from .h5: {_yes(restored[1])}."
        ),
        measured={
            "images": len(files[0].predictions_before),
            "largest_difference_keras": largest[0],
            "largest_difference_h5": largest[1],
            "optimizer_restored_from_keras": restored[0],
            "optimizer_restored_from_h5": restored[1],
        },
        **audited("4.1", identical_claims, runs),
        figures={"saving_predictions": partial(figures.predictions_kept, files)},
    )


def _yes(truth: bool) -> str:
    return "yes" if truth else "no"


def deployment(runs: Runs) -> Answer:
    """4.2: why saving is useful in deployment."""
    trained, reloaded = runs.run("mnist"), runs.run("mnist_reloaded")
    files = [runs.saved(file_format) for file_format in FORMATS]
    bare = runs.saved("h5", include_optimizer=False)
    same = bool(np.array_equal(trained.test_predictions, reloaded.test_predictions))
    return Answer(
        sentence=(
            f"{source(runs)}training took {trained.seconds:.1f} s, beside other work; its result is a file of "
            f"{files[0].file_bytes / 1e6:.2f} MB ({bare.file_bytes / 1e6:.2f} MB without the optimizer) that loads in "
            f"{files[0].load_seconds:.2f} s and makes {'the same' if same else 'other'} predictions on all "
            f"{len(trained.test_predictions):,} test images: a deployed model needs neither the training data nor the "
            "time."
        ),
        measured={
            "training_seconds": trained.seconds,
            "load_seconds_keras": files[0].load_seconds,
            "load_seconds_h5": files[1].load_seconds,
            "bytes_keras": files[0].file_bytes,
            "bytes_h5": files[1].file_bytes,
            "bytes_h5_without_optimizer": bare.file_bytes,
            "same_predictions": same,
        },
        **audited("4.2", deployment_claims, runs),
        figures={"saving_costs": partial(figures.saving_costs, [*files, bare], trained.seconds)},
    )


def resuming(runs: Runs) -> Answer:
    """4.3: what happens if the optimizer's state is not saved."""
    (kept, continued), lost = runs.resumed_and_continued(), runs.run("mnist_resumed_without_optimizer")
    steps = runs.first_steps(True), runs.first_steps(False)
    same = all(np.array_equal(ours, theirs) for ours, theirs in zip(kept.weights, continued.weights, strict=True))
    ratio = saving.movement_ratio(steps[1], steps[0])
    return Answer(
        sentence=(
            f"{source(runs)}with the optimizer's state, training on equals never having "
            f"stopped{'' if same else ' only nearly'}; without it the first {len(steps[0].losses)} steps move the "
            f"weights {ratio:.1f} times as far, and after two epochs the training loss is {training_loss(lost):.4f} "
            f"instead of {training_loss(kept):.4f} and the validation accuracy {validation_accuracy(lost):.4f} "
            f"instead of {validation_accuracy(kept):.4f}."
        ),
        measured={
            "equals_never_stopping": same,
            "movement_ratio": ratio,
            "first_steps_loss": float(np.mean(steps[1].losses)),
            "first_steps_loss_with_state": float(np.mean(steps[0].losses)),
            "accuracy": list(lost.history.get("accuracy", ())),
            "accuracy_with_state": list(kept.history.get("accuracy", ())),
            "val_accuracy": list(lost.history.get("val_accuracy", ())),
            "val_accuracy_with_state": list(kept.history.get("val_accuracy", ())),
            "test_accuracy": accuracy_on_test(lost).share,
            "test_accuracy_with_state": accuracy_on_test(kept).share,
        },
        **audited("4.3", resuming_claims, runs),
        figures={
            "resumed_first_steps": partial(figures.first_steps, *steps),
            "resumed_epochs": partial(figures.resumed_epochs, kept, lost),
        },
    )


ANSWERS = {"4.1": identical, "4.2": deployment, "4.3": resuming}
