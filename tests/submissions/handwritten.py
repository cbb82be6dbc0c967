"""A hand-written training loop, as far as the weights that it left show, and the data that the notebook had at hand.

Nobody tells the recorder what such a loop trains on: the notebook's arrays that fit the model are candidates.
"""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from lab.run import Array
from tests.checks.linear import BIAS, WEIGHT, line
from tests.submissions.network import Network
from tests.submissions.records import Arrays, Record

USUAL_BATCH = 32  # Keras's own: of a loop that does not show its batches
MOST = 20  # arrays at hand that are looked at; the recorder keeps twelve
NOISE = (0.2, 15.0)  # scatter about 3X + 5 of what can be the lab's points; less has a line itself, or predictions


def training_by_hand(
    record: Record, network: Network, claimed: Collection[str], own: Any, arrays: Arrays
) -> Record | None:
    """The record as if `fit` had trained; None if neither an optimizer's steps nor a tape show a training.

    `claimed` are the targets of earlier trainings: of several candidates the new ones come first, but for the loop's
    `own`, which it was seen to train on before.
    """
    values = record.values
    sizes = [int(size) for size in values.get("sizes") or []]
    steps = int(values.get("steps") or 0) - int(values.get("begun_at") or 0)
    if steps <= 0 and not sizes:
        return None
    x, y = _data(values, network, lambda name: 0 if name == own else 1 + (name in claimed), arrays)
    count = len(arrays(x)) if x else max(sum(sizes), 1)
    batch_size = max(sizes) if sizes else min(USUAL_BATCH, count)
    epochs = round(steps / math.ceil(count / batch_size)) if steps > 0 else round(sum(sizes) / count)
    return as_fit(record, max(epochs, 1), batch_size, x, y)


def as_fit(record: Record, epochs: int, batch_size: int, x: Any, y: Any) -> Record:
    """The record with what a `fit` has beside: arguments, and no history, as there was none."""
    arguments: dict[str, Any] = {
        "epochs": epochs,
        "initial_epoch": 0,
        "batch_size": batch_size,
        "steps_per_epoch": None,
        "validation_split": 0.0,
        "shuffle": True,
        "others": [],
    }
    more = {"x": x, "y": y, "arguments": arguments, "history": {}, "validation": None}
    return replace(record, values={**record.values, **more})


def _data(
    values: Mapping[str, Any], network: Network, rank: Callable[[str], int], arrays: Arrays
) -> tuple[str | None, str | None]:
    """The names of the features and targets that it was trained on, None if nothing tells."""
    names = [name for name in dict.fromkeys(values["nearby"].values()) if isinstance(name, str)][:MOST]
    near = {name: arrays(name) for name in names}
    xs = {name: x for name, x in near.items() if x[0].size == network.inputs}
    if values.get("x"):
        seen = arrays(values["x"])[:100]
        holding = [name for name, x in xs.items() if _holds(x, seen)]
        if not holding:
            return values["x"], None  # its own batches, one after the other
        smallest = min(holding, key=lambda name: len(xs[name]))
        xs = {smallest: xs[smallest]}
    pairs = [
        (a, b)
        for a, x in xs.items()
        for b, y in near.items()
        if a != b and len(x) == len(y) and y[0].size in (network.outputs, 1)
    ]
    if (network.inputs, network.outputs) == (1, 1):
        pairs = [(a, b) for a, b in pairs if _is_noisy_line(near[a], near[b])]
        pairs = [(a, b) for a, b in pairs if not any(_is_part_of(near[a], near[other]) for other, _ in pairs)]
        weights = [float(arrays(name).item()) for name in values["after"]]
        pairs.sort(key=lambda pair: (rank(pair[1]), _excess(near[pair[0]], near[pair[1]], weights)))
    else:
        pairs.sort(key=lambda pair: (rank(pair[1]), near[pair[1]][0].size != network.outputs))
    return pairs[0] if pairs else (next(iter(xs), None) if len(xs) == 1 else None, None)


def _holds(x: Array, rows: Array) -> bool:
    """Whether all the rows are among x's."""
    known = {row.astype(np.float32).tobytes() for row in x.reshape(len(x), -1)}
    return all(row.astype(np.float32).tobytes() in known for row in rows.reshape(len(rows), -1))


def _is_part_of(x: Array, whole: Array) -> bool:
    """Whether x is a batch of a larger array: the last one stays at hand after a loop."""
    return len(x) < len(whole) and _holds(whole, x)


def _is_noisy_line(x: Array, y: Array) -> bool:
    scatter = _mean_square(x, y, WEIGHT, BIAS) ** 0.5
    return bool(NOISE[0] < scatter < NOISE[1]) and _mean_square(x, y, *_least_squares(x, y)) ** 0.5 > NOISE[0]


def _excess(x: Array, y: Array, weights: list[float]) -> float:
    """How much larger the squared error of these weights is than the least that a line can have on this data."""
    return _mean_square(x, y, *weights) - _mean_square(x, y, *_least_squares(x, y))


def _mean_square(x: Array, y: Array, weight: float, bias: float) -> float:
    return float(np.mean((y.ravel() - line(x.ravel(), weight, bias)) ** 2, dtype=np.float64))


def _least_squares(x: Array, y: Array) -> tuple[float, float]:
    design = np.column_stack([x.ravel(), np.ones(len(x))]).astype(np.float64)  # (points, 2)
    weight, bias = np.linalg.lstsq(design, y.ravel().astype(np.float64), rcond=None)[0]
    return float(weight), float(bias)
