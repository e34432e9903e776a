"""The reloader by itself: workers that fail, a ledger that is full, a book that nobody can build."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.approvals import Papers
from gateway.intake.building import Built, read, write
from gateway.intake.in_force import InForce
from gateway.intake.reload import Reloader
from gateway.ledger import Ledger, LedgerClosed
from gateway.settings import Settings

OLD, NEW = "a" * 64, "b" * 64


class Told:
    """Workers that do as they are told, and remember it."""

    def __init__(self) -> None:
        self.digest = OLD
        self.prepared = True
        self.anybody_built = True
        self.heard: list[str] = []

    def prepare(self, digest: str) -> None:
        """Remember."""
        self.heard.append(f"prepare {digest[0]}")

    def adopt(self) -> None:
        """Judge by the new one."""
        self.heard.append("adopt")
        self.digest = NEW

    def abandon(self) -> None:
        """Remember."""
        self.heard.append("abandon")

    def close(self, code: str) -> None:
        """Remember."""
        self.heard.append(f"close {code}")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An open ledger in which OLD is in force."""
    with Ledger.open(tmp_path / "ledger") as opened:
        yield opened


def reloader(ledger: Ledger, workers: Told) -> tuple[Reloader, InForce]:
    """A reloader over ``ledger``, with OLD in force."""
    in_force = InForce(Settings(), ledger)
    in_force.put(Papers(), OLD, "start")
    return Reloader(Settings(), ledger, in_force, workers), in_force


def test_the_swap_is_recorded_before_it_is_done(ledger: Ledger) -> None:
    """Prepare, record, adopt; while a worker still builds, nothing happens."""
    workers = Told()
    reloading, in_force = reloader(ledger, workers)
    workers.prepared = False
    reloading._judge(Built(NEW, {"whitelist.yaml": b"x"}))
    reloading.tick()
    assert (workers.heard, in_force.history.book) == (["prepare b"], OLD)
    workers.prepared = True
    reloading.tick()
    assert (workers.heard, in_force.history.book) == (["prepare b", "adopt"], NEW)
    assert ledger.rulebook(NEW) == {"whitelist.yaml": b"x"}


def test_a_book_that_no_worker_can_build_changes_nothing(ledger: Ledger) -> None:
    """Otherwise every worker would be replaced by one that dies."""
    workers = Told()
    workers.anybody_built = False
    reloading, in_force = reloader(ledger, workers)
    reloading._judge(Built(NEW))
    reloading.tick()
    assert (workers.heard, in_force.history.book) == (["prepare b", "abandon"], OLD)


def test_a_ledger_that_cannot_record_the_swap_prevents_it(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """No entry, no swap."""
    workers = Told()
    reloading, in_force = reloader(ledger, workers)

    def full(*_: object) -> None:
        raise LedgerClosed("disk_full")

    reloading._judge(Built(NEW))
    monkeypatch.setattr(ledger, "append_now", full)
    reloading.tick()
    assert (workers.heard, in_force.history.book) == (["prepare b", "abandon"], OLD)


def test_what_was_built_crosses_from_process_to_process() -> None:
    """Digest, files that are no text, papers and problems."""
    built = Built(
        NEW, {"a.yaml": b"x", "b.binpb": b"\xff\x00"}, Papers(None, "c", {"n.note": b"\xff"}), ("a.yaml:1:1",)
    )
    assert read(write(built)) == built
    with pytest.raises(ValueError, match="no rulebook was handed over"):
        read(b"[]\n")
