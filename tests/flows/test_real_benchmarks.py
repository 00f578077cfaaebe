"""SafeLives' own figures by police force, as another project converted them, from the file to the warehouse."""

from datetime import date
from pathlib import Path

import pytest

from flows.home import Home
from flows.ingesting import ingest

SAFELIVES = Path(__file__).resolve().parents[3] / "shared" / "data" / "marac" / "safelives_marac_by_police_force.csv"

pytestmark = pytest.mark.skipif(not SAFELIVES.is_file(), reason="the real public file is not beside this checkout")


def test_every_row_loads_and_the_metropolitan_police_of_2019_20_has_23_percent_repeats(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    (outcome,) = ingest(home, [SAFELIVES])
    assert outcome.status == "accepted"
    assert (outcome.counts.received, outcome.counts.loaded) == (266, 266)
    with home.open() as connection:
        found = dict(
            connection.execute(
                "SELECT measure_id, value FROM benchmark WHERE area_name = 'Metropolitan Police' AND period_start = ?",
                [date(2019, 4, 1)],
            ).fetchall()
        )
    assert (found["maracs"], found["cases"], found["repeats"], found["children"]) == (32, 13_066, 3_030, 13_699)
    assert found["repeat_cases_pct"] == pytest.approx(100 * 3_030 / 13_066)
