"""The document as text, and files that are either whole or not there."""

import json
import os
import secrets
from pathlib import Path

from tests.checks.facts import plain
from tests.reporting.wording import Document


def to_json(document: Document) -> str:
    """The document as JSON that any reader accepts: NaN and infinities are the words for them.

    Half of a surrogate pair, which UTF-8 cannot hold, is written as JSON's own escape for it.
    """
    text = json.dumps(plain(document), allow_nan=False, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", errors="backslashreplace").decode("utf-8")


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write `content` under another name beside `path`, then rename it: no reader ever sees half a file."""
    data = content.encode("utf-8", errors="replace") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.parent / f".{os.getpid()}-{secrets.token_hex(4)}.partial"
    try:
        with partial.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:  # a full disk, and also Ctrl-C in the middle of writing
        partial.unlink(missing_ok=True)
        raise
