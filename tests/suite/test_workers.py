"""Several processes at once: which exercise goes where, and what a process takes of the machine."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests import workers


@pytest.mark.parametrize(
    ("processes", "shares"),
    [(1, [0, 0, 0, 0]), (2, [1, 1, 0, 0]), (3, [2, 1, 0, 0]), (9, [2, 1, 0, 0])],
)
def test_longest_exercises_have_a_process_of_their_own(processes: int, shares: list[int]) -> None:
    """MNIST takes longer than the rest together; the fourth exercise goes on with what the third trains."""
    assert [workers.share_of(exercise, processes) for exercise in "1234"] == shares


@pytest.mark.parametrize(
    ("nodeid", "scope"),
    [
        ("tests/exercises/test_3_mnist.py::test_layers[dropout=0]", "exercises 0"),
        ("tests/exercises/test_1_linear_regression.py::test_layers", "exercises 1"),
        ("tests/exercises/test_4_saving.py::test_weights[format=h5]", "exercises 0"),
        ("tests/suite/test_idx.py::test_shape", "tests/suite/test_idx.py"),
    ],
)
def test_scope(nodeid: str, scope: str) -> None:
    """Exercises are divided by their length, all other tests by file."""
    scheduling: Any = object.__new__(workers.ExerciseScheduling)  # a whole one needs a session's processes
    scheduling.numnodes = 2
    assert scheduling._split_scope(nodeid) == scope


@pytest.mark.parametrize(("count", "share"), [(2, 4), (3, 2), (9, 1)])
@pytest.mark.tensorflow
def test_cores_are_shared(count: int, share: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each worker takes its share of the cores for TensorFlow and for NumPy, and one at least."""
    taken: list[int] = []
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    monkeypatch.setattr("tensorflow.config.threading.set_intra_op_parallelism_threads", taken.append)
    monkeypatch.setattr("threadpoolctl.threadpool_limits", taken.append)
    workers.cap_threads(SimpleNamespace(workerinput={"workercount": count}))  # type: ignore[arg-type]
    assert taken == [share, share]


@pytest.mark.tensorflow
def test_alone_two_trainings_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without workers a process has the machine to itself, and TensorFlow half of it for each of two trainings."""
    taken: list[int] = []
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    monkeypatch.setattr("tensorflow.config.threading.set_intra_op_parallelism_threads", taken.append)
    monkeypatch.setattr("threadpoolctl.threadpool_limits", taken.append)
    workers.cap_threads(SimpleNamespace())  # type: ignore[arg-type]
    assert taken == [4, 8]
