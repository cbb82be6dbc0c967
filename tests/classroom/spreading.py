"""Worker processes for submissions, found by Dask's scheduler: on this machine, or over a cluster.

Dask is imported in functions only: a session that judges one subject has no use for it.
"""

import contextlib
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psutil

from tests.classroom.pool import DaskPool
from tests.classroom.submissions import ClassroomError
from tests.classroom.suite import suite_version

MEMORY_EACH = 3e9  # bytes; a session on the real MNIST peaks at 1.4 GB, a notebook needs 2.1 GB beside it
DEATHS = 3  # of workers, after which a submission is given up
CONNECTING = 5.0  # s to reach a scheduler
FIRST_WORKER = 15.0  # s to wait for a cluster's first worker
ENDING = 5.0  # s for Dask to end by itself
ADDRESS = re.compile(r"((tcp|tls|ws|wss|ucx)://)?(\[[\da-fA-F:]+\]|[^\s:/\[\]]+):\d+")


@dataclass(frozen=True)
class WorkerCount:
    """How many workers this machine takes, and why."""

    count: int
    why: str


def worker_count(asked: int | None, cores: int, memory: float) -> WorkerCount:
    """As many as were asked for, or as cores and memory that is free allow."""
    fit = int(memory // MEMORY_EACH)
    room = f"{memory / 1e9:.1f} GB of memory are free, {MEMORY_EACH / 1e9:g} GB each"
    if asked is not None:
        short = f"; {room}, are little for so many" if asked > max(fit, 1) else ""
        return WorkerCount(asked, f"as -n says{short}")
    count = max(1, min(cores, fit))
    return WorkerCount(count, f"{counted(cores, 'core')}; {room}")


def counted(count: int, noun: str) -> str:
    """`1 worker`, `2 workers`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def room_here() -> tuple[int, float]:
    """The cores and the bytes of memory that this process may take; containers have less than their machine."""
    from dask.system import CPU_COUNT
    from distributed.system import MEMORY_LIMIT

    return CPU_COUNT, min(float(psutil.virtual_memory().available), float(MEMORY_LIMIT))


@contextlib.contextmanager
def local_pool(asked: int | None, most: int) -> Iterator[DaskPool]:
    """Workers on this machine, no more than `most`; they listen on the loopback address only and end with the block."""
    from distributed import Client, LocalCluster

    cores, memory = room_here()
    workers = worker_count(asked, cores, memory)
    count = min(workers.count, most)
    threads = max(1, cores // count)
    told = f"{counted(count, 'worker')} on this machine, {counted(threads, 'thread')} each"
    why = workers.why if count == workers.count else f"no more are needed; {workers.why}"
    _quieten()
    cluster = LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=count,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        memory_limit=0,  # what needs memory is the worker's child, which Dask does not see
        silence_logs=logging.CRITICAL,
        # Without a dashboard there still is a server for it, whose port another cluster here may have taken.
        scheduler_kwargs={"allowed_failures": DEATHS - 1, "dashboard": False, "dashboard_address": "127.0.0.1:0"},
        preload=["tests.classroom.worker"],
    )
    try:
        with contextlib.ExitStack() as stack:
            client = Client(cluster, timeout=CONNECTING, set_as_default=False)  # type: ignore[no-untyped-call]
            stack.callback(client.close, timeout=ENDING)
            yield DaskPool(client, f"{told} ({why})", threads)
    finally:
        _end(cluster)


@contextlib.contextmanager
def remote_pool(address: str) -> Iterator[DaskPool]:
    """The workers of a scheduler that runs somewhere. Raises ClassroomError, in one line, if there are none."""
    if not ADDRESS.fullmatch(address):  # Dask's client would only half begin, and take ten seconds to give up
        raise ClassroomError(f"--scheduler {address} is no address; it takes one like tcp://127.0.0.1:8786")
    from distributed import Client

    _quieten()
    try:
        client = Client(address, timeout=CONNECTING, set_as_default=False)  # type: ignore[no-untyped-call]
    except Exception as reason:  # OSError, TimeoutError, ValueError: whatever an address can be wrong in
        said = str(reason).splitlines()[0] if str(reason) else type(reason).__name__
        raise ClassroomError(
            f"--scheduler {address} cannot be reached ({said}); is `dask scheduler` running?"
        ) from None
    try:
        try:
            client.wait_for_workers(1, timeout=FIRST_WORKER)
        except TimeoutError:
            raise ClassroomError(
                f"--scheduler {address} has no workers; start some with `dask worker {address} --nthreads 1`"
            ) from None
        _must_know_the_suite(client, address)
        pool = DaskPool(client, "", None)
        pool.told = f"{counted(pool.capacity(), 'worker')} of the scheduler at {address}"
        yield pool
    finally:
        client.close(timeout=ENDING)  # type: ignore[no-untyped-call]


def _must_know_the_suite(client: Any, address: str) -> None:
    """Raise ClassroomError if the scheduler or its workers cannot import what they are to call."""
    try:
        client.submit(suite_version, pure=False).result(timeout=FIRST_WORKER)
    except TimeoutError:  # all workers are busy: time will tell
        return
    except Exception as reason:
        said = str(reason).split(". ")[0]
        raise ClassroomError(
            f"--scheduler {address} does not know this suite ({said}); install it where the scheduler and workers run"
        ) from None


def _quieten() -> None:
    """Dask's own account of lost workers would stand between our lines; what it comes to is told by them."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)


def _end(cluster: Any) -> None:
    """End the workers now, not when what they do is done; keepers then end what the workers have started."""
    pids = [nanny.pid for nanny in cluster.workers.values() if getattr(nanny, "pid", None)]
    for nanny in cluster.workers.values():
        nanny.auto_restart = False
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            if process.ppid() == os.getpid():
                process.kill()
    with contextlib.suppress(TimeoutError):
        cluster.close(timeout=ENDING)
