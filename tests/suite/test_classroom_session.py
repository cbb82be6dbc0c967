"""A class judged by threads and a judge that obeys: what is judged, what is kept, and what is judged again."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.classroom import run, session, suite
from tests.classroom.entries import JUDGED, NOT_JUDGED, WAITING
from tests.classroom.judging import Handed, Judgement, Options
from tests.classroom.pool import ConnectionLostError
from tests.classroom.progress import Progress, told
from tests.classroom.reports import write_class
from tests.classroom.session import Asked, Classroom, judge_all, sort_out
from tests.classroom.spreading import worker_count
from tests.classroom.submissions import find_submissions
from tests.suite.classroom_doubles import ThreadPool, judgement, obedient_judge, written

Judge = Callable[..., Judgement]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three submissions, the second of which cannot be judged."""
    made = tmp_path / "class"
    for name, orders in {"ann/lab.py": "points 70", "bob/lab.py": "raise on purpose", "zoe.py": "points 90"}.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(orders)
    return made


def asked(folder: Path, **changes: Any) -> Asked:
    report = folder.parent / "report"
    found = find_submissions(folder, report)
    return replace(Asked(found.submissions, report, Options(), ("seed 42",)), **changes)


def judged(what: Asked, judge: Judge = obedient_judge, pool: ThreadPool | None = None) -> tuple[Classroom, list[str]]:
    """The class after a run, and what was begun in it."""
    pool = pool or ThreadPool()
    classroom, waiting = sort_out(what)
    with Progress(len(waiting)) as progress:
        judge_all(classroom, waiting, pool, judge, progress)
    return classroom, sorted(pool.begun)


def statuses(classroom: Classroom) -> list[str]:
    return [entry.status for entry in classroom.table()]


def test_one_broken_submission_stops_no_other(folder: Path) -> None:
    """The others have their points, and it has the reason."""
    classroom, _ = judged(asked(folder))
    assert statuses(classroom) == [JUDGED, NOT_JUDGED, JUDGED]
    assert classroom.entries["bob/lab.py"].finding == "could not be judged: ValueError: on purpose."
    assert [entry.earned for entry in classroom.table()] == [70, None, 90]


def test_files_of_a_submission(folder: Path) -> None:
    """Its folder holds the report as it came, the end of the output, Gradescope's results and the state."""
    judged(asked(folder))
    own = folder.parent / "report/submissions/ann__lab.py"
    found = {path.relative_to(own).as_posix() for path in own.rglob("*") if path.is_file()}
    assert found == {
        *("report.html", "answers.json", "figures/line_fit.png", "output.txt", "results.json", "judged.json"),
    }


def test_judged_once(folder: Path) -> None:
    """A second run judges only what could not be judged, and has the same entries."""
    first, _ = judged(asked(folder))
    second, begun = judged(asked(folder))
    assert begun == ["bob/lab.py"]
    assert second.table() == first.table()


