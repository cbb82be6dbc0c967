"""Judges wrong and right subjects by the exercises' own tests, and says which check rejects which defect.

    python -m tests.suite.mutation                 judge every mutant and print the table
    python -m tests.suite.mutation --equivalents   judge every right solution
    python -m tests.suite.mutation --checks        and name, for each test, what it alone rejects
    python -m tests.suite.mutation FILE...         judge these

Each file is judged by a whole pytest session on the stand-in, many sessions in one long-lived process: TensorFlow is
imported once. A process that takes too long is ended, and the next file gets a new one.
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import queue
import re
import sys
import tempfile
import textwrap
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from tqdm import tqdm

PROJECT = Path(__file__).resolve().parents[2]
MUTANTS = PROJECT / "tests" / "suite" / "mutants"
EQUIVALENTS = PROJECT / "tests" / "suite" / "equivalents"

LONGEST = 240.0  # s for one file; the slowest takes a quarter of it on two busy cores
FILES_PER_PROCESS = 40  # TensorFlow keeps what it traced: a new process now and then bounds the memory
REJECTED = {"failed", "error"}
QUESTIONS_WIDTH, MESSAGE_WIDTH = 25, 100  # columns

NUMBERS = r"[1-4]\.[1-3](?: [1-4]\.[1-3])*"
FAILS = re.compile(rf"# fails: (?P<questions>{NUMBERS})(?: \(touches (?P<touches>{NUMBERS})\))?")
TOLD = re.compile(r"# told: (?P<words>\S.*)")
PASSES = re.compile(rf"# passes: (?P<questions>{NUMBERS})")


@dataclass(frozen=True)
class Claim:
    """What a file says of itself.

    A mutant's first line names the questions that must fail, and those that may, where luck decides whether a defect
    which reaches them shows; its second line has words that a failing test's message must have. An equivalent's first
    line names the questions that it touches, all of which must pass.
    """

    questions: tuple[str, ...]
    told: str = ""
    touches: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failure:
    """A test that did not pass."""

    question: str
    test: str  # the file's stem and the function: test_2_iris::test_scaling
    outcome: str  # "failed", "error" or "not run"
    message: str  # its first line


@dataclass(frozen=True)
class Judgement:
    """What became of one file: each question's status and each test that did not pass.

    `problem` says why there is no judgement at all: the session took too long, or ended without a report.
    """

    name: str
    statuses: dict[str, str]
    failures: tuple[Failure, ...] = ()
    problem: str = ""
    seconds: float = 0.0

    @property
    def rejected(self) -> set[str]:
        """Questions that a check failed, or of which the subject could make no run."""
        return {question for question, status in self.statuses.items() if status in REJECTED}

    def messages(self, questions: Sequence[str]) -> list[str]:
        """What the failing tests of these questions say, failed checks before subjects' own errors."""
        said = [failure for failure in self.failures if failure.question in questions]
        return [failure.message for failure in sorted(said, key=lambda failure: failure.outcome != "failed")]


def claim_of(path: Path) -> Claim:
    """What the first lines of the file say."""
    first, second, *_ = [*path.read_text(encoding="utf-8").splitlines(), "", ""]
    stated = FAILS.fullmatch(first) or PASSES.fullmatch(first)
    if stated is None:
        raise ValueError(
            f"{path.name}: the first line is {first!r}; it should be '# fails: 1.1 1.3' or '# passes: 1.1'"
        )
    told = TOLD.fullmatch(second)
    if FAILS.fullmatch(first) and told is None:
        raise ValueError(f"{path.name}: the second line is {second!r}; it should be '# told: words of the message'")
    touches = (stated.groupdict().get("touches") or "").split()
    return Claim(tuple(stated["questions"].split()), told["words"] if told else "", tuple(touches))


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
    return wrong


def _alarms(judgement: Judgement, questions: set[str], what: str) -> list[str]:
    return [
        f"{what}: {question} is {judgement.statuses[question]}: {(judgement.messages([question]) or ['no message'])[0]}"
        for question in sorted(questions & judgement.rejected)
    ]


def cause(path: Path, judgement: Judgement) -> str:
    """The first message of a named question that has the words which name the defect."""
    claim = claim_of(path)
    return next((said for said in judgement.messages(claim.questions) if claim.told.lower() in said.lower()), "")


def killed_alone(judgements: dict[str, Judgement], claims: dict[str, Claim]) -> dict[str, list[str]]:
    """For each test function, the mutants that would pass a question which they spoil if it alone were dropped."""
    alone: dict[str, list[str]] = {test: [] for test in exercise_tests()}
    for name, judgement in judgements.items():
        by_question = defaultdict(set)
        for failure in judgement.failures:
            by_question[failure.question].add(failure.test)
        for question in claims[name].questions:
            if len(by_question[question]) == 1:
                (test,) = by_question[question]
                alone.setdefault(test, []).append(f"{name} ({question})")
    return alone


def exercise_tests() -> list[str]:
    """Every test function of the exercises, as `test_2_iris::test_scaling`."""
    files = sorted((PROJECT / "tests" / "exercises").glob("test_*.py"))
    return [
        f"{file.stem}::{name}"
        for file in files
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]


