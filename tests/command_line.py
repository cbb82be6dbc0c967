"""Lets `--lab-module PATH` and the other options that take a path be written with a space.

pytest looks for a project's settings before it knows the project's options, and then takes the value of an option for
a folder of tests: an existing path outside this project would lead it away from here. Written with `=` it does not. As
a plugin of the installed project this module is loaded early enough to start pytest again, with `=`.
"""

import os
import sys
from pathlib import Path

PATH_OPTIONS = ("--lab-module", "--mnist", "--report-dir", "--submission", "--submissions")


def joined(arguments: list[str]) -> list[str]:
    """The command line with each path option joined to its value, if that exists, by `=`."""
    result: list[str] = []
    for argument in arguments:
        if result and result[-1] in PATH_OPTIONS and Path(argument).exists():
            result[-1] += f"={argument}"
        else:
            result.append(argument)
    return result


def pytest_addoption() -> None:
    """Start again if the command line needs it; pytest has not begun to capture output yet."""
    again = joined(sys.orig_argv)
    if again != sys.orig_argv:
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, *again[1:]])
