"""``kouan receipt`` and ``kouan mirror``: what a party takes away, and what a regulator does."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.exits import EXIT_CODES, REFUSED, complain, wrong
from gateway.cli.officers import LedgerFolder, StateDir

_ASK_AGAIN = 0.1

Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write here.", show_default="standard output")
]
Source = Annotated[
    str,
    typer.Option(
        "--from",
        metavar="LEDGER|MIRROR|URL",
        help="Where the log is: a ledger, a mirror of it, or its address.",
        show_default="ledger in the state folder",
    ),
]


def receipt_(
    which: Annotated[
        str, typer.Argument(metavar="[ID|INDEX]", help="Id of a transfer, or index of a ledger entry.")
    ] = "",
    output: Output = None,
    source: Source = "",
    since: Annotated[
        Path | None,
        typer.Option(
            metavar="CHECKPOINT", help="Instead: the proof that the newest checkpoint extends this one, kept earlier."
        ),
    ] = None,
    wait: Annotated[
        float, typer.Option(metavar="SECONDS", help="Wait so long for a checkpoint that covers the entry.")
    ] = 0.0,
    ledger: LedgerFolder = None,
    state_dir: StateDir = Path("var"),
) -> None:
    """Write the receipt of a transfer: entry, inclusion proof, checkpoint, cosignatures, in one file.

    The file is a C2SP tlog-proof, with the entry as its extra data. Whoever has it and the log's public key can prove
    offline, with `kouan verify`, that the entry is in the log. Either party to the transfer may have it: it holds no
    payload.

    By example:

    * `kouan receipt 4711 -o 4711.tlog-proof`

    * `kouan receipt 5f0c7a52-5d0b-4f0e-8d53-0f3f5a1b2c3d --wait 5 -o transfer.tlog-proof`

    * `kouan receipt 4711 --from https://gateway.example/log > 4711.tlog-proof`

    * `kouan receipt --since checkpoint-of-march -o extends.txt`

    An entry that no checkpoint covers yet has no receipt yet: the exit code is then 1.
    """
    from gateway.cli.places import log_at
    from gateway.ledger.client import Log
    from gateway.ledger.receipt import NotCovered, consistency, newest, receipt

    place = source or str(ledger or state_dir / "ledger")
    if bool(which) == (since is not None):
        wrong("name a transfer or an index, or a checkpoint with --since")
    deadline = time.monotonic() + wait

    def cut(log: Log) -> bytes:
        if since is not None:
            return consistency(
                log, newest(Log(lambda path: since.read_bytes() if path == "checkpoint" else None))[0].size
            )
        return receipt(log, _index(which, place))

    with log_at(place) as log:
        while True:
            try:
                data = cut(log)
                break
            except NotCovered as fault:
                if time.monotonic() >= deadline:
                    complain(f"kouan: {fault}" + ("" if wait else "; --wait SECONDS waits for the next"))
                    raise typer.Exit(REFUSED) from None
            time.sleep(_ASK_AGAIN)
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    else:
        output.write_bytes(data)


def _index(which: str, place: str) -> int:
    """Return the index that ``which`` is, or that of the entry about the transfer which it names."""
    if which.isascii() and which.isdecimal() and len(which) < 19:
        return int(which)
    from gateway.cli.places import is_tiles
    from gateway.cli.recorded import ledger_at

    if is_tiles(place):
        wrong(f"{which}: a log of tiles is asked by index; the sender was told it with the answer")
    with ledger_at(Path(place)) as recorded:
        found = recorded.of_transfer(which)
    if not found:
        wrong(f"{which}: no entry is about this transfer")
    if found[1:]:
        complain(f"kouan: the receipt of entry {found[0]}; also about it: {', '.join(map(str, found[1:]))}")
    return found[0]


def mirror_(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the copy is, or is to be.")],
    source: Source = "",
    vkey: Annotated[
        str,
        typer.Option(
            metavar="KEY|FILE", help="The log's public key, had from the operator.", show_default="the one beside it"
        ),
    ] = "",
    state_dir: StateDir = Path("var"),
) -> None:
    """Copy a log as a folder of tiles (C2SP tlog-tiles), or bring such a copy up to date.

    Only what is new is fetched, and it must extend what the copy holds: a log that was cut, rewritten or forked is
    refused, and the copy stays as it was. Any reader of tlog-tiles reads the folder, and any web server can serve it.

    By example:

    * `kouan mirror /mnt/copy`

    * `kouan mirror /mnt/copy --from https://gateway.example/log --vkey kouan.vkey && kouan verify /mnt/copy`

    The exit code is 1 where the log contradicts the copy.
    """
    from gateway.cli.places import bar, key_at, log_at
    from gateway.ledger.checkpoint import BadCheckpoint
    from gateway.ledger.client import is_address
    from gateway.ledger.mirror import BadMirror, mirror
    from gateway.ledger.store import DATABASE

    place = source or str(state_dir / "ledger")
    if (folder / DATABASE).exists():
        wrong(f"{folder}: a ledger is here; name another folder for its mirror")
    with log_at(place) as log:
        known = folder / "vkey"
        key = key_at(vkey or (str(known) if known.is_file() else ""), log)
        try:
            with bar("copying") as progress:
                done = mirror(log, folder, key, progress=progress, ahead=is_address(place))
        except BadCheckpoint as fault:
            wrong(f"the public key cannot be used: {fault}")
        except BadMirror as fault:
            complain(f"kouan: {fault}")
            raise typer.Exit(REFUSED) from None
    typer.echo(f"{done.size:,} entries, {done.size - done.before:,} of them new")


def add_receipts(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("receipt", epilog=EXIT_CODES)(receipt_)
    app.command("mirror", epilog=EXIT_CODES)(mirror_)
