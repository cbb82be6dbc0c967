"""A notebook as it was handed in: read, held to what can be run, and laid out for the sandbox."""

import json
import shutil
from pathlib import Path

import nbformat

from tests.submissions.contract import SubjectError

LARGEST = 200_000_000  # bytes of a notebook; one with every output of the lab has 2 MB
BESIDE = 200_000_000  # bytes of the files beside it that go with it
OTHERS = (".ipynb", ".ipynb_checkpoints", ".git")  # never go with it: other people's work may be among them


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """The notebook's cells in format 4, without outputs and metadata.

    Raises SubjectError, one sentence, for what is no notebook, is in another language or has no code.
    """
    if not path.is_file():
        raise SubjectError(f"{path}: there is no such file; give the path of a notebook (.ipynb)")
    if path.stat().st_size > LARGEST:
        raise SubjectError(f"{path} has {path.stat().st_size:,} bytes; clear its outputs (at most {LARGEST:,})")
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(document, dict):
            raise TypeError
        notebook = nbformat.convert(nbformat.from_dict(document), 4)
        codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
        sources = ["".join(cell.source) for cell in codes]
    except (ValueError, UnicodeDecodeError):
        raise SubjectError(f"{path} is not JSON, so it is no notebook; save it from Jupyter again") from None
    except Exception:  # nbformat has a kind of error for each thing that can be missing
        raise SubjectError(f"{path} is JSON but no notebook; save it from Jupyter again") from None
    language = _language(notebook)
    if language != "python":
        raise SubjectError(f"{path} is a notebook in {language}; the lab is judged in Python")
    if not any(source.strip() for source in sources):
        raise SubjectError(f"{path} has no code cells, so there is nothing to judge")
    cells = [
        nbformat.v4.new_code_cell("".join(cell.source))
        if cell.cell_type == "code"
        else nbformat.v4.new_markdown_cell("".join(cell.get("source", "")))
        for cell in notebook.cells
    ]
    return nbformat.v4.new_notebook(cells=cells)


def printed_outputs(path: Path) -> dict[int, str]:
    """The text that each code cell was handed in with, by its number among all cells; nothing for no notebook."""
    try:
        notebook = nbformat.convert(nbformat.from_dict(json.loads(path.read_text(encoding="utf-8-sig"))), 4)
    except Exception:  # whatever is wrong with it, `read_notebook` has said
        return {}
    return {
        number: "".join("".join(output.get("text", "")) for output in cell.get("outputs", ()))
        for number, cell in enumerate(notebook.cells, 1)
        if cell.cell_type == "code"
    }


def _language(notebook: nbformat.NotebookNode) -> str:
    """The language that the notebook says it is in, `python` if it does not say."""
    metadata = notebook.get("metadata") or {}
    told = (metadata.get("language_info") or {}).get("name") or (metadata.get("kernelspec") or {}).get("language")
    return str(told or "python").lower()


def lay_out(path: Path, folder: Path, *, alone: bool = False) -> None:
    """Write the notebook into `folder` as `notebook.ipynb`, with a copy of the files beside it unless it is `alone`.

    Raises SubjectError as `read_notebook` does, and for files that are too large together.
    """
    notebook = read_notebook(path)
    if not alone:
        _copy_beside(path.resolve().parent, folder)
    nbformat.write(notebook, folder / "notebook.ipynb")


def _copy_beside(source: Path, folder: Path) -> None:
    """Copy regular files and folders; links are left out, as they lead elsewhere."""
    size = 0
    for found in sorted(source.rglob("*")):
        inner = found.relative_to(source)
        if any(part.endswith(OTHERS) for part in inner.parts) or found.is_symlink() or not found.is_file():
            continue
        size += found.stat().st_size
        if size > BESIDE:
            raise SubjectError(f"{source}: the files beside the notebook are too large together (at most {BESIDE:,})")
        (folder / inner).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found, folder / inner)
