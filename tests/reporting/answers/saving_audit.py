"""What the original notebook published on exercise 4, judged by this session's files and by recorded trainings."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from lab.run import SavedModel
from tests.checks import saving
from tests.checks.facts import Fact, equal, show
from tests.reference.audit import exact, one_of, quoted, tendency
from tests.reference.published import figure
from tests.reference.verdicts import NOT_MEASURED, Judgement, not_measured, worst
from tests.reporting.answers.answer import Runs
from tests.reporting.answers.mnist_audit import points, recorded

FORMATS = ("keras", "h5")
KEPT, LOST = "mnist_resumed", "mnist_resumed_without_optimizer"
ACCURACIES = ("accuracy", "val_accuracy")
TRAININGS = "resumed trainings without the optimizer's state"


def identical_claims(runs: Runs) -> Mapping[str, Judgement]:
    """4.1: the predictions, and that `.h5` keeps the architecture and the weights."""
    files = {file_format: runs.saved(file_format) for file_format in FORMATS}
    return {
        "4.1-identical": identical(list(files.values()), figure("4.1-identical")),
        "4.1-preserved": established(saving.weights_kept(files["h5"]), layers_kept(files["h5"])),
    }


def identical(files: list[SavedModel], tolerance: float) -> Judgement:
    """Whether predictions agree after loading, to the notebook's own tolerance."""
    largest = max(float(np.max(np.abs(saved.predictions_before - saved.predictions_after))) for saved in files)
    told = f"Published: identical within 1e{round(np.log10(tolerance))}; here the largest difference is {largest:g}."
    return exact(largest <= tolerance, told, largest_difference=largest)


def layers_kept(saved: SavedModel) -> Fact:
    """The architecture came back: the same layers; what is compiled around them is another matter."""
    same = saved.structure_before.layers == saved.structure_after.layers
    return equal("the same layers after loading", same, True, "a saved model is rebuilt from its own configuration")


def established(*facts: Fact) -> Judgement:
    """A claim that says what checks of this session establish."""
    told = "; ".join(f"{fact.statement}: {show(fact.measured)} (should be {fact.expected})" for fact in facts)
    measured = {fact.statement: fact.measured for fact in facts}
    return exact(all(fact.holds for fact in facts), f"Measured in this session: {told}.", **measured)


def deployment_claims(runs: Runs) -> Mapping[str, Judgement]:
    """4.2: that a saved model needs no training again, and comes back the same."""
    trained, reloaded = runs.run("mnist"), runs.run("mnist_reloaded")
    same = bool(np.array_equal(trained.test_predictions, reloaded.test_predictions))
    told = f"The loaded model predicts {'the same' if same else 'otherwise'}, untrained."
    return {
        "4.2-reused": exact(same, told, images=len(trained.test_predictions)),
        "4.2-reproducible": established(*(weights_kept_in(runs, file_format) for file_format in FORMATS)),
    }


def weights_kept_in(runs: Runs, file_format: str) -> Fact:
    """The weights came back from a file of this format."""
    fact = saving.weights_kept(runs.saved(file_format))
    return replace(fact, statement=f"{fact.statement} in .{file_format}")


def resuming_claims(runs: Runs) -> Mapping[str, Judgement]:
    """4.3: the accuracies after losing the optimizer's state, and what losing it is said to do."""
    bare, steps = runs.saved("h5", include_optimizer=False), runs.first_steps(with_optimizer=False)
    slower = recorded(KEPT, "accuracy", 0) - recorded(LOST, "accuracy", 0)
    worse = recorded(KEPT, "val_accuracy", 1) - recorded(LOST, "val_accuracy", 1)
    lost = "In recorded trainings losing the state lowered the {} ({})"
    figures = resumed_figures()
    return {
        **figures,
        "4.3-resumed": together([figures[f"4.3-{metric}-{epoch}"] for metric in ACCURACIES for epoch in (1, 2)]),
        "4.3-forgotten": established(saving.no_optimizer_in_file(bare)),
        "4.3-recompiled": uncompiled(bare),
        "4.3-weights": established(saving.weights_kept(bare), saving.predictions_kept(bare)),
        "4.3-memory": established(saving.starts_afresh(steps)),
        "4.3-text": quoted(figure("4.3-text"), figure("4.3-accuracy-2")),
        "4.3-slower": tendency(slower, lost.format("training accuracy of the first epoch", points(slower))),
        "4.3-degraded": tendency(worse, lost.format("validation accuracy after two epochs", points(worse))),
    }


def resumed_figures() -> dict[str, Judgement]:
    """The figures of the two resumed epochs; recorded trainings keep the losses of the second alone."""
    values = {f"4.3-{metric}-{epoch}": recorded(LOST, metric, epoch - 1) for metric in ACCURACIES for epoch in (1, 2)}
    values |= {f"4.3-{metric}-2": recorded(LOST, "reported", metric) for metric in ("loss", "val_loss")}
    return {
        name: one_of(figure(name), sample, TRAININGS, averaged_twice="val_" not in name)
        for name, sample in values.items()
    }


def together(accuracies: list[Judgement]) -> Judgement:
    """The accuracies of both epochs as one claim: all of them must be a recorded training's."""
    verdict = worst([judgement.verdict for judgement in accuracies])
    if verdict == NOT_MEASURED:
        return not_measured(accuracies[0].reason)
    farthest = max(judgement.measured["share_of_reach"] for judgement in accuracies)
    told = (
        f"The farthest of its four accuracies goes {farthest:.2f} of the way from the mean of "
        f"{accuracies[0].measured['trainings']} recorded trainings to the end of the interval that 99 % of further "
        "ones lie in."
    )
    return Judgement(verdict, told, {"share_of_reach": farthest})


def uncompiled(saved: SavedModel) -> Judgement:
    """Whether the loaded model has neither loss nor optimizer until somebody compiles it."""
    found = saved.structure_after
    told = f"Loaded from a file without the optimizer, the model has loss {found.loss or 'none'} and "
    told += f"optimizer {found.optimizer.get('class', 'none')}."
    return exact(not found.loss and not found.optimizer, told)
