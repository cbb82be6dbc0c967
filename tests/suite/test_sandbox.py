"""A notebook runs where it can break nothing, what it does with Keras is recorded, and it is stopped at its limits."""

import json
import os
from functools import partial
from pathlib import Path

import nbformat
import numpy as np
import psutil
import pytest

from tests.submissions.notebooks import lay_out
from tests.submissions.recognition import recognise
from tests.submissions.records import STOPPED, read_array, read_recording
from tests.submissions.sandbox import Limits, run_isolated, run_trusted, why_no_bubblewrap

pytestmark = pytest.mark.tensorflow

isolated = pytest.mark.skipif(bool(why_no_bubblewrap()), reason=why_no_bubblewrap() or "bubblewrap works")
SMALL = Limits(cell_seconds=60, seconds=300, memory=3 * 2**30, disk=2**26, records=2**28)


def cells(run):
    """What each cell raised, by its number."""
    return {cell.number: cell.error for cell in run.cells}


@pytest.fixture(scope="module")
def mnist(tmp_path_factory):
    """A file that is served as MNIST."""
    path = tmp_path_factory.mktemp("mnist") / "mnist.npz"
    images, labels = np.zeros((4, 28, 28), np.uint8), np.arange(4, dtype=np.uint8)
    np.savez(path, x_train=images, y_train=labels, x_test=images[:2], y_test=labels[:2])
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory, mnist):
    """Runs cells as a notebook and returns the outcome, the recording and its folder."""

    def execute(*sources, limits=SMALL, how=run_isolated):
        folder = tmp_path_factory.mktemp("submission")
        (folder / "handed_in").mkdir()
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        nbformat.write(notebook, folder / "handed_in" / "lab07.ipynb")
        (folder / "laid_out").mkdir()
        lay_out(folder / "handed_in" / "lab07.ipynb", folder / "laid_out")
        records = folder / "records"
        records.mkdir()
        outcome = how(folder / "laid_out", records, mnist, limits)
        return outcome, read_recording(records), records

    return execute


STRAIGHT = (
    "import keras, numpy as np\nfrom keras.models import load_model as taken\nnp.random.seed(1)",
    "x = np.random.rand(8, 2); y = np.eye(3)[np.arange(8) % 3]\n"
    "model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, activation='softmax')])\n"
    "model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])\n"
    "history = model.fit(x, y, epochs=2, batch_size=4, verbose=0)\nprint('trained')",
    "model.evaluate(x, y, verbose=0); model.predict(x, verbose=0)",
    "model.save('model.keras'); again = taken('model.keras')",
    "for _ in range(3):\n    model.train_on_batch(x, y)",
    "model.layers[0].set_weights([w * 2 for w in model.get_weights()])",
    "undefined",
    "model.fit(((x[i:i + 4], y[i:i + 4]) for i in (0, 4)), verbose=0)",
    "import tensorflow as tf\nmodel.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(2), verbose=0)",
    "(a, b), (c, d) = keras.datasets.mnist.load_data(); print(a.shape, d)",
    "print('LAB' in str(__import__('os').environ), [n for n in globals() if 'begin' in n or 'record' in n])",
    "keras.Model.fit = None",
)


@pytest.fixture(scope="module")
def straight(run):
    """A notebook that does each thing once."""
    return run(*STRAIGHT, how=run_trusted)


