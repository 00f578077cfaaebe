"""Layout: which lines of a text without marks belong together, and what is a paragraph, a heading or a table."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from transforms.papers.passage import Passage

PAGE = "\f"
NUMBERED = re.compile(r"^\s*(\d{1,2}(?:\.\d{1,2}){1,3})\.?\s+(?=\S)|^\s*(\d{1,2})[.)]\s+(?=\S)")
_ITEM = re.compile(r"^\s*(?:[•●▪◦\uf0b7\uf0a7\uf0d8]|[-*](?=\s))\s*")
CAPTION = re.compile(r"^\s*((?:table|figure|chart)\s+\d+)\b", re.IGNORECASE)
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


def plain(lines: Iterable[str]) -> Iterator[Passage]:
    """Yield the passages of text in lines, as a PDF gives it: paragraphs by their numbers, short lines as a table.

    Args:
        lines: the lines; a line with a form feed begins a page. What stands before the first numbered paragraph, table
            or figure has its page for a place, where there is one.
    """
    lines = _itemised(_without_footnotes(list(lines)))
    place, heading, page = "", "", 0
    for cells in _blocks(lines):
        block = [line for cell in cells for line in cell]
        text = joined(block)
        if any(PAGE in line for line in block):
            page += 1
            place = f"page {page}" if not place or place.startswith("page") else place
        if found := NUMBERED.match(text):
            place = found[1] or found[2]
        elif found := CAPTION.match(text):
            place = found[1].capitalize()
        said = [joined(cell) for cell in cells]
        is_table = any(map(str.isdigit, text)) and len(block) > 2 and _is_table(block, lines)
        yield Passage(place, NUMBERED.sub("", " | ".join(said) if is_table else text), heading, is_table)
        if _is_heading(block[-1]):
            heading = joined(block[-1:]).lstrip("• ")


def _is_table(block: list[str], lines: list[str]) -> bool:
    """Return whether lines are the cells of a table: shorter than most, and neither a list nor sentences."""
    text = joined(block)
    return "•" not in text and text[-1] != "." and sum(map(_width, block)) < 0.6 * _wide(lines) * len(block)


def _wide(lines: list[str]) -> int:
    """Return how wide the lines of paragraphs are."""
    widths = sorted(_width(line) for line in lines if line.strip())
    return widths[len(widths) * 3 // 4] if widths else 0


def _width(line: str) -> int:
    return len(line.strip())


def _blocks(lines: list[str]) -> Iterator[list[list[str]]]:
    """Yield the lines that belong together; those that stand apart from the others each in a list, as cells do."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    gaps = [after - before - 1 for before, after in pairwise(filled)]
    # A text with an empty line after each line breaks where there are more.
    are_apart = bool(gaps) and sum(gap > 0 for gap in gaps) > len(gaps) * 0.6
    usual = 1 if are_apart and not _are_paragraphs([lines[at] for at in filled]) else 0
    wide = _wide(lines)
    block: list[list[str]] = []
    for at, gap in zip(filled, [0, *gaps], strict=False):
        line, so_far = lines[at], [one for cell in block for one in cell]
        is_apart = gap > usual or (usual == 1 and gap == 0) or (usual == 0 and _ends_short(so_far, wide))
        if block and _begins(line, so_far, is_apart=is_apart):
            yield block
            block = []
        if block and not is_apart and (usual or _continues(line, block[-1][-1])):
            block[-1].append(line)
        else:
            block.append([line])
    if block:
        yield block


def _are_paragraphs(lines: list[str]) -> bool:
    """Return whether each line is a paragraph or a heading, as text is kept that nobody has broken into lines."""
    going_on = sum(line.strip()[0].islower() for line in lines)
    return going_on * 10 < len(lines)


def _ends_short(block: list[str], wide: int) -> bool:
    """Return whether lines end with a sentence that does not fill its line."""
    return bool(block) and block[-1].rstrip().endswith((".", "?", "!")) and _width(block[-1]) < 0.9 * wide


def _continues(line: str, before: str) -> bool:
    """Return whether a line goes on with the one before it, and is no cell of its own."""
    return line.strip()[0].islower() or len(before.strip()) > _SHORT


def _begins(line: str, block: list[str], *, is_apart: bool) -> bool:
    """Return whether a line begins a passage of its own."""
    if NUMBERED.match(line) or CAPTION.match(line):
        return True
    if not is_apart or _ITEM.match(line) or line.strip()[0].islower():
        return False
    so_far = joined(block)
    if _ITEM.match(block[-1]) or not _is_prose(so_far):
        return _is_prose(line)
    return so_far[-1] in ".?!:" or _is_heading(line)


def _is_prose(text: str) -> bool:
    """Return whether a text is a sentence, and no cell or heading."""
    return len(text.strip()) > _SHORT or text.strip()[-1:] in (".", ":", "?")


def _is_heading(line: str) -> bool:
    """Return whether a line may be a heading: short, without a figure and without an end."""
    line = _ITEM.sub("", line).strip()
    if CAPTION.match(line) or NUMBERED.match(line):
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
    return is_set_in and not NUMBERED.match(line) and not line.strip()[0].islower()


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


def joined(lines: Iterable[str]) -> str:
    """Return lines as one, as they would be typed, with the items of a list set apart."""
    items = (_ITEM.sub(" • ", line.translate(_TYPED)) for line in lines)
    return re.sub(r"\s+", " ", " ".join(items)).strip()
