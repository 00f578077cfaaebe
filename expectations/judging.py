"""Judging: the Great Expectations suite of a source, run on one conformed file; its outcome decides."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

import polars as pl

from expectations.checks import Check
from expectations.source import Source
from expectations.verdicts import Verdict

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

HAS_ROWS = "file.has_rows"
FEW_ROWS_REJECTED = "file.few_rows_rejected"
WHOLE_SLICES = "slice.whole"

_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Judgement:
    """What was decided about a file.

    Attributes:
        accepted: the file as a whole may be loaded.
        unmet: the ids of the expectations that were not met.
        broken: for each check that was not met, the frame rows that break it (values of `row`).
        rejected: every row that is not loaded, knock-on rows of a slice that is not whole included.
        held_back: those among `rejected` that break nothing themselves.
        result: the validation result of Great Expectations, as JSON-ready data.
    """

    accepted: bool
    unmet: tuple[str, ...]
    broken: dict[str, tuple[int, ...]]
    rejected: frozenset[int]
    held_back: frozenset[int]
    result: dict[str, Any]


def judge(source: type[Source], rows: pl.DataFrame) -> Judgement:
    """Judge the conformed rows of a file.

    Args:
        source: the declaration.
        rows: the rows in scope, with `row`, the typed columns and their states.

    Raises:
        RuntimeError: if Great Expectations and Polars do not find the same number of rows, which is our fault.
    """
    checks = list(source.checks())
    judged = rows.with_columns(column for check in checks for column in check.columns())
    broken = {check.id: tuple(judged.filter(check.broken())["row"].to_list()) for check in checks}
    directly = {row for check in checks if check.verdict is not Verdict.WARN for row in broken[check.id]}
    judged = judged.with_columns(pl.col("row").is_in(list(directly)).alias("rejected"))
    result = validate(suite(source, checks), judged)
    outcomes = {_check(one["expectation_config"]): one for one in result["results"]}
    for check in checks:
        # A met expectation is one of no row: details are asked for those alone that are not met.
        seen = outcomes[check.id]["result"].get("unexpected_count", 0)
        if outcomes[check.id]["exception_info"].get("raised_exception") or seen != len(broken[check.id]):
            raise RuntimeError(
                f"The check {check.id} of {source.name} found {len(broken[check.id])} rows, "
                f"Great Expectations {seen}: {outcomes[check.id]['exception_info']}"
            )
    held_back = knock_on(source, judged) if source.covers or source.dated_by else frozenset()
    return Judgement(
        accepted=not any(
            one["expectation_config"]["meta"]["verdict"] == Verdict.REJECT_FILE and not one["success"]
            for one in result["results"]
        ),
        unmet=tuple(name for name, one in outcomes.items() if not one["success"]),
        broken={name: found for name, found in broken.items() if found},
        rejected=frozenset(directly) | held_back,
        held_back=held_back,
        result=result,
    )


def knock_on(source: type[Source], judged: pl.DataFrame) -> frozenset[int]:
    """Return the good rows of slices with a rejected row: loaded alone they would pass for the whole slice."""
    in_damaged_slice = pl.col("rejected").any().over(*source.slices) & ~pl.col("rejected")
    return frozenset(judged.filter(in_damaged_slice)["row"].to_list())


def suite(source: type[Source], checks: Iterable[Check] | None = None) -> Any:
    """Return the Great Expectations suite compiled from a declaration.

    Args:
        source: the declaration.
        checks: its checks, where they are at hand: those with a limit of "today" are then the same ones.

    Severity `critical` rejects (the file or the row, as `meta.verdict` says), `warning` warns.
    """
    import great_expectations as gx
    from great_expectations import expectations as gxe

    def of_file(check: str) -> dict[str, Any]:
        return {"severity": "critical", "meta": {"check": check, "verdict": str(Verdict.REJECT_FILE)}}

    return gx.ExpectationSuite(
        name=source.name,
        expectations=[
            gxe.ExpectTableRowCountToBeBetween(min_value=1, **of_file(HAS_ROWS)),
            *(check.expectation() for check in (source.checks() if checks is None else checks)),
            gxe.ExpectColumnValuesToBeInSet(
                column="rejected",
                value_set=[False],
                mostly=1 - source.rejected_limit,
                **of_file(FEW_ROWS_REJECTED),
            ),
        ],
    )


def validate(expectations: Any, rows: pl.DataFrame) -> dict[str, Any]:
    """Return the result of a suite on a frame; where it is not met with the `row` of each unexpected value.

    No value of a row is in it. Most expectations of most files are met, and to ask for no more than that takes half
    the time: the rows are asked for in a second pass over those that are not.
    """
    import great_expectations as gx

    with _batch(rows) as batch:
        result = _outcome(batch, expectations, "BOOLEAN_ONLY")
        # A fingerprint of the rows; nobody needs it, and of few rows it tells something.
        result["meta"].pop("batch_markers", None)
        if unmet := {_check(one["expectation_config"]) for one in result["results"] if not one["success"]}:
            again = [one for one in expectations.expectations if one.meta["check"] in unmet]
            with_rows = {
                "result_format": "COMPLETE",
                "unexpected_index_column_names": ["row"],
                "return_unexpected_index_query": False,
            }
            detailed = _outcome(batch, gx.ExpectationSuite(name=expectations.name, expectations=again), with_rows)
            details = {_check(one["expectation_config"]): one for one in detailed["results"]}
            result["results"] = [details.get(_check(one["expectation_config"]), one) for one in result["results"]]
    for one in result["results"]:
        one["result"] = _without_values(one["result"])
    return result


@cache
def _whole_frame() -> Any:
    """Return what makes a batch of a whole frame; made once, for it takes a fifth of the time of a small file."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    # Without a site for Data Docs: each would leave a temporary folder behind.
    context = gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ),
    )
    asset = context.data_sources.add_pandas("file").add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("whole")


