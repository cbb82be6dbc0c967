"""How each model of the lab is trained. The only home of the lab's hyper-parameters of training."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """Epochs, samples a batch, and the last share of the training data that is kept for validation (0 to 1)."""

    epochs: int
    batch_size: int
    validation_split: float = 0.0

    def __post_init__(self) -> None:
        for field, value in (("epochs", self.epochs), ("batch_size", self.batch_size)):
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise ValueError(f"{field} is {value!r}; a recipe needs a whole number of at least 1")
        if not isinstance(self.validation_split, (int, float)) or not 0 <= self.validation_split < 1:
            raise ValueError(f"validation_split is {self.validation_split!r}; a recipe needs 0 <= validation_split < 1")


RECIPES = {
    "linear": Recipe(epochs=100, batch_size=32),
    "iris": Recipe(epochs=100, batch_size=32),
    "mnist": Recipe(epochs=10, batch_size=32, validation_split=0.1),
    "mnist_batch16": Recipe(epochs=5, batch_size=16),
    "mnist_batch32": Recipe(epochs=5, batch_size=32),
    "mnist_batch64": Recipe(epochs=5, batch_size=64),
    "mnist_batch128": Recipe(epochs=5, batch_size=128),
    "mnist_resume": Recipe(epochs=2, batch_size=32, validation_split=0.1),
}
