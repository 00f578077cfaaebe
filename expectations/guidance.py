"""Guidance: what the sheet "How to fill this in" says of a source, from its declaration."""

from inspect import cleandoc

from xlsxwriter.worksheet import Worksheet

from expectations.checks import FieldCheck
from expectations.example import example
from expectations.fields import Field
from expectations.paper import Paper
from expectations.source import Source
from expectations.verdicts import Verdict, in_words

WIDTHS = (24, 12, 36, 40, 20)
COLUMNS = ("Column", "Must it be filled in?", "What it means", "What may stand in it", "Example")
RULES = ("What may be wrong", "What to do", "What follows")
# The first one lies across two columns, and so does the last one.
ACROSS = ((0, 1), (2, 2), (3, 4))


def what_it_is(source: type[Source]) -> list[str]:
    """Return what the return is, in paragraphs."""
    return [" ".join(paragraph.split()) for paragraph in cleandoc(source.__doc__ or "").split("\n\n")]


def steps(source: type[Source], ask: str) -> list[str]:
    """Return how to fill the workbook in and send it, in order."""
    above = [field.header for field in source.read.values() if field.above]
    return [
        *([f"On the sheet Return, fill in {' and '.join(above)} above the table."] if above else []),
        "Type or paste one row below another, right below the dark header. If you paste, paste values only "
        "(in Excel: Paste Special, Values), so that the lists stay as they are.",
        "Leave the header, the order of the columns and the sheets as they are, and add no columns.",
        f"Save it as .xlsx and send it ({source.arrives}).",
        "To correct it later, send the whole period once more, with _r2 at the end of the file's name, then _r3. "
        f"What you send replaces each {in_words(source.slices)} that it holds, and nothing else.",
        f"If anything is unclear, ask {ask}.",
    ]


def blanks(source: type[Source]) -> list[str]:
    """Return what is made of blanks, zeros and withheld figures."""
    figures = [
        "There was none: type 0. A blank is never read as zero.",
        'The figure is not known: type "not known". The 12-month figures that need it then stay empty.',
        'Your rules do not let you send a small figure: type "suppressed" or, for example, <5. It is kept as '
        "withheld, never as zero.",
        "Send counts, never percentages: those are computed from the counts.",
    ]
    return [
        *(figures if source.measures else ["A blank is never read as zero: if there was none, type 0."]),
        'A cell of a column marked "required" must be filled in; the others may stay blank.',
        "A row that is blank throughout is passed over.",
    ]


def privacy(source: type[Source]) -> list[str]:
    """Return what must not be sent."""
    references = [field.header for field in source.read.values() if field.personal]
    return [
        "Send no names, dates of birth, addresses, postcodes, telephone numbers, e-mail addresses or NHS numbers, and "
        "no notes about a person. A file that seems to hold them is refused as a whole.",
        *(
            [
                f"{' and '.join(references)}: the reference of your own case system. Use the same one each time: we "
                "replace it by a code of ours before it is counted."
            ]
            if references
            else []
        ),
    ]


def columns(source: type[Source]) -> list[tuple[str, ...]]:
    """Return of each column its header, whether it is required, its meaning, what may stand there and an example."""
    return [
        (field.header, required(field), field.says, _sentence(field.expected), example(field))
        for field in source.read.values()
    ]


def required(field: Field) -> str:
    """Return in a word whether a column must be filled in."""
    return "required" if field.required else "optional"


def rules(source: type[Source]) -> list[tuple[str, ...]]:
    """Return of each check across columns or rows what is said, what to do and what follows."""
    rest = f", and with it the rest of its {in_words(source.slices)}" if source.covers else ""
    follows = {
        Verdict.REJECT_FILE: "The file is refused.",
        Verdict.REJECT_ROW: f"The row is refused{rest}; if more than {source.rejected_limit:.0%} of the rows are, "
        "the file is.",
        Verdict.WARN: "It is taken in. Please look at it.",
    }
    return [
        (_sentence(check.sentence), check.fix, follows[check.verdict])
        for check in source.checks()
        if not isinstance(check, FieldCheck)
    ]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."


def write_guidance(source: type[Source], sheet: Worksheet, paper: Paper, *, ask: str, version: str) -> None:
    """Write the sheet "How to fill this in".

    Args:
        source: the declaration.
        sheet: an empty sheet.
        paper: the look of its workbook.
        ask: whom to ask.
        version: the version of the template.
    """
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width, paper())
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, f"How to fill in: {source.title}", paper(bold=True, font_size=16))
    row = 1
    for heading, paragraphs in (
        ("What it is", what_it_is(source)),
        ("What to do", [f"{number}. {step}" for number, step in enumerate(steps(source, ask), start=1)]),
        ("Blanks, zeros and figures that you may not send", blanks(source)),
        ("Privacy", privacy(source)),
    ):
        row = _heading(sheet, row, heading, paper)
        for paragraph in paragraphs:
            paper.paragraph(sheet, row, WIDTHS, paragraph)
            row += 1
    each = tuple((column, column) for column in range(len(WIDTHS)))
    for heading, header, body, across in (
        ("The columns", COLUMNS, columns(source), each),
        ("What is looked at when it arrives", RULES, rules(source), ACROSS),
    ):
        row = _heading(sheet, row, heading, paper)
        for place, cells in enumerate((header, *body)):
            paper.table_row(sheet, row, WIDTHS, cells, across, paper.cell if place else paper.header)
            row += 1
    sheet.write_string(row + 1, 0, f"Template {source.name}, version {version}", paper(font_size=9))
    paper.set_up(sheet, source.title)


def _heading(sheet: Worksheet, row: int, text: str, paper: Paper) -> int:
    """Write a heading below a blank row, and return the next row."""
    sheet.set_row(row + 1, 20)
    sheet.write_string(row + 1, 0, text, paper.heading)
    return row + 2
