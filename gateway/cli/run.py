"""``kouan run``: open the gateway and stay until told to stop."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import typer

from gateway.cli.exits import USAGE, complain, faults_told
from gateway.settings import Settings, read

if TYPE_CHECKING:
    from gateway.intake.serve import Supervisor


def run(flags: dict[str, str | None]) -> None:
    """Read the settings and serve; a gateway that cannot open says why and ends with ``USAGE``."""
    with faults_told():
        settings = read(os.environ, **flags)
        # Nothing that defines metrics may be imported before serve() has said where processes share them.
        from gateway.intake.serve import CannotServe, serve

        def started(supervisor: Supervisor) -> None:
            for line in _opening(supervisor.settings, supervisor.digest):
                complain(line)

        try:
            serve(settings, started=started)
        except CannotServe as fault:
            _give_up(fault)
        except Exception as fault:
            from gateway.ledger import BadKey, LedgerClosed, LedgerInUse

            if not isinstance(fault, BadKey | LedgerClosed | LedgerInUse):
                raise
            _give_up(fault)


def _give_up(fault: Exception) -> None:
    complain(f"kouan: {fault}")
    raise typer.Exit(USAGE) from None


def _beside(settings: Settings) -> str:
    return f" with {settings.whitelist}" if settings.whitelist else ""


def _opening(settings: Settings, digest: str) -> list[str]:
    """Say where it is to be found, and by which rules it judges."""
    lines = [
        f"kouan: open on {settings.listen_host}:{settings.listen_port} ({settings.mode}, {settings.workers} "
        f"{'worker' if settings.workers == 1 else 'workers'})",
        f"kouan: rulebook {digest}, from {settings.rules}{_beside(settings)}",
        f"kouan: ledger {settings.state_dir / 'ledger'}, authority {settings.state_dir / 'ca' / 'kouan-ca.pem'}",
    ]
    if settings.metrics_port:
        lines.append(f"kouan: metrics http://{settings.metrics_host}:{settings.metrics_port}/metrics")
    if settings.log_port:
        lines.append(f"kouan: log http://{settings.log_host}:{settings.log_port}/checkpoint")
    return lines
