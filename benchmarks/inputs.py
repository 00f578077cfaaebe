"""What the benchmark runs on: the police's file, or a synthetic one of its shape, and files made from it."""

import csv
import hashlib
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import gettempdir
from zlib import crc32

BARNET = "E09000003"
BOROUGHS = [f"E09{number:06}" for number in range(2, 34)]
HEADER = (
    "Month_Year,Area Type,Borough_SNT,Area name,Area code,Crime Type,Crime Subtype,Measure,Financial Year,FY_FYIndex,"
    "Count,Refresh Date"
)
ABUSE, VIOLENCE = "Domestic Abuse", "Domestic Abuse violence with injury"
# Crime type, subtype, measure, and about how many a borough has in a month.
SERIES = (
    (ABUSE, ABUSE, "Offences", 240),
    (ABUSE, ABUSE, "Positive Outcomes", 16),
    (ABUSE, VIOLENCE, "Offences", 55),
    (ABUSE, VIOLENCE, "Positive Outcomes", 4),
    ("Hate crime", "Hate crime", "Offences", 60),
    ("Hate crime", "Racist Crime", "Offences", 50),
    ("Hate crime", "Racist and Religious Crime", "Offences", 55),
    ("Knife Crime", "Knife Crime", "Offences", 40),
    ("Miscalleneous", "Robbery Mobile phone", "Offences", 30),
    ("Miscalleneous", "Theft Person - Mobile phone", "Offences", 70),
    ("Miscalleneous", "TNO Non Victim Based", "Offences", 400),
    ("Miscalleneous", "TNO Non Victim Based", "Positive Outcomes", 250),
    ("Miscalleneous", "TNO Victim Based", "Offences", 1900),
    ("Miscalleneous", "TNO Victim Based", "Positive Outcomes", 150),
)


def synthetic(folder: Path) -> Path:
    """Write a file of the shape of the police's: 32 boroughs with 24 wards each, 36 months, every crime type."""
    return write(folder / "synthetic_police.csv", BOROUGHS, wards=24, months=36)


def tiny(folder: Path) -> Path:
    """Write a file of 2 boroughs and 14 months, to warm up with."""
    return write(folder / "synthetic_tiny.csv", [BARNET, "E09000005"], wards=1, months=14)


def repeated(file: Path, rows: int) -> Path:
    """Return a file of so many rows, those of another over and over; made once and kept in a cache folder.

    The first row, a borough's domestic abuse offences, comes once and last: whoever stops early has wrong figures.
    """
    cache = Path(gettempdir(), "vawg-benchmarks")
    cache.mkdir(exist_ok=True)
    path = cache / f"{digest(file)[:8]}_{rows}_rows.csv"
    if path.exists():
        return path
    making = cache / f"{os.getpid()}.part"
    with file.open("rb") as source, making.open("wb") as target:
        target.write(source.readline())
        first = source.readline()
        body, left = source.tell(), rows - 1
        while left:
            source.seek(body)
            for line in islice(source, left):
                target.write(line)
                left -= 1
        target.write(first)
    making.replace(path)
    return path


def changed(file: Path, folder: Path) -> Path:
    """Write a file with one domestic abuse offence more in one month of Barnet."""
    path = folder / "changed_r2.csv"  # a revision, since both files have the same refresh date
    with file.open(encoding="utf-8", newline="") as lines, path.open("w", encoding="utf-8", newline="") as target:
        rows, writer = csv.DictReader(lines), csv.writer(target, lineterminator="\n")
        writer.writerow(rows.fieldnames or [])
        is_changed = False
        for row in rows:
            wanted = (row["Area code"], row["Crime Subtype"], row["Measure"]) == (BARNET, ABUSE, "Offences")
            if wanted and not is_changed:
                row["Count"] = str(int(row["Count"]) + 1)
                is_changed = True
            writer.writerow(row.values())
    return path


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write(path: Path, boroughs: Iterable[str], *, wards: int, months: int) -> Path:
    """Write a synthetic file of months from August 2021, the same bytes each time; a zero has no row."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        lines.write(f"{HEADER}\n")
        csv.writer(lines, lineterminator="\n").writerows(_rows(boroughs, wards, months))
    return path


def _rows(boroughs: Iterable[str], wards: int, months: int) -> Iterator[tuple[object, ...]]:
    """Yield the rows of boroughs and of their wards, month by month."""
    areas = [("Borough", f"Borough {code}", code, 1) for code in boroughs]
    areas += [
        ("Safer Neighbourhood Teams", f"Ward {number} of {code}", f"E05{code[-3:]}{number:03}", wards)
        for _, _, code, _ in areas[:]
        for number in range(wards)
    ]
    for month in range(months):
        year, number = divmod(2021 * 12 + 7 + month, 12)
        first = year - (number < 3)
        years = f"{first % 100}-{(first + 1) % 100}"
        for kind, name, code, share in areas:
            for crime, subtype, measure, typical in SERIES:
                drawn = crc32(f"{month}|{code}|{subtype}|{measure}".encode()) % 41
                if count := typical * (80 + drawn) // 100 // share:
                    yield (
                        f"01/{number + 1:02}/{year}", kind, name, name, code, crime, subtype, measure,
                        f"fy{years}", f"{years}_01", count, "02/08/2025",
                    )  # fmt: skip
