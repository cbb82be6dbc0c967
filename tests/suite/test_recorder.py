"""The recorder notes what passes, and the notebook gets what it would get without it."""

import os
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from tests.submissions.records import read_array, read_recording
from tests.submissions.sandbox import Limits, run_trusted

pytestmark = pytest.mark.tensorflow

LIMITS = Limits(cell_seconds=120, seconds=300)
CELLS = (
    """
import contextlib, io, keras, numpy as np, tensorflow as tf
np.random.seed(1); keras.utils.set_random_seed(1)
x = np.random.rand(40, 2).astype('float32'); y = np.eye(3, dtype='float32')[np.arange(40) % 3]
def network():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, activation='softmax')])
    model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
    return model
def told(model):
    print([float(np.abs(w).sum()) for w in model.get_weights()])
""",
    # 2: a dataset that shuffles, twice
    """
data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(40).batch(16)
model = network()
for _ in range(2):
    print(model.fit(data, epochs=3, validation_data=data, verbose=0).history)
told(model)
""",
    # 3: a generator that draws; Keras asks it for more than it uses, and for how much depends on the time
    """
def batches(draws=np.random.RandomState(5)):
    while True:
        chosen = draws.permutation(40)[:8]
        yield x[chosen], y[chosen]
source = batches()
model = network()
model.fit(source, steps_per_epoch=5, epochs=2, verbose=0)
told(model)
""",
    # 4: a sequence that counts how often it is asked
    """
class Batches(getattr(keras.utils, 'PyDataset', None) or keras.utils.Sequence):
    asked = ended = 0
    def __len__(self):
        return 5
    def __getitem__(self, place):
        self.asked += 1
        return x[8 * place:8 * place + 8], y[8 * place:8 * place + 8]
    def on_epoch_end(self):
        self.ended += 1
sequence = Batches()
model = network()
model.fit(sequence, epochs=2, verbose=0, shuffle=False)
print(sequence.asked, sequence.ended)
print(model.evaluate(sequence, verbose=0), model.predict(sequence, verbose=0).sum())
""",
    # 5: a subclassed model that draws and counts in its call, and has its layers in another order
    """
class Drawing(keras.Model):
    calls = 0
    def __init__(self):
        super().__init__()
        self.last = keras.layers.Dense(3, activation='softmax')
        self.drop = keras.layers.Dropout(0.5)
        self.first = keras.layers.Dense(5, activation='relu')
    def call(self, x):
        Drawing.calls += 1
        return self.last(self.drop(self.first(x + tf.random.normal(tf.shape(x)))))
drawing = Drawing()
drawing.compile('adam', 'categorical_crossentropy')
drawing.fit(x, y, epochs=2, verbose=0)
drawing.save('drawing.weights.keras'); drawing.save_weights('drawing.weights.h5')
print(drawing(x[:5]).numpy().sum(), Drawing.calls)
""",
    # 6: a hand-written loop that looks at the outcome in between
    """
model = network()
adam = keras.optimizers.Adam()
for step in range(4):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.categorical_crossentropy(y[:20], model(x[:20], training=True)))
    adam.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
    if step == 1:
        print(float(tf.reduce_sum(model(x))))
told(model)
for row in range(20):
    model(x[row:row + 1])
    model.predict_on_batch(x[:1])
for _ in range(6):
    model.evaluate(x, y, verbose=0)
""",
    # 7: what goes wrong
    """
uncompiled = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
for wrong in (lambda: uncompiled.fit(x, y), lambda: network().predict(x[:, :1], verbose=0), lambda: network().fit()):
    try:
        wrong()
    except Exception as error:
        print(type(error).__name__, str(error)[:60])
""",
    # 8: weights that come and go
    """
one, other = network(), keras.models.clone_model(network())
one.fit(x, y, epochs=1, verbose=0)
one.save_weights('one.weights.h5'); other.load_weights('one.weights.h5')
with contextlib.redirect_stdout(io.StringIO()):
    one.export('served')
told(other)
""",
    # 9: a fit that is stopped on its way
    """
class Stop(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        raise KeyboardInterrupt
try:
    network().fit(x, y, epochs=3, callbacks=[Stop()], verbose=0)
except KeyboardInterrupt:
    print('stopped')
""",
    "print(np.random.rand(), float(tf.random.uniform(())))\n"
    "print(float(keras.random.uniform(())) if hasattr(keras, 'random') else 'Keras 2')",
    # 11: broken tools
    "np.save = np.load = None\nmodel.compile('adam', 'categorical_crossentropy')\n"
    "model.fit(x, y, epochs=1, verbose=0); told(model)",
    # 12: Keras's `fit` in a wrapping of the notebook's own, and a model that is a part of another
    """
original = keras.Model.fit
def loud(self, *positional, **named):
    print('training')
    return original(self, *positional, **named)
keras.Model.fit = loud
part = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4)])
whole = keras.Sequential([part, keras.layers.Dense(3, activation='softmax')])
whole.compile('adam', 'categorical_crossentropy')
whole.fit(x, y, epochs=1, verbose=0)
""",
)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """What the notebook printed by cell, its recording, and the folder."""
    folder = tmp_path_factory.mktemp("recorded")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    (folder / "submission").mkdir()
    nbformat.write(notebook, folder / "submission" / "notebook.ipynb")
    mnist, records = folder / "mnist.npz", folder / "records"
    np.savez(mnist, x_train=[0])
    records.mkdir()
    run_trusted(folder / "submission", records, mnist, LIMITS)
    return read_recording(records), records


def of(recorded, kind, cell):
    return [record.values for record in recorded[0].records if (record.kind, record.cell) == (kind, cell)]


