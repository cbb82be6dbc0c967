"""What Keras and TensorFlow do differently from one version to the next, and which do so: found by measuring them.

`tests/suite/test_versions.py` measures each on what is installed, but for how long something takes, so that this list
holds for every version that the suite is run with; `tests.reporting.compare` gives these as the reasons of differences.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Number = tuple[int, int]


@dataclass(frozen=True)
class Behaviour:
    """Something that a library does since version `first`, and no longer in version `until`."""

    name: str
    said: str
    first: Number
    until: Number = (99, 0)
    library: str = "keras"
    explains: tuple[str, ...] = ()  # `question quantity`: what depends on it

    def is_of(self, versions: Mapping[str, str]) -> bool:
        """Whether these versions, of `keras` 3.15.1 say, behave so."""
        return self.first <= number(versions[self.library]) < self.until


def number(version: str) -> Number:
    """`3.15.1` as (3, 15)."""
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


BEHAVIOURS = (
    Behaviour(
        "repeated order",
        "after set_random_seed, fit shuffles once and repeats that order in every epoch",
        first=(3, 0),
    ),
    Behaviour(
        "losses over batches",
        "a reported loss is the mean over batches, however small the last one is, and not over samples",
        first=(3, 0),
        until=(3, 2),
        explains=("1.3 scatter", "1.3 loss_floor"),
    ),
    Behaviour(
        "running loss of a batch",
        "train_on_batch returns the mean of all losses since reset_metrics, and not its batch's own",
        first=(3, 0),
        until=(3, 15),
    ),
    Behaviour(
        "learning rate among the variables",
        "the learning rate is one of the optimizer's variables, and is saved with its state",
        first=(3, 0),
        explains=("4.2 bytes_keras", "4.2 bytes_h5"),
    ),
    Behaviour(
        "state lost from .h5",
        "a model loaded from .h5 has an optimizer without state, and cannot be trained further",
        first=(3, 0),
        explains=("4.1 optimizer_restored_from_h5", "4.2 load_seconds_h5"),
    ),
    Behaviour(
        ".keras after .h5",
        "saving a model as .h5 makes a .keras file that is saved after it forget the optimizer's state",
        first=(3, 0),
    ),
    Behaviour(
        "mse from .h5",
        "a model compiled with loss='mse' cannot be loaded from .h5",
        first=(3, 0),
    ),
    Behaviour(
        "optimizer kept in .keras",
        "save(include_optimizer=False) keeps the optimizer in .keras without a word, where Keras 2 refused",
        first=(3, 0),
    ),
    Behaviour(
        "legacy warning in the log",
        "saving as .h5 warns in the log, and no longer by Python's warnings",
        first=(3, 0),
    ),
    Behaviour(
        "dropout's own state",
        "a dropout layer draws its masks from a state of its own, and not from TensorFlow's",
        first=(3, 0),
        explains=tuple(
            f"3.2 {name}"
            for name in ("accuracy", "accuracy_difference", "gap", "mcnemar_p", "right_only_with", "zeroed_in_training")
        ),
    ),
    Behaviour(
        "quick XLA",
        "XLA on a processor takes less than half of the time for the same training steps",
        first=(2, 21),
        library="tensorflow",
        explains=("3.1 training_seconds", "3.3 training_seconds", "4.2 training_seconds"),
    ),
)
BY_NAME = {behaviour.name: behaviour for behaviour in BEHAVIOURS}