@pytest.mark.parametrize("change", ["content", "option", "suite", "report", "state"])
def test_judged_again(change: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another content, other options, another suite, or a report that is not whole."""
    what = asked(folder)
    judged(what)
    own = what.report / "submissions/ann__lab.py"
    if change == "content":
        (folder / "ann/lab.py").write_text("points 71")
    elif change == "option":
        what = replace(what, judged_by=("seed 43",))
    elif change == "suite":
        what = replace(what, judged_by=("seed 42", "another"))
    elif change == "report":
        (own / "report.html").unlink()
    else:
        (own / "judged.json").write_text('{"version": 1, "entry": [')
    _, begun = judged(what)
    assert "ann/lab.py" in begun
    assert ("zoe.py" in begun) == (change in ("option", "suite"))


def test_more_time_is_used(folder: Path) -> None:
    """What the time limit stopped is judged again with more time, and not with as much or less."""

    def stopped(handed: Handed, options: Options, wanted: Any) -> Judgement:
        return judgement(exit_status=2, out_of_time=True)

    judged(asked(folder), stopped)
    _, again = judged(asked(folder), stopped)
    _, later = judged(asked(folder, options=Options(seconds=1000.0)), stopped)
    assert (again, len(later)) == ([], 3)


def test_worker_with_another_suite(folder: Path) -> None:
    """What another version of the suite judged is shown, but judged again next time."""

    def other(handed: Handed, options: Options, wanted: Any) -> Judgement:
        return judgement(suite="another")

    classroom, _ = judged(asked(folder), other)
    assert statuses(classroom) == [JUDGED] * 3
    assert len(judged(asked(folder))[1]) == 3


def test_nothing_is_handed_out_early(folder: Path) -> None:
    """No more are begun than there are workers: contents wait on disk, and a worker that comes later gets some."""
    running, most = [], []

    def counting(handed: Handed, options: Options, wanted: Any) -> Judgement:
        running.append(handed.name)
        most.append(len(running))
        running.remove(handed.name)
        return judgement()

    judged(asked(folder), counting, ThreadPool(1))
    assert max(most) == 1


def test_file_that_cannot_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has its finding, and the others are judged."""
    monkeypatch.setattr(session, "LARGEST", 9)
    classroom, begun = judged(asked(folder))
    assert begun == ["ann/lab.py", "zoe.py"]
    assert classroom.entries["bob/lab.py"].finding == "could not be judged: it has 16 bytes; at most 9 are judged."


def test_file_that_goes_away(folder: Path) -> None:
    """Between looking and judging, too."""
    classroom, waiting = sort_out(asked(folder))
    (folder / "ann/lab.py").unlink()
    with Progress(3) as progress:
        judge_all(classroom, waiting, ThreadPool(), obedient_judge, progress)
    assert "No such file" in classroom.entries["ann/lab.py"].finding


@pytest.mark.parametrize("error", [KeyboardInterrupt, ConnectionLostError])
def test_stopped_run_keeps_what_it_has(error: type[BaseException], folder: Path) -> None:
    """What was finished is in the report folder; the rest waits for the next run."""

    def stop(handed: Handed, options: Options, wanted: Any) -> Judgement:
        if handed.name == "bob/lab.py":
            raise error
        return judgement()

    what = asked(folder)
    classroom, waiting = sort_out(what)

    class Stopping(Progress):
        def tick(self) -> None:
            if error is KeyboardInterrupt and len(classroom.entries) == 1:
                raise KeyboardInterrupt

    with pytest.raises(error), Stopping(3) as progress:
        judge_all(classroom, waiting, ThreadPool(1), stop, progress)
    assert statuses(classroom) == [JUDGED, WAITING, WAITING]
    assert judged(what)[1] == ["bob/lab.py", "zoe.py"]


def test_stale_files_go(folder: Path) -> None:
    """A report that is written again has nothing of the old one."""
    what = asked(folder)
    judged(what)
    old = what.report / "submissions/ann__lab.py/figures/old.png"
    old.write_bytes(b"")
    (folder / "ann/lab.py").write_text("points 1")
    judged(what)
    assert not old.exists()


def test_state_is_written_last(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is killed while it writes leaves no state, so the submission is judged again."""
    what = asked(folder)
    judged(what)
    from tests.classroom import reports

    real = reports.write_atomically

    def killed(path: Path, content: Any) -> None:
        if path.name == "report.html":
            raise KeyboardInterrupt
        real(path, content)

    (folder / "ann/lab.py").write_text("points 1")
    monkeypatch.setattr(reports, "write_atomically", killed)
    with pytest.raises(KeyboardInterrupt):
        judged(what)
    monkeypatch.undo()
    assert "ann/lab.py" in judged(what)[1]


def test_removed_submission_leaves_the_table(folder: Path) -> None:
    """The overview is that of the folder as it is."""
    what = asked(folder)
    judged(what)
    (folder / "zoe.py").unlink()
    classroom, _ = judged(asked(folder))
    write_class(what.report, classroom.table(), [])
    assert "zoe.py" not in (what.report / "gradebook.csv").read_text(encoding="utf-8-sig")


def test_results_of_each(folder: Path) -> None:
    """Gradescope's results have the same points."""
    judged(asked(folder))
    report = folder.parent / "report"
    assert [written(report, name, "results.json")["score"] for name in ("ann__lab.py", "zoe.py")] == [70, 90]


@pytest.mark.parametrize(
    ("wanted", "cores", "memory", "count", "why"),
    [
        (None, 8, 25e9, 8, "8 cores; 25.0 GB of memory are free, 3 GB each"),
        (None, 8, 7e9, 2, "8 cores; 7.0 GB of memory are free, 3 GB each"),
        (None, 1, 1e9, 1, "1 core; 1.0 GB of memory are free, 3 GB each"),
        (4, 8, 25e9, 4, "as -n says"),
        (4, 8, 7e9, 4, "as -n says; 7.0 GB of memory are free, 3 GB each, are little for so many"),
    ],
)
def test_worker_count(wanted: int | None, cores: int, memory: float, count: int, why: str) -> None:
    """As many workers as cores and memory allow, one at least, and the reason."""
    found = worker_count(wanted, cores, memory)
    assert (found.count, found.why) == (count, why)


def test_line_of_a_submission(folder: Path) -> None:
    """One line, whatever the name is."""
    classroom, _ = judged(asked(folder))
    entry = replace(classroom.entries["ann/lab.py"], name="x\x1b[31m\n" * 50, finding="found it")
    assert "\n" not in told(replace(entry, name="long/" * 50))
    assert told(replace(entry, name="a.py")) == "a.py: 70/100 points, 2 s (found it)"


def test_version_of_the_suite_is_that_of_its_judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of the suite and this package's pages have no part in a verdict; checks and packages have."""
    paths = {path.relative_to(suite.PROJECT).as_posix() for path in suite._sources()}
    assert {"tests/checks/linear.py", "lab/training.py", "tests/reference/evidence/iris.json", "pytest.ini"} <= paths
    assert [path for path in paths if path.startswith(("tests/suite", "tests/classroom", "report"))] == []
    before = suite.suite_version.__wrapped__()
    monkeypatch.setattr(suite, "_installed", lambda package: "another")
    assert suite.suite_version.__wrapped__() != before


def test_state_is_plain_json(folder: Path) -> None:
    """It can be read by anything."""
    judged(asked(folder))
    state = written(folder.parent / "report", "ann__lab.py")
    assert json.loads(json.dumps(state))["entry"]["status"] == JUDGED


def test_full_disk(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """If a report cannot be written the run ends with one line, and goes on when there is room."""

    def full(*arguments: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run, "local_pool", lambda workers, most: nullcontext(ThreadPool()))
    what = asked(folder)
    monkeypatch.setattr(session, "write_submission", full)
    assert run._judge(what, obedient_judge, None, None) == 1
    assert "stopped ([Errno 28] No space left on device): the same command goes on" in capsys.readouterr().out
    monkeypatch.undo()
    assert len(judged(what)[1]) == 3


def test_two_runs_into_one_folder(tmp_path: Path) -> None:
    """The second is told, in one line."""
    with (
        run._alone(tmp_path / "report"),
        pytest.raises(run.ClassroomError, match="another run is writing there"),
        run._alone(tmp_path / "report"),
    ):
        pass
