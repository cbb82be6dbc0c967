"""Wires the suite's plugins together; nothing else."""

import pytest

from tests.requirements import refuse_unsupported

refuse_unsupported()
pytest.register_assert_rewrite("tests.checks")

pytest_plugins = (
    "tests.settings",
    "tests.questions",
    "tests.workers",
    "tests.garbage",
    "tests.fixtures",
    "tests.reporting.plugin",
    "tests.classroom.plugin",
)
