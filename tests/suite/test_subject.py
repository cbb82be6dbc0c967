"""A solution's file becomes a subject, or one sentence that says what is wrong with it."""

import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

import lab
from lab.recipes import RECIPES, Recipe
from tests.submissions.contract import NAMES, SubjectError
from tests.submissions.subject import Subject, load_subject

Solution = Callable[..., Path]


@pytest.fixture(autouse=True)
def imports_are_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work in an empty folder; restores the working folder, sys.path and sys.modules."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith(("subject_", "course")):
            del sys.modules[name]


@pytest.fixture
def solution() -> Solution:
    """Writes a solution's file and gives its path."""

    def write(source: str, name: str = "solution.py") -> Path:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(source), encoding="utf-8")
        return path

    return write


def refusal(module: Any) -> str:
    """The sentence that the module is refused with."""
    with pytest.raises(SubjectError) as caught:
        load_subject(str(module))
    return str(caught.value)


def failure(function: Callable[..., Any], name: str = "iris_data", **named: Any) -> str:
    """The sentence that a call ends with, of a subject which has only this function."""
    with pytest.raises(SubjectError) as caught:
        Subject("solution.py", frozenset({name}), {name: function}).call(name, **named)
    return str(caught.value)


class TestOverlay:
    """What a subject defines replaces the lab's; the rest is the lab's."""

    def test_no_module_is_the_lab(self) -> None:
        """Without `--lab-module` the subject is the lab, and all four exercises are submitted."""
        subject = load_subject(None)
        assert (subject.name, [not subject.lacks(f"{exercise}.1") for exercise in (1, 2, 3, 4)]) == ("lab", [True] * 4)

    @pytest.mark.parametrize("name", ["solution.py", "a folder/solution.py", "solution.v2.py", "./solution.py"])
    def test_path_is_loaded(self, solution: Solution, name: str) -> None:
        """A subject is given as the path of its file, and is named as it was given."""
        solution("def iris_data(seed=42): return 'own'", name)
        subject = load_subject(name)
        assert (subject.name, subject.call("iris_data", seed=1)) == (name, "own")

    @pytest.mark.parametrize("name", ["course", "course.week7", "course_lab"])
    def test_dotted_name_is_loaded(self, solution: Solution, name: str) -> None:
        """A subject is given as a module's dotted name; so is a package, though its folder has the same name."""
        for file in ("course/__init__.py", "course/week7.py", "course_lab.py"):
            solution("def iris_data(seed=42): return __name__", file)
        assert load_subject(name).call("iris_data", seed=1) == name

    def test_neighbours_can_be_imported(self, solution: Solution) -> None:
        """A solution in several files imports those beside it."""
        solution("def iris_data(seed=42): return 'beside'", "part/course_data.py")
        solution("from course_data import iris_data", "part/solution.py")
        assert load_subject("part/solution.py").call("iris_data", seed=1) == "beside"

    def test_neighbour_does_not_hide_a_library(self, solution: Solution) -> None:
        """A file beside the solution cannot take the place of an installed package."""
        solution("raise RuntimeError", "part/jinja2.py")
        solution("import jinja2\ndef iris_data(seed=42): return jinja2.__name__", "part/solution.py")
        assert load_subject("part/solution.py").call("iris_data", seed=1) == "jinja2"

    def test_defined_function_replaces_the_lab_s(self, solution: Solution) -> None:
        """A call goes to the subject's function where it has one."""
        subject = load_subject(str(solution("def line_data(noise_std=1.0, seed=42): return noise_std, seed")))
        assert subject.call("line_data", noise_std=5.0, seed=7) == (5.0, 7)

    def test_other_functions_are_the_lab_s(self, solution: Solution) -> None:
        """A call goes to the lab's function where the subject has none."""
        subject = load_subject(str(solution("def line_data(noise_std=1.0, seed=42): pass")))
        given, expected = subject.call("iris_data", seed=3), lab.iris_data(3)
        assert all((one == other).all() for one, other in zip(given, expected, strict=True))

    def test_given_recipes_replace_the_lab_s(self, solution: Solution) -> None:
        """Keys that a subject gives are its own; the others stay the lab's."""
        subject = load_subject(str(solution("RECIPES = {'iris': {'epochs': 7, 'batch_size': 8}}")))
        assert subject.recipes == {**RECIPES, "iris": Recipe(7, 8)}

    def test_recipe_key_counts_as_defined(self, solution: Solution) -> None:
        """A subject that gives one recipe submits that recipe, not all of them."""
        subject = load_subject(str(solution("RECIPES = {'iris': {'epochs': 7, 'batch_size': 8}}")))
        assert subject.defined == {"RECIPES[iris]"}

    def test_warning_at_import_is_no_error(self, solution: Solution) -> None:
        """What a solution is warned of while it is imported does not refuse it, though warnings are errors here."""
        path = solution("import warnings\nwarnings.warn('old', FutureWarning)\ndef iris_data(seed=42): pass")
        with pytest.warns(FutureWarning, match="old"):
            load_subject(str(path))


