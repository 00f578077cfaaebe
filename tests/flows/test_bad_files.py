"""Files that go wrong in the world, one by one: each ends in one clear message, and no figure suffers."""

import csv
import errno
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter

from expectations.catalogue import about_people
from flows.home import Home
from flows.ingesting import ingest
from flows.keys import new_keys
from flows.outcomes import Outcome
from flows.refreshing import refresh_and_publish
from tests.empty import with_warehouse
from tests.words import JARGON
from warehouse import open_published
from warehouse.opening import WarehouseBusy

GOLDEN = Path(__file__).parents[1] / "sources"
BARNET, BRENT = "E09000003", "E09000005"
HEADERS = ("Month", "Area code", "Area name", "Concept", "Measure", "Count", "Extract date")
MONTHS = [f"{2020 + number // 12}-{number % 12 + 1:02}-01" for number in range(3, 15)]
COUNT = HEADERS.index("Count")
OLD, NEW = 1200, 1212

Rows = list[tuple[object, ...]]
RESIDENTS: Rows = [("area_code", "mid_year", "population", "series"), (BARNET, 2020, 399_007, "ONS original")]


def extract(area: str = BARNET, incidents: int = 101, drawn_on: str = "2021-05-06") -> Rows:
    """Return an extract of twelve months with its header: by default one that restates Barnet's 1,200 as 1,320."""
    series = (
        ("DA_INCIDENT", "incidents", incidents),
        ("DA_OFFENCE", "offences", incidents // 2),
        ("DA_VWI", "offences", incidents // 5),
        ("DA_VWI", "sanction_detections", incidents // 25),
    )
    name = "Barnet" if area == BARNET else "Brent"
    return [HEADERS, *((month, area, name, *one, drawn_on) for month in MONTHS for one in series)]


def with_cell(row: int, column: int, value: object) -> Rows:
    """Return the extract with another value in one cell; the header is row 1."""
    rows = extract()
    rows[row - 1] = (*rows[row - 1][:column], value, *rows[row - 1][column + 1 :])
    return rows


def text(rows: Iterable[Sequence[object]] | None = None, *, ends: Sequence[str] = ("\n",)) -> str:
    """Return rows as CSV, with these line ends in turn."""
    lines = io.StringIO(newline="")
    csv.writer(lines, lineterminator="\n").writerows(extract() if rows is None else rows)
    return "".join(f"{line}{ends[place % len(ends)]}" for place, line in enumerate(lines.getvalue().splitlines()))


def workbook(draw: Callable[[Any], object]) -> bytes:
    """Return a workbook that was drawn with XlsxWriter."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        draw(book)
    return made.getvalue()


def sheet(book: Any, name: str = "Data", rows: Rows | None = None, *, at: tuple[int, int] = (0, 0)) -> Any:
    """Write rows, with the first cell at a place, into a sheet of that name, and return the sheet."""
    page = book.get_worksheet_by_name(name) or book.add_worksheet(name)
    for number, cells in enumerate(extract() if rows is None else rows):
        page.write_row(at[0] + number, at[1], cells)
    return page


def repacked(packed: bytes, change: Callable[[str, bytes], bytes], more: dict[str, bytes] | None = None) -> bytes:
    """Return a workbook with the files in it changed, and more of them put in."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return made.getvalue()


def in_the_sheet(pattern: bytes, becomes: bytes) -> Callable[[str, bytes], bytes]:
    """Return a change of the XML of the first sheet, which must find what it changes."""

    def change(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        changed, found = re.subn(pattern, becomes, content)
        assert found
        return changed

    return change


def formula(result: object) -> bytes:
    """Return a workbook in which the first count is a formula with this stored result."""
    return workbook(lambda book: sheet(book).write_formula(1, COUNT, "=10*11", None, result))


def hidden(name: str, rows: Rows | None, *, beside: bool, very: bool = False) -> bytes:
    """Return a workbook with a hidden sheet, beside a visible one with the table or with a note alone."""

    def draw(book: Any) -> None:
        if beside:
            sheet(book)
        else:
            book.add_worksheet("Read me").write(0, 0, "The figures are in this workbook")
        page = sheet(book, name, rows)
        (page.very_hidden if very else page.hide)()

    return workbook(draw)


def merged_over_two_columns(book: Any) -> None:
    page = sheet(book, rows=[HEADERS, *((*row, 7) for row in extract()[1:])])
    page.merge_range(0, 6, 0, 7, "Extract date", book.add_format())


def merged_over_two_rows(book: Any) -> None:
    page = sheet(book, rows=[("", *HEADERS[1:]), *extract()[1:]], at=(1, 0))
    page.merge_range(0, 0, 1, 0, "Month", book.add_format())


def merged_title(book: Any) -> None:
    sheet(book, at=(1, 0)).merge_range(0, 0, 0, 6, "Domestic abuse, monthly extract")


def bomb() -> bytes:
    """Return a workbook of about half a megabyte that unpacks to more than half a gigabyte."""
    made = io.BytesIO(workbook(sheet))
    with (
        zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
        packed.open("xl/media/picture.bmp", "w") as picture,
    ):
        for _ in range(510):
            picture.write(bytes(1_000_000))
    return made.getvalue()


def lying_about_its_size() -> bytes:
    """Return a workbook whose list of contents says that its sheet unpacks to 100 bytes."""
    packed = bytearray(workbook(sheet))
    place = packed.rindex(b"xl/worksheets/sheet1.xml")
    packed[place - 46 + 24 : place - 46 + 28] = (100).to_bytes(4, "little")
    return bytes(packed)


def archive(name: str, content: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr(name, content)
    return made.getvalue()


@dataclass(frozen=True)
class Case:
    """A file, and what must be said of it.

    Attributes:
        content: makes the file's text or bytes.
        status: what becomes of it.
        says: what its message must hold; an accepted file without such words must go through without a word.
        name: its name.
    """

    content: Callable[[], str | bytes]
    status: str
    says: tuple[str, ...] = ()
    name: str = "sent.csv"


CASES = {
    "a CSV that is named .xlsx": Case(text, "accepted", name="sent.xlsx"),
    "a workbook that is named .csv": Case(lambda: workbook(sheet), "accepted"),
    "line ends of an old Mac": Case(lambda: text(ends=["\r"]), "accepted"),
    "line ends of every kind": Case(lambda: text(ends=["\n", "\r\n", "\r"]), "accepted"),
    "UTF-16 without its mark": Case(
        lambda: text().encode("utf-16-le"), "rejected", ("not plain text", "save it as CSV UTF-8 or as XLSX")
    ),
    "an unknown column": Case(
        lambda: text([(*HEADERS, "Ward"), *((*row, "Hendon") for row in extract()[1:])]),
        "accepted",
        ('Column "Ward"', "is not read"),
    ),
    "a very long cell near the top": Case(
        lambda: text(with_cell(3, 2, "x" * 300_000)), "rejected", ("save it again as CSV UTF-8 or XLSX",)
    ),
    "very long counts far down": Case(
        lambda: text(
            [*extract(BRENT), *extract()[3:], *((*row[:COUNT], "x" * 300_000, row[-1]) for row in extract()[1:3])]
        ),
        "rejected",
        ("row 96", "row 97", '"xxxxx', "a whole number"),
    ),
    "a very long count in a workbook": Case(
        lambda: workbook(lambda book: sheet(book, rows=with_cell(5, COUNT, "x" * 32_000))),
        "rejected",
        ("cell F5", '"xxxxx', "a whole number"),
    ),
    "a rejected file with a name that leads out of the folder": Case(
        lambda: text(with_cell(2, COUNT, "many")), "rejected", ("row 2", '"many"'), name="a\\..\\..\\way out.csv"
    ),
    "a rejected file with a name of spaces, quotes and signs": Case(
        lambda: text(with_cell(2, COUNT, "many")), "rejected", ("row 2", '"many"'), name='it\'s "new" 📊 [red].csv'
    ),
    "a formula with its result": Case(lambda: formula(101), "accepted"),
    "a formula with an error for a result": Case(
        lambda: formula("#REF!"), "rejected", ('Column "Count"', 'cell F2: "#REF!"', "mend the formula")
    ),
    "a formula with an empty result": Case(lambda: formula(""), "rejected", ('Column "Count"', "blank", "cell F2")),
    "a formula without a result": Case(
        lambda: repacked(formula(101), in_the_sheet(rb"</f><v>101</v>", b"</f>")),
        "rejected",
        ("formula in cell F2", "Excel"),
    ),
    "a hidden old copy beside the table": Case(
        lambda: hidden("Old", extract(incidents=90), beside=True), "rejected", ("hidden", '"Old"')
    ),
    "a table on a hidden sheet alone": Case(
        lambda: hidden("Figures", None, beside=False), "rejected", ("hidden", '"Figures"')
    ),
    "a table on a sheet hidden by a program": Case(
        lambda: hidden("Figures", None, beside=False, very=True), "rejected", ("hidden", '"Figures"')
    ),
    "two tables side by side": Case(
        lambda: workbook(lambda book: (sheet(book), sheet(book, rows=extract(incidents=90), at=(0, 9)))),
        "rejected",
        ("Two tables stand side by side: columns A to G, and columns J to P. Which one holds?",),
    ),
    "two tables one below the other": Case(
        lambda: workbook(lambda book: (sheet(book), sheet(book, rows=extract(BRENT), at=(52, 0)))),
        "accepted",
    ),
    "two sheets with a table each": Case(
        lambda: workbook(lambda book: (sheet(book), sheet(book, "April", extract(BRENT)))),
        "rejected",
        ('"Data"', '"April"', "one table a file"),
    ),
    "two sheets with tables of two sources": Case(
        lambda: workbook(lambda book: (sheet(book), sheet(book, "Residents", RESIDENTS))),
        "rejected",
        ('"Data"', '"Residents"', "one table a file"),
    ),
    "a header merged over two columns": Case(
        lambda: workbook(merged_over_two_columns), "accepted", ("column H", "no header", "merged")
    ),
    "a header merged over two rows": Case(lambda: workbook(merged_over_two_rows), "accepted"),
    "a title merged over the table": Case(lambda: workbook(merged_title), "accepted"),
    "a workbook that unpacks to half a gigabyte": Case(bomb, "rejected", ("510,", "500,000,000 is the limit")),
    "a workbook that lies about its unpacked size": Case(lying_about_its_size, "rejected", ("cannot be opened",)),
    "a workbook that says it is the largest possible": Case(
        lambda: repacked(workbook(sheet), in_the_sheet(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"')),
        "accepted",
    ),
    "a workbook that says it is one cell": Case(
        lambda: repacked(workbook(sheet), in_the_sheet(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"')), "accepted"
    ),
    "a workbook that does not name its cells": Case(
        lambda: repacked(workbook(sheet), in_the_sheet(rb'<c r="[A-Z0-9]+"', b"<c")), "accepted"
    ),
    "a workbook with macros": Case(
        lambda: repacked(workbook(sheet), lambda _, content: content, {"xl/vbaProject.bin": b"Sub"}),
        "rejected",
        ("macros",),
        name="sent.xlsm",
    ),
    "an archive with the table in it": Case(
        lambda: archive("extract.csv", text()), "rejected", ("ZIP archive", "Unpack it"), name="sent.zip"
    ),
}


needs_limits = pytest.mark.skipif(not find_spec("resource"), reason="this system cannot limit a program")


def vawg(home: Home, *words: object, limit: str, to: int) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, with a limit on what it may use."""
    program = f"import resource; resource.setrlimit(resource.{limit}, ({to}, {to}))\nfrom flows.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, words)],
        env={**os.environ, "VAWG_HOME": str(home.root), "COLUMNS": "200"},
        cwd=home.root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home that has published a year of two boroughs."""
    home = with_warehouse(Home(tmp_path_factory.mktemp("published") / "home"))
    for area in (BARNET, BRENT):
        (home.landing / f"{area}.csv").write_text(text(extract(area, 100, "2021-04-06")), encoding="utf-8")
    assert [outcome.status for outcome in ingest(home, [home.landing])] == ["accepted", "accepted"]
    refresh_and_publish(home)
    assert incidents(home) == {BARNET: OLD, BRENT: OLD}
    return home


@pytest.fixture
def home(published: Home, tmp_path: Path) -> Home:
    """Return a copy of that home."""
    return Home(Path(shutil.copytree(published.root, tmp_path / "home")))


def incidents(home: Home) -> dict[str, float]:
    """Return the published incidents of the year, by borough."""
    with open_published(home.published) as published, published.at_once() as connection:
        return dict(
            connection.execute(
                "SELECT area_code, value FROM rolling_12m"
                " WHERE indicator_id = 'DA_INC_R12' AND period_end = DATE '2021-03-31' AND value IS NOT NULL"
            ).fetchall()
        )


def said(outcome: Outcome) -> str:
    """Return everything that is said of a file."""
    return "\n".join([outcome.message, *map(str, outcome.findings)])


def audited(home: Home, outcome: Outcome) -> dict[str, int]:
    """Return the counts of rows that the audit keeps of a file."""
    names = list(vars(outcome.counts))
    with duckdb.connect(home.warehouse, read_only=True) as connection:
        kept = connection.execute(
            f"SELECT {', '.join(names)} FROM submission WHERE submission_id = ?", [outcome.submission_id]
        ).fetchall()
    return dict(zip(names, *kept, strict=True))


def take_in_next_good_file(home: Home) -> None:
    """Restate Brent."""
    good = home.landing / "good.csv"
    good.write_text(text(extract(BRENT, 102, "2021-06-06")), encoding="utf-8")
    (outcome,) = ingest(home, [good])
    assert (outcome.status, outcome.counts.loaded) == ("accepted", 48)


def assert_next_good_file_is_taken_in(home: Home, barnet: float) -> None:
    """Restate Brent, publish, and look whether that is all that has changed since Barnet had this figure."""
    take_in_next_good_file(home)
    refresh_and_publish(home)
    assert incidents(home) == {BARNET: barnet, BRENT: 1224}


def incidents_held(home: Home) -> dict[str, int]:
    """Return the incidents of the year, by borough, that the next publication would rest on."""
    with home.open() as connection:
        return dict(
            connection.execute(
                "SELECT area_code, sum(value)::BIGINT FROM monthly_measure_as_of(TIMESTAMP '9999-01-01')"
                " WHERE measure_id = 'incidents' GROUP BY area_code"
            ).fetchall()
        )


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_file_ends_in_one_clear_message_and_no_figure_suffers(case: Case, home: Home) -> None:
    content = case.content()
    sent = content.encode() if isinstance(content, str) else content
    (home.landing / case.name).write_bytes(sent)
    before = home.published.read_bytes()

    (outcome,) = ingest(home, [home.landing])

    assert (outcome.file_name, outcome.status) == (case.name, case.status), said(outcome)
    assert [words for words in case.says if words not in said(outcome)] == [], said(outcome)
    assert not JARGON.search(said(outcome))
    assert max((len(str(finding)) for finding in outcome.findings), default=0) < 500
    assert list(home.landing.iterdir()) == []
    counts = vars(outcome.counts)
    assert counts["received"] == sum(counts.values()) - counts["received"]
    assert audited(home, outcome) == counts
    assert home.published.read_bytes() == before
    assert incidents(home) == {BARNET: OLD, BRENT: OLD}
    assert outcome.kept_as is not None
    kept = (home.root / outcome.kept_as).resolve()
    assert kept.read_bytes() == sent
    if case.status == "rejected":
        assert counts["loaded"] == 0
        assert kept.is_relative_to(home.quarantine.resolve())
        feedback = (kept.parent / "feedback.txt").read_text(encoding="utf-8")
        assert feedback.startswith(f"{case.name}: rejected.")
        assert [words for words in case.says if words not in feedback] == []
    else:
        assert bool(outcome.findings) == bool(case.says), said(outcome)
    take_in_next_good_file(home)
    assert incidents_held(home) == {BARNET: OLD if case.status == "rejected" else NEW, BRENT: 1224}


def test_no_bad_file_of_any_source_changes_a_published_figure(home: Home) -> None:
    # What each of them is told is in its golden file; here one of each source and form goes the whole way.
    sent = [path for path in sorted(GOLDEN.glob("*/bad/*.*")) if path.suffix in (".csv", ".xlsx")]
    bad = [path for path in sent if ".facts" not in path.name and not path.with_name(f"{path.stem}.facts.csv").exists()]
    refused = [*{(path.parent, path.suffix): path for path in bad}.values()]
    assert {path.parent for path in refused} == {*GOLDEN.glob("*/bad")}
    before = home.published.read_bytes()
    new_keys(home.key_file, [source.supplier.agency_id for source in about_people()])
    home = Home(home.root)
    outcomes = ingest(home, refused)
    assert {outcome.status for outcome in outcomes} == {"rejected"}
    for outcome in outcomes:
        assert not JARGON.search(said(outcome))
        assert audited(home, outcome) == vars(outcome.counts)
        assert outcome.counts.loaded == 0
    assert home.published.read_bytes() == before
    assert_next_good_file_is_taken_in(home, OLD)


def test_file_of_two_gigabytes_is_refused_before_it_is_read(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    large = home.landing / "large.csv"
    with large.open("wb") as file:
        file.truncate(2_000_000_001)
    opened = Path.open

    def open_all_but_the_large(path: Path, *given: Any, **named: Any) -> Any:
        assert path != large
        return opened(path, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", open_all_but_the_large)
        (outcome,) = ingest(home, [home.landing])
    assert (outcome.status, outcome.message) == ("rejected", "It was not read, and stays where it is.")
    assert "2,000,000,001 bytes; 1,000,000,000 is the limit" in said(outcome)
    assert "split it by month" in said(outcome)
    assert large.exists()
    assert_next_good_file_is_taken_in(home, OLD)


@needs_limits
def test_small_workbook_with_two_far_apart_cells_is_refused_before_it_takes_all_memory(home: Home) -> None:
    far = workbook(lambda book: sheet(book).write(1_048_575, 16_383, "x"))
    assert len(far) < 10_000
    (home.landing / "far.xlsx").write_bytes(far)
    # Ended for want of memory, the program says nothing more: so it runs beside the test.
    answer = vawg(home, "ingest", home.landing, limit="RLIMIT_AS", to=8_000_000_000)
    assert answer.returncode == 3, answer.stderr
    assert "row 1,048,576" in answer.stdout
    assert "column 16,384" in answer.stdout
    assert "25,000,000 is the limit" in answer.stdout
    assert_next_good_file_is_taken_in(home, OLD)


@needs_limits
def test_small_workbook_that_takes_gigabytes_by_repeating_a_long_text_is_refused(home: Home) -> None:
    long = "x" * 32_767
    repeating = workbook(lambda book: sheet(book, rows=[HEADERS, *((long,) for _ in range(140_000))]))
    assert len(repeating) < 2_000_000
    (home.landing / "repeating.xlsx").write_bytes(repeating)
    answer = vawg(home, "ingest", home.landing, limit="RLIMIT_AS", to=6_000_000_000)
    assert answer.returncode == 3, answer.stderr
    assert "memory" in answer.stdout
    assert_next_good_file_is_taken_in(home, OLD)


def test_tables_of_other_kinds_in_a_folder_are_refused_and_not_passed_over(home: Home) -> None:
    (home.landing / "extract.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on")
    (outcome,) = ingest(home, [home.landing])
    assert (outcome.file_name, outcome.status) == ("extract.xls", "rejected")
    assert "Save it as .xlsx" in said(outcome)


def test_file_that_is_gone_before_its_turn_is_said(home: Home) -> None:
    path = home.landing / "sent.csv"
    path.write_text(text(), encoding="utf-8")
    (outcome,) = ingest(home, [home.landing], tell=lambda _: path.unlink())
    assert (outcome.status, outcome.file_name) == ("gone", "sent.csv")
    assert outcome.message == "It is gone: another run took it in, or its sender took it back."
    assert_next_good_file_is_taken_in(home, OLD)


# Where the program runs out of room: at its copy of the file, in the warehouse, and in the new published database.
@needs_limits
@pytest.mark.parametrize("room", [1_000, 8_000])
def test_full_disk_is_said_and_the_file_is_taken_in_once_there_is_room(room: int, home: Home) -> None:
    path = home.landing / "sent.csv"
    path.write_text(text(), encoding="utf-8")
    answer = vawg(home, "ingest", home.landing, limit="RLIMIT_FSIZE", to=room)
    assert answer.returncode == 1
    assert answer.stdout == (
        "failed sent.csv It could not be taken in, and nothing was changed: "
        "the disk with the home folder is full. Make room there, and run the command again.\n"
    )
    assert path.exists()
    assert list(home.incoming.iterdir()) == []
    assert incidents(home) == {BARNET: OLD, BRENT: OLD}
    (outcome,) = ingest(home, [home.landing])
    assert outcome.status == "accepted"
    assert_next_good_file_is_taken_in(home, NEW)


@needs_limits
@pytest.mark.parametrize("room", [50_000, 2_000_000])
def test_disk_that_is_full_when_figures_are_published_is_said_and_the_last_ones_stand(room: int, home: Home) -> None:
    answer = vawg(home, "refresh", limit="RLIMIT_FSIZE", to=room)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == (
        "Error: The disk with the home folder is full. Make room there, and run the command again.\n"
    )
    assert incidents(home) == {BARNET: OLD, BRENT: OLD}
    assert_next_good_file_is_taken_in(home, OLD)


def test_file_that_cannot_be_removed_is_accepted_all_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home.landing / "sent.csv"
    path.write_text(text(), encoding="utf-8")
    removed = Path.unlink

    def refuse(one: Path, missing_ok: bool = False) -> None:
        if one == path:
            raise PermissionError(errno.EACCES, "Permission denied", str(one))
        removed(one, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        (outcome,) = ingest(home, [home.landing])
    assert outcome.status == "accepted"
    assert "could not be taken out of landing" in outcome.message
    assert [outcome.status for outcome in ingest(home, [home.landing])] == ["unchanged"]
    assert not path.exists()


def test_read_only_disk_is_said_and_the_file_stays(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home.landing / "sent.csv"
    path.write_text(text(), encoding="utf-8")
    opened = Path.open

    def read_only(path: Path, mode: str = "r", *given: Any, **named: Any) -> Any:
        if "w" in mode:
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return opened(path, mode, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", read_only)
        (outcome,) = ingest(home, [home.landing])
    assert outcome.status == "failed"
    assert "nothing was changed: Read-only file system" in outcome.message
    assert "ask for the right to it" in outcome.message
    assert path.exists()
    assert incidents(home) == {BARNET: OLD, BRENT: OLD}
    assert [outcome.status for outcome in ingest(home, [home.landing])] == ["accepted"]


WITH_LOCK = "from flows.home import Home; held = Home(Path(sys.argv[1])).open(); held.__enter__()"
WITHOUT_LOCK = "import duckdb; held = duckdb.connect(Home(Path(sys.argv[1])).warehouse, read_only=True)"


@pytest.mark.parametrize(
    ("hold", "says"),
    [(WITH_LOCK, "Try again when it is done"), (WITHOUT_LOCK, "close any other program")],
    ids=["another run", "another program"],
)
def test_warehouse_held_by_another_program_is_said_and_the_file_waits(
    hold: str, says: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = home.landing / "sent.csv"
    path.write_text(text(), encoding="utf-8")
    monkeypatch.setattr("warehouse.opening.PATIENCE_SECONDS", 0.1)
    program = (
        f"import sys; from pathlib import Path; from flows.home import Home\n{hold}\nprint('held', flush=True)\ninput()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(home.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(WarehouseBusy, match=says):
            ingest(home, [home.landing])
        assert incidents(home) == {BARNET: OLD, BRENT: OLD}
        other.kill()
    assert path.exists()
    assert list(home.incoming.iterdir()) == []
    assert [outcome.status for outcome in ingest(home, [home.landing])] == ["accepted"]
    assert_next_good_file_is_taken_in(home, NEW)
