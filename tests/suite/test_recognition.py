"""Trainings are recognised by what they are, each with its reason, and none is dropped."""

import pytest

from tests.submissions.records import Record
from tests.suite.made_recordings import Notebook, X, line


@pytest.fixture
def notebook():
    return Notebook()


@pytest.mark.parametrize(
    ("noise_std", "name"),
    [(0.5, "linear"), (1, "linear"), (2, "linear"), (3, "linear_noisy"), (5, "linear_noisy"), (25, "linear_noisy")],
)
def test_line_by_its_noise(noise_std, name, notebook):
    """The noise level tells which of the two lines it is, right or nearly so."""
    notebook.fit([1, 1], y=line(noise_std))
    assert list(notebook.recognised().runs) == [name]


@pytest.mark.parametrize(
    ("units", "activation", "name"),
    [
        (10, "relu", "iris_relu10"),
        (8, "relu", "iris_relu10"),
        (50, "relu", "iris_relu50"),
        (64, "tanh", "iris_relu50"),
        (10, "sigmoid", "iris_sigmoid10"),
        (50, "sigmoid", "iris_sigmoid10"),
    ],
)
def test_iris_by_its_hidden_layer(units, activation, name, notebook):
    """Activation and units tell which of the three networks it is meant to be; its checks then say what is off."""
    notebook.fit([2, units, 3], activations=[activation])
    assert list(notebook.recognised().runs) == [name]


NETWORK = [784, 128, 64, 10]


class TestDigits:
    def test_whole_exercise(self, notebook):
        """The plain model, the one with dropout, and four batch sizes in a loop are six runs."""
        notebook.fit(NETWORK, cell=1, epochs=10, validation_split=0.1)
        notebook.fit(NETWORK, cell=2, epochs=10, validation_split=0.1, drops=True)
        for size in (16, 32, 64, 128):
            notebook.fit(NETWORK, cell=3, epochs=5, batch_size=size)
        recognised = notebook.recognised()
        names = ["mnist", "mnist_dropout", "mnist_batch16", "mnist_batch32", "mnist_batch64", "mnist_batch128"]
        assert list(recognised.runs) == names
        assert [recognised.runs[name].record for name in names] == notebook.records
        assert recognised.left_over == ()

    def test_batch_sizes_in_cells_of_their_own(self, notebook):
        """Written out cell by cell, 32 is told from the plain model by its epochs and its validation."""
        notebook.fit(NETWORK, cell=1, epochs=10, validation_split=0.1)
        for cell, size in enumerate((16, 32, 64, 128), 2):
            notebook.fit(NETWORK, cell=cell, epochs=5, batch_size=size)
        assert notebook.recognised().runs["mnist_batch32"].record.cell == 3
        assert notebook.recognised().runs["mnist"].record.cell == 1

    def test_plain_model_with_too_few_epochs(self, notebook):
        """With validation it is the plain model, however short it was trained."""
        notebook.fit(NETWORK, epochs=5, validation_split=0.1)
        assert list(notebook.recognised().runs) == ["mnist"]

    def test_other_batch_size(self, notebook):
        """A batch size that the lab does not ask for is left over, with the sizes that it asks for."""
        notebook.fit(NETWORK, batch_size=256)
        assert notebook.recognised().runs == {}
        assert "none of the lab's batch sizes (16, 32, 64, 128)" in notebook.recognised().left_over[0]

    @pytest.mark.parametrize(("begun_at", "name"), [(0, "mnist_resumed_without_optimizer"), (16880, "mnist_resumed")])
    def test_resumed(self, begun_at, name, notebook):
        """A loaded model that is trained further is resumed, with its optimizer's state or without."""
        after = notebook.fit(NETWORK, cell=1, epochs=10, validation_split=0.1)
        notebook.records.append(Record("load", 2, {"model": 2, "weights": after}))
        notebook.fit(NETWORK, cell=2, epochs=2, validation_split=0.1, before=after, begun_at=begun_at)
        recognised = notebook.recognised()
        assert list(recognised.runs) == ["mnist", name]
        assert "trained in cell 1" in recognised.runs[name].reason

    def test_trained_on_without_loading(self, notebook):
        """Who goes on with the same model has not resumed a saved one."""
        after = notebook.fit(NETWORK, cell=1, epochs=10, validation_split=0.1)
        notebook.fit(NETWORK, cell=2, epochs=2, validation_split=0.1, before=after, begun_at=16880)
        assert "mnist_resumed" not in notebook.recognised().runs


