"""The harness that judges mutants and equivalents, and the first lines of both."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.questions import QUESTIONS
from tests.suite.judging import Failure, Judge, Judgement
from tests.suite.mutation import EQUIVALENTS, MUTANTS, broken_claims, claim_of, exercise_tests, killed_alone

MUTANT_FILES = sorted(MUTANTS.glob("*.py"))
EQUIVALENT_FILES = sorted(EQUIVALENTS.glob("*.py"))
# What the suite itself calculates, and no subject can spoil alone: sentences, and the confusion matrix's sums.
OF_THE_SUITE = {
    *(f"{exercise}::test_answer" for exercise in range(1, 5)),
    "3::test_confusion_rows",
    "3::test_confusion_trace",
}
SENTENCE = re.compile(r"\S.*\.")


class TestFiles:
    """The files themselves."""

    def test_there_are_enough(self) -> None:
        """At least 60 mutants and 20 equivalents."""
        assert (len(MUTANT_FILES) >= 60, len(EQUIVALENT_FILES) >= 20) == (True, True)

    def test_first_lines(self) -> None:
        """Each first line names questions of the lab, in order."""
        claimed = {path.name: claim_of(path).questions for path in [*MUTANT_FILES, *EQUIVALENT_FILES]}
        ordered = {file: tuple(number for number in QUESTIONS if number in named) for file, named in claimed.items()}
        assert claimed == ordered

    def test_docstrings(self) -> None:
        """A docstring of one line says what each file does."""
        files = [*MUTANT_FILES, *EQUIVALENT_FILES]
        said = {path.name: ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "" for path in files}
        assert {file: text for file, text in said.items() if not SENTENCE.fullmatch(text)} == {}


class TestClaims:
    """What makes a judgement other than the file's first lines say."""

    MUTANT = "# fails: 1.1 1.3\n# told: learning rate\n"
    PASSED = dict.fromkeys(QUESTIONS, "passed")
    RATE = tuple(Failure(question, "t", "failed", "the learning rate is 0.012") for question in ("1.1", "1.3"))

    def broken(self, tmp_path: Path, text: str, statuses: dict[str, str], failures: tuple[Failure, ...]) -> list[str]:
        path = tmp_path / "subject.py"
        path.write_text(text)
        return broken_claims(path, Judgement("subject", self.PASSED | statuses, failures))

    def test_as_it_says(self, tmp_path: Path) -> None:
        """Failing at the named questions, with the words, is what a mutant should do."""
        assert self.broken(tmp_path, self.MUTANT, {"1.1": "failed", "1.3": "error"}, self.RATE) == []

    def test_survivor(self, tmp_path: Path) -> None:
        """A named question that passes is told."""
        assert self.broken(tmp_path, self.MUTANT, {"1.1": "failed"}, self.RATE) == ["survives at 1.3, which is passed"]

    def test_bystander(self, tmp_path: Path) -> None:
        """A question that fails without being named is told."""
        statuses = {"1.1": "failed", "1.3": "failed", "2.1": "failed"}
        failures = (*self.RATE, Failure("2.1", "t", "failed", "layers"))
        told = ["fails what it does not touch: 2.1 is failed: layers"]
        assert self.broken(tmp_path, self.MUTANT, statuses, failures) == told

    def test_wrong_cause(self, tmp_path: Path) -> None:
        """Failing for another reason is told."""
        failures = (Failure("1.1", "t", "failed", "the loss is 9"), Failure("1.3", "t", "failed", "the loss is 9"))
        told = ["no message has the words 'learning rate': the loss is 9"]
        assert self.broken(tmp_path, self.MUTANT, {"1.1": "failed", "1.3": "failed"}, failures) == told

    def test_needed_by_nobody(self, tmp_path: Path) -> None:
        """A mutant that other tests reject as well does not show what the one that it names is there for."""
        text = self.MUTANT + "# alone: 1::test_layers 1::test_steps\n"
        failures = (*(replace(failure, test="1::test_steps") for failure in self.RATE), *self.RATE[:1])
        statuses = {"1.1": "failed", "1.3": "failed"}
        told = ["would be rejected everywhere without 1::test_layers"]
        assert self.broken(tmp_path, text, statuses, failures) == told

    def test_false_alarm(self, tmp_path: Path) -> None:
        """An equivalent that fails is told."""
        told = ["false alarm: 1.1 is failed: the learning rate is 0.012"]
        assert self.broken(tmp_path, "# passes: 1.1\n", {"1.1": "failed"}, self.RATE) == told

    @pytest.mark.parametrize("text", ["", "# fails: 5.1\n# told: x\n", "# fails: 1.1\n", "# fails: 1.1, 1.2\n"])
    def test_malformed_first_lines(self, text: str, tmp_path: Path) -> None:
        """First lines that say nothing are an error that shows what they should be."""
        with pytest.raises(ValueError, match="it should be '# "):
            self.broken(tmp_path, text, {}, ())


@pytest.mark.tensorflow
class TestJudge:
    """The process that judges."""

    @pytest.fixture
    def judge_in(self, tmp_path: Path) -> Iterator[Judge]:
        judge = Judge()
        yield judge
        judge.close()

    def test_too_slow(self, tmp_path: Path, judge_in: Judge) -> None:
        """A subject that does not end is ended."""
        path = tmp_path / "hangs.py"
        path.write_text("import time\n\ntime.sleep(600)\n")
        assert judge_in(path, longest=3).problem == "it took more than 3 s"

    def test_exits(self, tmp_path: Path, judge_in: Judge) -> None:
        """A subject that ends its process is told, and the next one is judged by another."""
        path = tmp_path / "exits.py"
        path.write_text("import os\n\nos._exit(0)\n")
        assert judge_in(path).problem == "it ended the process that judged it"
        path.write_text("")
        assert "defines none of the contract's names" in judge_in(path).problem


class TestKilledAlone:
    """Which test is the only one to reject a mutant at a question."""

    def test_only_one(self, tmp_path: Path) -> None:
        """A mutant counts for a test where no other fails at that question."""
        path = tmp_path / "m.py"
        path.write_text("# fails: 1.1 1.3\n# told: x\n")
        failures = (Failure("1.1", "a", "failed", "x"), Failure("1.1", "b", "failed", "x"))
        judgement = Judgement("m", {}, (*failures, Failure("1.3", "b", "failed", "x")))
        alone = killed_alone({"m": judgement}, {"m": claim_of(path)})
        assert (alone.get("a", []), alone["b"]) == ([], ["m (1.3)"])

    def test_every_test_is_known(self) -> None:
        """The tests' names are those of the exercises' functions."""
        assert {"1::test_layers", "2::test_scaling", "3::test_masking", "4::test_weights"} < set(exercise_tests())

    def test_every_check_is_needed(self) -> None:
        """Without each some mutant passes a question that it spoils: a check that rejects nothing alone has no reason.

        That the mutant does so is shown where it is judged, in test_mutants.py.
        """
        needed = {test for path in MUTANT_FILES for test in claim_of(path).alone}
        assert [test for test in exercise_tests() if test not in OF_THE_SUITE | needed] == []
