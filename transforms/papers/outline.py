"""Outline: headings, paragraphs with their lists, and tables cell by cell, as they are read one after another."""

from collections.abc import Iterator
from html.parser import HTMLParser

from transforms.papers.layout import CAPTION, NUMBERED, joined
from transforms.papers.passage import Passage


class Outline:
    """What is read in order: headings, paragraphs with their lists, and tables cell by cell."""

    def __init__(self) -> None:
        """Begin before the first heading."""
        self._place, self._heading, self._held, self._last = "", "", "", ""

    def enter(self, heading: str) -> None:
        """Take note of a heading."""
        heading = joined([heading])
        if found := NUMBERED.match(heading):
            self._place, heading = found[1] or found[2], heading[found.end() :]
        self._heading = heading

    def add(self, item: str) -> None:
        """Add the item of a list to the paragraph before it."""
        self._held = f"{self._held} {item}"

    def paragraph(self, text: str) -> Iterator[Passage]:
        """Hold a paragraph until its list is read; yield the one held before."""
        if held := joined([self._held]):
            if found := NUMBERED.match(held):
                self._place, held = found[1] or found[2], held[found.end() :]
            elif found := CAPTION.match(held):
                self._place = found[1].capitalize()
            self._last = held
            yield Passage(self._place, held, self._heading)
        self._held = text

    def table(self, rows: list[list[str]]) -> Iterator[Passage]:
        """Yield the rows of a table as passages: each cell with the names of its row and its column."""
        yield from self.paragraph("")
        caption = self._last if CAPTION.match(self._last) else self._heading
        header, *body = ([joined([cell]) for cell in row] for row in rows)
        for name, *cells in body:
            said = (f"{name} {column} | {cell}" for column, cell in zip(header[1:], cells, strict=False) if cell)
            yield Passage(self._place, " • ".join(said), caption, is_table=True)


class Page(HTMLParser):
    """A page in HTML, read into passages."""

    _HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

    def __init__(self) -> None:
        """Begin at the head of the page."""
        super().__init__()
        self.outline, self.passages = Outline(), list[Passage]()
        self._text, self._rows, self._hidden = "", list[list[str]](), 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """End what a new block ends."""
        self._hidden += tag in ("script", "style", "title")
        if tag in ("p", "li", "table", "td", "th", "div", "caption", *self._HEADINGS):
            self._leave(tag)
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])

    def handle_endtag(self, tag: str) -> None:
        """Take in what a tag ends."""
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
        """Take in text that is shown."""
        self._text += "" if self._hidden else data

    def _leave(self, tag: str) -> None:
        """End the paragraph before a tag."""
        if self._text.strip() and tag not in ("td", "th", "li"):
            self.passages += self.outline.paragraph(self._text)
        self._text = ""