class Judge:
    """Judges one file after the other in a process of its own, which it replaces when that takes too long."""

    def __init__(self) -> None:
        self._process: Any = None
        self._judged = 0

    def __call__(self, path: Path, longest: float = LONGEST) -> Judgement:
        """The judgement of the file at `path`."""
        start = time.perf_counter()
        if self._process is None or self._judged >= FILES_PER_PROCESS:
            self._start()
        self._judged += 1
        try:
            self._connection.send(path)
            if self._connection.poll(longest):
                return self._connection.recv()
            problem = f"it took more than {longest:g} s"
        except (EOFError, OSError):
            problem = "it ended the process that judged it"
        self.close()
        return Judgement(path.stem, {}, problem=problem, seconds=time.perf_counter() - start)

    def _start(self) -> None:
        self.close()
        context = multiprocessing.get_context("spawn")
        self._connection, other_end = context.Pipe()
        self._process = context.Process(target=_serve, args=(other_end,), daemon=True)
        self._process.start()
        other_end.close()
        self._judged = 0

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._connection.close()
            self._process.kill()
            self._process.join()
            self._process = None


def _serve(connection: Connection) -> None:
    """Judge whatever file is asked for, until nobody asks any more."""
    os.chdir(PROJECT)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        del os.environ[name]  # of the session that asks
    with contextlib.suppress(EOFError):
        while True:
            path = connection.recv()
            with tempfile.TemporaryDirectory() as folder:
                connection.send(_judge_here(path, Path(folder)))


def _judge_here(path: Path, folder: Path) -> Judgement:
    start = time.perf_counter()
    log = folder / "log"
    report = folder / "report"
    with _output_to(log), _nothing_left_behind():
        exit_status = pytest.main(
            [
                str(PROJECT / "tests" / "exercises"),
                f"--rootdir={PROJECT}",
                f"--lab-module={path}",
                "--mnist=standin",
                "--benchmark-disable",
                f"--report-dir={report}",
                f"--basetemp={folder / 'tmp'}",
                "--override-ini=cache_dir=" + str(folder / "cache"),
                "-Wignore:Module already imported so cannot be rewritten:pytest.PytestAssertRewriteWarning",
                "-q",
            ]
        )
    seconds = time.perf_counter() - start
    written = report / "answers.json"
    if not written.is_file():
        last = (log.read_text(encoding="utf-8", errors="replace").strip().splitlines() or ["it said nothing"])[-1]
        return Judgement(path.stem, {}, problem=f"exit status {int(exit_status)}, no report: {last}", seconds=seconds)
    return _from_document(path.stem, json.loads(written.read_text(encoding="utf-8")), seconds)


def _from_document(name: str, document: dict[str, Any], seconds: float) -> Judgement:
    failures = tuple(
        Failure(
            question=answer["question"],
            test=re.sub(r"^.*?(\w+)\.py::(\w+).*$", r"\1::\2", test["id"], flags=re.DOTALL),
            outcome=test["outcome"],
            message=(test["message"].splitlines() or [""])[0],
        )
        for answer in document["answers"]
        for test in answer["tests"]
        if test["outcome"] not in ("passed", "not submitted")
    )
    statuses = {answer["question"]: answer["status"] for answer in document["answers"]}
    return Judgement(name, statuses, failures, seconds=seconds)


@contextlib.contextmanager
def _output_to(log: Path) -> Iterator[None]:
    """Send what this process writes to a file, for as long as the session lasts."""
    before = [os.dup(1), os.dup(2)]
    with log.open("wb") as file:
        for number in (1, 2):
            os.dup2(file.fileno(), number)
        try:
            yield
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for number, kept in zip((1, 2), before, strict=True):
                os.dup2(kept, number)
                os.close(kept)


@contextlib.contextmanager
def _nothing_left_behind() -> Iterator[None]:
    """Forget the subject's module, its place on the path, its environment and Keras's settings."""
    path, environment = list(sys.path), dict(os.environ)
    try:
        yield
    finally:
        sys.path[:] = path
        os.environ.clear()
        os.environ.update(environment)
        for name in [name for name in sys.modules if name.startswith("subject_")]:
            del sys.modules[name]
        if keras := sys.modules.get("keras"):
            keras.config.set_floatx("float32")
            keras.config.set_dtype_policy("float32")


def judge_all(paths: Sequence[Path], workers: int) -> Iterator[Judgement]:
    """The judgement of every file as soon as there is one, from `workers` processes at once."""
    to_do: queue.SimpleQueue[Path] = queue.SimpleQueue()
    done: queue.SimpleQueue[Judgement] = queue.SimpleQueue()
    for path in paths:
        to_do.put(path)

    def work() -> None:
        judge = Judge()
        with contextlib.suppress(queue.Empty):
            while True:
                done.put(judge(to_do.get_nowait()))
        judge.close()

    for _ in range(min(workers, len(paths))):
        threading.Thread(target=work, daemon=True).start()
    for _ in tqdm(paths, unit="file", disable=None, leave=False):
        yield done.get()


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
