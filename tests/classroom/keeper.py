"""Runs one command, and lets nothing that it started outlive the process that asked for it.

Started by its path, as it must run without the suite: `keeper.py FOLDER WORKING_FOLDER COMMAND…`. Lines on standard
input are orders: `interrupt` is Ctrl-C for the command, `kill` ends it. If standard input ends, whoever asked is gone:
everything is ended and FOLDER is removed. Standard output is one line of JSON: the command's exit status (negative: the
signal that ended it) and the end of what it printed.
"""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from threading import Event, Thread
from typing import IO

import psutil

TAIL = 8_192  # bytes of output that are kept, however much there is; as JSON it still fits into a pipe
PATIENCE = 5.0  # s to go on ending processes that start others meanwhile
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def main(folder: str, working_folder: str, command: list[str]) -> None:
    """Run the command to its end."""
    adopt_orphans()
    child = subprocess.Popen(
        command,
        cwd=working_folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert child.stdout is not None
    tail = bytearray()
    reader = Thread(target=keep_tail, args=(child.stdout, tail), daemon=True)
    reader.start()
    abandoned = Event()
    Thread(target=obey, args=(child, abandoned), daemon=True).start()
    status = child.wait()
    end_descendants()
    if abandoned.is_set():
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)
    reader.join(PATIENCE)
    told = {"status": status, "tail": bytes(tail).decode("utf-8", errors="replace")}
    try:
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # whoever asked has just gone
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # the thread that waits for orders would keep the interpreter


def adopt_orphans() -> None:
    """Ask to become the parent of descendants whose own parent ends, so that none gets lost; only Linux can."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def keep_tail(output: IO[bytes], tail: bytearray) -> None:
    """Read to the end, and keep only the last of it."""
    while block := output.read1(TAIL):  # type: ignore[attr-defined]  # a pipe is buffered
        tail += block
        del tail[:-TAIL]


def obey(child: subprocess.Popen[bytes], abandoned: Event) -> None:
    """Do as the lines on standard input say; at their end nobody is left to say anything."""
    for line in sys.stdin.buffer:
        if line == b"interrupt\n":
            with suppress(ProcessLookupError):
                child.send_signal(signal.SIGINT)
        else:
            end_descendants()
    abandoned.set()
    end_descendants()


def end_descendants() -> None:
    """Kill every process below this one, until there is none."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        left = [process for process in psutil.Process().children(recursive=True) if is_running(process)]
        if not left:
            return
        for process in left:
            with suppress(psutil.Error):
                process.kill()
        time.sleep(0.02)  # not psutil's own wait: it would collect the status that `main` waits for


def is_running(process: psutil.Process) -> bool:
    """Whether it can still do something; a zombie waits to be collected by `main`, or is an adopted orphan."""
    with suppress(psutil.Error):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
