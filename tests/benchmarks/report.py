"""The benchmark's outcome as a table, as JSON, and against an earlier one."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.benchmarks.comparison import Row
from tests.benchmarks.growth import Growth, plot
from tests.reporting.documents import write_atomically

PACKAGES = ("tensorflow", "keras", "numpy", "pytest")
SLOWER = 1.25  # times as long as before is called slower: repeated runs of one version differ by less


@dataclass
class Outcome:
    """All that was measured. `exercises` and `split` are seconds by name."""

    rows: list[Row] = field(default_factory=list)
    exercises: dict[str, float] = field(default_factory=dict)
    split: dict[str, float] = field(default_factory=dict)
    growths: list[Growth] = field(default_factory=list)


def machine() -> dict[str, Any]:
    """What the figures depend on: processor, threads, system and versions."""
    import tensorflow as tf

    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "threads": {
            "intra_op": tf.config.threading.get_intra_op_parallelism_threads(),  # 0: as many as there are cores
            "inter_op": tf.config.threading.get_inter_op_parallelism_threads(),
        },
        "system": platform.system(),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def table(outcome: Outcome) -> str:
    """The rows as aligned columns, then the split of the time, the exercises and the growth."""
    lines = [("what", "median", "against", "median", "ratio", "at least", "aim", "")]
    for row in outcome.rows:
        ours, theirs = (f"{statistics.median(values):.3g} {row.unit}" for values in (row.ours, row.theirs))
        lines.append(
            (
                row.name,
                ours,
                row.against,
                theirs,
                *(f"{x:.2f}" for x in (row.ratio, row.required, row.aim)),
                row.verdict,
            )
        )
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    for title, seconds in (("one exercise alone", outcome.exercises), ("where pytest's time goes", outcome.split)):
        if seconds:
            total = sum(seconds.values())
            text += ["", title]
            text += [
                f"  {name:<42} {value:6.1f} s  {value / total:4.0%}"
                for name, value in sorted(seconds.items(), key=lambda item: -item[1])
            ]
    if outcome.growths:
        text += ["", "how training's cost grows"]
        text += [
            f"  seconds = {one.fixed:.3g} + {one.each:.3g} x {one.of}  (R² {one.r_squared:.4f})"
            for one in outcome.growths
        ]
    return "\n".join(text)


def as_json(outcome: Outcome) -> str:
    """The outcome and the machine; `ratio` and `verdict` of each row stand beside its figures."""
    rows = [{**asdict(row), "ratio": row.ratio, "verdict": row.verdict} for row in outcome.rows]
    return json.dumps({"machine": machine(), **asdict(outcome), "rows": rows}, indent=1) + "\n"


def slower_than(earlier: Path, outcome: Outcome) -> list[str]:
    """A sentence for each row whose ratio, and so its speed on any machine, is clearly below what it was.

    Raises ValueError for a file that is none of the benchmark's.
    """
    try:
        before = {(row["name"], row["against"]): row["ratio"] for row in json.loads(earlier.read_text("utf-8"))["rows"]}
    except (OSError, ValueError, KeyError, TypeError) as reason:
        raise ValueError(f"{earlier}: it is no JSON of this benchmark ({reason})") from None
    return [
        f"{row.name}, against {row.against}: {row.ratio:.2f} times as fast, but it was {then:.2f}"
        for row in outcome.rows
        if (then := before.get((row.name, row.against))) is not None and row.ratio * SLOWER < then
    ]


def missed(rows: Sequence[Row]) -> list[str]:
    """The rows that miss what the project promises."""
    return [f"{row.name}, against {row.against}" for row in rows if row.verdict == "MISSED"]


def write(outcome: Outcome, path: Path) -> None:
    """Write the JSON, and beside it how the cost grows as PNG; each under another name first, and then renamed."""
    write_atomically(path, as_json(outcome).encode())
    if outcome.growths:
        write_atomically(path.with_suffix(".png"), plot(outcome.growths))
