"""The command line. Nothing heavy is imported until a command needs it, so that `--help` is quick."""

import json
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from expectations.source import Source
    from flows.home import Home
    from flows.notifying import Notice
    from flows.outcomes import Outcome
    from flows.settings import Settings
    from warehouse.publishing import Publication

ALL_ACCEPTED, FAILED, SOME_REJECTED = 0, 1, 3
NO_TABLES = "There was no CSV, XLSX, TXT or TSV file in it."
INTERRUPTED = 130  # what Typer makes of Ctrl+C

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="""Violence Against Women and Girls data pipeline: files in, rolling 12-month figures out.

    State lies under VAWG_HOME (default: vawg-home). Exit codes: 0 all accepted, 3 something was rejected and the
    rest went through, 1 failure, 2 wrong usage.""",
)
keys = typer.Typer(
    no_args_is_help=True, help="Keys for pseudonyms and for what lies at rest: new, list, renew, encrypt."
)
app.add_typer(keys, name="keys")
quarantine = typer.Typer(no_args_is_help=True, help="Rejected files and rows: list, show, replay.")
app.add_typer(quarantine, name="quarantine")

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Paths = Annotated[list[Path], typer.Argument(help="Files, and folders with files (CSV, XLSX, TXT, TSV).")]
Addresses = Annotated[
    list[str], typer.Argument(help="Files, and folders with files (CSV, XLSX, TXT, TSV): paths, or s3://bucket/key.")
]

Today = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As if it were this day; by the clock if left out.")
]


@app.command()
def demo(as_json: Json = False) -> None:
    """Show the whole way on synthetic police extracts (or on the files of the folder VAWG_REAL)."""
    from flows.demo import run_demo

    raise typer.Exit(_exit_code(run_demo(_settings(), as_json=as_json)))


@app.command()
def run(as_json: Json = False) -> None:
    """Take in everything that lies in landing, refresh and publish, as a Prefect flow."""
    from flows.landing import places
    from flows.progress import progress
    from flows.refreshing import disagreements, headline
    from flows.restating import held_back, show_held_back
    from flows.running import run_flow
    from flows.showing import headline_rows, show_disagreements, show_headline, show_json, show_outcomes

    settings = _settings()
    home = _home(settings)
    landing = places.landing(home.prepare()).address
    with progress("Starting") as tell:
        outcomes, publication = run_flow(home, tell=tell)
    _warn_of_clear_files(home, outcomes)
    rows, disagree = headline_rows(headline(home, settings.area)), disagreements(home, settings.area)
    held = held_back(home)
    if as_json:
        files, notices = [one.as_dict() for one in outcomes], _notices(home, settings, as_json=True)
        told = {"files": files, "published": publication, "headline": rows, "disagreements": disagree}
        show_json({**told, "held_back": held, "notices": notices})
    else:
        if not outcomes:
            print(f"There was nothing in {landing}.")
        show_outcomes(outcomes)
        show_headline(rows, f"Rolling 12 months, {_area_name(settings)}")
        show_disagreements(disagree)
        show_held_back(held)
        _show_published(publication)
        _notices(home, settings, as_json=False)
    raise typer.Exit(_exit_code(outcomes))


@app.command()
def ingest(addresses: Addresses, as_json: Json = False) -> None:
    """Take in files; `vawg refresh` then computes and publishes the figures."""
    from flows import ingesting
    from flows.progress import progress

    home = _home()
    with progress("Starting") as tell:
        outcomes = ingesting.ingest(home, addresses, tell=tell)
    _warn_of_clear_files(home, outcomes)
    _end_with(outcomes, as_json, NO_TABLES)


@app.command()
def refresh(as_json: Json = False) -> None:
    """Compute the figures from what is loaded, and publish them."""
    from flows.progress import progress
    from flows.refreshing import disagreements, headline, refresh_and_publish
    from flows.restating import held_back, show_held_back
    from flows.showing import headline_rows, show_disagreements, show_headline, show_json

    settings = _settings()
    home = _home(settings)
    with progress("Computing and publishing the figures"):
        publication = refresh_and_publish(home)
    rows, disagree = headline_rows(headline(home, settings.area)), disagreements(home, settings.area)
    held = held_back(home)
    if as_json:
        show_json({"published": publication, "headline": rows, "disagreements": disagree, "held_back": held})
        return
    show_headline(rows, f"Rolling 12 months, {_area_name(settings)}")
    show_disagreements(disagree)
    show_held_back(held)
    _show_published(publication)


