"""Accuracies, each with the interval that its number of test samples allows."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from lab.run import Run
from tests.checks.classification import Proportion, accuracy_on_test, generalisation_gap, training_accuracy
from tests.reporting.figures.epochs import history_of, plot_epochs
from tests.reporting.figures.style import (
    BLACK,
    BLUE,
    GREY,
    STROKES,
    TEXT_SIZE,
    VERMILLION,
    Margins,
    batch_size_axis,
    chart,
    legend,
    note_missing,
)
from tests.reporting.figures.wording import architecture

NO_PREDICTIONS = "test accuracy: no predictions"


def bars(accuracy: Proportion) -> tuple[list[float], list[float]]:
    """The lengths of an error bar below and above its point in per cent, as matplotlib wants them."""
    return [100 * (accuracy.share - accuracy.low)], [100 * (accuracy.high - accuracy.share)]


def accuracy_curve(run: Run) -> Figure:
    """Accuracy of each epoch, and the test accuracy after the last one."""
    figure, axes = chart(f"Accuracy over the epochs: {architecture(run)}", "epoch", "accuracy (%)")
    plot_epochs(axes, history_of(run, "accuracy"), STROKES[0], "training accuracy", percent=True)
    if "val_accuracy" in run.history:
        plot_epochs(axes, history_of(run, "val_accuracy"), STROKES[1], "validation accuracy", percent=True)
    if len(run.test_predictions):
        tested = accuracy_on_test(run)
        value, low, high = 100 * tested.share, 100 * tested.low, 100 * tested.high
        epochs = max((len(values) for values in run.history.values()), default=1)
        label = f"test accuracy {value:.2f} %\n(95 % interval {low:.2f} to {high:.2f} %)"
        axes.errorbar(1.04 * epochs + 0.1, value, bars(tested), fmt="D", color=BLACK, capsize=4, label=label)
    else:
        note_missing(axes, NO_PREDICTIONS)
    legend(axes, "lower right")
    return figure


def generalisation_gaps(plain: Run, dropped: Run) -> Figure:
    """Training against test accuracy, without and with dropout."""
    figure, axes = chart("Generalisation gap without and with dropout", "accuracy (%)", "model", 2.8, Margins(left=1.0))
    for row, run in enumerate((plain, dropped)):
        if not (len(run.train_predictions) and len(run.test_predictions)):
            note_missing(axes, f"{architecture(run)}: no predictions")
            continue
        accuracy = accuracy_on_test(run)
        trained, tested = 100 * training_accuracy(run), 100 * accuracy.share
        names = ("training accuracy", "test accuracy, 95 % interval") if row == 0 else (None, None)
        axes.plot([trained, tested], [row, row], color=GREY, linewidth=1, linestyle=":", zorder=1)
        axes.plot(trained, row, "o", color=BLUE, markersize=8, linestyle="none", label=names[0])
        axes.errorbar(
            tested, row, xerr=bars(accuracy), fmt="s", color=VERMILLION, mfc="white", capsize=4, label=names[1]
        )
        axes.text(
            (trained + tested) / 2,
            row - 0.12,
            f"gap {100 * generalisation_gap(run):.2f} percentage points",
            ha="center",
            fontsize=TEXT_SIZE,
        )
    axes.set_yticks([0, 1], ["without\ndropout", "with\ndropout"])
    axes.set_ylim(1.4, -0.95)  # the first row on top, and the legend above it
    axes.margins(x=0.12)
    legend(axes, "upper left", columns=2)
    return figure


def accuracy_against_batch_size(runs: Sequence[Run]) -> Figure:
    """Test accuracy for each batch size."""
    figure, axes = chart("Test accuracy against batch size, 95 % intervals", "batch size (images)", "test accuracy (%)")
    known = [run for run in runs if len(run.test_predictions)]
    if not known:
        note_missing(axes, NO_PREDICTIONS)
    for run in known:
        size, accuracy = run.recipe.batch_size, accuracy_on_test(run)
        value = 100 * accuracy.share
        axes.errorbar(size, value, bars(accuracy), fmt="o", color=BLUE, capsize=5, markersize=6)
        axes.annotate(
            f"{value:.2f}", (size, value), (7, 0), textcoords="offset points", va="center", fontsize=TEXT_SIZE
        )
    batch_size_axis(axes, [run.recipe.batch_size for run in known])
    return figure