class TestRecording:
    def of(self, straight, kind):
        return [record for record in straight[1].records if record.kind == kind]

    def test_each_thing_is_recorded_once(self, straight):
        """Every call is a record of its cell, calls within calls are none, and nothing went wrong in recording."""
        kinds = [(record.cell, record.kind) for record in straight[1].records]
        assert kinds == [
            (0, "begun"),
            (2, "fit"),
            (3, "evaluate"),
            (3, "predict"),
            (4, "save"),
            (4, "load"),
            (5, "batches"),
            (6, "changed"),
            (8, "fit"),
            (9, "fit"),
            (12, "replaced"),
        ]
        assert straight[1].problems == ()

    def test_fit(self, straight):
        """A training has its arguments, history, and weights that changed."""
        values = self.of(straight, "fit")[0].values
        assert values["arguments"] | {"steps_per_epoch": None} == {
            "epochs": 2,
            "initial_epoch": 0,
            "batch_size": 4,
            "steps_per_epoch": None,
            "validation_split": 0.0,
            "shuffle": True,
            "others": [],
        }
        assert [len(values["history"][name]) for name in ("loss", "accuracy")] == [2, 2]
        assert (values["begun_at"], values["steps"]) == (0, 4)
        before, after = (read_array(straight[2], values[side][0]) for side in ("before", "after"))
        assert before.shape == (2, 3)
        assert not np.array_equal(before, after)

    def test_data(self, straight):
        """The data come over as Keras saw them."""
        x = np.random.RandomState(1).rand(8, 2).astype(np.float32)
        for record in self.of(straight, "fit"):
            np.testing.assert_array_equal(read_array(straight[2], record.values["x"]), x)
            assert read_array(straight[2], record.values["y"]).shape == (8, 3)

    def test_batches_tell_their_size(self, straight):
        """A generator's and a dataset's batch size is that of their first batch."""
        assert [record.values["arguments"]["batch_size"] for record in self.of(straight, "fit")] == [4, 4, 2]

    def test_model(self, straight):
        """The model is described in plain values."""
        values = self.of(straight, "fit")[0].values
        (layer,) = values["layers"]
        assert (layer["class"], layer["units"], layer["activation"]) == ("Dense", 3, "softmax")
        assert (values["optimizer"]["class"], values["loss"]["name"]) == ("Adam", "categorical_crossentropy")

    def test_evaluation_and_prediction(self, straight):
        """Their results come over, with the weights that they are of."""
        evaluated, predicted = self.of(straight, "evaluate")[0].values, self.of(straight, "predict")[0].values
        assert len(evaluated["results"]["values"]) == 2
        assert read_array(straight[2], predicted["predictions"]).shape == (8, 3)
        assert evaluated["weights"] == predicted["weights"] == self.of(straight, "fit")[0].values["after"]

    def test_saving_and_loading(self, straight):
        """The file's model has the same weights, optimizer and predictions, and is another model."""
        saved, loaded = self.of(straight, "save")[0].values, self.of(straight, "load")[0].values
        for name in ("weights", "state", "predictions", "x", "file", "bytes"):
            assert saved[name] == loaded[name], name
        assert saved["model"] != loaded["model"]
        assert saved["bytes"] > 1000

    def test_steps_of_a_cell_are_one_record(self, straight):
        """Three calls of train_on_batch are three steps in one record."""
        values = self.of(straight, "batches")[0].values
        assert (values["sizes"], values["steps"] - values["begun_at"]) == ([8, 8, 8], 3)

    def test_weights_changed_by_hand(self, straight):
        """Weights that no call changed are noted at the end of the cell that did."""
        values = self.of(straight, "changed")[0].values
        before, after = (read_array(straight[2], values[side][0]) for side in ("before", "after"))
        np.testing.assert_array_equal(after, 2 * before)

    def test_replaced_method(self, straight):
        """Who puts something else in the place of Keras's methods is told of."""
        assert self.of(straight, "replaced")[0].values["what"] == "Model.fit"

    def test_trainings_are_recognised(self, straight):
        """What was recorded is enough to name the trainings by: of three on two features the last one counts
        that goes on from no other, and what else trained or changed the model is listed."""
        recognised = recognise(straight[1], partial(read_array, straight[2]))
        assert {name: match.record.cell for name, match in recognised.runs.items()} == {"iris_relu10": 8}
        assert sorted(said.split(",")[0].split(":")[0] for said in recognised.left_over) == [
            "cell 12",
            "cell 2",
            "cell 5",
            "cell 6",
            "cell 9",
        ]

    def test_cell_that_fails(self, straight):
        """An error costs its own cell; those before and after it ran."""
        errors = {number: error for number, error in cells(straight[1]).items() if error}
        assert errors == {7: "NameError: name 'undefined' is not defined"}

    def test_what_was_printed(self, straight):
        """A cell's text is kept, and MNIST is the file that is served."""
        printed = {cell.number: cell.printed.strip() for cell in straight[1].cells}
        assert (printed[2], printed[10]) == ("trained", "(4, 28, 28) [0 1]")

    def test_leaves_no_traces(self, straight):
        """Neither the environment nor the notebook's names tell of the recorder."""
        assert straight[1].cells[10].printed.strip() == "False []"


HOSTILE = (
    "import socket\nsocket.create_connection(('1.1.1.1', 53), timeout=3)",
    "import os\nprint(sorted(os.environ), os.listdir('/home'), os.getuid())",
    # The checkout's own folder may be there, empty, on the way to an environment within it.
    "import pathlib\nprint([p for p in ('CHECKOUT/tests', 'CHECKOUT/lab', 'MNIST') if pathlib.Path(p).exists()])",
    "import lab",
    "from tests.reference import published",
    "open('/usr/written', 'w')",
    "open('/inside/written', 'w')",
    "with open('large', 'wb') as file:\n    for _ in range(100):\n        file.write(bytes(2**20))",
    "while True:\n    pass",
    "input('name?')",
    "import os\nos._exit(3)",
    "print('after')",
    "import time\ntry:\n    time.sleep(99)\nexcept BaseException:\n    time.sleep(99)",
    "import os\nfor pid in filter(str.isdigit, os.listdir('/proc')):\n    print(pid)",
)


@pytest.fixture(scope="module")
def hostile(run, mnist):
    """A notebook that tries to break out of each wall."""
    checkout = str(Path(__file__).parents[2])
    sources = [source.replace("CHECKOUT", checkout).replace("MNIST", str(mnist)) for source in HOSTILE]
    return run(*sources, limits=Limits(cell_seconds=3, seconds=300, disk=2**26, records=2**28))