@app.command()
def public(
    policy: Annotated[str, typer.Option(help="For whom it is: public or partnership.")] = "public",
    as_json: Json = False,
) -> None:
    """Make the files that may leave the partnership, after disclosure control; nobody is sent them."""
    from flows.progress import progress
    from flows.releasing import release_figures
    from flows.showing import show_json

    with progress("Suppressing, and attacking what is left"):
        released = release_figures(_home(), policy)
    if as_json:
        show_json(released)
        return
    print(released.said())


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Where Prefect's server and its pages are, on this machine.")] = 4200,
    watching: Annotated[
        bool, typer.Option("--watch/--no-watch", help="Watch landing too, or leave that to `vawg watch`.")
    ] = True,
) -> None:
    """Stay and take in files as they land, publish, and keep the calendar, until it is ended (Ctrl-C)."""
    from flows.serving.serve import serve as stay

    stay(_settings(), port, watching=watching)


@app.command()
def watch() -> None:
    """Only watch landing, and tell Prefect's server (PREFECT_API_URL) of what comes, for a worker of your own."""
    from flows.serving.serve import only_watch

    only_watch(_settings())


@app.command()
def health(
    port: Annotated[int, typer.Option(help="Where Prefect's server is, on this machine.")] = 4200,
) -> None:
    """Say whether the pipeline is served; PREFECT_API_URL says where, if it is set. Exit code 1 where it is not."""
    from flows.serving.health import ails

    wrong = ails(os.environ.get("PREFECT_API_URL") or f"http://127.0.0.1:{port}/api")
    print(wrong or "Prefect's server answers, and a worker asks it for work.")
    raise typer.Exit(FAILED if wrong else ALL_ACCEPTED)


@app.command()
def status(today: Today = None, as_json: Json = False) -> None:
    """Show what is expected, received and late, and what that means for the next run."""
    from expectations.calendar import monthly_run
    from flows.publications import rolled_back
    from flows.restating import held_back, show_held_back
    from flows.showing import show_json, show_status
    from warehouse.reporting import report

    day, home = _day(today), _home()
    with home.open() as connection:
        rows = report(connection, "status", today=day.isoformat())
    if as_json:
        show_json(rows)
    else:
        show_status(rows, day, monthly_run(day))
        show_held_back(held_back(home))
        if back := rolled_back(home):
            print(f"Not the latest figures are published: {back}")


@app.command()
def publications(as_json: Json = False) -> None:
    """Show every publication: what was known then, how many figures it changed, which is kept, and which stands."""
    from flows import publications
    from flows.showing import show_json, show_table

    home = _home()
    found = publications.publications(home)
    if as_json:
        show_json(found)
        return
    show_table([{name: one[name] for name in one if name != "version"} for one in found], "Publications")
    if back := publications.rolled_back(home):
        print(back)


@app.command()
def rollback(
    run_id: Annotated[
        str | None, typer.Argument(help="The publication (`vawg publications`); the one before that which stands.")
    ] = None,
    by: Annotated[str, typer.Option(help="Who answers for it.")] = "",
    why: Annotated[str, typer.Option(help="The reason, for the auditor.")] = "",
    lift: Annotated[bool, typer.Option("--lift", help="Let the next refresh publish again what is known.")] = False,
) -> None:
    """Put an earlier publication back in its place, until that is lifted."""
    from flows import publications

    if lift:
        publications.lift(_home(), by=by, why=why)
        print("Lifted: `vawg refresh` publishes what is known.")
    else:
        print(publications.roll_back(_home(), run_id, by=by, why=why))


@app.command()
def rebuild(
    run_id: Annotated[str, typer.Argument(help="Which publication; `vawg publications` shows them.")],
    to: Annotated[Path | None, typer.Option(help="The folder to make; that of the run's name here.")] = None,
    as_json: Json = False,
) -> None:
    """Make a past publication again from what was known then, and compare it with what was published."""
    from flows import publications
    from flows.progress import progress
    from flows.showing import show_json

    with progress("Computing the figures of then"):
        rebuilt = publications.rebuild(_home(), run_id, to or Path(run_id))
    if as_json:
        show_json(rebuilt)
    else:
        print(f"{run_id}, as known on {rebuilt.as_of:%d %B %Y, %H:%M} UTC, is made again in {rebuilt.folder}.")
        print(publications.compared_in_words(rebuilt))
    raise typer.Exit(ALL_ACCEPTED if rebuilt.holds else FAILED)


