"""A document as a session writes it, with every status; and the same with values that try to break out of a report."""

import copy
import math
import struct
import zlib
from typing import Any

Document = dict[str, Any]

LONG_WORD = "x" * 400
HOSTILE = (
    "<script>alert('1')</script> \"a\"|b \x1b[31mred\x1b[0m\x07 line one\n"
    f"line two {LONG_WORD} & \u202e`*_[link](x) {'漢字' * 60}"
)


def sample_document() -> Document:
    """Twelve answers: one failed, one in error, one not submitted, one not selected, the others passed."""
    return {
        "schema_version": 1,
        "subject": "solution.py",
        "seed": 42,
        "mnist": {
            "source": "cache, verified by SHA-256",
            "is_mnist": True,
            "passed_over": ["/data/mnist.npz: no file"],
        },
        "versions": {"python": "3.11.9", "tensorflow": "2.21.0", "keras": "3.12.0", "numpy": "2.4.6"},
        "machine": {"system": "Linux", "processor": "x86_64", "cores": 2},
        "points": {"earned": 82.5, "possible": 110},
        "notes": ["solution.py defines `train_model`, which is no name of the contract; did you mean `train`?"],
        "interrupted": False,
        "answers": sample_answers(),
        "audit": sample_audit(),
        "submission": sample_submission(),
    }


def sample_submission() -> dict[str, Any]:
    """What was recorded of a notebook in which something went wrong everywhere."""
    return {
        "file": "lab07.ipynb",
        "sha256": "0" * 64,
        "isolation": "in bubblewrap: no network",
        "stopped": "it took longer than 1800 s",
        "seconds": 1800.2,
        "cells": [
            {"cell": 2, "error": "", "seconds": 1.5},
            {"cell": 3, "error": "NameError: name 'x' is not defined", "seconds": None},
        ],
        "runs": [{"name": "linear_noisy", "cell": 2, "reason": "points that scatter about 3X + 5 by 5.46"}],
        "left_over": ["cell 4, model 2: a network from 3 inputs to 2 outputs is none of the lab's"],
        "made_by_the_lab": ["the training linear"],
        "printed": ["cell 5 prints “accuracy: 0.9999”, and no accuracy of this run is that"],
        "problems": ["keras.jsonl, line 7: no JSON object; it was passed over"],
    }


def sample_audit() -> list[dict[str, Any]]:
    """Four claims with a verdict each, two of them on one question, and one on a question that was not selected."""
    verdicts = {"1.1-weight": "reproduced", "1.3-bias-worse": "contradicted", "1.3-slower": "indistinguishable"}
    return [
        {
            "id": name,
            "question": name[:3],
            "place": f"cell [{place}], “Learned {name[4:]}”",
            "said": f"what is said of {name[4:]}",
            "verdict": verdict,
            "reason": f"It lies {place} standard deviations from 2,048 trainings; 99 % lie within 2.6.",
            "measured": {"away": 2.4},
        }
        for place, (name, verdict) in enumerate((verdicts | {"4.2-reused": "not measured"}).items(), 6)
    ]


TITLES = [
    ("1.1", "Learned weight and bias"),
    ("1.2", "How close to Y = 3X + 5"),
    ("1.3", "How more noise affects convergence"),
    ("2.1", "Classification accuracy"),
    ("2.2", "Decision boundary with more hidden units"),
    ("2.3", "Sigmoid in the hidden layer"),
    ("3.1", "Test accuracy"),
    ("3.2", "With dropout 0.3"),
    ("3.3", "Training time against batch size"),
    ("4.1", "Predictions identical after save and load"),
    ("4.2", "Why saving is useful in deployment"),
    ("4.3", "If the optimizer state is not saved"),
]


def sample_answers() -> list[dict[str, Any]]:
    """The twelve answers of the sample."""
    answers = [plain_answer(*title) for title in TITLES]
    by_question = {answer["question"]: answer for answer in answers}
    by_question["1.1"] |= {
        "measured": {"weight": 3.0267, "bias": 4.6948, "loss": 1.024},
        "published": {"weight": 3.1674, "bias": 4.3361},
        "reason": "2.5 Mahalanobis units from the bundle of the seeded shuffle, whose 99 % ellipse ends at 3.0.",
        "figures": ["line_fit", "loss_curve", "line_fit_residuals"],
    }
    by_question["2.1"] |= failed_answer()
    by_question["3.1"] |= {"status": "error", "verdict": "not measured", "figures": ["confusion_matrix"]}
    by_question["3.1"]["tests"] = [errored_test()]
    by_question["3.1"]["points"]["earned"] = 0
    by_question["3.3"] |= {"measured": {"seconds": {"16": 61.7, "32": 25.4}, "losses": [0.1] * 100}, "published": {}}
    by_question["4.1"] |= {"status": "not submitted", "verdict": "not measured", "tests": [], "figures": []}
    by_question["4.1"]["points"]["earned"] = 0
    by_question["4.1"] |= {"measured": {}, "sentence": "The notebook never saves a model."}
    by_question["4.2"] |= {"selected": False, "points": {"earned": 0, "possible": 0}}
    by_question["1.3"] |= {"verdict": "contradicted"}
    return answers


