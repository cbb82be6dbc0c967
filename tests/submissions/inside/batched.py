"""What a training sees of data that come in batches, noted while they pass: nothing is drawn a second time.

A dataset that shuffles, or a generator of the notebook's own, would go on differently if it were looked at. Runs in the
notebook's own kernel.
"""

import types
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
from recorder import ROWS

Sequence: Any = getattr(keras.utils, "PyDataset", None) or keras.utils.Sequence  # its name in Keras 2


class Kept:
    """The batches of one pass over the data, each at its place; beyond ROWS rows nothing more is kept."""

    def __init__(self, expected: int | None = None, ordered: bool = True) -> None:
        self.batches: dict[int, list[Any]] = {}
        self.expected, self.ordered, self.complete = expected, ordered, False

    def note(self, place: int, parts: Any) -> None:
        """Keep the parts of a batch: features, targets and so on."""
        if self.ordered and place == 0 and not self.complete and self.batches:
            # Keras looks at the first batch before it begins: what was kept until now may be in another order.
            self.complete = len(self.batches) > 2 or len(self.batches) == self.expected
            if not self.complete:
                self.batches = {}
        if self.complete or place in self.batches or (self.expected and place >= self.expected):
            return
        parts = [np.array(part) for part in parts]
        if sum(len(batch[0]) for batch in self.batches.values()) + len(parts[0]) <= ROWS:
            self.batches[place] = parts

    @property
    def weighed(self) -> bool:
        """Whether the batches bring weights of their samples."""
        return any(len(batch) > 2 for batch in self.batches.values())

    def arrays(self) -> tuple[Any, Any, int | None]:
        """Features, targets and the size of a batch; None for what did not come."""
        batches = [self.batches[place] for place in sorted(self.batches)]
        if not batches or not batches[0] or not np.ndim(batches[0][0]):
            return None, None, None
        sides = [[batch[side] for batch in batches if len(batch) > side] for side in (0, 1)]
        x, y = (np.concatenate(side) if side else None for side in sides)
        return x, y, len(batches[0][0])


def noting(data: Any, steps: int | None) -> tuple[Any, Kept | None]:
    """What stands for `data` and notes its batches; `data` itself and None if they do not come in batches."""
    import tensorflow as tf

    if isinstance(data, types.GeneratorType):
        kept = Kept(steps)
        return _generator(data, kept), kept
    if isinstance(data, tf.data.Dataset):
        size = int(data.cardinality())
        kept = Kept(steps or (size if size > 0 else None))
        return _dataset(data, kept), kept
    if isinstance(data, Sequence) and not getattr(data, "use_multiprocessing", False):
        kept = Kept(ordered=False)  # it is asked for its batches in any order
        return _Sequence(data, kept), kept
    return data, None


def _generator(batches: Iterator[Any], kept: Kept) -> Iterator[Any]:
    for place, batch in enumerate(batches):
        kept.note(place, _parts(batch))
        yield batch


def _parts(batch: Any) -> list[Any]:
    parts = batch if isinstance(batch, (tuple, list)) else [batch]
    return [part for part in parts if part is not None and not isinstance(part, dict)]


def _dataset(data: Any, kept: Kept) -> Any:
    import tensorflow as tf

    if not all(isinstance(spec, tf.TensorSpec) for spec in tf.nest.flatten(data.element_spec)):
        return data

    def note(place: Any, *parts: Any) -> Any:
        kept.note(int(place), parts)
        return np.int64(0)

    def noted(place: Any, *batch: Any) -> Any:
        passed = tf.numpy_function(note, [place, *tf.nest.flatten(batch)], tf.int64)
        with tf.control_dependencies([passed]):
            batch = tf.nest.map_structure(tf.identity, batch)
        return batch if len(batch) > 1 else batch[0]

    def unpacked(place: Any, batch: Any) -> Any:
        return noted(place, *batch) if isinstance(batch, tuple) else noted(place, batch)

    return data.enumerate().map(tf.autograph.experimental.do_not_convert(unpacked))


class _Sequence(Sequence):
    """A sequence of the notebook's, batch by batch as it gives them."""

    def __init__(self, original: Any, kept: Kept) -> None:
        settings = {name: getattr(original, name) for name in ("workers", "max_queue_size") if hasattr(original, name)}
        if hasattr(keras.utils, "PyDataset"):
            super().__init__(**settings)
        self.original, self.kept = original, kept

    def __len__(self) -> int:
        return len(self.original)

    def __getitem__(self, place: int) -> Any:
        batch = self.original[place]
        self.kept.note(place, _parts(batch))
        return batch

    def on_epoch_begin(self) -> None:
        getattr(self.original, "on_epoch_begin", lambda: None)()

    def on_epoch_end(self) -> None:
        self.original.on_epoch_end()
