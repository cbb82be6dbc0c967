"""Trainings are told from records in one form, whatever the notebook trained with."""

import numpy as np
import pytest

from tests.submissions.records import Recording
from tests.submissions.trainings import BY_HAND, trainings_of
from tests.suite.made_recordings import Notebook, X, line

NETWORK = [784, 128, 64, 10]


@pytest.fixture
def notebook():
    return Notebook()


def trainings(notebook):
    found, left_over = trainings_of(Recording((), tuple(notebook.records), ()), lambda name: notebook.stored[name])
    return found, left_over


class TestNetwork:
    def test_layers_in_the_order_of_their_calls(self, notebook):
        """A subclassed model's layers stand as its attributes do; its calls tell what comes first."""
        notebook.fit([2, 50, 3], activations=["relu"])
        values = notebook.records[0].values
        values["layers"].reverse()
        values["after"] = [values["after"][place] for place in (2, 3, 0, 1)]
        values["called"] = [1, 0]
        network = trainings(notebook)[0][0].network
        assert (network.inputs, network.hidden, network.outputs) == (2, ((50, "relu"),), 3)

    def test_activation_as_a_layer(self, notebook):
        """An activation may be a layer of its own."""
        notebook.fit([2, 10, 3], activations=["linear"])
        notebook.records[0].values["layers"].insert(1, {"class": "Activation", "activation": "sigmoid"})
        assert trainings(notebook)[0][0].network.hidden == ((10, "sigmoid"),)

    def test_dropout_that_is_not_called(self, notebook):
        """A layer that the model never calls is none of the network."""
        notebook.fit(NETWORK, activations=["relu", "relu"], drops=True)
        notebook.records[0].values["called"] = [0, 1, 2]
        assert not trainings(notebook)[0][0].network.drops

    @pytest.mark.parametrize("called", [[9], ["a"], 7, [None]], ids=str)
    def test_calls_that_are_none(self, called, notebook):
        """A forged order of calls is listed and ends nothing."""
        notebook.fit([2, 10, 3])
        notebook.records[0].values["called"] = called
        found, left_over = trainings(notebook)
        assert not found
        assert "its record cannot be read" in left_over[0]


class TestPieces:
    def fits(self, notebook, count, **more):
        """`count` fits of one epoch, each from where the one before ended."""
        for place in range(count):
            notebook.fit([1, 1], epochs=1, y=line(1), **more)
            values = notebook.records[-1].values
            values |= {"model": 1, "begun_at": 4 * place, "steps": 4 * place + 4, "history": {"loss": [9.0 - place]}}
            values |= {"x": "array x", "y": "array y", "seconds": 0.5}
            if place:
                values["before"] = notebook.records[-2].values["after"]
        notebook.stored |= {"array x": X, "array y": line(1)}

    def test_are_one_training(self, notebook):
        """A loop that fits an epoch at a time is one training: epochs, history and seconds add up."""
        self.fits(notebook, 5)
        (training,), left_over = trainings(notebook)
        values = training.record.values
        assert (training.epochs, values["history"], values["seconds"]) == (5, {"loss": [9.0, 8.0, 7.0, 6.0, 5.0]}, 2.5)
        assert (values["before"], values["begun_at"], values["steps"]) == ([], 0, 20)
        assert left_over == []

    def test_of_another_length(self, notebook):
        """Ten epochs and then two are two trainings: the second goes on with the model."""
        self.fits(notebook, 2)
        notebook.records[0].values["arguments"]["epochs"] = 10
        assert [training.goes_on for training in trainings(notebook)[0]] == [None, 1]

    def test_compiled_between(self, notebook):
        """Who compiles the model in between begins with a fresh optimizer, and another training."""
        self.fits(notebook, 2)
        notebook.records[1].values["begun_at"] = 0
        assert len(trainings(notebook)[0]) == 2

    def test_in_another_cell(self, notebook):
        """A cell of its own is a training of its own."""
        self.fits(notebook, 2)
        object.__setattr__(notebook.records[1], "cell", 2)
        assert len(trainings(notebook)[0]) == 2


