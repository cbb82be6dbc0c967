"""Which files of a folder are submissions, and that each has a report folder of its own on every file system."""

import os
import re
from pathlib import Path

import pytest

from tests.classroom.submissions import (
    ClassroomError,
    find_submissions,
    portable,
    report_folders,
    safe_path,
)


def handed_in(folder: Path, *names: str) -> Path:
    """The folder with files of these names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    return folder


def names_in(folder: Path) -> list[str]:
    return [found.name for found in find_submissions(folder, folder / "report").submissions]


def test_notebooks_and_modules_of_students_folders(tmp_path: Path) -> None:
    """Files beside each other and files in a student's folder count, in the order of their names."""
    handed_in(tmp_path, "zoe.ipynb", "bob/lab.py", "ann/deep/lab.IPYNB", "ann/data.csv", "readme.txt")
    assert names_in(tmp_path) == ["ann/deep/lab.IPYNB", "bob/lab.py", "zoe.ipynb"]


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.py",
        "ann/.ipynb_checkpoints/lab-checkpoint.ipynb",
        "ann/__pycache__/lab.py",
        "__MACOSX/lab.ipynb",
        "._lab.ipynb",
        ".git/hooks/hook.py",
        "report/submissions/x.py/kept.py",
    ],
)
def test_left_aside(name: str, tmp_path: Path) -> None:
    """Hidden files, checkpoints, caches, macOS's doubles and our own reports are no submissions."""
    assert names_in(handed_in(tmp_path, "lab.py", name)) == ["lab.py"]


def test_folder_with_the_ending_of_a_module(tmp_path: Path) -> None:
    """A folder is looked into, whatever it is called."""
    assert names_in(handed_in(tmp_path, "solution.py/lab.py")) == ["solution.py/lab.py"]


def test_links_are_left_out_and_told(tmp_path: Path) -> None:
    """A link could hand in another student's work, or a file of the machine."""
    handed_in(tmp_path, "lab.py")
    (tmp_path / "copy.py").symlink_to("lab.py")
    (tmp_path / "more").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.py")
    found = find_submissions(tmp_path, tmp_path / "report")
    assert [each.name for each in found.submissions] == ["lab.py"]
    assert sorted(found.left_out) == [f"{name} is a link or no regular file" for name in ("copy.py", "pipe.py")]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda folder: None, r"--submissions \S+ does not exist; name a folder of notebooks and modules"),
        (lambda folder: folder.write_text(""), r"--submissions \S+ is no folder; name a folder of"),
        (lambda folder: folder.mkdir(), r"--submissions \S+: there is no notebook \(.ipynb\) and no module \(.py\) in"),
    ],
    ids=["missing", "file", "empty"],
)
def test_nothing_to_judge(make: object, told: str, tmp_path: Path) -> None:
    """One clear line."""
    make(tmp_path / "class")  # type: ignore[operator]
    with pytest.raises(ClassroomError, match=f"^{told}") as raised:
        find_submissions(tmp_path / "class", tmp_path / "report")
    assert "\n" not in str(raised.value)


def test_same_file_name_of_two_students() -> None:
    """Two students' files of one name have a folder each, which tells whose it is."""
    assert report_folders(["ann/lab.py", "bob/lab.py"]) == ["ann__lab.py", "bob__lab.py"]


@pytest.mark.parametrize(
    "names",
    [
        ("Ann.py", "ann.py"),
        ("ann/lab.py", "ann__lab.py"),
        ("a b.py", "a?b.py"),
        ("Jose\u0301.py", "José.py"),
        ("STRASSE.py", "straße.py"),
        ("a\udc80.py", "a\udc81.py"),
        ("x" * 200 + "1.py", "x" * 200 + "2.py"),
    ],
    ids=["case", "folder", "sign", "accent", "sharp s", "undecodable", "long"],
)
def test_no_two_meet_in_one_folder(names: tuple[str, str]) -> None:
    """Names that differ only by what some file system does not keep apart get folders that differ for all of them."""
    folders = report_folders(list(names))
    assert len({folder.casefold() for folder in folders}) == 2
    assert report_folders(list(names)[::-1]) == folders[::-1]


@pytest.mark.parametrize(
    "name", ["con.py", "..py", "-rf.py", "nul", "a:b*c.py", "tab\tline\n.py", "漢字" * 60 + ".ipynb", "...", "x. "]
)
def test_portable(name: str) -> None:
    """Every name becomes one that Linux, macOS and Windows take, and that no program takes for an option."""
    made = portable(name)
    assert re.fullmatch(r"[\w().+-]+", made)
    assert len(made.encode()) <= 120
    assert not made.startswith((".", "-"))
    assert not made.endswith((".", " "))
    assert made.split(".")[0].lower() not in ("con", "nul")


@pytest.mark.parametrize(
    ("name", "path"), [("ann/lab.PY", "ann/lab.py"), ("../x.py", "_/x.py"), ("a b/l.ipynb", "a_b/l.ipynb")]
)
def test_path_that_it_is_judged_under(name: str, path: str) -> None:
    """The report's subject is the submission's own name; it cannot lead out of the folder."""
    assert safe_path(name) == Path(path)
