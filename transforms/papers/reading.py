"""Reading papers: DOCX, PDF, HTML, Markdown and plain text as passages."""

import re
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

from transforms.papers.passage import Passage

_NUMBERED = re.compile(r"^\s*(\d{1,2}(?:\.\d{1,2}){1,3})\.?\s+(?=\S)|^\s*(\d{1,2})[.)]\s+(?=\S)")
_ITEM = re.compile(r"^\s*(?:[•●▪◦\uf0b7\uf0a7\uf0d8]|[-*](?=\s))\s*")
_CAPTION = re.compile(r"^\s*((?:table|figure|chart)\s+\d+)\b", re.IGNORECASE)
_FOOTNOTE = re.compile(r"^\s*(\d{1,2})\s+(?=\S)")
#: What printers set for what people type.
_TYPED = str.maketrans(
    {
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{MINUS SIGN}": "-",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    }
)
#: Longer than this, a line is no heading and no cell of a table.
_SHORT = 60


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
    try:
        passages = [one for one in reader(path) if one.text]
    except NotReadable:
        raise
    except Exception as error:  # a damaged file, in whatever words its library has for it
        raise NotReadable(f"{path.name} cannot be read: {error}. Open it, save it again, and try once more.") from error
    if not passages:
        raise NotReadable(f"{path.name} has no text. Is it a scan? Give the document that it was printed from.")
    return passages


def plain(lines: Iterable[str], page: str = "") -> Iterator[Passage]:
    """Yield the passages of text in lines, as a PDF gives it: paragraphs by their numbers, short lines as a table.

    Args:
        lines: the lines.
        page: the place of what comes before the first numbered paragraph.
    """
    place, heading = page, ""
    lines = _itemised(_without_footnotes(list(lines)))
    usual = sorted(len(line.strip()) for line in lines if line.strip())
    short = 0.6 * usual[len(usual) * 3 // 4] if usual else 0
    for cells in _blocks(lines):
        block = [line for cell in cells for line in cell]
        text = _joined(block)
        if found := _NUMBERED.match(text):
            place = found[1] or found[2]
        elif found := _CAPTION.match(text):
            place = found[1].capitalize()
        said = [_joined(cell) for cell in cells]
        is_table = (
            any(map(str.isdigit, text))
            and len(block) > 2
            and "•" not in text
            and text[-1] != "."
            and (sum(len(line.strip()) for line in block) < short * len(block))
        )
        yield Passage(place, _NUMBERED.sub("", " | ".join(said) if is_table else text), heading, is_table)
        if _is_heading(block[-1]):
            heading = _joined(block[-1:]).lstrip("• ")


def _blocks(lines: list[str]) -> Iterator[list[list[str]]]:
    """Yield the lines that belong together; those that stand apart from the others each in a list, as cells do."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    gaps = [after - before - 1 for before, after in pairwise(filled)]
    # A text with an empty line after each line breaks where there are more.
    usual = 1 if gaps and sum(gap > 0 for gap in gaps) > len(gaps) * 0.6 else 0
    block: list[list[str]] = []
    for at, gap in zip(filled, [0, *gaps], strict=True):
        line, is_apart = lines[at], gap > usual or (usual == 1 and gap == 0)
        if block and _begins(line, [one for cell in block for one in cell], is_apart=is_apart):
            yield block
            block = []
        if block and not is_apart and (usual or _continues(line, block[-1][-1])):
            block[-1].append(line)
        else:
            block.append([line])
    if block:
        yield block


def _continues(line: str, before: str) -> bool:
    """Return whether a line goes on with the one before it, and is no cell of its own."""
    return line.strip()[0].islower() or len(before.strip()) > _SHORT


def _begins(line: str, block: list[str], *, is_apart: bool) -> bool:
    """Return whether a line begins a passage of its own."""
    if _NUMBERED.match(line) or _CAPTION.match(line):
        return True
    if not is_apart or _ITEM.match(line) or line.strip()[0].islower():
        return False
    so_far = _joined(block)
    if _ITEM.match(block[-1]) or not _is_prose(so_far):
        return _is_prose(line)
    return so_far[-1] in ".?!:" or _is_heading(line)


def _is_prose(text: str) -> bool:
    """Return whether a text is a sentence, and no cell or heading."""
    return len(text.strip()) > _SHORT or text.strip()[-1:] in (".", ":", "?")


def _is_heading(line: str) -> bool:
    """Return whether a line may be a heading: short, without a figure and without an end."""
    line = _ITEM.sub("", line).strip()
    if _CAPTION.match(line) or _NUMBERED.match(line):
        return False
    return (
        3 < len(line) <= _SHORT and line[0].isupper() and line[-1] not in ".,;:" and not re.search(r"\d%|\d{2,}$", line)
    )


def _itemised(lines: list[str]) -> list[str]:
    """Return lines, those set in from the others as items of a list: their marks are often lost on the way."""
    filled = [line for line in lines if line.strip()]
    if sum(line[0].isspace() for line in filled) > len(filled) * 0.2:
        return lines
    return [f"• {line}" if _is_item(line, before) else line for before, line in zip(["", *lines], lines, strict=False)]


def _is_item(line: str, before: str) -> bool:
    """Return whether a line that is set in is the item of a list, and not the first of a page."""
    is_set_in = line[:1].isspace() and bool(line.strip()) and not before.strip()
    return is_set_in and not _NUMBERED.match(line) and not line.strip()[0].islower()


def _without_footnotes(lines: list[str]) -> list[str]:
    """Return lines without footnotes' numbers: those in a row from 1, at the foot and where they are referred to."""
    following, kept = 1, list(lines)
    for at, line in enumerate(lines):
        found = _FOOTNOTE.match(line)
        is_apart = at > 0 and (not lines[at - 1].strip() or lines[at - 1] != kept[at - 1])
        if found and int(found[1]) == following and is_apart and re.match(r"[A-Z]|12 ", line[found.end() :]):
            kept[at] = line[found.end() :]
            for mark in [before for before in range(at) if lines[before].strip() == found[1]][-1:]:
                kept[mark] = ""
            following += 1
    return kept


def _joined(lines: Iterable[str]) -> str:
    """Return lines as one, the items of a list set apart."""
    items = (_ITEM.sub(" • ", line.translate(_TYPED)) for line in lines)
    return re.sub(r"\s+", " ", " ".join(items)).strip()


def _text(path: Path) -> Iterator[Passage]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    yield from plain(text.splitlines())


def _pdf(path: Path) -> Iterator[Passage]:
    from pypdf import PdfReader

    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        raise NotReadable(f"{path.name} is protected by a password. Save it without one.")
    for number, page in enumerate(reader.pages, start=1):
        yield from plain(page.extract_text().splitlines(), page=f"page {number}")


def _docx(path: Path) -> Iterator[Passage]:
    from docx import Document
    from docx.table import Table

    outline = _Outline()
    for part in Document(str(path)).iter_inner_content():
        if isinstance(part, Table):
            yield from outline.table([[cell.text for cell in row.cells] for row in part.rows])
        elif part.style is not None and (part.style.name or "").startswith(("Heading", "Title")):
            outline.enter(part.text)
        elif part.style is not None and (part.style.name or "").startswith("List"):
            outline.add(f" • {part.text}")
        else:
            yield from outline.paragraph(part.text)
    yield from outline.paragraph("")


def _html(path: Path) -> Iterator[Passage]:
    yield from _marked_up(path.read_text(encoding="utf-8-sig"))


def _markdown(path: Path) -> Iterator[Passage]:
    from markdown_it import MarkdownIt

    yield from _marked_up(MarkdownIt("commonmark").enable("table").render(path.read_text(encoding="utf-8-sig")))


def _marked_up(text: str) -> Iterator[Passage]:
    """Yield the passages of a text in HTML."""
    page = _Page()
    page.feed(text)
    page.close()
    yield from page.passages
    yield from page.outline.paragraph("")


class _Outline:
    """What is read in order: headings, paragraphs with their lists, and tables cell by cell."""

    def __init__(self) -> None:
        self._place, self._heading, self._held, self._last = "", "", "", ""

    def enter(self, heading: str) -> None:
        """Take note of a heading."""
        heading = _joined([heading])
        if found := _NUMBERED.match(heading):
            self._place, heading = found[1] or found[2], heading[found.end() :]
        self._heading = heading

    def add(self, item: str) -> None:
        """Add the item of a list to the paragraph before it."""
        self._held = f"{self._held} {item}"

    def paragraph(self, text: str) -> Iterator[Passage]:
        """Hold a paragraph until its list is read; yield the one held before."""
        if held := _joined([self._held]):
            if found := _NUMBERED.match(held):
                self._place, held = found[1] or found[2], held[found.end() :]
            elif found := _CAPTION.match(held):
                self._place = found[1].capitalize()
            self._last = held
            yield Passage(self._place, held, self._heading)
        self._held = text

    def table(self, rows: list[list[str]]) -> Iterator[Passage]:
        """Yield the rows of a table as passages: each cell with the names of its row and its column."""
        yield from self.paragraph("")
        caption = self._last if _CAPTION.match(self._last) else self._heading
        header, *body = ([_joined([cell]) for cell in row] for row in rows)
        for name, *cells in body:
            said = (f"{name} {column} | {cell}" for column, cell in zip(header[1:], cells, strict=False) if cell)
            yield Passage(self._place, " • ".join(said), caption, is_table=True)


class _Page(HTMLParser):
    """A page in HTML, read into passages."""

    _HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

    def __init__(self) -> None:
        super().__init__()
        self.outline, self.passages = _Outline(), list[Passage]()
        self._text, self._rows, self._hidden = "", list[list[str]](), 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._hidden += tag in ("script", "style", "title")
        if tag in ("p", "li", "table", "td", "th", "div", "caption", *self._HEADINGS):
            self._leave(tag)
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "title")
        if tag in self._HEADINGS:
            self.passages += self.outline.paragraph("")
            self.outline.enter(self._text)
        elif tag == "li":
            self.outline.add(f" • {self._text}")
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append(self._text)
        elif tag in ("p", "div", "caption"):
            self._leave(tag)
        elif tag == "table":
            self.passages += self.outline.table([row for row in self._rows if row])
        else:
            return
        self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += "" if self._hidden else data

    def _leave(self, tag: str) -> None:
        """End the paragraph before a tag."""
        if self._text.strip() and tag not in ("td", "th", "li"):
            self.passages += self.outline.paragraph(self._text)
        self._text = ""


_READERS: dict[str, Callable[[Path], Iterator[Passage]]] = {
    ".docx": _docx,
    ".pdf": _pdf,
    ".html": _html,
    ".htm": _html,
    ".md": _markdown,
    ".txt": _text,
}
