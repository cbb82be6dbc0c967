"""What is noted of evaluating and predicting. Runs in the notebook's own kernel."""

from typing import Any

import batched
import keras
import numpy as np
from recorder import Recorder
from trainings import Arguments, Recording, flush


def evaluate(recorder: Recorder, arguments: Arguments) -> Recording:
    """What a model was tested on, and what came out."""
    model, x, y = (arguments[name] for name in ("self", "x", "y"))
    flush(recorder, model)
    arguments["x"], kept = batched.noting(x, arguments.get("steps"))
    result, _ = yield
    x, y, _ = kept.arrays() if kept else (x, y, None)
    recorder.seen[recorder.number(model)] = x
    weights = recorder.weights(model)
    if not recorder.is_worth_keeping(model, ("evaluate", *weights), _rows(x)):
        return
    results = result if isinstance(result, dict) else {"values": [float(value) for value in np.ravel(result)]}
    recorder.write(
        "evaluate", **recorder.model(model), weights=weights, x=recorder.data(x), y=recorder.data(y), results=results
    )


def predict(recorder: Recorder, arguments: Arguments) -> Recording:
    """What a model predicted."""
    model, x = arguments["self"], arguments["x"]
    flush(recorder, model)
    arguments["x"], kept = batched.noting(x, arguments.get("steps"))
    result, _ = yield
    x = kept.arrays()[0] if kept else x
    if recorder.is_worth_keeping(model, ("predict", *recorder.weights(model)), _rows(x)):
        write_predictions(recorder, model, x, result)


def _rows(x: Any) -> int:
    return len(x) if np.ndim(x) else 0


def write_predictions(recorder: Recorder, model: keras.Model, x: Any, predictions: Any, **more: Any) -> None:
    """The record of a prediction."""
    recorder.seen[recorder.number(model)] = x
    weights = recorder.weights(model)
    recorder.write(
        "predict",
        **recorder.model(model),
        weights=weights,
        x=recorder.data(x),
        predictions=recorder.data(predictions),
        **more,
    )