@app.command()
def notify(
    today: Today = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be told.")] = False,
    as_json: Json = False,
) -> None:
    """Tell of late returns, rejected files and restatements held back, each once, as is set: printed, e-mail, chat."""
    from flows.notifying import notify, untold, written
    from flows.sending import sender, show
    from flows.showing import show_json

    settings = _settings()
    if dry_run:
        notices = untold(_home(settings), _day(today))
        if notices and not as_json:
            show(written(notices))
    else:
        notices = notify(_home(settings), _day(today), sender(settings, silent=as_json))
    if as_json:
        show_json(notices)
    elif not notices:
        print("There is nothing to tell that was not told before.")


@app.command()
def accept(
    submission_id: Annotated[str, typer.Argument(help="Which submission; none to list what is held back.")] = "",
    by: Annotated[str, typer.Option(help="Who answers for it.")] = "",
    why: Annotated[str, typer.Option(help="The reason, for the auditor.")] = "",
    as_json: Json = False,
) -> None:
    """Accept a restatement that is held back from publication, by name and reason; `vawg refresh` then publishes it."""
    from flows.restating import accept as accept_submission
    from flows.restating import held_back, show_held_back
    from flows.showing import show_json

    if not submission_id:
        held = held_back(_home())
        if as_json:
            show_json(held)
        elif held:
            show_held_back(held)
        else:
            print("Nothing is held back.")
        return
    accepted = accept_submission(_home(), submission_id, by=by, why=why)
    if as_json:
        show_json(accepted)
    else:
        print(f"Accepted by {by}: {accepted['said']}\n`vawg refresh` publishes it.")


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="`now`, a publication (its run), or a day or an instant of the past.")],
    new: Annotated[str, typer.Argument(help="One of these, a submission that is held back, or a file not loaded.")],
    to: Annotated[Path | None, typer.Option(help="Write a page into this folder.")] = None,
    as_json: Json = False,
) -> None:
    """Show what changed between two readings: counts and figures, old and new, why, and the submission behind it."""
    from flows.diffing import compare
    from flows.progress import progress
    from flows.showing import show_json
    from flows.showing_difference import show_difference, write_page

    with progress("Comparing"):
        compared = compare(_home(), old, new)
    if as_json:
        show_json(compared.as_dict())
    else:
        show_difference(compared)
    if to:
        page = write_page(compared, to)
        if not as_json:
            print(f"Open {page}")
    raise typer.Exit(ALL_ACCEPTED if compared.accepted else SOME_REJECTED)


@app.command()
def report(
    as_of: Annotated[
        str, typer.Option("--as-of", help="A day (as known at its end), an instant in UTC, or a publication (its run).")
    ] = "now",
    as_json: Json = False,
) -> None:
    """Show the borough's figures as they were known at any past instant, and its years as published and as restated."""
    from flows.diffing import reading
    from flows.reporting import report_as_of, show_report
    from flows.showing import show_json

    settings = _settings()
    home = _home(settings)
    with home.open() as connection:
        instant = reading(connection, as_of).at
    shown = report_as_of(home, instant)
    if as_json:
        show_json(shown)
    else:
        show_report(shown, _area_name(settings))


@app.command()
def explain(
    indicator: Annotated[str, typer.Argument(help="The indicator, such as DA_OFF_R12; `vawg dictionary` has them.")],
    area: Annotated[str, typer.Argument(help="The borough, by its name or GSS code.")],
    period: Annotated[str, typer.Argument(help="The month in which the 12 months end, such as 2020-03.")],
    breakdown: Annotated[str, typer.Option(help="What the figure is divided by, such as victim_sex=F.")] = "",
    recount: Annotated[bool, typer.Option(help="Read the files again, and say which rows of them it is.")] = True,
    as_json: Json = False,
) -> None:
    """Show what a published figure rests on, down to the rows of the files, and count it again from these."""
    from flows.explaining import explain as explain_figure
    from flows.progress import progress
    from flows.showing import show_json
    from flows.showing_explanation import show_explanation

    with progress("Reading the files again"):
        explained = explain_figure(_home(), indicator, area, period, breakdown, recount=recount)
    if as_json:
        show_json(explained.as_dict())
    else:
        show_explanation(explained)
    raise typer.Exit(ALL_ACCEPTED if explained.holds else SOME_REJECTED)


