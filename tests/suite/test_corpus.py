"""Every notebook of the corpus runs unchanged, and its trainings are recognised as the runs that they are.

Takes a quarter of an hour: the ordinary run of the suite leaves it out, as it does the mutants.
"""

from functools import partial
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from lab.recipes import RECIPES
from lab.standin import stand_in
from tests.submissions.recognition import recognise
from tests.submissions.records import read_array, read_recording
from tests.submissions.sandbox import Limits, run_trusted
from tests.submissions.trainings import place_of, trainings_of
from tests.suite.notebook_corpus import corpus, read_sample

pytestmark = pytest.mark.tensorflow

LIMITS = Limits(cell_seconds=180, seconds=600)
TRAINED_ON, TESTED_ON = 320, 100  # images of the stand-in: a training of ten epochs then takes seconds
RUNS = {
    "1.1": ["linear"],
    "1.2": ["linear"],
    "1.3": ["linear_noisy"],
    "2.1": ["iris_relu10"],
    "2.2": ["iris_relu50"],
    "2.3": ["iris_sigmoid10"],
    "3.1": ["mnist"],
    "3.2": ["mnist_dropout"],
    "3.3": ["mnist_batch16", "mnist_batch32", "mnist_batch64", "mnist_batch128"],
    "4.1": [],
    "4.2": [],
    "4.3": ["mnist_resumed_without_optimizer"],
}
# Cells that raise, which is what these notebooks are about, and how.
RAISES = {
    "cell_raises": "NameError",
    "compile_forgotten": "ValueError: You must call `compile()`",
    "resumed_from_h5": "ValueError: Unknown variable",
    "syntax_error": "SyntaxError",
}


@pytest.fixture(scope="module")
def mnist(tmp_path_factory):
    """A small part of the stand-in, served as MNIST."""
    path = tmp_path_factory.mktemp("mnist") / "mnist.npz"
    sizes = (TRAINED_ON, TRAINED_ON, TESTED_ON, TESTED_ON)
    names = ("x_train", "y_train", "x_test", "y_test")
    np.savez(path, **{name: part[:size] for name, part, size in zip(names, stand_in(), sizes, strict=True)})
    return path


def one_process(path):
    """With several processes, all tests of a notebook go to one: it runs once."""
    return pytest.param(path, id=path.stem, marks=pytest.mark.xdist_group(path.stem))


@pytest.fixture(scope="module", params=map(one_process, corpus()))
def judged(request, tmp_path_factory, mnist):
    """A notebook of the corpus, what is left of its run, and what its trainings were recognised as."""
    sample = read_sample(request.param)
    folder = tmp_path_factory.mktemp(sample.name)
    records = folder / "records"
    for path in (folder / "submission", records):
        path.mkdir()
    nbformat.write(sample.notebook, folder / "submission" / "notebook.ipynb")
    outcome = run_trusted(folder / "submission", records, mnist, LIMITS)
    recording, arrays = read_recording(records), partial(read_array, records)
    return SimpleNamespace(
        sample=sample,
        outcome=outcome,
        recording=recording,
        arrays=arrays,
        recognised=recognise(recording, arrays),
    )


def kinds(judged):
    return {record.kind for record in judged.recording.records}


def test_runs_to_its_end(judged):
    """No cell raises but those that are meant to, and all of it is recorded."""
    errors = [cell.error for cell in judged.recording.cells if cell.error]
    raises = RAISES.get(judged.sample.name)
    assert (judged.outcome.stopped, judged.recording.problems) == ("", ())
    assert len(errors) == (raises is not None), errors
    assert all(error.startswith(raises) for error in errors)
    assert not kinds(judged) & {"unrecorded", "replaced"}


def test_runs_have_their_names(judged):
    """A question that passes has all of its runs, one that fails some, and one that was not submitted none."""
    found = judged.recognised.runs
    for number, names in RUNS.items():
        there = [name for name in names if name in found]
        statuses = judged.sample.expected[number]
        if statuses == {"passed"}:
            assert there == names, number
        elif statuses == {"not submitted"}:
            assert not there, number
        elif names:
            assert there, number


def test_saving_is_recorded(judged):
    """Exercise 4 has a model that was saved and loaded."""
    submitted = judged.sample.expected["4.1"] != {"not submitted"}
    assert ({"save", "load"} <= kinds(judged)) == submitted


def test_runs_are_trained_as_the_lab_asks(judged):
    """Of questions that pass, epochs and batch size are those that the lab asks for, as far as a record shows."""
    for number, names in RUNS.items():
        for name in names if judged.sample.expected[number] == {"passed"} else ():
            arguments = judged.recognised.runs[name].record.values["arguments"]
            key = "mnist_resume" if "resumed" in name else name.removesuffix("_dropout")
            asked = RECIPES.get(key) or RECIPES[key.split("_")[0]]
            assert (arguments["epochs"], arguments["batch_size"]) == (asked.epochs, asked.batch_size), name


def test_data_are_known(judged):
    """Every run has its features and targets, and every exercise that was handed in something it was tested on."""
    for match in judged.recognised.runs.values():
        x, y = (judged.arrays(match.record.values[side]) for side in ("x", "y"))
        assert len(x) == len(y) > 1, match.name
    for number in ("2.1", "3.1"):
        if judged.sample.expected[number] == {"passed"}:
            assert {"evaluate", "predict"} & kinds(judged)


def test_nothing_is_dropped(judged):
    """Every training is a run with its reason, or listed."""
    trainings, _ = trainings_of(judged.recording, judged.arrays)
    chosen = [match.record for match in judged.recognised.runs.values()]
    assert all(match.reason for match in judged.recognised.runs.values())
    for training in trainings:
        listed = any(said.startswith(place_of(training.record)) for said in judged.recognised.left_over)
        assert listed or training.record in chosen
    failed = [record for record in judged.recording.records if record.kind == "failed"]
    assert sum("its training failed" in said for said in judged.recognised.left_over) == len(failed)
