"""The accessible spreadsheet, made with the Analysis Function's gptables: a table a sheet, no merged or blank cells."""

from pathlib import Path

import gptables
import polars as pl

from warehouse.disclosure.policy import Policy, declared

PRIORITIES = {
    1: "Preventing violence",
    2: "Supporting victims",
    3: "Holding perpetrators to account",
    4: "Working together",
}
NOTE_WIDTH = 100  # characters; as wide as the longest note it would be read by scrolling
TITLE = "Violence against women and girls: rolling 12-month figures"


def write_spreadsheet(path: Path, figures: pl.DataFrame, rule: Policy) -> None:
    """Write a workbook with a cover, contents, notes and a sheet for each priority of the strategy.

    Args:
        path: the .xlsx file.
        figures: rows of the table `figure` of a release, of one area.
        rule: the policy that they are protected by.
    """
    areas = ", ".join(figures["area_name"].unique().sort())
    synthetic = ["Some figures are invented: a file behind them is synthetic."] if figures["is_synthetic"].any() else []
    cover = gptables.Cover(
        title=f"{TITLE}, {areas}",
        intro=[
            "Each figure counts 12 months. Its last day is in the column 'Twelve months to'.",
            *synthetic,
            *rule.rules(),
            f"Source of the policy: {rule.source}.",
        ],
        about=[f"[{sign}] means {said}." for sign, said in declared()["shorthand"].items()],
    )
    held = figures["objective"].unique().to_list()
    sheets = {f"Priority {number}": _table(figures, number, areas, rule) for number in PRIORITIES if number in held}
    # The latest definition: it names the residents that a rate is of.
    notes = figures.sort("period_end").group_by("indicator_id").agg(pl.col("definition").last()).sort("indicator_id")
    workbook = gptables.produce_workbook(
        str(path),
        sheets=sheets,
        cover=cover,
        notes_table=notes.rename({"indicator_id": "Note reference", "definition": "Note text"}).to_pandas(),
        contentsheet_options={"title": "Table of contents", "column_names": ["Sheet", "Table"]},
        # Whatever a text begins with, a reader's Excel must not take it for a formula.
        workbook_options={"strings_to_formulas": False, "strings_to_urls": False},
    )
    workbook.get_worksheet_by_name("Notes").set_column(1, 1, NOTE_WIDTH)
    workbook.close()


def _table(figures: pl.DataFrame, priority: int, areas: str, rule: Policy) -> gptables.GPTable:
    """Return the table of one priority, the latest figure of each series first."""
    words = pl.col("breakdown_value").str.replace_all("_", " ")
    words = pl.when(words.str.len_chars() > 1).then(words.str.to_lowercase()).otherwise(words)
    own = figures.filter(objective=priority).sort(
        "indicator_name", "breakdown", "breakdown_value", "period_end", descending=[False, False, False, True]
    )
    table = own.select(
        pl.format("{} $${}$$", "indicator_name", "indicator_id").alias("Figure"),
        pl.when(breakdown="all")
        .then(pl.lit("all"))
        .otherwise(pl.format("{}: {}", pl.col("breakdown").str.replace_all("_", " "), words))
        .alias("Of whom"),
        pl.col("period_end").dt.strftime("%-d %B %Y").alias("Twelve months to"),
        pl.col("unit").replace("%", "per cent").alias("Unit"),
        pl.col("markers").alias("Markers"),
    ).to_pandas()
    for name, place in (("value", 3), ("base", 5)):
        numbers, shown = own[name], own[f"{name}_shown"]
        cells = [text if number is None else number for number, text in zip(numbers, shown, strict=True)]
        table.insert(place, name.capitalize(), cells)
    return gptables.GPTable(
        table=table,
        table_name=f"priority_{priority}",
        title=f"Priority {priority}: {PRIORITIES[priority]}, {areas}",
        subtitles=rule.rules(),
        instructions="This worksheet contains one table. What each figure says is on the worksheet Notes.",
        legend=[f"[{sign}] means {said}." for sign, said in declared()["shorthand"].items()],
        source="Returns of the partnership's services, and police figures",
        index_columns={2: 0},
    )
