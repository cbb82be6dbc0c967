"""The options that a notebook is judged by, and the way from its file to what was recorded of it."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from lab.progress import Terminal, titled
from lab.run import Array
from tests.submissions.sandbox import Limits, Outcome, run_isolated, run_trusted, why_no_bubblewrap

if TYPE_CHECKING:
    from tests.submissions.submission import Submission

OUTCOME, SERVED = "outcome.json", "mnist.npz"


def add_options(group: pytest.OptionGroup) -> None:
    """Add them to the suite's own group in `pytest --help`."""
    group.addoption(
        "--submission",
        metavar="NOTEBOOK",
        default=None,
        nargs="?",
        const="",
        help="judge this notebook (.ipynb): it is run in a sandbox, and what it does with Keras is judged",
    )
    group.addoption(
        "--trust-submission",
        action="store_true",
        help="run the notebook without a sandbox, as any program of yours: where bubblewrap cannot run",
    )
    group.addoption(
        "--faithful",
        action="store_true",
        help="let the notebook's `fit` train as Keras does, in five times the time; the same training otherwise",
    )
    limits = Limits()
    for name, value, what in (
        ("--cell-seconds", limits.cell_seconds, "of the notebook's may take before it is interrupted"),
        ("--notebook-seconds", limits.seconds, "of a notebook may take in all before it is stopped"),
    ):
        cells = "the cells" if "notebook" in name else "a cell"
        group.addoption(
            name, metavar="N", default=value, type=int, help=f"seconds that {cells} {what} (default: {value})"
        )


def limits_of(config: pytest.Config) -> Limits:
    """The limits that the options ask for. Raises ValueError for seconds that are none."""
    cell_seconds, seconds = config.getoption("cell_seconds"), config.getoption("notebook_seconds")
    for name, value in (("--cell-seconds", cell_seconds), ("--notebook-seconds", seconds)):
        if value < 1:
            raise ValueError(f"{name} is {value}; it takes a whole number of seconds, at least 1")
    return replace(Limits(), cell_seconds=cell_seconds, seconds=seconds)


def refuse_unisolated(trusted: bool) -> None:
    """Raise ValueError where the notebook would have to run without a sandbox and nobody said that it may."""
    reason = "" if trusted else why_no_bubblewrap()
    if reason:
        raise ValueError(
            f"a notebook cannot be run in a sandbox here: {reason}. Without one it can read, change and send whatever "
            "you can; add --trust-submission to run it nevertheless"
        )


def hand_in(
    path: Path,
    mnist: Sequence[Array],
    limits: Limits,
    trusted: bool,
    faithful: bool,
    terminal: Terminal | None,
    judged_here: bool,
) -> Path:
    """Run the notebook, and return the folder with what was recorded: `read_submission` reads it.

    Raises SubjectError for a file that is no notebook which can be run. The folder is the caller's to remove.
    """
    from tests.submissions.notebooks import lay_out  # sessions without a notebook need not wait for nbformat

    folder = Path(tempfile.mkdtemp(prefix="submission-"))
    try:
        submission, records = folder / "submission", folder / "records"
        submission.mkdir()
        records.mkdir()
        lay_out(path, submission)
        names = ("x_train", "y_train", "x_test", "y_test")
        np.savez(folder / SERVED, **dict(zip(names, mnist, strict=True)))
        run = run_trusted if trusted else run_isolated
        # Leaving waits for the import: two threads at once that import what imports itself in a circle can both fail.
        with titled(f"running {path.name}", terminal), ThreadPoolExecutor(1, "imports") as threads:
            if judged_here:  # TensorFlow takes seconds to import, in which the notebook runs in another process
                threads.submit(import_module, "tests.submissions.recorded")
            outcome = run(submission, records, folder / SERVED, limits, faithful)
        (folder / OUTCOME).write_text(json.dumps(asdict(outcome)), encoding="utf-8")
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def read_submission(path: Path, folder: Path) -> "Submission":
    """What the notebook at `path` did, from the folder that `hand_in` returned."""
    from tests.submissions.notebooks import printed_outputs
    from tests.submissions.printed import differing, unsupported
    from tests.submissions.recognition import recognise  # nor for SciPy
    from tests.submissions.records import read_array, read_recording
    from tests.submissions.submission import Submission

    records = folder / "records"
    outcome = Outcome(**json.loads((folder / OUTCOME).read_text(encoding="utf-8")))
    recording = read_recording(records)
    arrays = lru_cache(64)(lambda name: read_array(records, name))
    recognition = recognise(recording, arrays)
    with np.load(folder / SERVED, allow_pickle=False) as served:
        digits = served["y_test"]
    printed = (
        *unsupported(recording.cells, recording, arrays, digits),
        *differing(printed_outputs(path), recording.cells, recording, arrays, digits),
    )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Submission(path.name, digest, records, outcome, recording, recognition, printed)
