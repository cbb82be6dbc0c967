"""A notebook that was handed in: run, recorded and recognised, and which of the lab's questions it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from tests.submissions.recognition import Recognition
from tests.submissions.records import Record, Recording
from tests.submissions.sandbox import Outcome

# The run that a question asks for; of exercise 3.3 any, so that a missing one fails.
ASKED_BY = {
    "1.1": ("linear",),
    "1.2": ("linear",),
    "1.3": ("linear_noisy",),
    "2.1": ("iris_relu10",),
    "2.2": ("iris_relu50",),
    "2.3": ("iris_sigmoid10",),
    "3.1": ("mnist",),
    "3.2": ("mnist_dropout",),
    "3.3": ("mnist_batch16", "mnist_batch32", "mnist_batch64", "mnist_batch128"),
    "4.3": ("mnist_resumed_without_optimizer",),
}
ON_FILES = ("4.1", "4.2")
# Runs that others are compared with: the lab makes what is missing of them, by the recipe of the run beside each.
COMPARED_WITH = {
    "linear": "linear_noisy",
    "iris_relu10": "iris_relu50",
    "iris_sigmoid10": "iris_relu10",
    "mnist": "mnist_dropout",
    "mnist_reloaded": "mnist",
    "mnist_resumed": "mnist_resumed_without_optimizer",
    "mnist_loaded": "mnist_resumed_without_optimizer",
    "mnist_continued": "mnist_resumed_without_optimizer",
}
COMPARED_BY = {
    "linear": ("1.3",),
    "iris_relu10": ("2.2", "2.3"),
    "iris_sigmoid10": ("2.2",),
    "mnist": ("3.2", "4.1", "4.2", "4.3"),
    "mnist_resumed": ("4.3",),
}
SAVING = ("4.1", "4.2", "4.3")
FILES = {
    ("keras", True): "a .keras file",
    ("h5", True): "a .h5 file",
    ("h5", False): "a .h5 file without the optimizer",
}

MOST_TOLD, LONGEST_TOLD = 30, 600  # sentences of a kind in a report, and characters of one


@dataclass(frozen=True)
class Submission:
    """What is left of a notebook's run. `folder` holds the arrays that the recording names."""

    name: str
    sha256: str  # of the file that was handed in
    folder: Path
    outcome: Outcome
    recording: Recording
    recognition: Recognition
    printed: tuple[str, ...] = ()  # a sentence for each printed figure that was not measured

    def questions(self) -> frozenset[str]:
        """The questions that it answers, by what was recognised."""
        answered = {
            number for number, names in ASKED_BY.items() if any(name in self.recognition.runs for name in names)
        }
        return frozenset(answered | (set(ON_FILES) if saved_files(self.recording) else set()))

    def described(self) -> dict[str, Any]:
        """What every report tells of how it was judged, in plain values."""
        return {
            "file": self.name,
            "sha256": self.sha256,
            "isolation": self.outcome.isolation,
            "stopped": self.outcome.stopped,
            "seconds": round(self.outcome.seconds, 1),
            "cells": [
                {"cell": cell.number, "error": cell.error, "seconds": cell.seconds if isfinite(cell.seconds) else None}
                for cell in self.recording.cells
            ],
            "runs": [
                {"name": match.name, "cell": match.record.cell, "reason": match.reason}
                for match in self.recognition.runs.values()
            ],
            "left_over": first_of(self.recognition.left_over),
            "made_by_the_lab": list(self.made_by_the_lab()),
            "printed": first_of(self.printed),
            "problems": first_of(self.recording.problems),
        }

    def made_by_the_lab(self) -> tuple[str, ...]:
        """What the notebook has not, and something of it is compared with."""
        runs, questions, files = self.recognition.runs, self.questions(), saved_files(self.recording)
        trained = [
            f"the training {name}"
            for name, askers in COMPARED_BY.items()
            if name not in runs and not questions.isdisjoint(askers)
        ]
        saved = [words for kind, words in FILES.items() if kind not in files and not questions.isdisjoint(SAVING)]
        return (*trained, *saved)

    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the run before believing a number: one sentence each."""
        failed = [f"cell {cell.number} ({cell.error})" for cell in self.recording.cells if cell.error]
        told = [f"The notebook ran {self.outcome.isolation}."]
        if self.outcome.stopped:
            told.append(f"The notebook was stopped: {self.outcome.stopped}.")
        if failed:
            told.append(f"Cells that failed: {'; '.join(first_of(failed))}.")
        if self.made_by_the_lab():
            told.append(
                f"Not in the notebook, and made by the lab to compare with: {', '.join(self.made_by_the_lab())}."
            )
        told += [f"Not supported by this run: {sentence}." for sentence in first_of(self.printed)]
        problems = first_of(self.recording.problems)
        return (*told, *(f"In the notebook's records: {problem}." for problem in problems))


def first_of(sentences: Sequence[str]) -> list[str]:
    """The first of them, each cut, and how many more there are: a hostile notebook can make twenty thousand."""
    more = [f"and {len(sentences) - MOST_TOLD:,} more"] if len(sentences) > MOST_TOLD else []
    return [sentence[:LONGEST_TOLD] for sentence in sentences[:MOST_TOLD]] + more


def saved_files(recording: Recording) -> Mapping[tuple[str, bool], tuple[Record, Record]]:
    """What was saved of a model of digits, and then loaded, by format and whether the optimizer was included.

    Of several loads the first counts that compiled the model, as the file says: with `compile=False` none of that is
    looked at, and who loads once with it and once without may do so in either order.
    """
    found: dict[tuple[str, bool], tuple[Record, Record]] = {}
    saved: dict[str, Record] = {}  # by the file's name
    for record in recording.records:
        if not _is_of_digits(record):
            continue
        name, file_format = str(record.values.get("file")), format_of(record)
        if record.kind == "save":
            saved[name] = record
        elif name in saved and file_format:
            included = file_format == "keras" or bool(saved[name].values.get("include_optimizer", True))
            save, load = found.get((file_format, included), (None, None))
            if save is not saved[name] or (record.values.get("optimizer") and not load.values.get("optimizer")):
                found[file_format, included] = saved[name], record
    return found


def _is_of_digits(record: Record) -> bool:
    """Whether a whole model with ten outputs was saved or loaded; a forged record may say anything."""
    layers = record.values.get("layers")
    whole = record.kind in ("save", "load") and record.values.get("part", "model") == "model"
    return (
        whole
        and isinstance(layers, list)
        and any(isinstance(layer, dict) and layer.get("units") == 10 for layer in layers)
    )


def format_of(record: Record) -> str:
    """`keras` or `h5`, by the file's name; empty for another."""
    ending = str(record.values.get("file")).rpartition(".")[2]
    return {"keras": "keras", "h5": "h5", "hdf5": "h5"}.get(ending, "")