@isolated
class TestIsolation:
    @pytest.mark.parametrize(
        ("cell", "said"),
        [
            (1, "OSError: [Errno 101] Network is unreachable"),
            (4, "ModuleNotFoundError: No module named 'lab'"),
            (5, "ModuleNotFoundError: No module named 'tests'"),
            (6, "OSError: [Errno 30] Read-only file system: '/usr/written'"),
            (7, "OSError: [Errno 30] Read-only file system: '/inside/written'"),
            (8, "OSError: [Errno 28] No space left on device"),
            (9, "it took longer than 3 s"),
            (10, "StdinNotImplementedError"),
            (11, "the kernel died"),
            (12, ""),
            (13, "it took longer than 3 s"),
            (14, ""),
        ],
        ids=[
            "network",
            "solution",
            "expected values",
            "system",
            "recorder",
            "disk",
            "endless loop",
            "input",
            "exit",
            "after an exit",
            "no interrupt",
            "after no interrupt",
        ],
    )
    def test_cell(self, cell, said, hostile):
        """Each attempt ends in an error of its own cell, and the next cell runs."""
        assert cells(hostile[1])[cell].startswith(said) if said else not cells(hostile[1])[cell]

    def test_environment_and_home(self, hostile):
        """The environment has nothing of the grader's, the home is the notebook's own, and its user is not root."""
        printed = hostile[1].cells[1].printed
        assert "['student']" in printed
        assert int(printed.split()[-1]) > 0
        assert not {name for name in os.environ if name.startswith(("LAB", "PYTEST")) and name in printed}

    def test_nothing_of_the_grader_is_there(self, hostile):
        """Neither the checkout nor the grader's files exist inside."""
        assert hostile[1].cells[2].printed.strip() == "[]"

    def test_processes(self, hostile):
        """Only its own processes are there to be seen or killed."""
        assert len(hostile[1].cells[13].printed.split()) < 10

    def test_says_what_was_in_force(self, hostile):
        """The outcome says which isolation there was."""
        assert hostile[0].isolation.startswith("in bubblewrap: no network")

    def test_endless_print(self, run):
        """It is interrupted for what it printed, long before its time is up, and the next cell runs.

        The kernel may take seconds to hand over what it is flooded with: a limit as short as above could come first.
        """
        _, recording, _ = run("while True:\n    print('x' * 10_000)", "print('after')", limits=Limits(cell_seconds=90))
        assert [cell.error for cell in recording.cells] == ["it printed without end", ""]
        assert len(recording.cells[0].printed) == 100_000

    @pytest.mark.parametrize(
        ("source", "limits", "said"),
        [
            ("x = bytearray(3 * 2**30)", Limits(memory=2**30), "it took more than 1 GB of memory"),
            (
                "import os\nos.makedirs('/records/a/b')\nn = 0\nwhile True:\n    n += 1\n"
                "    open(f'/records/a/b/{n}', 'wb').write(bytes(2**20))\n"
                "    open('/records/gone', 'wb').close()\n    os.remove('/records/gone')",
                Limits(records=2**27, seconds=60),
                "its records took more than 0.125 GB",
            ),
            (
                "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
                Limits(processes=30, tasks=200),
                "it started more than 30 processes",
            ),
            (
                "import time\ntime.sleep(99)",
                Limits(seconds=20),
                "it took longer than 20 s",
            ),  # it takes 6 to 12 to begin
        ],
        ids=["memory", "records", "forks", "time"],
    )
    def test_is_stopped(self, source, limits, said, run):
        """At a limit everything is killed, nothing stays, and the cell that ran is known."""
        outcome, recording, _ = run(source, limits=limits)
        assert said in outcome.stopped
        # A busy machine may be stopped for its time before the kernel has begun its cell.
        assert {cell.error for cell in recording.cells} == {STOPPED} or (limits.seconds < 60 and not recording.cells)
        assert not [one for one in psutil.Process().children(recursive=True) if "bwrap" in one.name()]


FUNCTIONS = """
import keras
fit, names = keras.Model.fit, []
while hasattr(fit, "__wrapped__"):
    names.append(fit.__code__.co_name)
    fit = fit.__wrapped__
print(*names)
"""


@pytest.mark.parametrize(
    ("faithful", "names"), [(False, "recorded fit_quickly"), (True, "recorded")], ids=["quick", "faithful"]
)
def test_faithful(faithful, names, run):
    """A faithful run leaves `fit` to Keras; otherwise it is quickened."""
    _, recording, _ = run(FUNCTIONS, how=partial(run_trusted, faithful=faithful))
    printed = recording.cells[0].printed.split()
    assert [name for name in printed if name in ("recorded", "fit_quickly")] == names.split()


def test_trusted_says_so(straight):
    """Without isolation the outcome says that there was none."""
    assert straight[0].isolation.startswith("none: it was trusted")


def test_records_are_json(straight):
    """Records are lines of JSON, and arrays NumPy's own files."""
    names = {path.suffix for path in straight[2].iterdir()}
    assert names == {".jsonl", ".npy"}
    assert all(json.loads(line) for line in (straight[2] / "keras.jsonl").read_text().splitlines())
