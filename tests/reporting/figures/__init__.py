"""Figures of the answers: pure functions from runs to matplotlib figures, and `png` to write one.

Figures are built without pyplot, which keeps global state. matplotlib is imported by whoever first asks for a figure:
collecting the tests needs none.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "accuracy_against_batch_size": "accuracy",
    "accuracy_curve": "accuracy",
    "confusion_matrix": "mnist",
    "convergence": "linear",
    "data_scatter": "linear",
    "decision_boundary": "iris",
    "error_split": "linear",
    "first_steps": "saving",
    "fitted_line": "linear",
    "generalisation_gaps": "accuracy",
    "loss_curve": "linear",
    "png": "style",
    "predictions_kept": "saving",
    "resumed_epochs": "saving",
    "saving_costs": "saving",
    "time_against_batch_size": "mnist",
    "training_losses": "iris",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tests.reporting.figures' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"tests.reporting.figures.{_HOMES[name]}"), name)