class TestNearMisses:
    """A name that is almost the contract's is reported with the nearest."""

    @pytest.mark.parametrize(
        ("wrong", "right"),
        [
            ("iris_clasifier", "iris_classifier"),
            ("load_models", "load_model"),
            ("save_models", "save_model"),
            ("Train", "train"),
            ("traim", "train"),
            ("mnist_date", "mnist_data"),
            ("linear_regresor", "linear_regressor"),
            ("LINE_DATA", "line_data"),
            ("Recipes", "RECIPES"),
        ],
    )
    def test_name_is_reported(self, solution: Solution, wrong: str, right: str) -> None:
        """A misspelt name is told with what it should probably be."""
        given = "iris_data" if right != "iris_data" else "mnist_data"
        subject = load_subject(str(solution(f"def {given}(): pass\ndef {wrong}(): pass")))
        known = f"solution.py defines {wrong}, which the contract does not know; did you mean {right}?"
        assert subject.notes == (known,)

    def test_recipe_key_is_reported(self, solution: Solution) -> None:
        """A misspelt key of RECIPES is told with what it should probably be, and is not taken."""
        subject = load_subject(
            str(solution("def iris_data(): pass\nRECIPES = {'minst': {'epochs': 1, 'batch_size': 2}}"))
        )
        known = "solution.py: RECIPES has the unknown key 'minst'; did you mean 'mnist'?"
        assert (subject.notes, subject.recipes) == ((known,), RECIPES)

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param("from random import triangular as trains", id="imported"),
            pytest.param("import trace as training", id="module"),
            pytest.param("def _train(): pass", id="private"),
            pytest.param("def plot_history(): pass", id="unlike"),
            pytest.param("def train(): pass\ndef trains(): pass", id="right name defined too"),
        ],
    )
    def test_name_is_not_reported(self, solution: Solution, line: str) -> None:
        """Imported, private and unlike names, and variants beside the right one, are the subject's own affair."""
        assert load_subject(str(solution(f"def iris_data(): pass\n{line}"))).notes == ()


class TestRefusals:
    """A file that is no subject is refused in one sentence with the file and what to do."""

    @pytest.mark.parametrize("name", ["absent.py", "absent/solution", "./absent"])
    def test_missing_file(self, name: str) -> None:
        """A path without a file behind it."""
        remedy = "give the path of a Python file or a dotted module name"
        assert refusal(name) == f"{name}: there is no such file; {remedy}"

    def test_folder(self) -> None:
        """A folder in place of a file."""
        Path("folder.py").mkdir()
        assert refusal("folder.py").startswith("folder.py: there is no such file; give the path")

    @pytest.mark.parametrize("name", ["absent_module", "course_absent.week7", "json.absent"])
    def test_missing_module(self, name: str) -> None:
        """A dotted name without a module behind it."""
        assert refusal(name) == f"{name}: there is no module of this name; give a path or a dotted module name"

    def test_not_python(self, solution: Solution) -> None:
        """A file that does not end in .py."""
        assert refusal(solution("", "notes.txt")) == "notes.txt is not a Python file; its name must end in .py"

    def test_syntax_error(self, solution: Solution) -> None:
        """A file that is not valid Python is refused with the line."""
        sentence = refusal(solution("def iris_data(seed=42)\n    pass"))
        assert sentence.endswith("solution.py, line 1: expected ':'; the file is not valid Python")

    @pytest.mark.parametrize("content", [b"x = 1\0", b"x = '\xe9'", b"\xff\xfex"], ids=["NUL", "Latin-1", "UTF-16"])
    def test_not_text(self, content: bytes) -> None:
        """A file that is no UTF-8 text is refused by its name, in one line."""
        Path("solution.py").write_bytes(content)
        sentence = refusal("solution.py")
        assert "solution.py" in sentence
        assert "None" not in sentence
        assert len(sentence.splitlines()) == 1

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("import absent_library", "ModuleNotFoundError: No module named 'absent_library'"),
            ("from json import absent", "ImportError: cannot import name 'absent' from 'json'"),
            ("1 / 0", "ZeroDivisionError: division by zero"),
            ("import sys; sys.exit(3)", "SystemExit: 3"),
            ("import sys; sys.exit()", "SystemExit"),
            ("import json; json.loads('no')", "JSONDecodeError: Expecting value"),
            ("raise ValueError('first\\nsecond')", "ValueError: first"),
        ],
    )
    def test_import_fails(self, solution: Solution, line: str, reason: str) -> None:
        """Whatever the import raises is told in one line with the place in the solution, and ends nothing else."""
        sentence = refusal(solution(f"# a comment\n{line}"))
        assert sentence.startswith(f"solution.py does not import: {reason}")
        assert sentence.endswith(" (solution.py, line 2)")

    def test_keyboard_interrupt_passes_through(self, solution: Solution) -> None:
        """Ctrl-C while the solution is imported is Ctrl-C."""
        path = solution("raise KeyboardInterrupt")
        with pytest.raises(KeyboardInterrupt):
            load_subject(str(path))

    @pytest.mark.parametrize("source", ["", "x = 1", "RECIPES = {}", "def main(): pass"])
    def test_defines_nothing(self, solution: Solution, source: str) -> None:
        """A file with none of the contract's names is refused with the names."""
        assert refusal(solution(source)) == f"solution.py defines none of the contract's names ({', '.join(NAMES)})."

    def test_defines_only_near_misses(self, solution: Solution) -> None:
        """Then the misspelt names are told too."""
        sentence = refusal(solution("def trains(): pass\nRECIPES = {'irs': {}}"))
        assert sentence.endswith(
            "solution.py defines trains, which the contract does not know; did you mean train? "
            "solution.py: RECIPES has the unknown key 'irs'; did you mean 'iris'?"
        )

    def test_recipes_is_no_dict(self, solution: Solution) -> None:
        """RECIPES of another type."""
        assert (
            refusal(solution("RECIPES = [1]")) == "solution.py: RECIPES is a list; the contract needs a dict of recipes"
        )

    def test_recipe_is_wrong(self, solution: Solution) -> None:
        """A recipe with an invalid value is told with the file and the key."""
        sentence = refusal(solution("RECIPES = {'iris': {'epochs': -1, 'batch_size': 2}}"))
        wrong = "epochs is -1; a recipe needs a whole number of at least 1"
        assert sentence == f"solution.py: RECIPES['iris']: {wrong}"

    @pytest.mark.parametrize(("value", "kind"), [("None", "NoneType"), ("(1, 2)", "tuple"), ("'x'", "str")])
    def test_name_is_not_callable(self, solution: Solution, value: str, kind: str) -> None:
        """A value where the contract needs a function is told with the signature."""
        wanted = "the contract needs a function load_model(path)"
        assert refusal(solution(f"load_model = {value}")) == f"solution.py: load_model is a {kind}; {wanted}"


