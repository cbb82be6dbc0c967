"""Where submissions are judged: what a pool of workers is, and Dask's client as one.

Dask is imported in functions only: a session that judges one subject has no use for it.
"""

import warnings
from collections.abc import Callable
from concurrent.futures import Future as PlainFuture
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Protocol

from tests.classroom.judging import Handed, Judgement, Options

ONE_AT_A_TIME = Lock()  # of this process: a cluster's worker may have many threads

Judge = Callable[[Handed, Options, Callable[[], bool]], Judgement]


class Pool(Protocol):
    """Where submissions are judged."""

    told: str  # what a reader wants to know of it, one line

    def submit(self, judge: Judge, handed: Handed, options: Options) -> "PlainFuture[Judgement]":
        """Begin to judge."""
        ...

    def capacity(self) -> int:
        """How many submissions can be judged at once, as of now."""
        ...


class ConnectionLostError(Exception):
    """The scheduler is gone, and with it what was being judged."""


@dataclass
class DaskPool:
    """A Dask client as a Pool. `threads` None leaves it to each worker's own number of threads."""

    client: Any
    told: str
    threads: int | None

    def submit(self, judge: Judge, handed: Handed, options: Options) -> "PlainFuture[Judgement]":
        """Begin to judge; the future's error says what became of the workers."""
        shared = replace(options, threads=self.threads or 0)
        with warnings.catch_warnings():
            # A notebook with its outputs is large; it must come with the task, as the worker that holds it may die.
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            future = self.client.submit(on_worker, judge, handed, shared, pure=False)
        plain: PlainFuture[Judgement] = PlainFuture()
        future.add_done_callback(lambda done: _hand_over(done, plain))
        return plain

    def capacity(self) -> int:
        """The number of workers; at least one, as lost ones come back."""
        try:
            known = self.client.scheduler_info(n_workers=-1)
        except TypeError:  # before 2025.2 it always tells all of them
            known = self.client.scheduler_info()
        return max(1, len(known["workers"]))


def on_worker(judge: Judge, handed: Handed, options: Options) -> Judgement:
    """What a worker does: judge while the client still waits for it, one submission at a time."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def wanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is not None and task.state not in ("cancelled", "released", "forgotten")

    with ONE_AT_A_TIME:
        return judge(handed, replace(options, threads=options.threads or worker.state.nthreads), wanted)


def _hand_over(done: Any, plain: "PlainFuture[Judgement]") -> None:
    """From Dask's future to a plain one."""
    from distributed import KilledWorker

    try:
        if done.status == "finished":
            plain.set_result(done.result(timeout=60))
        elif done.status == "error":
            error = done.exception(timeout=60)
            killed = isinstance(error, KilledWorker)
            times = f"{error.allowed_failures + 1} times" if killed else ""
            plain.set_exception(ChildProcessError(f"it ended its worker {times}") if killed else error)
        else:  # lost or cancelled
            plain.set_exception(ConnectionLostError())
    except Exception as error:  # the result did not arrive
        plain.set_exception(error)