def plain_answer(question: str, title: str) -> dict[str, Any]:
    """An answer whose only test passed."""
    sentence = f"Question {question} is answered by what was measured on this machine, within the scatter over seeds."
    return {
        "question": question,
        "title": title,
        "status": "passed",
        "sentence": sentence,
        "measured": {"test_accuracy": 0.9771},
        "published": {"test_accuracy": 0.9733, "claim": "says that it is about 97 %"},
        "verdict": "indistinguishable",
        "reason": "The claimed difference lies inside the scatter over ten seeds.",
        "points": {"earned": 10, "possible": 10},
        "figures": [],
        "tests": [plain_test(question, "passed", True, 0.9771)],
        "selected": True,
    }


def plain_test(question: str, outcome: str, holds: bool, measured: Any) -> dict[str, Any]:
    """A test with one fact."""
    fact = {
        "statement": "The accuracy on the test part",
        "measured": measured,
        "expected": "at least 0.7500",
        "holds": holds,
        "because": "fifty seeds of the oracle give 0.79 ± 0.02 (tests/reference/evidence)",
    }
    return {
        "id": f"tests/exercises/test_iris.py::test_accuracy[question={question}]",
        "outcome": outcome,
        "points": 5,
        **{key: fact[key] for key in ("statement", "measured", "expected", "because")},
        "message": "",
        "facts": [fact],
    }


def failed_answer() -> dict[str, Any]:
    """What an answer with one failed test, one that passed and one that was not run differs in."""
    failed = plain_test("2.1", "failed", False, 0.3333)
    failed["message"] = (
        "The accuracy on the test part: measured 0.3333, but should be at least 0.7500, because fifty seeds of the "
        "oracle give 0.79 ± 0.02 (tests/reference/evidence)\nThe confusion matrix has one column."
    )
    failed["facts"].append({**failed["facts"][0], "statement": "The loss", "measured": 0.5, "holds": True})
    not_run = {**plain_test("2.1", "not run", True, None), "id": "tests/exercises/test_iris.py::test_loss", "facts": []}
    return {
        "status": "failed",
        "points": {"earned": 2.5, "possible": 10},
        "figures": ["decision_boundary", "never_drawn"],
        "tests": [plain_test("2.1", "passed", True, 0.9), not_run, failed],
    }


def errored_test() -> dict[str, Any]:
    """A test that ended before it recorded a fact."""
    return {
        "id": "tests/exercises/test_mnist.py::test_accuracy",
        "outcome": "error",
        "measured": None,
        "expected": "",
        "because": "",
        "statement": "",
        "message": "TypeError: mnist_classifier() got an unexpected keyword argument 'dropout'",
        "facts": [],
    }


def hostile_document() -> Document:
    """The sample with hostile text in every field that holds free text, NaN among the numbers, and no tests in 1.1."""
    document = copy.deepcopy(sample_document())
    document |= {"subject": HOSTILE, "notes": [HOSTILE], "versions": {HOSTILE: HOSTILE}}
    document["mnist"]["source"] = HOSTILE
    for answer in document["answers"]:
        answer |= {"title": HOSTILE, "sentence": HOSTILE, "reason": HOSTILE, "figures": [HOSTILE]}
        answer["measured"] = {HOSTILE: HOSTILE, "nan": math.nan, "list": [math.inf]}
        for test in answer["tests"]:
            test |= {"id": HOSTILE, "message": HOSTILE, "statement": HOSTILE, "because": HOSTILE}
            for fact in test["facts"]:
                fact |= {"statement": HOSTILE, "measured": HOSTILE, "expected": HOSTILE, "because": HOSTILE}
    document["answers"][0]["tests"] = []
    for entry in document["audit"]:
        entry |= {"place": HOSTILE, "said": HOSTILE, "reason": HOSTILE, "measured": {HOSTILE: math.nan}}
    recorded = document["submission"]
    recorded |= {"file": HOSTILE, "isolation": HOSTILE, "stopped": HOSTILE}
    recorded |= {name: [HOSTILE] for name in ("left_over", "made_by_the_lab", "printed", "problems")}
    recorded["cells"][1]["error"] = HOSTILE
    recorded["runs"][0] |= {"name": HOSTILE, "reason": HOSTILE}
    return document


def sample_figures(document: Document) -> dict[str, bytes]:
    """A PNG of one pixel for each figure of `document` but `never_drawn`."""
    names = {name for answer in document["answers"] for name in answer["figures"]}
    return {name: one_pixel() for name in names if name != "never_drawn"}


def one_pixel() -> bytes:
    """The smallest PNG: one white pixel, 8 bits of grey."""
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\x00\xff")),
        (b"IEND", b""),
    ]
    written = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)
