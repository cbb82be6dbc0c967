"""Judges wrong and right subjects by the exercises' own tests, and says which check rejects which defect.

python -m tests.suite.mutation                 judge every mutant and print the table
python -m tests.suite.mutation --equivalents   judge every right solution
python -m tests.suite.mutation --checks        and name, for each test, what it alone rejects
python -m tests.suite.mutation FILE...         judge these
"""

import argparse
import json
import re
import sys
import textwrap
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tqdm import tqdm

from tests.suite.judging import PROJECT, Judgement, judge_all

MUTANTS = PROJECT / "tests" / "suite" / "mutants"
EQUIVALENTS = PROJECT / "tests" / "suite" / "equivalents"

QUESTIONS_WIDTH, MESSAGE_WIDTH = 25, 100  # columns

NUMBERS = r"[1-4]\.[1-3](?: [1-4]\.[1-3])*"
FAILS = re.compile(rf"# fails: (?P<questions>{NUMBERS})(?: \(touches (?P<touches>{NUMBERS})\))?")
TOLD = re.compile(r"# told: (?P<words>\S.*)")
TEST = r"[1-4]::test_\w+"  # of an exercise
ALONE = re.compile(rf"# alone: (?P<tests>{TEST}(?: {TEST})*)")
PASSES = re.compile(rf"# passes: (?P<questions>{NUMBERS})")


@dataclass(frozen=True)
class Claim:
    """What a file says of itself.

    A mutant's first line names the questions that must fail, and those that may, where luck decides whether a defect
    which reaches them shows; its second line has words that a failing test's message must have; a third one may name
    tests without each of which it would pass a question that it spoils. An equivalent's first line names the questions
    that it touches, all of which must pass.
    """

    questions: tuple[str, ...]
    told: str = ""
    touches: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()  # as "2::test_scaling"


def claim_of(path: Path) -> Claim:
    """What the first lines of the file say."""
    first, second, third, *_ = [*path.read_text(encoding="utf-8").splitlines(), "", "", ""]
    stated = FAILS.fullmatch(first) or PASSES.fullmatch(first)
    if stated is None:
        raise ValueError(
            f"{path.name}: the first line is {first!r}; it should be '# fails: 1.1 1.3' or '# passes: 1.1'"
        )
    told = TOLD.fullmatch(second)
    if FAILS.fullmatch(first) and told is None:
        raise ValueError(f"{path.name}: the second line is {second!r}; it should be '# told: words of the message'")
    touches = (stated.groupdict().get("touches") or "").split()
    alone = ALONE.fullmatch(third)
    return Claim(
        tuple(stated["questions"].split()),
        told["words"] if told else "",
        tuple(touches),
        tuple(alone["tests"].split()) if alone else (),
    )


def broken_claims(path: Path, judgement: Judgement) -> list[str]:
    """A sentence for each way in which the judgement is not what the file's first lines say."""
    claim = claim_of(path)
    if judgement.problem:
        return [judgement.problem]
    if not claim.told:
        return _alarms(judgement, set(claim.questions), "false alarm")
    survived = [
        f"survives at {question}, which is {judgement.statuses[question]}"
        for question in claim.questions
        if question not in judgement.rejected
    ]
    others = set(judgement.statuses) - {*claim.questions, *claim.touches}
    wrong = survived + _alarms(judgement, others, "fails what it does not touch")
    if not survived and not cause(path, judgement):
        said = "; ".join(dict.fromkeys(judgement.messages(claim.questions)))
        wrong.append(f"no message has the words {claim.told!r}: {said}")
    needed = needed_tests(judgement, claim)
    return wrong + [f"would be rejected everywhere without {test}" for test in claim.alone if test not in needed]


def _alarms(judgement: Judgement, questions: set[str], what: str) -> list[str]:
    return [
        f"{what}: {question} is {judgement.statuses[question]}: {(judgement.messages([question]) or ['no message'])[0]}"
        for question in sorted(questions & judgement.rejected)
    ]


