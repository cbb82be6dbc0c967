"""The submissions in a folder: which files count, what each is called, and where its report goes."""

import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".ipynb", ".py")
LARGEST = 200_000_000  # bytes, as for one notebook: one with every output of the lab has 2 MB
LONGEST = 100  # characters of a folder's name: file systems take 255 bytes
NOT_PORTABLE = re.compile(r"[^\w.()+-]+")
# Names that Windows keeps for devices, with any ending: the reports may be unpacked there.
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


class ClassroomError(ValueError):
    """What keeps a whole class from being judged, in one clear line."""


@dataclass(frozen=True)
class Submission:
    """One file that was handed in. `name` is its path in the folder, with `/`; `folder` is its report's own."""

    name: str
    path: Path
    folder: str


@dataclass(frozen=True)
class Found:
    """The submissions in the order of their names, and a sentence for each file that was left out."""

    submissions: tuple[Submission, ...]
    left_out: tuple[str, ...]


def find_submissions(folder: Path, apart_from: Path) -> Found:
    """The notebooks and modules in the folder and in those below it, but for what is hidden and our own reports.

    Raises ClassroomError if there is none.
    """
    if not folder.is_dir():
        problem = "is no folder" if folder.exists() else "does not exist"
        raise ClassroomError(f"--submissions {folder} {problem}; name a folder of notebooks and modules")
    left_out: list[str] = []
    names = sorted(_files(folder, apart_from.resolve(), left_out), key=lambda name: (name.casefold(), name))
    if not names:
        raise ClassroomError(f"--submissions {folder}: there is no notebook (.ipynb) and no module (.py) in it")
    found = (Submission(name, folder / name, own) for name, own in zip(names, report_folders(names), strict=True))
    return Found(tuple(found), tuple(left_out))


def _files(folder: Path, apart_from: Path, left_out: list[str]) -> Iterator[str]:
    """The names of files that count. A link is left out: it may lead to another student's file or elsewhere."""
    for place, folders, files in os.walk(folder, onerror=lambda error: left_out.append(_unreadable(error))):
        here = Path(place)
        folders[:] = sorted(name for name in folders if not _hidden(name) and (here / name).resolve() != apart_from)
        for name in files:
            path = here / name
            if _hidden(name) or path.suffix.lower() not in SUFFIXES:
                continue
            if path.is_symlink() or not path.is_file():
                left_out.append(f"{path.relative_to(folder).as_posix()} is a link or no regular file")
            else:
                yield path.relative_to(folder).as_posix()


def _unreadable(error: OSError) -> str:
    return f"{error.filename} cannot be read ({error.strerror})"


def _hidden(name: str) -> bool:
    """Hidden files, checkpoints, caches, and the doubles that macOS packs."""
    return name.startswith(".") or name in ("__pycache__", "__MACOSX")


def report_folders(names: list[str]) -> list[str]:
    """A folder's name for each submission: its own on every file system, also where case or accents do not count.

    Names that would meet in one folder all get a part of their digest, whichever was there first.
    """
    wanted = [portable(name.replace("/", "__")) for name in names]
    taken = Counter(_folded(name) for name in wanted)
    return [
        f"{own}-{_digest(name)}" if taken[_folded(own)] > 1 else own for name, own in zip(names, wanted, strict=True)
    ]


def portable(name: str) -> str:
    """`name` as a file of this name may be called on any file system; what had to be cut is told by a digest."""
    plain = NOT_PORTABLE.sub("_", unicodedata.normalize("NFC", name)).rstrip(".").lstrip(".-")
    if not plain or RESERVED.match(plain):
        plain = f"_{plain}"
    return plain if len(plain.encode()) <= LONGEST else f"{plain[: LONGEST // 4]}-{_digest(name)}{plain[-8:]}"


def safe_path(name: str) -> Path:
    """The relative path under which a submission is laid out to be judged; its ending in small letters."""
    path = Path(*(portable(part) for part in name.split("/")))
    return path.with_suffix(path.suffix.lower())


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", errors="surrogatepass")).hexdigest()[:8]
