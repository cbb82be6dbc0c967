"""Loaded by each of Dask's workers on this machine as it starts."""

import signal
from typing import Any


def dask_setup(worker: Any) -> None:
    """Ctrl-C on the terminal reaches every process; what it means is for the one to say that started the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
