"""Small made-up runs whose figures show known numbers, and every figure drawn from them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from matplotlib.figure import Figure

from lab.datasets import iris_data, line_data
from lab.recipes import RECIPES
from lab.run import Dataset, FirstSteps, Run, SavedModel, Structure, Timing
from tests.checks.boundary import decision_grid
from tests.reporting import figures

NOTHING = np.zeros((0, 1))
EMPTY = Dataset(NOTHING, NOTHING, NOTHING, NOTHING)
UNKNOWN = Structure((), {}, "")
BARE = Run("bare", 42, RECIPES["mnist"], EMPTY, UNKNOWN, (), (), {}, NOTHING, NOTHING, float("nan"))
HISTORY = {
    metric: tuple(np.linspace(1, end, 10))
    for metric, end in (("loss", 0.2), ("val_loss", 0.4), ("accuracy", 0.99), ("val_accuracy", 0.97))
}


def linear(name: str, noise_std: float) -> Run:
    """A run that learned y = 3.25x + 4.5."""
    x, y = line_data(noise_std)
    weights = (np.array([[3.25]]), np.array([4.5]))
    losses = {"loss": tuple(noise_std**2 + 100 * 0.9 ** np.arange(100))}
    return replace(BARE, name=name, data=Dataset(x, y, NOTHING, NOTHING), weights=weights, history=losses)


def iris(units: int) -> Run:
    """A classifier by the nearest of three centres, right about every test flower."""
    data = Dataset(*iris_data())
    layers = ({"class": "Dense", "units": units, "activation": "relu"}, {"class": "Dense", "units": 3})
    grid = decision_grid()
    near = np.column_stack([-((grid - centre) ** 2).sum(axis=1) for centre in ((5, 3.4), (5.9, 2.8), (6.6, 3.0))])
    structure = Structure(layers, {}, "")
    return replace(
        BARE, data=data, structure=structure, history=HISTORY, test_predictions=data.y_test, grid_predictions=near
    )


def digits(images: int, wrong: int) -> Run:
    """Each digit in turn; the first `wrong` fours are taken for nines, in training and in test, and nothing else."""
    truth = np.arange(images) % 10
    predicted = truth.copy()
    predicted[np.flatnonzero(truth == 4)[:wrong]] = 9
    features, one_hot = np.zeros((images, 1)), np.eye(10)
    data = Dataset(features, one_hot[truth], features, one_hot[truth])
    outputs = one_hot[predicted]
    return replace(BARE, data=data, history=HISTORY, train_predictions=outputs, test_predictions=outputs)


LINEAR, NOISY = linear("linear", 1.0), linear("linear_noisy", 5.0)
IRIS, MNIST = iris(10), digits(1000, 30)
TIMINGS = [  # 4 µs an image and 2 ms a step with fit, 0.5 ms with the compiled loop, exactly
    Timing(loop, size, 60000, 60000 // size, (0.9 * seconds, seconds, 1.2 * seconds))
    for size in (16, 32, 64, 128)
    for loop, a_step in (("fit", 2e-3), ("compiled", 5e-4))
    for seconds in [a_step * (60000 // size) + 4e-6 * 60000]
]
KEPT = np.linspace(0, 1, 1000).reshape(100, 10)
SAVED = SavedModel("keras", False, 462_000, 0.035, 1.25, NOTHING, NOTHING, (), (), UNKNOWN, UNKNOWN, (), (), ())
STEPS = FirstSteps((0.3, 0.2, 0.1), (0.1, 0.1, 0.1))

Drawing = Callable[[], Figure]
DRAWN: dict[str, Drawing] = {
    "data_scatter": partial(figures.data_scatter, LINEAR),
    "loss_curve": partial(figures.loss_curve, LINEAR),
    "fitted_line": partial(figures.fitted_line, LINEAR),
    "error_split": partial(figures.error_split, LINEAR),
    "convergence": partial(figures.convergence, LINEAR, NOISY),
    "accuracy_curve": partial(figures.accuracy_curve, MNIST),
    "decision_boundary": partial(figures.decision_boundary, IRIS),
    "training_losses": partial(figures.training_losses, [IRIS, iris(50)]),
    "confusion_matrix": partial(figures.confusion_matrix, MNIST),
    "generalisation_gaps": partial(figures.generalisation_gaps, MNIST, digits(1000, 20)),
    "time_against_batch_size": partial(figures.time_against_batch_size, TIMINGS),
    "accuracy_against_batch_size": partial(figures.accuracy_against_batch_size, [MNIST]),
    "predictions_kept": partial(
        figures.predictions_kept, [replace(SAVED, predictions_before=KEPT, predictions_after=KEPT)] * 2
    ),
    "saving_costs": partial(figures.saving_costs, [SAVED] * 4, 37.2),
    "first_steps": partial(figures.first_steps, STEPS, STEPS),
    "resumed_epochs": partial(figures.resumed_epochs, MNIST, MNIST),
}


def lacking(name: str, run: Run) -> Figure:
    """The named figure, drawn from `run` and, where it needs no run, from measurements that failed."""
    nan = float("nan")
    unmeasured: dict[str, Drawing] = {
        "convergence": partial(figures.convergence, run, run),
        "training_losses": partial(figures.training_losses, [run]),
        "generalisation_gaps": partial(figures.generalisation_gaps, run, run),
        "time_against_batch_size": partial(figures.time_against_batch_size, [Timing("fit", 16, 0, 0, (nan,))]),
        "accuracy_against_batch_size": partial(figures.accuracy_against_batch_size, [run]),
        "predictions_kept": partial(figures.predictions_kept, [SAVED]),
        "saving_costs": partial(figures.saving_costs, [], nan),
        "first_steps": partial(figures.first_steps, FirstSteps((), ()), FirstSteps((nan,), (nan,))),
        "resumed_epochs": partial(figures.resumed_epochs, run, run),
    }
    return unmeasured.get(name, partial(getattr(figures, name), run))()
