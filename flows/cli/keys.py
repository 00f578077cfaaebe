"""The commands for keys."""

import sys
from typing import Annotated

import typer

from flows.cli.ending import fail
from flows.cli.given import Json, given_home

commands = typer.Typer(
    no_args_is_help=True, help="Keys for pseudonyms and for what lies at rest: new, list, renew, encrypt."
)


@commands.command("new")
def keys_new(
    suppliers: Annotated[
        list[str] | None,
        typer.Argument(help="Which ones; none for the storage key and all suppliers of rows about single people."),
    ] = None,
) -> None:
    """Make the keys that are missing, or those named alone; a standing key is never changed."""
    from expectations.catalogue import about_people
    from flows.keys import STORAGE, new_keys

    home = given_home()
    known = [source.supplier.agency_id for source in about_people()]
    if strange := [name for name in suppliers or [] if name not in (*known, STORAGE)]:
        senders = ", ".join(sorted({*known}))
        fail(f"No source about single people comes from {', '.join(strange)}. Those that send some: {senders}.")
    made = new_keys(home.key_file, suppliers or [*known, STORAGE])
    print(f"New keys: {', '.join(made) or 'none, all were there already'}.")
    print(f"They are in {home.key_file}, which only you can read.")
    print("Copy that file to a safe place now, apart from the backup of the home folder. Without a supplier's key its")
    print("people get new pseudonyms, and are counted twice; without the storage key nothing encrypted can be read.")
    if STORAGE in made and home.warehouse.exists():
        print("Now type `vawg keys encrypt`: the warehouse is plain still, and opens again once it is encrypted.")


@commands.command("list")
def keys_list(as_json: Json = False) -> None:
    """Show which keys there are, each with a fingerprint; never the key."""
    from flows.showing import show_json, show_table

    rows = [{"name": name, "fingerprint": said} for name, said in given_home().keys.fingerprints().items()]
    if as_json:
        show_json(rows)
    else:
        show_table(rows, "Keys")


@commands.command("encrypt")
def keys_encrypt() -> None:
    """Encrypt what the home holds in clear: the warehouse, and raw files that may be about single people."""
    _encrypt()
    print("Backups made before hold it in clear still: delete them, or encrypt them.")


@commands.command("renew")
def keys_renew() -> None:
    """Put a new storage key in the place of the one in the key file, and encrypt everything anew by it."""
    from flows.keys import renew_storage_key

    file = given_home().key_file
    renew_storage_key(file)
    _encrypt()
    print(f"The new storage key is in {file}: copy that file to a safe place now. Backups made before open by the key")
    print("before alone: delete them, or keep that key with the copy that you have of it.")


def _encrypt() -> None:
    """Encrypt what is not encrypted by the storage key, and say what that was."""
    from flows.encrypting import encrypt
    from flows.progress import progress

    with progress("Encrypting"):
        done = encrypt(given_home())
    print(f"Warehouse: {'encrypted' if done.warehouse else 'nothing to encrypt'}. Raw files: {len(done.raw_files):,}.")
    if done.unreadable:
        print(
            f"Damaged, or encrypted by neither key, and left as they are: {', '.join(done.unreadable)}", file=sys.stderr
        )
