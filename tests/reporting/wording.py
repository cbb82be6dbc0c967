"""How values, points and names read in every report, and what of a document a reader must be told."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.checks.facts import plain, show
from tests.reference.verdicts import VERDICTS

Document = Mapping[str, Any]
Answer = Mapping[str, Any]
Test = Mapping[str, Any]

LONGEST_LIST = 8  # values of a list shown in full; a loss curve of 100 epochs belongs in a figure
IMAGE_EXERCISES = ("3", "4")
FAILED_OUTCOMES = ("failed", "error")
# What the words of a name are outside a program.
SPELLINGS = {"mae": "MAE", "mcnemar": "McNemar", "mse": "MSE", "relu": "ReLU", "us": "µs", "val": "validation"}
ABSENT = "–"
AUDIT_TITLE = "Audit of the original notebook"
AUDIT_LEAD = (
    "Every figure and claim of the original notebook, judged by what was measured. A question's own verdict is the "
    "worst of those that its answer rests on: contradicted, then indistinguishable, not measured, reproduced."
)
SUBMISSION_TITLE = "What was recorded of the notebook"
SUBMISSION_LEAD = (
    "The notebook ran cell by cell, unchanged. Each of its trainings is judged as the run of the lab that it is by its "
    "network, its data and its recipe; what its variables are called does not matter."
)
ESCAPE_SEQUENCES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
# Control characters, marks that reverse the direction of text, and halves of surrogate pairs, which no file can hold.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` without terminal escape sequences; other unprintable characters become U+FFFD. Newlines and tabs stay."""
    unified = ESCAPE_SEQUENCES.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return UNPRINTABLE.sub("\ufffd", unified)


def value_text(value: Any) -> str:
    """A measured or published value for a reader."""
    value = plain(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, list) and len(value) > LONGEST_LIST:
        return f"{show(value[:2])[:-1]}, ... {show(value[-1])}] ({len(value)} values)"
    return clean(show(value))


def readable(name: str) -> str:
    """`test_accuracy` as `test accuracy`, `mae` as `MAE`."""
    return " ".join(SPELLINGS.get(word, word) for word in clean(name).replace("_", " ").split(" ")).strip()


def points_text(points: Mapping[str, float]) -> str:
    """`{"earned": 2.5, "possible": 10}` as `2.5/10`."""
    return "/".join(f"{round(float(points[key]), 2):g}" for key in ("earned", "possible"))


def comparison(answer: Answer) -> list[tuple[str, str, str]]:
    """Rows (quantity, measured, published) in the order measured; what only the notebook gives comes last."""
    measured, published = flat(answer["measured"]), flat(answer["published"])
    return [(name, measured.get(name, ABSENT), published.get(name, ABSENT)) for name in measured | published]


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Values by readable name; a mapping inside becomes one row for each of its keys."""
    rows: dict[str, str] = {}
    for key, value in values.items():
        name = prefix + readable(str(key))
        rows |= flat(value, f"{name}, ") if isinstance(value, Mapping) else {name: value_text(value)}
    return rows


def details(values: Mapping[str, Any]) -> str:
    """Versions or a machine on one line."""
    return ", ".join(f"{name} {value}" for name, value in flat(values).items())


def status_text(answer: Answer) -> str:
    """The answer's status, or that its question was not selected in this session."""
    return answer["status"] if is_selected(answer) else "not selected"


def is_selected(answer: Answer) -> bool:
    """Whether the session was asked for this question."""
    return bool(answer.get("selected", True))


def name_of(test: Test) -> str:
    """The test's id without its file."""
    return clean(test["id"]).split("::", 1)[-1]


def facts_of(test: Test) -> Sequence[Mapping[str, Any]]:
    """The test's facts; a test that records none by itself is one fact."""
    facts: Sequence[Mapping[str, Any]] = test.get("facts") or []
    if facts or test.get("measured") is None:
        return facts
    texts = {key: test.get(key) or "" for key in ("statement", "expected", "because")}
    return [{**texts, "measured": test["measured"]}]


def failed_tests(answer: Answer) -> list[Test]:
    """The answer's tests that failed or could not be run to their end."""
    return [test for test in answer["tests"] if test["outcome"] in FAILED_OUTCOMES]


def audit_entries(document: Document) -> list[Mapping[str, Any]]:
    """What the original notebook published on the questions that were selected, judged."""
    selected = {answer["question"] for answer in document["answers"] if is_selected(answer)}
    return [entry for entry in document.get("audit", ()) if entry["question"] in selected]


def audit_summary(document: Document) -> str:
    """How many figures and claims there are, by verdict."""
    entries = audit_entries(document)
    counts = Counter(entry["verdict"] for entry in entries)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    return f"{len(entries)} figures and claims: {told}"


def findings(submission: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Headings and sentences on what was recorded of a notebook, beside the trainings that were recognised."""
    failed = [f"cell {cell['cell']}: {cell['error']}" for cell in submission["cells"] if cell["error"]]
    listed = (
        ("How it was run", [submission["isolation"], *filter(None, [submission["stopped"]])]),
        ("Cells that failed", failed),
        ("Trainings that are none of the lab's", submission["left_over"]),
        ("Made by the lab, to compare with", submission["made_by_the_lab"]),
        ("Printed, but not supported by this run", submission["printed"]),
        ("Records that could not be read", submission["problems"]),
    )
    return [(heading, list(sentences)) for heading, sentences in listed if sentences]


def mnist_source(document: Document) -> str:
    """Where the images came from, and what was tried before."""
    mnist = document["mnist"]
    passed_over = "; ".join(mnist.get("passed_over", ()))
    return clean(mnist["source"] + (f" (passed over: {passed_over})" if passed_over else ""))


def measured_images(document: Document) -> bool:
    """Whether anything was measured on images: a session without exercises 3 and 4 looks for none, MNIST or other."""
    answers = [answer for answer in document["answers"] if answer["question"][0] in IMAGE_EXERCISES]
    return any(answer["measured"] or any(test.get("facts") for test in answer["tests"]) for answer in answers)


def notices(document: Document) -> list[str]:
    """What the reader must know before believing a number: the document's notes, and what they leave unsaid."""
    notes = [clean(note) for note in document.get("notes", ())]
    said = " ".join(notes).lower()
    if document.get("interrupted") and "interrupt" not in said:
        notes.insert(0, "The session was interrupted: answers after that point are missing.")
    if measured_images(document) and not document["mnist"]["is_mnist"] and "mnist" not in said:
        notes.insert(0, "The images are not MNIST: the answers of exercises 3 and 4 are those of a stand-in.")
    return notes