@app.command()
def history(as_json: Json = False) -> None:
    """Show every file that was received and what became of it."""
    _show(
        "history",
        "Submissions",
        as_json,
        columns=("received_at", "file_name", "status", "received", "loaded", "rejected"),
    )


@app.command()
def sources(
    name: Annotated[str, typer.Argument(help="Show the dictionary page of this source.")] = "", as_json: Json = False
) -> None:
    """List the declared sources, or show one's page of the data dictionary."""
    from expectations.catalogue import catalogue
    from expectations.dictionary import entry
    from flows.showing import show_json, show_table

    known = catalogue()
    if name:
        page = entry(_source(name))
        if as_json:
            show_json({"source": name, "page": page})
        else:
            print(page)
        return
    rows = [
        {"source": one.name, "title": one.title, "supplier": one.supplier.agency_name, "arrives": str(one.arrives)}
        for one in known.values()
    ]
    if as_json:
        show_json(rows)
    else:
        show_table(rows, "Sources")


@app.command()
def template(
    source: Annotated[str, typer.Argument(help="Which source; `vawg sources` lists them.")],
    to: Annotated[Path | None, typer.Option(help="The file to write, or a folder; the source's name here.")] = None,
) -> None:
    """Write the blank workbook of a source, to send out to be filled in."""
    from expectations.template import ASK, write_template

    declared = _source(source)
    path = to / f"{source}.xlsx" if to and to.is_dir() else to or Path(f"{source}.xlsx")
    if path.exists():
        _fail(f"There is a file {path} already, and it is not overwritten. Name another one with --to.")
    write_template(declared, path, ask=_settings().contact or ASK)
    print(f"Wrote {path}, for {declared.supplier.agency_name} to fill in. `vawg check` judges what comes back.")


@app.command()
def check(
    paths: Paths,
    to: Annotated[Path, typer.Option(help="The folder for the answers; this one.")] = Path(),
    as_json: Json = False,
) -> None:
    """Judge files without loading anything, and write what their senders would be answered; none with --json.

    The answer is a page, <name>.feedback.html, and where cells are at fault <name>.checked.xlsx, with them marked.
    """
    from flows.ingesting import checked
    from flows.progress import progress

    settings = _settings()
    with progress("Judging") as tell:
        outcomes, written = checked(
            paths,
            to=None if as_json else to,
            area=settings.area,
            ask=settings.contact,
            corrections=_home(settings).corrections,
            tell=tell,
        )
    _end_with(outcomes, as_json, NO_TABLES, written)