def test_nothing_is_unrecorded(recorded):
    """No cell failed, and all was recorded, even after the notebook broke what the recorder writes with."""
    assert {cell.number: cell.error for cell in recorded[0].cells if cell.error} == {}
    assert not [record.values for record in recorded[0].records if record.kind == "unrecorded"]
    assert len(of(recorded, "fit", 11)) == 1


def test_notebook_sees_no_difference(recorded, tmp_path):
    """Random numbers, results, errors, and calls of the notebook's own code are those of plain Python."""
    program = "\n".join(f"{source}\nprint('--- end of cell')" for source in CELLS)
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, cwd=tmp_path, check=True
    )
    alone = [part.strip() for part in done.stdout.split("--- end of cell\n")[:-1]]
    # A kernel shows among what was printed what TensorFlow logs, and plain Python elsewhere.
    printed = [re.sub(r"^(INFO|WARNING):tensorflow:.*\n", "", cell.printed, flags=re.M) for cell in recorded[0].cells]
    assert [text.strip() for text in printed] == alone


class TestBatches:
    @pytest.mark.parametrize("cell", [2, 4])
    def test_data_are_whole(self, cell, recorded):
        """Each sample that passed came once, with its own label, in whatever order."""
        x = np.random.RandomState(1).rand(40, 2).astype(np.float32)
        for values in of(recorded, "fit", cell):
            seen, labels = (read_array(recorded[1], values[side]) for side in ("x", "y"))
            order = [int(np.flatnonzero((x == row).all(axis=1))[0]) for row in seen]
            assert sorted(order) == list(range(40))
            np.testing.assert_array_equal(labels.argmax(axis=1), np.array(order) % 3)

    def test_validation(self, recorded):
        """What a dataset held out for validation is known as well."""
        for values in of(recorded, "fit", 2):
            assert [len(read_array(recorded[1], name)) for name in values["validation"]] == [40, 40]

    def test_batch_size(self, recorded):
        """It is the first batch's."""
        sizes = [of(recorded, "fit", cell)[0]["arguments"]["batch_size"] for cell in (2, 3, 4)]
        assert sizes == [16, 8, 8]

    def test_evaluated_and_predicted(self, recorded):
        """A sequence that a model is tested on is known."""
        (evaluated,), (predicted,) = (of(recorded, kind, 4) for kind in ("evaluate", "predict"))
        assert evaluated["x"] == predicted["x"]
        assert read_array(recorded[1], evaluated["y"]).shape == (40, 3)


class TestCalls:
    def test_prediction_by_a_call(self, recorded):
        """A model that is called like a function has predicted; of many calls in a cell three are kept, and of
        predict_on_batch as many."""
        (drawn,) = of(recorded, "predict", 5)
        assert (drawn["by"], read_array(recorded[1], drawn["predictions"]).shape) == ("call", (5, 3))
        assert [len(read_array(recorded[1], values["x"])) for values in of(recorded, "predict", 6)] == [
            40,
            1,
            1,
            1,
            1,
            1,
        ]

    def test_many_tests(self, recorded):
        """A model that is tested again and again as it stands is noted a few times."""
        assert len(of(recorded, "evaluate", 6)) == 3

    def test_order_of_a_subclassed_models_layers(self, recorded):
        """Its layers stand as its attributes do, and the order of their calls beside."""
        values = of(recorded, "fit", 5)[0]
        called = [values["layers"][place]["class"] for place in values["called"]]
        units = [values["layers"][place].get("units") for place in values["called"]]
        assert (called, units) == (["Dense", "Dropout", "Dense"], [5, None, 3])

    def test_hand_written_loop(self, recorded):
        """A loop that stops to look is two records, each with its steps, its batches and the data at hand."""
        first, second = of(recorded, "changed", 6)
        assert first["after"] == second["before"]
        assert [(one["begun_at"], one["steps"], one["sizes"]) for one in (first, second)] == [
            (0, 2, [20, 20]),
            (2, 4, [20, 20]),
        ]
        assert {"x", "y"} <= set(first["nearby"])
        assert first["optimizer"]["class"] == "Adam"


def test_wrapped_fit(recorded):
    """A fit that the notebook wraps is recorded as before, and that it was replaced is told."""
    assert len(of(recorded, "fit", 12)) == 1
    assert of(recorded, "replaced", 12) == [{"what": "Model.fit"}]


def test_part_of_another_model(recorded):
    """A model within another is trained with it, and no weights were set by hand."""
    assert of(recorded, "changed", 12) == []


class TestFailures:
    def test_training_that_failed(self, recorded):
        """A fit that raised is a record of its own, with the model and the data."""
        failed = of(recorded, "failed", 7)[0]
        assert "compile" in failed["error"]  # in the words of its version
        assert read_array(recorded[1], failed["x"]).shape == (40, 2)

    def test_training_that_was_stopped(self, recorded):
        """So is one that was interrupted, with the weights that it had reached."""
        (failed,) = of(recorded, "failed", 9)
        assert failed["error"].startswith("KeyboardInterrupt")
        assert failed["before"] != failed["after"]
        assert failed["steps"] == 2


def test_files_of_weights(recorded):
    """Weights that are written, read and exported are told from whole models."""
    parts = [(kind, values["part"]) for kind in ("save", "load") for values in of(recorded, kind, 8)]
    assert parts == [("save", "weights"), ("save", "export"), ("load", "weights")]
    assert of(recorded, "load", 8)[0]["weights"] == of(recorded, "fit", 8)[0]["after"]
    assert all(values["bytes"] > 100 for values in of(recorded, "save", 8))