def cause(path: Path, judgement: Judgement) -> str:
    """The first message of a named question that has the words which name the defect."""
    claim = claim_of(path)
    return next((said for said in judgement.messages(claim.questions) if claim.told.lower() in said.lower()), "")


def needed_tests(judgement: Judgement, claim: Claim) -> dict[str, list[str]]:
    """The tests without each of which the mutant would pass questions that it spoils, and those questions."""
    needed = defaultdict(list)
    for question in claim.questions:
        rejecting = {failure.test for failure in judgement.failures if failure.question == question}
        if len(rejecting) == 1:
            needed[rejecting.pop()].append(question)
    return dict(needed)


def killed_alone(judgements: dict[str, Judgement], claims: dict[str, Claim]) -> dict[str, list[str]]:
    """For each test function, the mutants that would pass a question which they spoil if it alone were dropped."""
    alone: dict[str, list[str]] = {test: [] for test in exercise_tests()}
    for name, judgement in judgements.items():
        for test, questions in needed_tests(judgement, claims[name]).items():
            alone.setdefault(test, []).append(f"{name} ({' '.join(questions)})")
    return alone


def exercise_tests() -> list[str]:
    """Every test function of the exercises, as `2::test_scaling`."""
    files = sorted((PROJECT / "tests" / "exercises").glob("test_*.py"))
    return [
        f"{file.stem.split('_')[1]}::{name}"
        for file in files
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]


def row(path: Path, judgement: Judgement, width: int) -> str:
    """A file's name, the questions that it fails, and the message that names the cause."""
    said = cause(path, judgement) or judgement.problem or "-"
    rejected = " ".join(sorted(judgement.rejected)) or "none"
    if len(rejected) > QUESTIONS_WIDTH:
        rejected = f"{rejected[: QUESTIONS_WIDTH - 2]} …"
    lines = textwrap.wrap(said, MESSAGE_WIDTH)
    start = f"{path.stem:<{width}}  {rejected:<{QUESTIONS_WIDTH}}  {judgement.seconds:5.1f} s  "
    return start + ("\n" + " " * len(start)).join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge, print, and return 1 if something is not as its first lines say."""
    parser = argparse.ArgumentParser(prog="python -m tests.suite.mutation", description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="judge these (default: all mutants)")
    parser.add_argument("--equivalents", action="store_true", help="judge the right solutions")
    parser.add_argument("--checks", action="store_true", help="name, for each test, the mutants that it alone rejects")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes that judge (default: 2)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the judgements as JSON")
    options = parser.parse_args(arguments)
    paths = [path.resolve() for path in options.files] or sorted(
        (EQUIVALENTS if options.equivalents else MUTANTS).glob("*.py")
    )
    try:
        claims = {path.stem: claim_of(path) for path in paths}
    except (OSError, ValueError) as reason:
        parser.error(str(reason))
    start = time.perf_counter()
    by_name, judgements = {path.stem: path for path in paths}, {}
    for judgement in judge_all(paths, options.workers):
        judgements[judgement.name] = judgement
        tqdm.write(row(by_name[judgement.name], judgement, max(map(len, by_name))))
        sys.stdout.flush()
        if options.write:
            options.write.write_text(json.dumps([asdict(judgement) for judgement in judgements.values()], indent=1))
    broken = {path.stem: found for path in paths if (found := broken_claims(path, judgements[path.stem]))}
    for name, sentences in broken.items():
        print(f"\n{name}", *sentences, sep="\n    ")
    if options.checks:
        print("\nwhat each test alone rejects:")
        for test, mutants in killed_alone(judgements, claims).items():
            print(f"{test}: {', '.join(mutants) or 'NOTHING'}")
    minutes = (time.perf_counter() - start) / 60
    print(f"\n{len(paths) - len(broken)} of {len(paths)} files are as their first lines say ({minutes:.1f} minutes)")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
