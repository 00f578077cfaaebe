"""Reading papers: DOCX, PDF, HTML, Markdown and plain text as passages."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import BadZipFile

from transforms.papers.layout import PAGE, plain
from transforms.papers.outline import Outline, Page
from transforms.papers.passage import Passage


class NotReadable(Exception):
    """A paper that cannot be read."""


def read_paper(path: Path) -> list[Passage]:
    """Return the passages of a paper, in order.

    Args:
        path: a DOCX, PDF, HTML, Markdown or plain text file.

    Raises:
        NotReadable: if it is of another kind, is damaged, or has no text (a scan).
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise NotReadable(f"{path.name} is not a paper that can be read. Give one of: {', '.join(_READERS)}.")
    passages = [one for one in reader(path) if one.text]
    if not passages:
        raise NotReadable(f"{path.name} has no text. Is it a scan? Give the document that it was printed from.")
    return passages


def _text(path: Path) -> Iterator[Passage]:
    yield from plain(_decoded(path).splitlines())


def _decoded(path: Path) -> str:
    """Return the text of a file, in the encodings that editors use."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _pdf(path: Path) -> Iterator[Passage]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with a file is said by us
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotReadable(f"{path.name} is protected by a password. Save it without one.")
        pages = [page.extract_text() for page in reader.pages]
    except PyPdfError as error:
        raise _damaged(path, error) from error
    yield from plain(line for page in pages for line in f"{PAGE}{page}".split("\n"))


def _docx(path: Path) -> Iterator[Passage]:
    from docx import Document
    from docx.opc.exceptions import OpcError
    from docx.table import Table

    try:
        document = Document(str(path))
    except (OpcError, BadZipFile, KeyError, ValueError) as error:
        raise _damaged(path, error) from error
    outline = Outline()
    for part in document.iter_inner_content():
        style = "" if isinstance(part, Table) or part.style is None else part.style.name or ""
        if isinstance(part, Table):
            yield from outline.table([[cell.text for cell in row.cells] for row in part.rows])
        elif style.startswith(("Heading", "Title")):
            yield from outline.paragraph("")
            outline.enter(part.text)
        elif style.startswith("List"):
            outline.add(f" • {part.text}")
        else:
            yield from outline.paragraph(part.text)
    yield from outline.paragraph("")


def _damaged(path: Path, error: Exception) -> NotReadable:
    return NotReadable(f"{path.name} is damaged ({error}). Open it, save it again, and try once more.")


def _html(path: Path) -> Iterator[Passage]:
    yield from _marked_up(_decoded(path))


def _markdown(path: Path) -> Iterator[Passage]:
    from markdown_it import MarkdownIt

    yield from _marked_up(MarkdownIt("commonmark").enable("table").render(_decoded(path)))


def _marked_up(text: str) -> Iterator[Passage]:
    """Yield the passages of a text in HTML."""
    page = Page()
    page.feed(text)
    page.close()
    yield from page.passages
    yield from page.outline.paragraph("")


_READERS: dict[str, Callable[[Path], Iterator[Passage]]] = {
    ".docx": _docx,
    ".pdf": _pdf,
    ".html": _html,
    ".htm": _html,
    ".md": _markdown,
    ".txt": _text,
}
