"""Every figure shows the right numbers: those that the made-up runs were made of."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from sklearn.datasets import load_iris

from lab.run import Run
from tests.reporting import figures
from tests.suite.sample_figures import BARE, DRAWN, HISTORY, IRIS, LINEAR, MNIST, NOISY, SAVED, STEPS, TIMINGS, digits


def legend_texts(figure: Figure) -> str:
    """All that the legend of the first axes says."""
    legend = figure.axes[0].get_legend()
    assert legend is not None
    return "\n".join(text.get_text() for text in legend.get_texts())


@pytest.mark.parametrize(("run", "noise_std"), [(LINEAR, 1), (NOISY, 5)], ids=["linear", "linear_noisy"])
def test_title_gives_the_noise(run: Run, noise_std: int) -> None:
    """The scatter's title gives the noise that its data was drawn with."""
    assert figures.data_scatter(run).get_suptitle().endswith(f"noise standard deviation {noise_std}")


def test_learned_equation_is_the_runs() -> None:
    """The learned line's equation has the run's weight and bias."""
    assert "learned: y = 3.25x + 4.5" in legend_texts(figures.fitted_line(LINEAR))


def test_floor_is_the_least_squares_residual() -> None:
    """The floor of the loss is what NumPy's polynomial fit leaves over."""
    x, y = LINEAR.data.x_train.ravel(), LINEAR.data.y_train.ravel()
    floor = np.mean((np.polyval(np.polyfit(x, y, 1), x) - y) ** 2)
    assert f"least squares: {floor:.4g}" in legend_texts(figures.loss_curve(LINEAR))


def test_error_parts_add_up() -> None:
    """Estimation and optimisation error add up to the whole error, which is the learned line minus 3x + 5."""
    lines = figures.error_split(LINEAR).axes[0].lines
    errors = {str(line.get_label()).split(":")[0]: np.asarray(line.get_ydata(), dtype=float) for line in lines}
    np.testing.assert_allclose(errors["whole error"], [-0.5, 2.0])
    np.testing.assert_allclose(errors["estimation error"] + errors["optimisation error"], errors["whole error"])


def test_convergence_shows_the_excess_loss() -> None:
    """The curve of convergence is the training loss minus the least that any line can reach."""
    x, y = NOISY.data.x_train.ravel(), NOISY.data.y_train.ravel()
    floor = np.mean((np.polyval(np.polyfit(x, y, 1), x) - y) ** 2)
    curve = figures.convergence(LINEAR, NOISY).axes[0].lines[1]
    np.testing.assert_allclose(np.asarray(curve.get_ydata(), dtype=float), np.array(NOISY.history["loss"]) - floor)


@pytest.mark.parametrize(("right", "images"), [(36, 45), (45, 45), (0, 45), (9733, 10_000)])
def test_interval_is_wilsons(right: int, images: int) -> None:
    """An error bar's point and ends agree with Wilson's formula written out."""
    truth = np.eye(2)[np.zeros(images, dtype=int)]  # all of one class
    predicted = np.eye(2)[(np.arange(images) >= right).astype(int)]
    run = replace(BARE, data=replace(BARE.data, y_test=truth), test_predictions=predicted)
    axes = figures.accuracy_against_batch_size([run]).axes[0]
    (bar,) = (part for part in axes.collections if isinstance(part, LineCollection))
    z, share = 1.959963984540054, right / images  # z: 97.5 % quantile of the normal distribution
    centre = share + z**2 / (2 * images)
    half = z * np.sqrt(share * (1 - share) / images + z**2 / (4 * images**2))
    expected = [100 * (centre + side * half) / (1 + z**2 / images) for side in (-1, 1)]
    np.testing.assert_allclose(bar.get_segments()[0][:, 1], expected, atol=1e-9)
    np.testing.assert_allclose(np.asarray(axes.lines[0].get_ydata(), dtype=float), [100 * share])


def test_curve_ends_in_the_test_accuracy() -> None:
    """The accuracy curve names the test accuracy: 30 of 1,000 wrong."""
    assert "test accuracy 97.00 %" in legend_texts(figures.accuracy_curve(MNIST))


@pytest.mark.parametrize("name", ["accuracy_curve", "confusion_matrix"])
def test_not_a_number_is_never_right(name: str) -> None:
    """Outputs that are not a number count as wrong, as in the answer's sentence; their argmax would be class 0."""
    figure = getattr(figures, name)(replace(MNIST, test_predictions=np.full((1000, 10), np.nan)))
    said = legend_texts(figure) if name == "accuracy_curve" else figure.get_suptitle()
    assert "accuracy 0.00 %" in said


