"""The supervisor: holds the ledger, starts workers, restarts those that die, serves the figures, stops in order.

Nothing that defines metrics is imported before the folder through which processes share them is known.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from gateway.intake.authority import authority_folder, make_authority, upstream_bundle
from gateway.intake.automata import automata
from gateway.intake.supervisor import CannotServe, Supervisor
from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.approvals import Papers
    from gateway.ledger import Ledger
    from gateway.rulebook.book import Rulebook

__all__ = ["CannotServe", "Supervisor", "reserved_port", "serve"]


@contextmanager
def reserved_port(settings: Settings) -> Iterator[int]:
    """Hold the listening port for the workers, who share it by SO_REUSEPORT; choose one where it is 0.

    Raises ``CannotServe`` where somebody else listens on it already, be it another gateway with the same option.
    """
    family = socket.AF_INET6 if ":" in settings.listen_host else socket.AF_INET
    address = (settings.listen_host, settings.listen_port)
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            if settings.listen_port:
                probe.listen(1)
        held = socket.socket(family)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(address)
    except OSError as fault:
        raise CannotServe(f"cannot listen on {address[0]}:{address[1]}: {fault.strerror}") from None
    with held:
        yield int(held.getsockname()[1])


@contextmanager
def _figures(settings: Settings) -> Iterator[str]:
    """Serve the figures of all processes; gives the URL, or "" where there is none."""
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector

    if not settings.metrics_port:
        yield ""
        return
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    try:
        server, thread = start_http_server(settings.metrics_port, settings.metrics_host, registry)
    except OSError as fault:
        raise CannotServe(
            f"cannot serve metrics on {settings.metrics_host}:{settings.metrics_port}: {fault.strerror}"
        ) from None
    try:
        yield f"http://{settings.metrics_host}:{settings.metrics_port}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(1)


@contextmanager
def _log(settings: Settings, folder: Path) -> Iterator[str]:
    """Let the ledger be read as a transparency log; gives its address, or "" where it is not."""
    from gateway.ledger.serving import log_served

    if not settings.log_port:
        yield ""
        return
    with ExitStack() as stack:
        try:
            url = stack.enter_context(log_served(folder, settings.log_host, settings.log_port))
        except OSError as fault:
            raise CannotServe(
                f"cannot serve the log on {settings.log_host}:{settings.log_port}: {fault.strerror or fault}"
            ) from None
        yield url


def _make_headcount_key(settings: Settings, ledger: Ledger) -> None:
    """See that the workers find the key under which people are counted."""
    from gateway.headcount import BadFingerprintKey, fingerprint_key, rows

    try:
        fingerprint_key(settings.headcount_key_file, counted=bool(rows(ledger.reading(), "LIMIT 1")))
    except BadFingerprintKey as fault:
        raise CannotServe(str(fault)) from None


def serve(settings: Settings, *, started: Callable[[Supervisor], None] | None = None) -> None:
    """Run the gateway until SIGTERM or SIGINT; blocks. Call it in the main thread of a process of its own.

    ``started`` is called once all workers listen. Raises ``CannotServe``, ``Faulty`` (rules), ``LedgerInUse``,
    ``BadKey``, ``Contradiction``, ``LedgerClosed``.
    """
    with ExitStack() as stack:
        shared = stack.enter_context(tempfile.TemporaryDirectory(prefix="kouan-metrics-"))
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared
        stack.callback(os.environ.pop, "PROMETHEUS_MULTIPROC_DIR", None)
        from gateway.approvals import read_papers
        from gateway.intake.in_force import InForce
        from gateway.intake.reload import Reloader
        from gateway.intake.watching import Watcher, fingerprint
        from gateway.ledger import BadEntry, BadRulebook, Ledger
        from gateway.ledger.landmarks import mark
        from gateway.logs import logger, set_up
        from gateway.rulebook import load

        set_up(settings.log_level)
        seen = fingerprint(settings.rules, settings.whitelist)
        papers = read_papers(settings.rules)
        try:
            rulebook, pending = _approved(settings, papers, load(settings.rules, settings.whitelist))
        except (BadEntry, BadRulebook) as fault:
            raise CannotServe(f"the ledger does not say what is in force: {fault}") from None
        settings.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Ahead of the guests, whose models may start threads, which no process should be forked beside.
        _compile(settings, rulebook)
        _check_guests(settings, rulebook)
        port = stack.enter_context(reserved_port(settings))
        settings = replace(settings, listen_port=port)
        make_authority(authority_folder(settings))
        upstream_bundle(authority_folder(settings), settings.upstream_ca)
        folder = settings.state_dir / "ledger"
        ledger = stack.enter_context(
            Ledger.open(folder, origin=settings.gateway_id, seconds=settings.checkpoint_seconds)
        )
        _make_headcount_key(settings, ledger)
        mark(folder)
        ledger.keep_rulebook(rulebook.digest, rulebook.files)
        in_force = InForce(settings, ledger)
        in_force.note("start")
        in_force.officers(papers, settings.approvals_override)
        in_force.put(papers, rulebook.digest, "start")
        url = stack.enter_context(_figures(settings))
        stack.enter_context(_log(settings, folder))
        supervisor = Supervisor(settings, rulebook.digest, lambda: ledger.fault)
        reloader = Reloader(settings, ledger, in_force, supervisor)
        stack.callback(reloader.end)
        supervisor.often = reloader.tick
        stack.enter_context(_signals({signal.SIGTERM: supervisor.stop, signal.SIGINT: supervisor.stop}))
        stack.enter_context(_signals({signal.SIGHUP: reloader.look}))
        if settings.reload == "watch":
            watcher = Watcher(settings.rules, reloader.look, settings.whitelist)
            watcher.start()
            stack.callback(watcher.stop)
        if pending or fingerprint(settings.rules, settings.whitelist) != seen:
            reloader.look()

        def ready() -> None:
            logger().info(
                "ready",
                gateway=settings.gateway_id,
                address=settings.listen_host,
                port=port,
                mode=settings.mode,
                workers=settings.workers,
                metrics_url=url,
                rulebook=rulebook.digest,
            )
            if started is not None:
                started(supervisor)

        try:
            supervisor.run(ready)
        finally:
            _note_stop(ledger, settings)


def _approved(settings: Settings, papers: Papers, found: Rulebook) -> tuple[Rulebook, bool]:
    """Return the rulebook to open with, and whether signatures are lacking for the one that was ``found``.

    Where they are, the one that was in force last is taken up again. Raises ``CannotServe`` where there is none, or
    where the officers are others than were in force and the former did not sign.
    """
    from gateway.approvals import settle_book, settle_officers
    from gateway.intake.in_force import refusal
    from gateway.ledger.landmarks import history, kept
    from gateway.rulebook.load import from_files

    folder = settings.state_dir / "ledger"
    known = history(folder)
    officers = settle_officers(known, papers, settings.approvals_override)
    if officers.lacking:
        raise CannotServe(refusal(officers, "the officers in approvals.yaml are not those in force"))
    if officers.fields:
        known.take(known.since + 1, {"kind": "officers", **officers.fields})
    ruling = settle_book(known, papers, found.digest)
    if not ruling.lacking:
        return found, False
    files = kept(folder, known.book) if known.book and known.approved else None
    if files is None:
        raise CannotServe(refusal(ruling, f"rulebook {found.digest} is not approved"))
    return from_files(files), True


def _compile(settings: Settings, rulebook: Rulebook) -> None:
    """Have the recognisers compiled once and kept, before each worker does it for itself.

    In a process that ends, so that this one stays small.
    """
    from gateway.classify import prepare

    child = multiprocessing.get_context("fork").Process(target=_compiled, args=(settings, rulebook))
    child.start()
    child.join()
    if child.exitcode:
        prepare(rulebook, automata(settings))  # which tells what is wrong with the rules, where that is it


def _compiled(settings: Settings, rulebook: Rulebook) -> None:
    from gateway.classify import prepare
    from gateway.rulebook.document import Faulty

    try:
        prepare(rulebook, automata(settings))
    except Faulty:
        raise SystemExit(1) from None


def _check_guests(settings: Settings, rulebook: Rulebook) -> None:
    """Build the guests as each worker will, so that what is wrong with them is said before anything listens."""
    from gateway.classify.guests import configured_guests

    try:
        configured_guests(settings.presidio_files, settings.presidio_categories, settings.nlp_configuration, rulebook)
    except ValueError as fault:
        raise CannotServe(str(fault)) from None


def _note_stop(ledger: Ledger, settings: Settings) -> None:
    """Record the stop, where the ledger lets us: a disk that is full must not hide why the gateway stops."""
    from gateway.intake.in_force import note
    from gateway.ledger import LedgerClosed
    from gateway.logs import logger

    try:
        note(ledger, "stop", settings)
    except LedgerClosed as fault:
        logger().error("record failed", error=fault.code)


@contextmanager
def _signals(wanted: Mapping[int, Callable[[int, FrameType | None], None]]) -> Iterator[None]:
    before = {number: signal.signal(number, told) for number, told in wanted.items()}
    try:
        yield
    finally:
        for number, told in before.items():
            signal.signal(number, told)
