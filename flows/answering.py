"""Answering: what the sender of a file gets back, as text, as a page and as a workbook with the cells marked."""

import zipfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from expectations.feedback_page import GENERATOR, Answer, feedback_page
from flows.annotating import IDENTIFIER, annotated
from flows.judging import Judged
from flows.outcomes import Outcome, feedback

TEXT, PAGE = "feedback.txt", "feedback.html"


class NotOurs(Exception):
    """A file that we did not write stands where one of ours should go."""


def answered_in(quarantine: Path, kept_as: str) -> Path:
    """Return the folder with the answer to a file, by where the file is kept; both are named by its content."""
    return quarantine / PurePosixPath(kept_as).parent.name


def answer_in_quarantine(folder: Path, outcome: Outcome, judged: Judged, *, sent: Path, ask: str) -> None:
    """Write the answer to a file of which something was rejected into its folder in quarantine.

    Args:
        folder: the folder.
        outcome: what became of the file.
        judged: how it was judged.
        sent: the file where it is kept.
        ask: whom to ask.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TEXT).write_text(feedback(outcome), encoding="utf-8")
    # The file itself may be encrypted; a marked copy of it would not be.
    copy = None if judged.may_be_personal else _marked(sent, judged)
    marked = Path(f"{Path(outcome.file_name).stem}.checked.xlsx")
    if copy:
        (folder / marked).write_bytes(copy)
    page = feedback_page(_answer(outcome, judged, ask, marked if copy else None))
    (folder / PAGE).write_text(page, encoding="utf-8")


def remove_answer(folder: Path) -> None:
    """Remove the answer to a file that was taken in in part; a marked copy of it is as good as the file."""
    for path in (folder / TEXT, folder / PAGE, *folder.glob("*.checked.xlsx")):
        path.unlink(missing_ok=True)
    with suppress(OSError):  # it was never there, or holds the same file from when it was refused
        folder.rmdir()


def answers_to(paths: Sequence[Path], folder: Path) -> list[tuple[Path, Path]]:
    """Return where the page and the marked workbook of each checked file go.

    Raises:
        NotOurs: if a file stands there that was not written by an earlier check; nothing is written then.
    """
    stems, whole = Counter(path.stem for path in paths), Counter(path.name for path in paths)
    names = [
        path.stem if stems[path.stem] == 1 else path.name if whole[path.name] == 1 else f"{path.name} ({number})"
        for number, path in enumerate(paths, 1)
    ]
    places = [(folder / f"{name}.feedback.html", folder / f"{name}.checked.xlsx") for name in names]
    if others := [str(place) for pair in places for place in pair if place.exists() and not _is_ours(place)]:
        raise NotOurs(
            f"Not overwritten, since no check wrote it: {', '.join(others)}. Move it, or name another folder with --to."
        )
    return places


def answer(path: Path, outcome: Outcome, judged: Judged, places: tuple[Path, Path], *, ask: str) -> list[Path]:
    """Write the answer to a checked file, and return what was written.

    Args:
        path: the file.
        outcome: what would become of it.
        judged: how it was judged.
        places: where the page and the marked workbook go.
        ask: whom to ask.
    """
    page, marked = places
    page.parent.mkdir(parents=True, exist_ok=True)
    copy = _marked(path, judged)
    if copy:
        marked.write_bytes(copy)
    else:
        # That of an earlier check would show what is mended.
        marked.unlink(missing_ok=True)
    said = _answer(outcome, judged, ask, marked if copy else None, is_trial=True)
    page.write_text(feedback_page(said), encoding="utf-8")
    return [page, marked] if copy else [page]


def _marked(path: Path, judged: Judged) -> bytes | None:
    return annotated(path, judged.marks, judged.findings) if judged.marks else None


def _answer(outcome: Outcome, judged: Judged, ask: str, marked: Path | None, *, is_trial: bool = False) -> Answer:
    return Answer(
        file_name=outcome.file_name,
        source=judged.source,
        accepted=judged.accepted,
        counts=outcome.counts,
        findings=outcome.findings,
        out_of_scope=outcome.out_of_scope,
        is_trial=is_trial,
        marked=marked.name if marked else None,
        ask=ask,
        read_from=outcome.read_from,
    )


def _is_ours(path: Path) -> bool:
    """Return whether a page or workbook was written by a check."""
    if path.suffix == ".html":
        return GENERATOR in path.read_bytes()[:2_000].decode(errors="replace")
    try:
        with zipfile.ZipFile(path) as zipped:
            return IDENTIFIER.encode() in zipped.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError):
        return False