@contextmanager
def _batch(rows: pl.DataFrame) -> Iterator[Any]:
    """Make a batch of a frame, of which nothing is kept; one thread at a time, for all have the same name."""
    with _ONE_AT_A_TIME:
        batch = _whole_frame().get_batch(batch_parameters={"dataframe": rows.to_pandas()})
        try:
            yield batch
        finally:
            kept = batch.datasource.get_execution_engine().batch_manager
            kept.reset_batch_cache()
            kept.batch_data_cache.clear()


def _outcome(batch: Any, expectations: Any, result_format: Any) -> dict[str, Any]:
    """Return the result of a suite on a batch as JSON-ready data."""
    with _configured_once():
        outcome: dict[str, Any] = batch.validate(expectations, result_format=result_format).to_json_dict()
    return outcome


@contextmanager
def _configured_once() -> Iterator[None]:
    """Let Great Expectations work out each expectation's configuration once.

    It does so dozens of times for each, with the same result, and a third of a validation's time goes into that.
    """
    from great_expectations.expectations import expectation as of_gx

    every: Any = of_gx.Expectation
    # Each with the expectation itself, so that its id is not given to another meanwhile.
    kept: dict[int, tuple[Any, Any]] = {}

    def configuration(one: Any) -> Any:
        if id(one) not in kept:
            kept[id(one)] = (one, worked_out.fget(one))
        return kept[id(one)][1]

    worked_out = vars(every)["configuration"]
    every.configuration = property(configuration)
    try:
        yield
    finally:
        every.configuration = worked_out


def _check(expectation_config: dict[str, Any]) -> str:
    """Return the id of the check that an expectation was made from."""
    return str(expectation_config["meta"]["check"])


def _without_values(result: dict[str, Any]) -> dict[str, Any]:
    """Return an expectation's result with rows and counts only: a value may be personal."""
    kept = {name: value for name, value in result.items() if name.endswith(("_count", "_percent", "_value"))}
    rows = [{"row": found["row"]} for found in result.get("unexpected_index_list") or []]
    return {**kept, "unexpected_index_list": rows} if "unexpected_count" in result else kept