class TestByBatches:
    def batches(self, notebook, **more):
        notebook.fit([1, 1], y=line(1))
        record = notebook.records.pop()
        values = {name: record.values[name] for name in ("model", "layers", "before", "after", "begun_at", "x", "y")}
        notebook.note("batches", **{**values, "epochs": 100, "sizes": [32, 32, 32, 4] * 100, "steps": 400, **more})

    def test_is_a_training(self, notebook):
        """Steps of train_on_batch have the epochs and the batch size of a fit."""
        self.batches(notebook)
        (training,), _ = trainings(notebook)
        assert (training.epochs, training.batch_size, training.validated) == (100, 32, False)
        assert "by train_on_batch" in notebook.recognised().runs["linear"].reason

    def test_epochs_by_samples(self, notebook):
        """Where samples were not visited equally often, their number tells how many epochs there were."""
        self.batches(notebook, epochs=None, sizes=[10] * 505)
        assert trainings(notebook)[0][0].epochs == 50


class TestByHand:
    def loop(self, notebook, nearby, **more):
        """A loop of the notebook's own that ended near the lab's line."""
        notebook.fit([1, 1])
        layers = notebook.records.pop().values["layers"]
        notebook.note(
            "changed",
            **{
                "model": len(notebook.records),
                "layers": layers,
                "before": [notebook.array([[0.1]]), notebook.array([0.0])],
                "after": [notebook.array([[3.0]]), notebook.array([4.9])],
                "begun_at": 0,
                "steps": 400,
                "sizes": [32, 32, 32, 4] * 100,
                "x": notebook.array(X[:50]),
                "nearby": {name: notebook.array(values) for name, values in nearby.items()},
                **more,
            },
        )

    def y(self, notebook):
        return notebook.stored[trainings(notebook)[0][-1].record.values["y"]]

    def test_data_at_hand(self, notebook):
        """Of the arrays at hand the points about the line are the data, not the line itself or predictions."""
        exact, predicted = 3 * X + 5, 2.9 * X + 5.4
        self.loop(notebook, {"X": X, "exact": exact, "Y": line(1), "predicted": predicted, "order": np.arange(100)})
        np.testing.assert_array_equal(self.y(notebook), line(1))
        match = notebook.recognised().runs["linear"]
        assert "by a loop of the notebook's own" in match.reason
        assert (match.record.values["arguments"]["epochs"], match.record.values["arguments"]["batch_size"]) == (100, 32)

    def test_both_noise_levels_at_hand(self, notebook):
        """Targets that no training has had yet come first."""
        self.loop(notebook, {"X": X, "Y": line(1)})
        self.loop(notebook, {"X": X, "Y": line(1), "noisy": line(5)})
        notebook.records[-1].values["nearby"] = {"X": "array 4", "Y": "array 5", "noisy": notebook.array(line(5))}
        notebook.stored |= {"array 4": X, "array 5": line(1)}
        notebook.records[0].values["nearby"] = {"X": "array 4", "Y": "array 5"}
        assert list(notebook.recognised().runs) == ["linear", "linear_noisy"]

    def test_loop_that_stops_to_look(self, notebook):
        """Pieces of a loop are one training on the same data, however long each is."""
        self.loop(notebook, {"X": X, "Y": line(1), "noisy": line(5)}, steps=40)
        first = notebook.records[0].values
        self.loop(notebook, {}, before=first["after"], begun_at=40, steps=400, model=0)
        notebook.records[-1].values["nearby"] = first["nearby"]
        (training,), _ = trainings(notebook)
        assert (training.epochs, training.pieces) == (100, 2)

    def test_without_its_batches(self, notebook):
        """A loop within a tf.function shows its optimizer's steps alone."""
        self.loop(notebook, {"X": X, "Y": line(1)}, x=None, sizes=[])
        (training,), _ = trainings(notebook)
        assert (training.epochs, training.batch_size) == (100, 32)

    def test_without_an_optimizer(self, notebook):
        """A loop that moves the weights itself shows its batches alone."""
        self.loop(notebook, {"X": X, "Y": line(1)}, steps=0)
        assert trainings(notebook)[0][0].epochs == 100

    def test_another_network(self, notebook):
        """Its features are the smallest array that has the batches' rows, and its targets as many one-hot labels."""
        flowers = np.random.default_rng(0).normal(size=(150, 2)).astype(np.float32)
        labels = np.arange(150) % 3
        after = notebook.fit([2, 10, 3], activations=["relu"])
        layers = notebook.records.pop().values["layers"]
        nearby = {"all": flowers, "x": flowers[:105], "test": flowers[105:], "labels": labels[:105]}
        nearby |= {"y": np.eye(3)[labels[:105]], "y_test": np.eye(3)[labels[105:]], "flat": flowers[:, 0]}
        data = {"x": notebook.array(flowers[32:64]), "sizes": [32, 32, 32, 9] * 100, "steps": 400}
        self.loop(notebook, nearby, layers=layers, after=after, **data)
        (training,), _ = trainings(notebook)
        np.testing.assert_array_equal(notebook.stored[training.record.values["x"]], flowers[:105])
        np.testing.assert_array_equal(self.y(notebook), nearby["y"])
        assert (training.epochs, training.batch_size) == (100, 32)

    def test_batch_at_hand(self, notebook):
        """The last batch stays at hand after a loop, and is none of the data."""
        batch = slice(96, 100)
        nearby = {"X": X, "Y": line(5), "x_batch": X[batch], "y_batch": line(5)[batch]}
        weight, bias = np.polyfit(X[batch].ravel(), line(5)[batch].ravel(), 1)
        after = [notebook.array([[weight]]), notebook.array([bias])]
        self.loop(notebook, nearby, x=None, sizes=[], after=after)
        np.testing.assert_array_equal(self.y(notebook), line(5))

    def test_constant_array_at_hand(self, notebook):
        """An array that no line can be drawn through is none of the data, and warns of nothing."""
        self.loop(notebook, {"X": X, "ones": np.ones((100, 1)), "Y": line(1), "nothing": np.full((100, 1), np.nan)})
        np.testing.assert_array_equal(self.y(notebook), line(1))

    def test_nothing_at_hand(self, notebook):
        """A loop on data that nobody knows is listed."""
        self.loop(notebook, {})
        assert "on points that are not known" in notebook.recognised().left_over[0]

    def test_weights_that_were_set(self, notebook):
        """Weights that changed without a step are no training, and are listed."""
        self.loop(notebook, {"X": X, "Y": line(1)}, steps=0, sizes=[])
        assert notebook.recognised().runs == {}
        assert "its weights were set by hand" in notebook.recognised().left_over[0]

    def test_copied_weights(self, notebook):
        """Weights that are a copy of trained ones are nothing to tell of."""
        after = notebook.fit([1, 1], y=line(1))
        self.loop(notebook, {}, steps=0, sizes=[], after=after)
        assert notebook.recognised().left_over == ()

    @pytest.mark.parametrize(
        "broken",
        [
            {"nearby": None},
            {"sizes": 3},
            {"sizes": [0]},
            {"layers": [{}] * 300},
            {"steps": "x"},
            {"nearby": {"X": "none"}},
            {"after": []},
        ],
        ids=lambda broken: f"{broken!s:.30}",
    )
    def test_record_that_is_none(self, broken, notebook):
        """A record that cannot be one is listed, and ends nothing."""
        self.loop(notebook, {"X": X, "Y": line(1)})
        notebook.records[-1].values.update(broken)
        assert "its record cannot be read" in notebook.recognised().left_over[0]

    def test_too_many(self, notebook):
        """Beyond a number no arrays are searched any more."""
        for _ in range(BY_HAND + 2):
            self.loop(notebook, {})
        assert sum("there are more than" in sentence for sentence in trainings(notebook)[1]) == 2
