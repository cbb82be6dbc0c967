"""What a subject may replace, how the suite calls it, and which exercise depends on it."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any

from lab.recipes import RECIPES, Recipe

# Each name's parameters, as the contract fixes them.
SIGNATURES = {
    "line_data": "(noise_std=1.0, seed=42)",
    "iris_data": "(seed=42)",
    "mnist_data": "(raw)",
    "linear_regressor": "()",
    "iris_classifier": "(hidden_units=10, activation='relu')",
    "mnist_classifier": "(dropout=0.0)",
    "train": "(model, x, y, recipe, seed=42)",
    "save_model": "(model, path, include_optimizer=True)",
    "load_model": "(path)",
}
NAMES = (*SIGNATURES, "RECIPES")

# What each exercise depends on; a key of RECIPES counts as a name of its own.
DEPENDENCIES = {
    1: {"line_data", "linear_regressor", "train", "RECIPES[linear]"},
    2: {"iris_data", "iris_classifier", "train", "RECIPES[iris]"},
    3: {"mnist_data", "mnist_classifier", "train"}
    | {f"RECIPES[{key}]" for key in RECIPES if "mnist" in key} - {"RECIPES[mnist_resume]"},
    4: {
        "mnist_data",
        "mnist_classifier",
        "train",
        "save_model",
        "load_model",
        "RECIPES[mnist]",
        "RECIPES[mnist_resume]",
    },
}

ALIKE = 0.75  # difflib's ratio: one or two wrong letters in a name of this length


class SubjectError(Exception):
    """The subject did not do what the contract says: one sentence for whoever wrote it."""


class NotDoneError(SubjectError):
    """The subject did not do a part of what a question asks for, which it answers otherwise: that part fails."""


class NotSeenError(SubjectError):
    """What a test asks for leaves nothing to be seen in a notebook: that speaks neither for it nor against it."""


def check_arguments(
    subject: str, name: str, function: Callable[..., Any], positional: tuple[Any, ...], named: Mapping[str, Any]
) -> None:
    """Raise SubjectError if `function` cannot be called as the contract calls it."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return  # a builtin tells nothing of its parameters; calling it will tell
    try:
        signature.bind(*positional, **named)
    except TypeError as reason:
        raise SubjectError(
            f"{subject}: {name}{signature} does not take the contract's arguments {name}{SIGNATURES[name]}: {reason}"
        ) from None


def recipe_from(subject: str, key: str, value: Any) -> Recipe:
    """The recipe that a subject gives for `key`, as a Recipe or a mapping of its fields."""
    place = f"{subject}: RECIPES[{key!r}]"
    if isinstance(value, Recipe):
        return value
    known = [field.name for field in fields(Recipe)]
    if not isinstance(value, Mapping):
        raise SubjectError(f"{place} is a {type(value).__name__}; it takes a Recipe or a dict of {', '.join(known)}")
    for field in value:
        if field not in known:
            raise SubjectError(f"{place} has the unknown field {field!r}{suggestion(str(field), known)}")
    try:
        return Recipe(**value)
    except (TypeError, ValueError) as reason:
        raise SubjectError(f"{place}: {reason}") from None


def suggestion(name: str, known: list[str] | tuple[str, ...]) -> str:
    """ "; did you mean …?" with the nearest known name, or the list of them."""
    near = get_close_matches(name, known, n=1, cutoff=ALIKE)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