@app.command()
def check_report(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A draft: DOCX, PDF, HTML, Markdown or plain text.")],
    to: Annotated[Path, typer.Option(help="The folder for the page and the table; this one.")] = Path(),
    answers: Annotated[
        Path | None, typer.Option(help="The table of an earlier check, with your answers in it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Find every figure of a draft report, and say of each whether the data and the rest of the draft bear it out.

    Writes <name>.checked.html, with every figure marked, and <name>.figures.csv to answer in; neither with --json.
    """
    from flows.papers.checking import check_paper
    from flows.papers.showing import show_paper, write_paper
    from flows.progress import progress
    from flows.showing import show_json

    with progress("Reading"):
        paper = check_paper(_home(), path, answers)
    if as_json:
        show_json(paper.as_dict())
    else:
        show_paper(paper)
        for written in write_paper(paper, to):
            print(f"Wrote {written}")
    raise typer.Exit(SOME_REJECTED if paper.wrong else ALL_ACCEPTED)


@app.command()
def enter_report(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A report as it was printed.")],
    called: Annotated[str, typer.Option(help="What it is called, such as 'Annual report 2019/20'.")] = "",
    by: Annotated[str, typer.Option(help="Who enters it.")] = "",
    answers: Annotated[Path | None, typer.Option(help="The table of its check, with your answers in it.")] = None,
) -> None:
    """Enter a report that was printed in the register: each figure, where it stands, and what was published then."""
    from flows.papers.register import enter_paper
    from flows.progress import progress

    with progress("Reading"):
        paper = enter_paper(_home(), path, called, by=by, answers=answers)
    print(f"Entered: {called}, {len(paper.checked)} figures. `vawg printed` shows which of them have moved since.")


@app.command()
def printed(
    called: Annotated[str, typer.Argument(help="One report of the register; every one if left out.")] = "",
    as_json: Json = False,
) -> None:
    """Show the printed figures of the register that the data do not give now."""
    from flows.papers.register import printed_now, show_printed
    from flows.showing import show_json

    rows = printed_now(_home(), called)
    if as_json:
        show_json(rows)
    else:
        show_printed(rows)


@app.command()
def corrections(as_json: Json = False) -> None:
    """List the known faults in providers' data that are mended as files are read."""
    from flows.showing import show_json, show_table

    listed = [one.model_dump() for one in _home().corrections]
    if as_json:
        show_json(listed)
    else:
        show_table(
            [
                {
                    "id": one["id"],
                    "source": one["source"],
                    "where": ", ".join(f"{name} {value}" for name, value in one["where"].items()),
                    "what": f'{one["field"]}: "{one["expects"]}" becomes "{one["becomes"]}"',
                    "why": one["why"],
                    "who": one["who"],
                    "since": one["since"],
                    "until": one["until"],
                }
                for one in listed
            ],
            "Corrections",
        )


@app.command()
def docs() -> None:
    """Build the Data Docs of Great Expectations from the kept results, for engineers."""
    from expectations.catalogue import catalogue
    from expectations.data_docs import KeptResult, build
    from flows.progress import progress
    from warehouse.reporting import report

    home = _home()
    with progress("Building Data Docs"):
        with home.open() as connection:
            kept = report(connection, "suite_results")
        results = [
            KeptResult(one["submission_id"], one["source"], one["received_at"], json.loads(one["suite_result"]))
            for one in kept
        ]
        page = build(catalogue().values(), results, home.root / "data-docs")
    print(f"Open {page}")


@app.command()
def dictionary(
    to: Annotated[Path | None, typer.Option(help="The folder; data-dictionary in the home folder.")] = None,
) -> None:
    """Write the data dictionary: a site of static pages, for everybody; it holds no data and needs none."""
    from flows.dictionary import write_dictionary
    from flows.progress import progress

    with progress("Writing the data dictionary"):
        page = write_dictionary(to or _home().root / "data-dictionary")
    print(f"Open {page}")


@quarantine.command("list")
def quarantine_list(as_json: Json = False) -> None:
    """List the files of which something was rejected and that have not been taken in since."""
    _show(
        "quarantine",
        "Quarantine",
        as_json,
        columns=("submission_id", "file_name", "status", "rejected"),
    )


@quarantine.command("show")
def quarantine_show(submission_id: str, as_json: Json = False) -> None:
    """Explain why a file or rows of it were rejected."""
    from flows.answering import PAGE, answered_in
    from flows.showing import show_json, show_table
    from warehouse.reporting import report

    home = _home()
    with home.open() as connection:
        submission = [one for one in report(connection, "history") if one["submission_id"] == submission_id]
        if not submission:
            _fail(f"There is no submission {submission_id}; `vawg quarantine list` shows those there are.")
        found = report(connection, "findings", submission_id=submission_id)
    if as_json:
        show_json({"submission": submission[0], "findings": found})
        return
    one = submission[0]
    print(f"{one['file_name']}: {one['status']}. {one['message']}\nKept as {one['kept_as']}")
    if one["kept_as"] and (answer := answered_in(home.quarantine, one["kept_as"]) / PAGE).exists():
        print(f"Answer to its sender: {answer}")
    show_table([{"verdict": finding["verdict"], "what": finding["said"]} for finding in found], "Findings")


@quarantine.command("replay")
def quarantine_replay(
    submission_ids: Annotated[list[str] | None, typer.Argument(help="Which ones; none for all.")] = None,
    as_json: Json = False,
) -> None:
    """Judge quarantined files again, after a rule or a declaration has changed."""
    from flows.ingesting import replay
    from flows.progress import progress

    home = _home()
    with progress("Judging again") as tell:
        outcomes = replay(home, submission_ids or [], tell=tell)
    _warn_of_clear_files(home, outcomes)
    _end_with(outcomes, as_json, "Nothing is in quarantine.")


@keys.command("new")
def keys_new(
    suppliers: Annotated[
        list[str] | None, typer.Argument(help="Which suppliers; none for all that send rows about single people.")
    ] = None,
) -> None:
    """Make the keys that are missing, and the storage key; a standing key is never changed."""
    from expectations.catalogue import about_people
    from flows.keys import STORAGE, new_keys

    home = _home()
    known = [source.supplier.agency_id for source in about_people()]
    made = new_keys(home.key_file, [*(suppliers or known), STORAGE])
    print(f"New keys: {', '.join(made) or 'none, all were there already'}.")
    print(f"They are in {home.key_file}, which only you can read.")
    print("Copy that file to a safe place now, apart from the backup of the home folder. Without a supplier's key its")
    print("people get new pseudonyms, and are counted twice; without the storage key nothing encrypted can be read.")


@keys.command("list")
def keys_list(as_json: Json = False) -> None:
    """Show which keys there are, each with a fingerprint; never the key."""
    from flows.showing import show_json, show_table

    rows = [{"name": name, "fingerprint": said} for name, said in _home().keys.fingerprints().items()]
    if as_json:
        show_json(rows)
    else:
        show_table(rows, "Keys")


@keys.command("encrypt")
def keys_encrypt() -> None:
    """Encrypt what the home holds in clear: the warehouse, and raw files that may be about single people."""
    _encrypt()
    print("Backups made before hold it in clear still: delete them, or encrypt them.")


@keys.command("renew")
def keys_renew() -> None:
    """Put a new storage key in the place of the one in the key file, and encrypt everything anew by it."""
    from flows.keys import renew_storage_key

    file = _home().key_file
    renew_storage_key(file)
    _encrypt()
    print(f"The new storage key is in {file}: copy that file to a safe place now. Backups made before open by the key")
    print("before alone: delete them, or keep that key with the copy that you have of it.")


def _encrypt() -> None:
    """Encrypt what is not encrypted by the storage key, and say what that was."""
    from flows.encrypting import encrypt
    from flows.progress import progress

    with progress("Encrypting"):
        done = encrypt(_home())
    print(f"Warehouse: {'encrypted' if done.warehouse else 'nothing to encrypt'}. Raw files: {len(done.raw_files):,}.")
    if done.unreadable:
        print(
            f"Damaged, or encrypted by neither key, and left as they are: {', '.join(done.unreadable)}", file=sys.stderr
        )


@app.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    as_json: Json = False,
) -> None:
    """Remove raw files and rows about people that are past their time; the figures made of them stay."""
    from datetime import UTC, datetime

    from flows.retaining import retain
    from flows.showing import show_json

    removed = retain(_home(), now=datetime.now(UTC).replace(tzinfo=None), dry_run=dry_run)
    if as_json:
        show_json(removed)
        return
    verb = "to be removed" if dry_run else "removed"
    print(f"Raw files {verb}: {len(removed.raw_files):,}")
    for place in removed.raw_files:
        print(f"  {place}")
    print(f"Rows about people {verb}: {sum(removed.records.values()):,}")
    for source, rows in removed.records.items():
        print(f"  {source}: {rows:,}")


@app.command()
def erase(
    supplier: Annotated[str, typer.Option(help="Whose reference it is, such as HESTIA.")],
    reference: Annotated[
        str, typer.Option(prompt=True, help="Best left out: then it is asked for, and in no shell's history.")
    ],
    raw: Annotated[bool, typer.Option("--raw", help="Remove the supplier's raw files, too.")] = False,
    as_json: Json = False,
) -> None:
    """Remove every row of one person, case or household, for good; counts that were published stay."""
    from datetime import UTC, datetime

    from flows.retaining import erase as erase_person
    from flows.showing import show_json

    erased = erase_person(_home(), supplier, reference, now=datetime.now(UTC).replace(tzinfo=None), raw=raw)
    if as_json:
        show_json(erased)
        return
    print(f"Rows removed, in all versions: {erased.rows:,}. Rows with this reference are not loaded again.")
    if erased.raw_files_removed:
        print(f"Raw files of {supplier} removed: {len(erased.raw_files_removed):,}")
    if erased.raw_files_left:
        print(f"These raw files of {supplier} may hold the reference; `--raw` removes them:")
        for place in erased.raw_files_left:
            print(f"  {place}")


def main() -> None:
    """Run the command line; what we have words for is said without a traceback."""
    try:
        app()
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            _fail("Stopped. Whatever was half done is undone; run the command again to carry on.")
        raise
    except Exception as error:
        if type(error).__module__.partition(".")[0] in {"expectations", "transforms", "warehouse", "flows"}:
            _fail(str(error))
        if isinstance(error, OSError) or type(error).__name__ in ("IOException", "TransactionException"):
            from flows.outcomes import outside

            said = outside(error)
            _fail(said[0].upper() + said[1:])
        raise


def _settings() -> "Settings":
    from flows.settings import load_settings

    return load_settings()


def _home(settings: "Settings | None" = None) -> "Home":
    from flows.home import Home

    return Home.of(settings or _settings())


def _source(name: str) -> "type[Source]":
    """Return a declared source by its name."""
    from expectations.catalogue import catalogue

    known = catalogue()
    if name not in known:
        _fail(f"There is no source {name}. Known are: {', '.join(known)}.")
    return known[name]


def _day(today: datetime | None) -> date:
    return today.date() if today else date.today()


def _notices(home: "Home", settings: "Settings", *, as_json: bool) -> "list[Notice]":
    """Tell at the end of a run what is to be told; a mail server that fails does not fail the run."""
    from flows.notifying import notify
    from flows.sending import NotSent, sender
    from warehouse.opening import WarehouseBusy

    try:
        return notify(home, date.today(), sender(settings, silent=as_json))
    except (NotSent, WarehouseBusy) as error:
        print(f"Warning: {error}", file=sys.stderr)
        return []


def _area_name(settings: "Settings") -> str:
    from expectations.areas import BOROUGHS

    return BOROUGHS[settings.area]


def _show(question: str, title: str, as_json: bool, columns: tuple[str, ...]) -> None:
    """Ask the warehouse a question and print the answer."""
    from flows.showing import show_json, show_table
    from warehouse.reporting import report

    with _home().open() as connection:
        rows = report(connection, question)
    if as_json:
        show_json(rows)
    else:
        show_table([{name: row[name] for name in columns} for row in rows], title)


def _end_with(outcomes: "list[Outcome]", as_json: bool, nothing: str, written: Sequence[Path] = ()) -> NoReturn:
    """Print what became of files, and end with the exit code that says how it went."""
    from flows.showing import show_json, show_outcomes

    if as_json:
        show_json([one.as_dict() for one in outcomes])
    elif outcomes:
        show_outcomes(outcomes)
    else:
        print(nothing)
    for path in written:
        print(f"Wrote {path}")
    raise typer.Exit(_exit_code(outcomes))


def _warn_of_clear_files(home: "Home", outcomes: "list[Outcome]") -> None:
    """Say once a run that raw files about people lie in clear."""
    from expectations.catalogue import about_people
    from flows.receiving import lies_in_clear

    known = {source.name for source in about_people()}
    if any(one.source in known and lies_in_clear(home, one.kept_as) for one in outcomes):
        print(
            "Warning: no storage key is set, so files about single people are kept without encryption of ours. "
            "`vawg keys new` makes a key, `vawg keys encrypt` then encrypts what is there.",
            file=sys.stderr,
        )


def _show_published(publication: "Publication") -> None:
    """Say what is published, and where an earlier publication was put back, who did so."""
    from flows.publications import in_words

    print(f"Published: {publication.database} ({publication.complete:,} of {publication.figures:,} figures complete)")
    if publication.rolled_back:
        print(f"These are not the latest figures: {in_words(publication.rolled_back)}")


def _exit_code(outcomes: "list[Outcome]") -> int:
    """Return the exit code that says how it went."""
    if any(one.status == "failed" for one in outcomes):
        return FAILED
    partly = any(one.status in ("rejected", "waiting") or one.counts.rejected for one in outcomes)
    return SOME_REJECTED if partly else ALL_ACCEPTED


def _fail(message: str) -> NoReturn:
    """Say what is wrong on the error stream, and end with the exit code for failure."""
    print(f"Error: {message}", file=sys.stderr)
    sys.exit(FAILED)
