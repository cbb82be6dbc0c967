"""Recordings made by hand, without a notebook: what the tests of recognition look at."""

from itertools import pairwise

import numpy as np

from tests.submissions.recognition import recognise
from tests.submissions.records import Record, Recording

X = np.linspace(0, 10, 100, endpoint=False)[:, None]


class Notebook:
    """A recording in the making; arrays are named by numbers."""

    def __init__(self):
        self.records, self.stored = [], {}

    def array(self, values):
        """The name of an array that is kept."""
        self.stored[f"array {len(self.stored)}"] = np.asarray(values)
        return f"array {len(self.stored) - 1}"

    def fit(self, sizes, *, activations=(), cell=1, epochs=100, batch_size=32, x=X, y=X, drops=False, **more):
        """Note a training of dense layers of these sizes; the names of the weights that it ended with."""
        layers = [
            {"class": "Dense", "units": size, "activation": activation}
            for size, activation in zip(sizes[1:], [*activations, "softmax"], strict=False)
        ]
        layers += [{"class": "Dropout", "rate": 0.3}] * drops
        shapes = [shape for ends in pairwise(sizes) for shape in (ends, ends[1:])]
        after = [self.array(np.zeros(shape)) for shape in shapes]
        values = {
            "model": len(self.records),
            "layers": layers,
            "arguments": {"epochs": epochs, "initial_epoch": 0, "batch_size": batch_size, "validation_split": 0.0},
            "validation": None,
            "before": [],
            "after": after,
            "begun_at": 0,
            "x": self.array(x),
            "y": self.array(y),
        }
        values["arguments"] |= {name: more.pop(name) for name in list(more) if name in values["arguments"]}
        self.records.append(Record("fit", cell, values | more))
        return after

    def note(self, kind, cell=1, **values):
        """Note a record of another kind."""
        self.records.append(Record(kind, cell, values))

    def recognised(self):
        """What the records are recognised as."""
        return recognise(Recording((), tuple(self.records), ()), lambda name: self.stored[name])


def line(noise_std):
    """The lab's line at X, with noise of this standard deviation."""
    return 3 * X + 5 + np.random.RandomState(0).normal(0, noise_std, X.shape)