class TestLeftOver:
    def test_trained_twice(self, notebook):
        """The last training of a run counts, and the earlier one is listed."""
        notebook.fit([1, 1], cell=4, y=line(1))
        notebook.fit([1, 1], cell=9, y=line(1))
        recognised = notebook.recognised()
        assert recognised.runs["linear"].record.cell == 9
        assert recognised.left_over == ("cell 4, model 0: linear as well, and was trained again in cell 9",)

    def test_none_of_the_labs(self, notebook):
        """Another network is listed with its size."""
        notebook.fit([4, 10, 3])
        assert "from 4 inputs to 3 outputs is none of the lab's" in notebook.recognised().left_over[0]

    @pytest.mark.parametrize(
        "broken",
        [
            {"after": []},
            {"after": None},
            {"layers": "none"},
            {"arguments": {}},
            {"arguments": None},
            {"layers": [1]},
            {"x": None},
        ],
        ids=str,
    )
    def test_record_that_is_none(self, broken, notebook):
        """A record that cannot be one is listed, and ends nothing."""
        notebook.fit([1, 1], y=line(1))
        notebook.fit([1, 1], cell=2, y=line(1))
        notebook.records[-1].values.update(broken)
        recognised = notebook.recognised()
        assert recognised.runs["linear"].record.cell == 1
        assert "cell 2, model 1: its record cannot be read" in recognised.left_over[0]

    def test_points_that_are_none(self, notebook):
        """X and Y of different lengths are no points."""
        notebook.fit([1, 1], y=X[:50])
        assert "X and Y are no points" in notebook.recognised().left_over[0]


class TestGoingOn:
    """A model that is trained again from where it stood."""

    def test_first_training_counts(self, notebook):
        """The training from the start is the run; going on with the same model is listed."""
        after = notebook.fit(NETWORK, cell=1, epochs=10, validation_split=0.1, model=7)
        notebook.fit(NETWORK, cell=2, epochs=10, validation_split=0.1, model=7, before=after, begun_at=90)
        recognised = notebook.recognised()
        assert recognised.runs["mnist"].record.cell == 1
        assert "goes on with the model of cell 1 itself" in recognised.left_over[0]

    def test_without_a_fresh_one(self, notebook):
        """Who never builds a new model for the noisy line has trained on it all the same."""
        after = notebook.fit([1, 1], cell=1, y=line(1), model=7)
        notebook.fit([1, 1], cell=2, y=line(5), model=7, before=after, begun_at=400)
        assert list(notebook.recognised().runs) == ["linear", "linear_noisy"]

    def test_weights_given_to_another_model(self, notebook):
        """A new model with the weights of a loaded one is resumed without the optimizer."""
        after = notebook.fit(NETWORK, cell=1, epochs=10, validation_split=0.1)
        notebook.note("load", 2, model=5, weights=after)
        notebook.fit(NETWORK, cell=3, epochs=2, validation_split=0.1, before=after, model=6)
        assert list(notebook.recognised().runs) == ["mnist", "mnist_resumed_without_optimizer"]

    def test_weights_loaded_into_the_same_model(self, notebook):
        """Who loads the file into the trained model itself has resumed as well."""
        after = notebook.fit(NETWORK, cell=1, epochs=10, validation_split=0.1, model=7)
        notebook.note("load", 2, model=7, weights=after)
        notebook.fit(NETWORK, cell=3, epochs=2, validation_split=0.1, before=after, model=7, begun_at=90)
        assert list(notebook.recognised().runs) == ["mnist", "mnist_resumed"]


class TestEverythingInOneCell:
    def test_plain_model_beside_the_batch_sizes(self, notebook):
        """In one cell the plain model is told from the comparison's 32 by its epochs and validation."""
        notebook.fit(NETWORK, epochs=10, validation_split=0.1)
        for size in (128, 64, 32, 16):
            notebook.fit(NETWORK, epochs=5, batch_size=size)
        runs = notebook.recognised().runs
        assert runs["mnist"].record is notebook.records[0]
        assert runs["mnist_batch32"].record is notebook.records[3]

    def test_comparison_with_validation(self, notebook):
        """Other sizes in the same cell make five validated epochs a comparison."""
        for size in (32, 64):
            notebook.fit(NETWORK, epochs=5, batch_size=size, validation_split=0.1)
        assert list(notebook.recognised().runs) == ["mnist_batch32", "mnist_batch64"]


class TestOtherRecords:
    def test_training_that_failed(self, notebook):
        """A training that raised is listed with what it raised."""
        notebook.note("failed", 4, model=2, error="ValueError: You must call compile()")
        said = "cell 4, model 2: its training failed (ValueError: You must call compile())"
        assert notebook.recognised().left_over == (said,)

    def test_what_was_not_recorded(self, notebook):
        """What the recorder could not note, or no longer sees, is listed once."""
        notebook.note("unrecorded", 4, what="fit", error="OSError: disk full")
        notebook.note("replaced", 5, what="Model.fit")
        notebook.note("replaced", 5, what="Model.fit")
        assert notebook.recognised().left_over == (
            "cell 4: fit was not recorded (OSError: disk full)",
            "cell 5: the notebook put something of its own in the place of Model.fit",
        )

    def test_thousands_of_records(self, notebook):
        """A forged recording with as many trainings as are read is recognised in seconds."""
        after = notebook.fit(NETWORK, epochs=10)
        notebook.records = [notebook.records[0], Record("load", 1, {"model": 3, "weights": after})] * 5000
        assert list(notebook.recognised().runs) == ["mnist"]
