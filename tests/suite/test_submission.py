"""A recorded notebook answers the questions whose trainings were recognised, and says what the lab made for it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.submissions.recognition import Match, Recognition
from tests.submissions.records import Cell, Record, Recording
from tests.submissions.sandbox import Outcome
from tests.submissions.submission import Submission, saved_files

DIGITS = [{"units": 128}, {"units": 10}]


def file_record(kind: str, name: str, units: int = 10, **more: Any) -> Record:
    """That a model was saved or loaded."""
    return Record(kind, 1, {"file": name, "layers": [{"units": units}], **more})


def submission(
    *runs: str, records: tuple[Record, ...] = (), cells: tuple[Cell, ...] = (), stopped: str = ""
) -> Submission:
    """A notebook with these runs."""
    found = {name: Match(name, Record("fit", 1, {}), "by what it is") for name in runs}
    recording = Recording(cells, records, ("line 3: no JSON",))
    return Submission("a.ipynb", "0" * 64, Path(), Outcome(stopped, "in a box", 1.0), recording, Recognition(found, ()))


SAVED = (file_record("save", "m.h5"), file_record("load", "m.h5"))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (submission(), set()),
        (submission("linear"), {"1.1", "1.2"}),
        (submission("linear_noisy"), {"1.3"}),
        (submission("iris_relu50", "iris_sigmoid10"), {"2.2", "2.3"}),
        (submission("mnist_batch16"), {"3.3"}),
        (submission("mnist", records=SAVED), {"3.1", "4.1", "4.2"}),
        (submission("mnist_resumed"), set()),
        (submission("mnist_resumed_without_optimizer"), {"4.3"}),
    ],
    ids=["nothing", "line", "noise", "two of iris", "one batch size", "saved", "resumed", "state lost"],
)
def test_questions(made: Submission, expected: set[str]) -> None:
    """A question is submitted if the run that it asks for was recognised, or a model saved and loaded."""
    assert made.questions() == expected


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (SAVED, {("h5", True)}),
        ((SAVED[0],), set()),
        ((SAVED[1], SAVED[0]), set()),
        ((file_record("save", "m.h5"), file_record("load", "other.h5")), set()),
        ((file_record("save", "m.h5", include_optimizer=False), SAVED[1]), {("h5", False)}),
        ((file_record("save", "m.keras", include_optimizer=False), file_record("load", "m.keras")), {("keras", True)}),
        ((file_record("save", "m.hdf5"), file_record("load", "m.hdf5")), {("h5", True)}),
        ((file_record("save", "m", units=10), file_record("load", "m")), set()),
        ((file_record("save", "m.h5", units=3), SAVED[1]), set()),
    ],
    ids=["saved", "not loaded", "loaded before", "another", "bare", "keras", "hdf5", "SavedModel", "iris"],
)
def test_saved_files(records: tuple[Record, ...], expected: set[tuple[str, bool]]) -> None:
    """A file counts if a model of digits was saved to it and then loaded; `.keras` always holds the optimizer."""
    assert set(saved_files(Recording((), records, ()))) == expected


BARE, WHOLE = file_record("load", "m.keras"), file_record("load", "m.keras", optimizer={"class_name": "Adam"})


@pytest.mark.parametrize(
    ("loads", "expected"),
    [((WHOLE, BARE), 0), ((BARE, WHOLE), 1), ((WHOLE, replace(WHOLE)), 0), ((BARE, replace(BARE)), 0)],
    ids=["whole first", "bare first", "both whole", "both bare"],
)
def test_which_load_counts(loads: tuple[Record, ...], expected: int) -> None:
    """Who loads a file with `compile=False` as well is judged by the load that compiled, else by the first."""
    records = (file_record("save", "m.keras"), *loads)
    assert saved_files(Recording((), records, ()))["keras", True][1] is loads[expected]


def test_file_saved_again() -> None:
    """What was loaded of a file counts until another is saved under its name and loaded."""
    first, second = file_record("save", "m.keras"), file_record("save", "m.keras")
    found = saved_files(Recording((), (first, WHOLE, second, BARE), ()))
    assert found["keras", True] == (second, BARE)
    assert found["keras", True][0] is second


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (submission("linear"), ()),
        (submission("linear_noisy"), ("the training linear",)),
        (submission("iris_sigmoid10"), ("the training iris_relu10",)),
        (
            submission("mnist", records=SAVED),
            ("a .keras file", "a .h5 file without the optimizer"),
        ),
    ],
    ids=["nothing", "line", "iris", "files"],
)
def test_made_by_the_lab(made: Submission, expected: tuple[str, ...]) -> None:
    """What a comparison needs and the notebook has not is the lab's, and that is said."""
    assert made.made_by_the_lab() == expected
    assert (", ".join(expected) in " ".join(made.notes())) or not expected


def test_notes() -> None:
    """How it was isolated, why it was stopped, and which cells failed is said before any number."""
    cells = (Cell(1, "", 0.1, ""), Cell(2, "NameError: x", 0.1, ""))
    told = submission(cells=cells, stopped="it took longer than 9 s").notes()
    assert told[0] == "The notebook ran in a box."
    assert told[1:3] == (
        "The notebook was stopped: it took longer than 9 s.",
        "Cells that failed: cell 2 (NameError: x).",
    )
    assert "line 3: no JSON" in told[-1]


@pytest.mark.parametrize("value", [None, 7, "x", [1], {"a": 1}], ids=str)
def test_forged_files(value: Any) -> None:
    """A record of a file that says anything else than the recorder does is no file, and breaks nothing."""
    forged = tuple(Record(kind, 1, {"file": value, "layers": value, "part": value}) for kind in ("save", "load"))
    made = submission("mnist", records=(*forged, *SAVED))
    assert made.questions() == {"3.1", "4.1", "4.2"}
    assert made.described()["runs"]


def test_floods_are_cut() -> None:
    """A notebook that fails, prints or forges twenty thousand times fills no report; no time in it is infinite."""
    cells = tuple(Cell(number, "x" * 10_000, float("inf"), "") for number in range(20_000))
    made = submission(cells=cells)
    problems = tuple(f"line {number}: no JSON" for number in range(20_000))
    flooded = replace(made, printed=problems, recording=replace(made.recording, problems=problems))
    assert len(" ".join(flooded.notes())) < 100_000
    assert flooded.described()["problems"][-1] == "and 19,970 more"
    assert {cell["seconds"] for cell in flooded.described()["cells"]} == {None}
