"""Data Docs: the pages of Great Expectations for engineers, built from the results that are kept."""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from expectations.judging import suite
from expectations.source import Source


@dataclass(frozen=True)
class KeptResult:
    """The result of a suite on one submission, as `expectations.judging` gave it."""

    submission_id: str
    source: str
    received_at: datetime
    result: dict[str, Any]


def build(sources: Iterable[type[Source]], results: Iterable[KeptResult], folder: Path) -> Path:
    """Write the Data Docs of all suites and results into a folder, replacing what is there.

    Args:
        sources: the declared sources.
        results: the kept results.
        folder: where the pages go.

    Returns:
        The page to open.
    """
    import great_expectations as gx
    from great_expectations.core import RunIdentifier
    from great_expectations.core.expectation_validation_result import expectationSuiteValidationResultSchema
    from great_expectations.data_context.types.resource_identifiers import (
        ExpectationSuiteIdentifier,
        ValidationResultIdentifier,
    )

    with tempfile.TemporaryDirectory() as project:
        context = gx.get_context(mode="file", project_root_dir=project)
        for source in sources:
            context.suites.add(suite(source))
        for kept in results:
            context.validation_results_store.set(
                ValidationResultIdentifier(
                    expectation_suite_identifier=ExpectationSuiteIdentifier(name=kept.source),
                    run_id=RunIdentifier(run_name=kept.submission_id, run_time=kept.received_at),
                    batch_identifier=kept.submission_id,
                ),
                expectationSuiteValidationResultSchema.load(kept.result),
            )
        index = Path(context.build_data_docs()["local_site"].removeprefix("file://"))
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(index.parent, folder)
    return folder / index.name
