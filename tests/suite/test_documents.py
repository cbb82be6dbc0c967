"""What `report/answers.json` is: valid, free of NaN, and whole."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.reporting import documents
from tests.suite.sample_document import hostile_document, sample_document

SCHEMA = Path(documents.__file__).with_name("answers.schema.json")


def reject_constant(name: str) -> None:
    """Called by json for NaN and infinities, which JSON does not have."""
    raise ValueError(name)


def disk_is_full(*arguments: Any) -> None:
    """What the system says in place of renaming or syncing."""
    raise OSError(28, "No space left on device")


def schema_errors(document: Any) -> list[str]:
    """What `answers.schema.json` has against `document`."""
    return [error.message for error in validator().iter_errors(document)]


@cache
def validator() -> Any:
    """Of a schema that is valid itself."""
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("document", [sample_document(), hostile_document()], ids=["sample", "hostile"])
def test_written_document_fits_the_schema(document: dict[str, Any]) -> None:
    """A document as written satisfies its JSON Schema, whatever its texts hold."""
    assert schema_errors(json.loads(documents.to_json(document))) == []


def test_schema_accepts_a_document_without_an_audit() -> None:
    """A document of version 1 that was written before there was an audit is still valid."""
    document = sample_document()
    del document["audit"]
    assert schema_errors(document) == []


def test_schema_refuses_a_verdict_that_is_none() -> None:
    """A claim's verdict is one of four words."""
    document = sample_document()
    document["audit"][0]["verdict"] = "plausible"
    assert len(schema_errors(document)) == 1


def test_schema_refuses_another_version() -> None:
    """The schema is that of version 1 and of no other."""
    assert schema_errors(sample_document() | {"schema_version": 2}) == ["1 was expected"]


def test_schema_describes_every_field() -> None:
    """No field of the document lacks a description."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    objects = [schema, schema["properties"]["mnist"], *schema["$defs"].values()]
    fields = [(name, field) for each in objects for name, field in each["properties"].items()]
    assert [name for name, field in fields if not field.get("description")] == []


def test_nan_is_written_as_a_word() -> None:
    """NaN and infinities become words: any JSON reader accepts the document."""
    document = json.loads(documents.to_json(hostile_document()), parse_constant=reject_constant)
    assert document["answers"][0]["measured"]["nan"] == "NaN"


def test_lone_surrogate_survives_as_an_escape() -> None:
    """A string that UTF-8 cannot hold, such as an undecodable file name, comes back from JSON unchanged."""
    text = documents.to_json({"subject": "a\udc80b"})
    assert json.loads(text.encode("utf-8")) == {"subject": "a\udc80b"}


def test_text_ends_with_a_newline_and_keeps_its_letters() -> None:
    """The document is a text file, and ± stands in it as ±."""
    text = documents.to_json({"expected": "3 ± 1"})
    assert text == '{\n  "expected": "3 ± 1"\n}\n'


def test_written_file_replaces_the_old_one(tmp_path: Path) -> None:
    """Afterwards the folder holds the new content and nothing else, folders being made as needed."""
    path = tmp_path / "report" / "answers.json"
    documents.write_atomically(path, b"old and longer")
    documents.write_atomically(path, "new ±")
    assert {item.name: item.read_text(encoding="utf-8") for item in path.parent.iterdir()} == {"answers.json": "new ±"}


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """When writing fails the error is the caller's, the old file is whole, and no partial file stays."""
    path = tmp_path / "answers.json"
    path.write_text("old")
    monkeypatch.setattr(os, call, disk_is_full)
    with pytest.raises(OSError, match="No space left"):
        documents.write_atomically(path, "new")
    assert {item.name: item.read_text() for item in tmp_path.iterdir()} == {"answers.json": "old"}
