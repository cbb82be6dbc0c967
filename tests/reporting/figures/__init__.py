"""Figures of the answers: pure functions from runs to matplotlib figures, and `png` to write one.

Figures are built without pyplot: it keeps global state, and takes longer to import.
"""

from tests.reporting.figures.accuracy import accuracy_against_batch_size, accuracy_curve, generalisation_gaps
from tests.reporting.figures.iris import decision_boundary, training_losses
from tests.reporting.figures.linear import convergence, data_scatter, error_split, fitted_line, loss_curve
from tests.reporting.figures.mnist import confusion_matrix, time_against_batch_size
from tests.reporting.figures.saving import first_steps, predictions_kept, resumed_epochs, saving_costs
from tests.reporting.figures.style import png

__all__ = [
    "accuracy_against_batch_size",
    "accuracy_curve",
    "confusion_matrix",
    "convergence",
    "data_scatter",
    "decision_boundary",
    "error_split",
    "first_steps",
    "fitted_line",
    "generalisation_gaps",
    "loss_curve",
    "png",
    "predictions_kept",
    "resumed_epochs",
    "saving_costs",
    "time_against_batch_size",
    "training_losses",
]
