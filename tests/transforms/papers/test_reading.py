"""Reading papers: the same text from every kind of file, and files that cannot be read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfWriter

from transforms.papers.passage import Passage
from transforms.papers.reading import NotReadable, read_paper

LINES = [
    "1. Performance",
    "1.1 In 2019/20 the MARAC heard 363 cases, with 238 children in the households, and of these cases",
    "42 (11%) involved child to parent violence.",
    "1.2 Sources of referral were:",
    "- the Police (46%)",
    "- Solace (24%)",
]
TABLE = [["Figure", "March 2019", "March 2020"], ["Incidents", "4,815", "4,960"]]


def text(path: Path) -> None:
    path.write_text("\n".join(LINES), encoding="utf-8")


def markdown(path: Path) -> None:
    number, *rest = LINES
    head, below = " | ".join(TABLE[0]), " | ".join(TABLE[1])
    said = [
        f"# {number}",
        "",
        rest[0],
        rest[1],
        "",
        rest[2],
        "",
        *rest[3:],
        "",
        f"| {head} |",
        "|---|---|---|",
        f"| {below} |",
    ]
    path.write_text("\n".join(said), encoding="utf-8")


def html(path: Path) -> None:
    number, *rest = LINES
    items = "".join(f"<li>{one[2:]}</li>" for one in rest[3:])
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
    path.write_text(
        f"<html><head><title>No</title><style>p {{}}</style></head><body><h1>{number}</h1><p>{rest[0]} {rest[1]}</p>"
        f"<p>{rest[2]}</p><ul>{items}</ul><table>{rows}</table></body></html>",
        encoding="utf-8",
    )


def word(path: Path) -> None:
    number, *rest = LINES
    document = Document()
    document.add_heading(number, 1)
    document.add_paragraph(f"{rest[0]} {rest[1]}")
    document.add_paragraph(rest[2])
    for item in rest[3:]:
        document.add_paragraph(item[2:], style="List Bullet")
    table = document.add_table(rows=0, cols=3)
    for row in TABLE:
        for cell, said in zip(table.add_row().cells, row, strict=True):
            cell.text = said
    document.save(str(path))


def pdf(path: Path) -> None:
    """Write a PDF of one page, a line under another."""
    escaped = [line.replace("(", r"\(").replace(")", r"\)") for line in LINES]
    shown = "".join(f"({line}) Tj T*\n" for line in escaped)
    stream = f"BT /F1 11 Tf 14 TL 40 780 Td\n{shown}ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    written, starts = "%PDF-1.4\n", list[int]()
    for number, one in enumerate(objects, start=1):
        starts.append(len(written))
        written += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    path.write_text(f"{written}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}", encoding="ascii")


KINDS: dict[str, Callable[[Path], None]] = {".txt": text, ".md": markdown, ".html": html, ".docx": word, ".pdf": pdf}


def paragraphs(path: Path) -> list[tuple[str, str]]:
    return [(one.place, one.text) for one in read_paper(path) if one.place.startswith("1.")]


@pytest.mark.parametrize("kind", KINDS)
def test_paragraphs_and_lists_are_alike_in_every_kind_of_file(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"draft{kind}"
    KINDS[kind](path)
    said = [one for one in paragraphs(path) if "|" not in one[1]]
    assert said == [
        (
            "1.1",
            "In 2019/20 the MARAC heard 363 cases, with 238 children in the households, and of these cases "
            "42 (11%) involved child to parent violence.",
        ),
        ("1.2", "Sources of referral were: • the Police (46%) • Solace (24%)"),
    ]


@pytest.mark.parametrize("kind", [".md", ".html", ".docx"])
def test_cells_of_tables_have_the_names_of_row_and_column(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"draft{kind}"
    KINDS[kind](path)
    (table,) = [one for one in read_paper(path) if one.is_table]
    assert table.text == "Incidents March 2019 | 4,815 • Incidents March 2020 | 4,960"


def test_a_heading_stands_over_what_follows(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("# Refuges\n\nThere were 24.\n\n## Training\n\nThere were 119.\n", encoding="utf-8")
    assert [(one.heading, one.text) for one in read_paper(path)] == [
        ("Refuges", "There were 24."),
        ("Training", "There were 119."),
    ]


def test_text_with_an_empty_line_after_each_line_is_put_together(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    lines = [
        "2.1 The first line of a paragraph goes on",
        "in the second, and ends there.",
        "",
        "2.2 Another one has",
        "two lines too.",
    ]
    path.write_text("\n\n".join(lines), encoding="utf-8")
    assert [(one.place, one.text) for one in read_paper(path)] == [
        ("2.1", "The first line of a paragraph goes on in the second, and ends there."),
        ("2.2", "Another one has two lines too."),
    ]


def test_footnotes_are_text_and_their_numbers_are_not(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text("1.1 There were 13 of them.\n   1\n\n1 Data to September 2020\n", encoding="utf-8")
    assert [one.text for one in read_paper(path)] == ["There were 13 of them.", "Data to September 2020"]


def test_what_printers_set_is_read_as_typed(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_bytes(b"1.1 Clare\x92s Law: 31\x9640")  # as Windows writes it
    assert read_paper(path) == [Passage("1.1", "Clare's Law: 31-40")]


@pytest.mark.parametrize("kind", [".pdf", ".docx"])
@pytest.mark.parametrize("content", [b"", b"nothing of the kind", b"PK\x03\x04broken", b"%PDF-1.4 broken"])
def test_a_damaged_file_is_said_to_be_damaged(kind: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"draft{kind}"
    path.write_bytes(content)
    with pytest.raises(NotReadable, match=rf"draft{kind} (is damaged|has no text)"):
        read_paper(path)


def test_a_protected_pdf_is_to_be_saved_without_a_password(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    writer.write(tmp_path / "draft.pdf")
    with pytest.raises(NotReadable, match=r"protected by a password\. Save it without one"):
        read_paper(tmp_path / "draft.pdf")


def test_a_scan_has_no_text(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "scan.pdf")
    with pytest.raises(NotReadable, match="Is it a scan"):
        read_paper(tmp_path / "scan.pdf")


def test_another_kind_of_file_is_refused_with_those_that_are_read(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match=r"Give one of: \.docx, \.pdf, \.html"):
        read_paper(tmp_path / "draft.pptx")
