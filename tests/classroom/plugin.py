"""`pytest --submissions FOLDER`: the options of a class, and the run in place of a session of tests."""

import os
from pathlib import Path

import pytest

from tests import settings

DEFAULT_LIMIT = "2400"  # a notebook may run for 1800 s, and is judged after that
# Options that say how a submission is judged, with how they are passed on; those that a version of the suite does not
# have are not there.
VALUES = {
    "seed": "--seed={}",
    "keyword": "-k={}",
    "cell_seconds": "--cell-seconds={}",
    "notebook_seconds": "--notebook-seconds={}",
}
FLAGS = {"faithful": "--faithful", "trust_submission": "--trust-submission"}
ALONE = {"lab_module": "--lab-module", "submission": "--submission"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """In the suite's own group of `pytest --help`."""
    group = parser.getgroup("lab", "the lab's answers and verdicts")
    missing = {"nargs": "?", "const": ""}  # so that a missing value gets our one line, not argparse's page
    group.addoption(
        "--submissions",
        metavar="FOLDER",
        default=None,
        **missing,
        help="judge every notebook and module in this folder, -n N at a time, and go on where an earlier run ended",
    )
    group.addoption(
        "--scheduler",
        metavar="ADDRESS",
        default=None,
        **missing,
        help="judge them on the workers of this Dask scheduler, tcp://HOST:PORT (default: workers on this machine)",
    )
    group.addoption(
        "--submission-timeout",
        metavar="SECONDS",
        default=None,
        **missing,
        help=f"stop judging a submission of the folder after so long (default: {DEFAULT_LIMIT})",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Judge the class, if there is one, and nothing else."""
    if config.option.help or config.option.version:
        return None
    if config.option.submissions is None:
        for name in ("scheduler", "submission_timeout"):
            if config.getoption(name) is not None:
                raise pytest.UsageError(f"--{name.replace('_', '-')} needs --submissions FOLDER")
        return None
    _refuse(config)
    settings.pytest_configure(config)
    from tests.classroom.run import run_class
    from tests.classroom.submissions import ClassroomError

    session = config.stash[settings.SESSION]
    try:
        return run_class(
            folder=config.invocation_params.dir / config.option.submissions,
            session=session,
            arguments=_passed_on(config),
            images=_images(config),
            limit=_limit(config),
            scheduler=config.option.scheduler,
            workers=_workers(config),
            only_list=config.option.collectonly,
        )
    except ClassroomError as reason:
        raise pytest.UsageError(str(reason)) from None


def _refuse(config: pytest.Config) -> None:
    """What does not go together with a class."""
    for name in ("submissions", "scheduler"):
        value = config.getoption(name)
        if value is not None and not value.strip():
            raise pytest.UsageError(f"--{name} needs a value; see `pytest --help`")
    for name, option in ALONE.items():
        if config.getoption(name, None) is not None:
            raise pytest.UsageError(f"--submissions judges a folder and {option} one subject; give one of them")
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        raise pytest.UsageError(f"--submissions takes no tests, but {' '.join(config.args)} was given")
    if config.option.scheduler is not None and config.getoption("numprocesses", None) is not None:
        raise pytest.UsageError("-n chooses workers on this machine and --scheduler has its own; give one of them")


def _passed_on(config: pytest.Config) -> tuple[str, ...]:
    """Options for the pytest of each submission."""
    values = ((text, config.getoption(name, None)) for name, text in VALUES.items())
    flags = (text for name, text in FLAGS.items() if config.getoption(name, None))
    return (*(text.format(value) for text, value in values if value), *flags)


def _images(config: pytest.Config) -> str | None:
    """What was asked for as MNIST, as every process on this machine finds it; None if nothing was."""
    asked: str | None = config.option.mnist or os.environ.get("LAB_MNIST")
    if not asked or asked == "standin":
        return asked or None
    return str(Path(asked).expanduser().absolute())


def _limit(config: pytest.Config) -> float:
    text = DEFAULT_LIMIT if config.option.submission_timeout is None else config.option.submission_timeout
    try:
        limit = float(text)
    except ValueError:
        limit = 0.0
    if not 1 <= limit < float("inf"):
        raise pytest.UsageError(f"--submission-timeout is {text!r}; it takes a number of seconds from 1")
    return limit


def _workers(config: pytest.Config) -> int | None:
    """`-n N`; None leaves it to the machine, as `-n auto` does."""
    asked = config.getoption("numprocesses", None)
    if asked is None or isinstance(asked, str):
        return None
    if asked < 1:
        raise pytest.UsageError(f"-n is {asked}; a class needs at least one worker")
    return int(asked)
