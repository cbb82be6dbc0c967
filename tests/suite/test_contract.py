"""What a subject may replace, which exercise depends on it, and how a wrong call or recipe is explained."""

import inspect
import math
from collections.abc import Callable
from typing import Any

import pytest

import lab
from lab.recipes import RECIPES, Recipe
from tests.submissions.contract import NAMES, SIGNATURES, SubjectError, check_arguments, recipe_from
from tests.submissions.subject import Subject

# The contract as DESIGN has it, copied by hand: each name, how the suite calls it, and the exercises it is judged in.
CONTRACT: dict[str, tuple[str, set[int]]] = {
    "line_data": ("(noise_std=1.0, seed=42)", {1}),
    "iris_data": ("(seed=42)", {2}),
    "mnist_data": ("(raw)", {3, 4}),
    "linear_regressor": ("()", {1}),
    "iris_classifier": ("(hidden_units=10, activation='relu')", {2}),
    "mnist_classifier": ("(dropout=0.0)", {3, 4}),
    "train": ("(model, x, y, recipe, seed=42)", {1, 2, 3, 4}),
    "save_model": ("(model, path, include_optimizer=True)", {4}),
    "load_model": ("(path)", {4}),
}
RECIPES_OF_EXERCISES = {
    "linear": {1},
    "iris": {2},
    "mnist": {3, 4},
    "mnist_batch16": {3},
    "mnist_batch32": {3},
    "mnist_batch64": {3},
    "mnist_batch128": {3},
    "mnist_resume": {4},
}
JUDGED = {name: exercises for name, (_, exercises) in CONTRACT.items()} | {
    f"RECIPES[{key}]": exercises for key, exercises in RECIPES_OF_EXERCISES.items()
}
DATA = [name for name in CONTRACT if name.endswith("_data")]  # these of lab's modules import no TensorFlow


def test_names_are_the_contract_s() -> None:
    """A subject may replace these nine functions and the recipes, and nothing else."""
    assert set(NAMES) == {*CONTRACT, "RECIPES"}


@pytest.mark.parametrize("name", CONTRACT)
def test_signature_is_the_contract_s(name: str) -> None:
    """The signature that messages quote is the fixed one."""
    assert SIGNATURES[name] == CONTRACT[name][0]


@pytest.mark.parametrize("name", DATA)
def test_lab_keeps_the_signature(name: str) -> None:
    """The lab's own function takes the arguments that the contract fixes."""
    plain = inspect.signature(getattr(lab, name)).replace(return_annotation=inspect.Signature.empty)
    bare = [one.replace(annotation=inspect.Parameter.empty) for one in plain.parameters.values()]
    assert str(plain.replace(parameters=bare)) == CONTRACT[name][0]


def test_recipes_are_the_contract_s() -> None:
    """The lab has a recipe for each key of the contract, and no other."""
    assert set(RECIPES) == set(RECIPES_OF_EXERCISES)


@pytest.mark.parametrize("name", JUDGED)
def test_name_submits_its_exercises(name: str) -> None:
    """Defining this one name submits the exercises that depend on it, and no other."""
    subject = Subject("solution.py", frozenset({name}))
    assert {exercise for exercise in (1, 2, 3, 4) if not subject.lacks(f"{exercise}.1")} == JUDGED[name]


def line_data_without_noise(seed: int = 42) -> None: ...
def line_data_of_one_more(noise_std: float, seed: int, points: int) -> None: ...
def line_data_of_keywords(**settings: Any) -> None: ...
def line_data_with_more_defaults(noise_std: float = 1.0, seed: int = 0, points: int = 100) -> None: ...


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        pytest.param(line_data_without_noise, "got an unexpected keyword argument 'noise_std'", id="one missing"),
        pytest.param(line_data_of_one_more, "missing a required argument: 'points'", id="one too many"),
    ],
)
def test_wrong_arguments_are_explained(function: Callable[..., Any], reason: str) -> None:
    """The sentence names the file, the signature that was found, the contract's, and what differs."""
    with pytest.raises(SubjectError) as caught:
        check_arguments("solution.py", "line_data", function, (), {"noise_std": 1.0, "seed": 42})
    wanted = f"does not take the contract's arguments line_data(noise_std=1.0, seed=42): {reason}"
    assert str(caught.value) == f"solution.py: line_data{inspect.signature(function)} {wanted}"


@pytest.mark.parametrize("function", [line_data_of_keywords, line_data_with_more_defaults, dict.fromkeys, max, "".join])
def test_callable_arguments_pass(function: Callable[..., Any]) -> None:
    """What can be called with these arguments, or does not say which it takes, is called."""
    arguments = {"noise_std": 1.0, "seed": 42} if inspect.isfunction(function) else {}
    check_arguments("solution.py", "line_data", function, () if arguments else ("ab",), arguments)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(Recipe(3, 16), id="Recipe"),
        pytest.param({"epochs": 3, "batch_size": 16}, id="dict"),
        pytest.param({"epochs": 3, "batch_size": 16, "validation_split": 0}, id="dict of all fields"),
    ],
)
def test_recipe_is_taken(given: Any) -> None:
    """A recipe is given as a Recipe or as a dict of its fields."""
    assert recipe_from("solution.py", "linear", given) == Recipe(3, 16, 0.0)


FINE = {"epochs": 3, "batch_size": 16}
FIELDS = "epochs, batch_size, validation_split"
COUNT, SHARE = "a recipe needs a whole number of at least 1", "a recipe needs 0 <= validation_split < 1"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param([3, 16], f" is a list; it takes a Recipe or a dict of {FIELDS}", id="list"),
        pytest.param(
            {"batchsize": 1}, " has the unknown field 'batchsize'; did you mean 'batch_size'?", id="near field"
        ),
        pytest.param({"rate": 1}, f" has the unknown field 'rate'; known are {FIELDS}", id="unknown field"),
        pytest.param({1: 2}, f" has the unknown field 1; known are {FIELDS}", id="field without a name"),
        pytest.param({**FINE, "epochs": 0}, f": epochs is 0; {COUNT}", id="epochs=0"),
        pytest.param({**FINE, "epochs": True}, f": epochs is True; {COUNT}", id="epochs=True"),
        pytest.param({**FINE, "batch_size": "16"}, f": batch_size is '16'; {COUNT}", id="batch_size=text"),
        pytest.param({**FINE, "batch_size": 3.5}, f": batch_size is 3.5; {COUNT}", id="batch_size=3.5"),
        pytest.param({**FINE, "validation_split": 1}, f": validation_split is 1; {SHARE}", id="split=1"),
        pytest.param({**FINE, "validation_split": "0.1"}, f": validation_split is '0.1'; {SHARE}", id="split=text"),
        pytest.param({**FINE, "validation_split": math.nan}, f": validation_split is nan; {SHARE}", id="split=nan"),
    ],
)
def test_wrong_recipe_is_explained(given: Any, sentence: str) -> None:
    """The sentence names the file, the key, the field, what it is and what it should be."""
    with pytest.raises(SubjectError) as caught:
        recipe_from("solution.py", "linear", given)
    assert str(caught.value) == f"solution.py: RECIPES['linear']{sentence}"


def test_missing_field_is_named() -> None:
    """A recipe that lacks a field is refused with the field's name."""
    with pytest.raises(SubjectError, match=r"^solution.py: RECIPES\['linear'\]: .*'batch_size'$"):
        recipe_from("solution.py", "linear", {"epochs": 3})
