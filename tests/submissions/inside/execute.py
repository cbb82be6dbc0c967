"""Runs a notebook cell by cell, whatever its cells do. A program of its own: nothing of the suite is imported.

    python execute.py SUBMISSION RECORDS SECONDS BYTES TASKS

SUBMISSION, a folder, is copied to `work` in the current one, and its `notebook.ipynb` is run there. A line of JSON for
each code cell is added to RECORDS: its number among all cells from 1, how it ended, how long it took, and what it
printed. A cell that takes longer than SECONDS is interrupted, no file grows beyond BYTES, and there are at most TASKS
processes and threads (-1: any number). After a kernel died, the cells that follow run in a new one.
"""

import asyncio
import json
import os
import resource
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

PRINTED = 100_000  # characters of a cell that are kept
FLOOD = 10_000_000  # characters of a cell after which it is interrupted: whoever prints so much never ends
KERNELS = 5  # one after the other: a notebook that kills every kernel is given up
INTERRUPTED = "KeyboardInterrupt"


class Client(NotebookClient):
    """Keeps what a cell prints within bounds, and interrupts one that floods."""

    printed = 0

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str, cell_index: int) -> Any:
        """Take a message of the kernel's; of text only what is within the bounds, and no pictures."""
        text = msg["content"].get("text", "") if msg["msg_type"] == "stream" else ""
        if text:
            before, self.printed = self.printed, self.printed + len(text)
            if before <= FLOOD < self.printed:
                asyncio.ensure_future(self.km.interrupt_kernel())  # noqa: RUF006
            msg["content"]["text"] = text[: max(PRINTED - before, 0)]
        return super().output(outs, msg, display_id, cell_index)


def run(notebook: Path, records: Path, seconds: int) -> None:
    """Run every code cell of the notebook and write a line for each."""
    document = nbformat.read(notebook, as_version=4)
    cells = [(number, cell) for number, cell in enumerate(document.cells, 1) if cell.cell_type == "code"]
    for _ in range(KERNELS):
        client = Client(
            document,
            timeout=seconds,
            interrupt_on_timeout=True,
            allow_errors=True,
            startup_timeout=120,
            kernel_name="python3",
            shutdown_kernel="immediate",  # all is written after each cell, and TensorFlow takes seconds to end
        )
        try:
            with client.setup_kernel():
                while cells:
                    number, cell = cells.pop(0)
                    _run_cell(client, number, cell, records)
        except DeadKernelError:
            continue
        if not cells:
            return


def _run_cell(client: Client, number: int, cell: nbformat.NotebookNode, records: Path) -> None:
    started, client.printed = time.monotonic(), 0
    _write(records, {"kind": "cell begun", "cell": number})
    error = "the kernel died"
    try:
        client.execute_cell(cell, number - 1)
        error = _error_of(cell, client)
        if not error and time.monotonic() - started > client.timeout:
            error = _too_long(client)
            raise DeadKernelError("it would not be interrupted")  # the next cell gets a kernel that is free
    finally:
        texts = [output["text"] for output in cell.outputs if output.get("name") == "stdout"]
        _write(
            records,
            {
                "kind": "cell",
                "cell": number,
                "error": error,
                "seconds": time.monotonic() - started,
                "printed": "".join(texts)[:PRINTED],
            },
        )


def _error_of(cell: nbformat.NotebookNode, client: Client) -> str:
    """What the cell raised, in one line; empty if nothing."""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if not errors:
        return ""
    if errors[0].ename == INTERRUPTED:
        return "it printed without end" if client.printed > FLOOD else _too_long(client)
    return f"{errors[0].ename}: {errors[0].evalue}".splitlines()[0][:500]


def _too_long(client: Client) -> str:
    return f"it took longer than {client.timeout} s"


def _lower(what: int, limit: int) -> None:
    """Lower a limit of the system's; one that is lower already stays."""
    _, already = resource.getrlimit(what)
    limit = limit if already == resource.RLIM_INFINITY else min(limit, already)
    resource.setrlimit(what, (limit, limit))


def _write(records: Path, record: dict[str, object]) -> None:
    with records.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, int(sys.argv[4]))
    if sys.argv[5] != "-1":
        _lower(resource.RLIMIT_NPROC, int(sys.argv[5]))
    os.chdir(shutil.copytree(sys.argv[1], "work"))
    run(Path("notebook.ipynb"), Path(sys.argv[2]), int(sys.argv[3]))