def test_flowers_are_back_in_cm() -> None:
    """The markers are the 150 flowers of the data set in cm, although the run's features are standardised."""
    collections = figures.decision_boundary(IRIS).axes[0].collections
    markers = [np.asarray(part.get_offsets()) for part in collections if isinstance(part, PathCollection)]
    restored = np.concatenate(markers).round(6)
    raw = load_iris().data[:, :2]
    np.testing.assert_allclose(restored[np.lexsort(restored.T)], raw[np.lexsort(raw.T)])


def test_regions_are_the_predicted_classes() -> None:
    """The filled regions are the classes that the run predicts on the grid, row by row."""
    assert IRIS.grid_predictions is not None
    shown = figures.decision_boundary(IRIS).axes[0].images[0].get_array()
    assert shown is not None
    np.testing.assert_array_equal(np.ravel(shown), IRIS.grid_predictions.argmax(axis=1))


def test_cells_count_every_image() -> None:
    """The numbers in the confusion matrix add up to the number of test images."""
    assert sum(int(text.get_text()) for text in figures.confusion_matrix(MNIST).axes[0].texts) == 1000


def test_most_frequent_error_is_outlined() -> None:
    """The outlined cell is fours taken for nines; rows are true digits."""
    axes = figures.confusion_matrix(MNIST).axes[0]
    outlined = {(patch.get_y() + 0.5, patch.get_x() + 0.5) for patch in axes.patches if isinstance(patch, Rectangle)}
    assert outlined == {(4, 9)}
    assert next(text.get_text() for text in axes.texts if text.get_position() == (9, 4)) == "30"


def test_gap_leaves_out_what_was_kept_for_validation() -> None:
    """Training accuracy counts the first nine tenths alone, where the last tenth was kept for validation."""
    between = figures.generalisation_gaps(MNIST, MNIST).axes[0].lines[0]
    assert between.get_xdata() == pytest.approx([100 * (1 - 30 / 900), 97])


def test_gaps_are_in_percentage_points() -> None:
    """Each gap is training minus test accuracy: 96.67 - 97.00, and 97.78 - 98.00."""
    texts = [text.get_text() for text in figures.generalisation_gaps(MNIST, digits(1000, 20)).axes[0].texts]
    assert texts == ["gap -0.33 percentage points", "gap -0.22 percentage points"]


@pytest.mark.parametrize("cost", ["line: 2 ms a step + 4 µs an image", "line: 0.5 ms a step + 4 µs an image"])
def test_cost_of_a_step_is_recovered(cost: str) -> None:
    """Times made of so many ms a step and µs an image give these two coefficients back."""
    assert cost in legend_texts(figures.time_against_batch_size(TIMINGS))


@pytest.mark.parametrize("label", ["train 37.2 s", "save 35 ms", "load 1.25 s"])
def test_bars_give_their_durations(label: str) -> None:
    """Each bar has its duration beside it."""
    assert label in [text.get_text() for text in figures.saving_costs([SAVED], 37.2).axes[0].texts]


def test_file_size_is_in_the_label() -> None:
    """A format's label gives its file's size and whether the optimizer's state is in it."""
    labels = [text.get_text() for text in figures.saving_costs([SAVED], 37.2).axes[0].get_yticklabels()]
    assert labels[1] == ".keras, 0.46 MB\nwithout optimizer state"


@pytest.mark.parametrize(
    ("name", "panel", "values"),
    [
        ("accuracy_curve", 0, 100 * np.array(HISTORY["accuracy"])),
        ("training_losses", 0, HISTORY["loss"]),
        ("resumed_epochs", 0, HISTORY["loss"]),
        ("first_steps", 0, STEPS.losses),
        ("first_steps", 1, STEPS.movements),
        ("accuracy_against_batch_size", 0, [97.0]),
    ],
)
def test_first_curve_is_what_was_measured(name: str, panel: int, values: Sequence[float]) -> None:
    """A figure's first curve is the run's own measurement, in the unit of its axis."""
    curve = DRAWN[name]().axes[panel].lines[0]
    np.testing.assert_allclose(np.asarray(curve.get_ydata(), dtype=float), values)
