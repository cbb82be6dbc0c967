"""Checks of what a training visits: steps, epochs, and every sample once in each, but never the validation part."""

from collections import Counter

import numpy as np
from scipy.stats import chisquare

from lab.recipes import Recipe
from lab.run import Visits
from tests.checks.facts import Fact, equal

UNEVEN = 0.01  # p-value below which samples do not take turns


def recipe_is(recipe: Recipe, asked: Recipe) -> Fact:
    """The recipe is the one that the lab asks for."""
    return equal("epochs, batch size and validation split", _fields(recipe), _fields(asked), "the lab trains like this")


def steps(visits: Visits) -> Fact:
    """Each epoch takes the steps that the batch size asks for, the last, partial batch included."""
    recipe, partial = visits.recipe, visits.trained_on % visits.recipe.batch_size
    whole = visits.trained_on // recipe.batch_size
    expected = {recipe.batch_size: whole * recipe.epochs} | ({partial: recipe.epochs} if partial else {})
    reason = (
        f"{recipe.epochs} epochs over {visits.trained_on} samples in batches of {recipe.batch_size}, as counted by a "
        "model that notes its backward passes"
    )
    return equal(
        "steps by their number of samples", _counted(Counter(map(len, visits.batches))), _counted(expected), reason
    )


def every_sample_once(visits: Visits) -> Fact:
    """In each epoch every sample of the training part is trained on once, and none of the validation part."""
    numbers = [number for batch in visits.batches for number in batch]
    parts = [numbers[first : first + visits.trained_on] for first in range(0, len(numbers), visits.trained_on)]
    complete = sum(sorted(part) == list(range(visits.trained_on)) for part in parts)
    held_out = visits.samples - visits.trained_on
    trained = len({number for number in numbers if number >= visits.trained_on})
    reason = f"an epoch visits each of the {visits.trained_on} samples once ({order_of(visits)})"
    if held_out:
        reason += f"; of the {held_out} that are held out for validation, {trained} were trained on"
    return equal("epochs that visit every sample exactly once", complete, visits.recipe.epochs, reason)


def order_of(visits: Visits) -> str:
    """How the order changes from epoch to epoch; both `reshuffled` and `repeated` are right."""
    numbers = [number for batch in visits.batches for number in batch]
    size = visits.trained_on
    epochs = {tuple(numbers[first : first + size]) for first in range(0, len(numbers) - size + 1, size)}
    if len(epochs) > 1:
        return "the order is reshuffled"
    return "the order is the data's own" if epochs == {tuple(range(size))} else "one order is repeated"


def shufflings(visits: Visits) -> tuple[str, ...]:
    """`reshuffled` alone if the samples take turns in the epochs' last, partial batch; else what `repeated` does, too.

    Who is in that batch, always or by turns, moves where exercise 1 ends (`tests.reference.replicas`). Turns are told
    by a chi-squared test; a right order that seems uneven is only given more room.
    """
    numbers = [number for batch in visits.batches for number in batch]
    size, last = visits.trained_on, visits.trained_on % visits.recipe.batch_size
    ends = [numbers[first + size - last : first + size] for first in range(0, len(numbers) - size + 1, size)]
    counts = np.bincount([number for end in ends for number in end if 0 <= number < size], minlength=size)
    even = counts.any() and float(chisquare(counts).pvalue) > UNEVEN
    return ("reshuffled",) if even else ("reshuffled", "repeated")


def _fields(recipe: Recipe) -> list[float]:
    return [recipe.epochs, recipe.batch_size, recipe.validation_split]


def _counted(counts: dict[int, int]) -> list[str]:
    return [f"{count} of {size}" for size, count in sorted(counts.items(), reverse=True)]