class TestCalls:
    """A call that goes wrong ends in one sentence with the function, the exception and the place."""

    def test_wrong_arguments(self) -> None:
        """A function that does not take the contract's arguments is not called."""
        sentence = failure(lambda: None, seed=42)
        assert sentence.startswith("solution.py: iris_data() does not take the contract's arguments iris_data(seed=42)")

    def test_exception_is_told_with_its_place(self, solution: Solution) -> None:
        """The place is the solution's own line, though a library raised."""
        path = solution("import json\n\ndef iris_data(seed=42):\n    return json.loads('no')")
        with pytest.raises(SubjectError) as caught:
            load_subject(str(path)).call("iris_data", seed=1)
        place = "Expecting value: line 1 column 1 (char 0) (solution.py, line 4)"
        assert str(caught.value) == f"solution.py: iris_data raised JSONDecodeError: {place}"

    def test_only_the_first_line_of_a_message(self) -> None:
        """A message of many lines, such as TensorFlow's, is told by its first."""

        def iris_data(seed: int) -> None:
            raise ValueError("first\nsecond")

        assert failure(iris_data, seed=1).startswith(
            "solution.py: iris_data raised ValueError: first (test_subject.py, line "
        )

    def test_exception_without_message(self) -> None:
        """An exception that says nothing is told by its type."""

        def iris_data(seed: int) -> None:
            raise NotImplementedError

        assert failure(iris_data, seed=1).startswith(
            "solution.py: iris_data raised NotImplementedError (test_subject.py"
        )

    def test_builtin_has_no_place(self) -> None:
        """Where no line of the solution raised, no line is named."""
        assert failure(int, "load_model", x="1").startswith("solution.py: load_model raised TypeError: ")
        assert "subject.py" not in failure(int, "load_model", x="1")

    def test_exit_is_an_error(self) -> None:
        """A function that calls sys.exit ends itself and not the session."""
        assert failure(lambda seed: sys.exit(2), seed=1).startswith("solution.py: iris_data raised SystemExit: 2 (")

    def test_endless_recursion_is_an_error(self) -> None:
        """A function that never returns to itself ends as an error."""

        def iris_data(seed: int) -> Any:
            return iris_data(seed)

        assert "iris_data raised RecursionError: maximum recursion depth exceeded" in failure(iris_data, seed=1)

    def test_keyboard_interrupt_passes_through(self) -> None:
        """Ctrl-C inside a call is Ctrl-C."""

        def iris_data(seed: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            Subject("solution.py", frozenset(), {"iris_data": iris_data}).call("iris_data", seed=1)

    def test_warning_is_no_error(self) -> None:
        """What a library warns a subject of is shown and does not fail the call, though warnings are errors here."""
        with pytest.warns(FutureWarning, match="old"):
            assert warned_of(FutureWarning) == "data"

    def test_deprecation_is_not_shown(self) -> None:
        """What libraries deprecate among themselves is no affair of the subject's."""
        with warnings.catch_warnings(record=True) as shown:
            assert warned_of(DeprecationWarning) == "data"
        assert shown == []


def warned_of(category: type[Warning]) -> Any:
    """What a subject's function returns that is warned in this category."""

    def iris_data(seed: int) -> str:
        warnings.warn("old", category, stacklevel=1)
        return "data"

    return Subject("solution.py", frozenset(), {"iris_data": iris_data}).call("iris_data", seed=1)
