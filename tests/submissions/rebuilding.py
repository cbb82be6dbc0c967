"""Builds a recorded model again, from plain values alone: nothing that a notebook wrote is deserialised or executed.

What is not known here is no layer, optimizer or loss that the lab asks for; it ends in one sentence, never in a guess.
"""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from lab.run import Array
from tests.submissions.contract import SubjectError

Values = Mapping[str, Any]

LARGEST_LAYER = 100_000  # units
ACTIVATIONS = ("linear", "relu", "sigmoid", "tanh", "softmax", "elu", "selu", "gelu", "silu", "softplus", "leaky_relu")
OPTIMIZERS = ("SGD", "Adam", "AdamW", "Adamax", "Nadam", "RMSprop", "Adagrad", "Adadelta", "Ftrl", "Lion")
PENALTIES = ("L1", "L2", "L1L2")
WEIGHTS = {"Dense": 2, "BatchNormalization": 4, "LayerNormalization": 2}  # arrays of each layer
# Only move the data into the shape or the unit that the next layer takes: see `tests.submissions.recorded_data`.
ON_DATA = ("InputLayer", "Flatten", "Rescaling", "Reshape")


def rebuilt(record: Values, weights: Sequence[Array]) -> keras.Model:
    """The model of a record, with these weights; compiled as it was, or not at all if it was not.

    Labels are one-hot here, so a loss of sparse labels becomes the one of one-hot labels. Raises SubjectError.
    """
    chain, weights = in_order_of_calls(record, weights)
    built = [_layer(layer) for layer in chain if layer["class"] not in ON_DATA]
    model = keras.Sequential([keras.Input((weights[0].shape[0],)), *built])
    shapes = [tuple(weight.shape) for weight in model.get_weights()]
    if shapes != [weight.shape for weight in weights]:
        raise SubjectError(
            f"the recorded model has weights of shapes {[list(weight.shape) for weight in weights]}, but its layers "
            f"one after the other have {[list(shape) for shape in shapes]}: it is no chain of layers"
        )
    model.set_weights(list(weights))
    if record.get("optimizer") and record.get("loss"):
        loss = _loss(record["loss"])
        metrics = ["accuracy"] if shapes[-1] != (1,) else None
        model.compile(optimizer=_optimizer(record["optimizer"]), loss=loss, metrics=metrics)
        model.optimizer.build(model.trainable_variables)
    return model


def in_order_of_calls(record: Values, weights: Sequence[Array]) -> tuple[list[Values], list[Array]]:
    """The layers as they are called, and their weights: a subclassed model lists both as it was written."""
    layers, called = list(record["layers"]), record.get("called")
    if not called:
        return layers, list(weights)
    rest, of_layer = list(weights), []
    for layer in layers:
        count = WEIGHTS.get(layer["class"], 0) - (layer.get("use_bias") is False)
        of_layer.append(rest[:count])
        rest = rest[count:]
    order = [place for place in called if isinstance(place, int) and 0 <= place < len(layers)]
    return [layers[place] for place in order], [weight for place in order for weight in of_layer[place]] + rest


def _layer(config: Values) -> Any:
    kind = config["class"]
    unusual = [part for part in ("kernel_constraint", "bias_constraint", "activity_regularizer") if config.get(part)]
    if unusual:
        raise SubjectError(f"a {kind} layer has a {unusual[0]}, which the lab does not ask for")
    if kind == "Dense":
        units = config["units"]
        if not isinstance(units, int) or not 0 < units <= LARGEST_LAYER:
            raise SubjectError(f"a Dense layer of {str(units)[:40]} units cannot be built")
        penalties = {part: _penalty(config.get(part)) for part in ("kernel_regularizer", "bias_regularizer")}
        return keras.layers.Dense(
            units, activation=_activation(config), use_bias=config.get("use_bias") is not False, **penalties
        )
    if kind == "Dropout":
        return keras.layers.Dropout(float(config["rate"]))
    if kind == "Activation":
        return keras.layers.Activation(_activation(config))
    if kind in ("ReLU", "Softmax", "BatchNormalization", "LayerNormalization"):
        return getattr(keras.layers, kind)()
    raise SubjectError(f"a layer of the kind {str(kind)[:40]} is none that the lab asks for, so it is not built again")


def _activation(config: Values) -> str:
    name = config.get("activation")
    if name in ACTIVATIONS:
        return str(name)
    raise SubjectError(f"the activation {str(name)[:40]} is none of {', '.join(ACTIVATIONS)}")


def _penalty(config: Any) -> Any:
    """A regulariser as Keras describes it; None if there is none."""
    if config is None:
        return None
    kind = config.get("class_name") if isinstance(config, Mapping) else None
    if kind not in PENALTIES:
        raise SubjectError(f"a layer has the regulariser {str(config)[:40]}, which the lab does not ask for")
    return _made(getattr(keras.regularizers, str(kind)), config["config"])


def _optimizer(config: Values) -> Any:
    kind = config["class"]
    if kind not in OPTIMIZERS:
        raise SubjectError(f"the optimizer {str(kind)[:40]} is none of Keras's that are built again")
    if not isinstance(config.get("learning_rate"), (int, float)):
        raise SubjectError(f"the learning rate of {kind} is no number but a schedule; the lab asks for Keras's default")
    return _made(getattr(keras.optimizers, str(kind)), config)


def _loss(config: Values) -> Any:
    name = str(config["name"]).replace("Sparse", "").replace("sparse_", "")
    found = vars(keras.losses).get(name)
    if inspect.isclass(found):
        return _made(found, config)
    try:
        keras.losses.get(name)
    except ValueError:
        raise SubjectError(f"the loss {name[:40]} is none of Keras's, so the model is not built again") from None
    return name


def _made(kind: Any, config: Values) -> Any:
    """An object of Keras's with the numbers, words and switches of its description that it takes."""
    taken = inspect.signature(kind).parameters
    plain = {key: value for key, value in config.items() if isinstance(value, (bool, int, float, str))}
    return kind(**{key: value for key, value in plain.items() if key in taken and key != "name"})


def holds(model: keras.Model, x: Array, predictions: Array) -> bool:
    """Whether the model predicts what the notebook's did, to float32's rounding: else it was no chain of these layers.

    1e-4 is fifty times what rounding left of probabilities in exercise 3 (1.9e-6); of a line's values, relatively.
    """
    ours = np.asarray(model(x, training=False))
    if ours.shape != predictions.shape:
        return False
    finite = np.isfinite(ours) & np.isfinite(predictions)  # weights that diverged are judged by the checks
    scale = max(1.0, float(np.abs(predictions[finite]).max(initial=0)))
    return bool(np.abs(ours - predictions)[finite].max(initial=0) <= 1e-4 * scale)
