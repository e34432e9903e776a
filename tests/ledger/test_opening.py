"""Commitments: a body opens its own and no other's, until the nonce is erased; erasure leaves the ledger whole."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger import BadEntry, Ledger, LedgerClosed, commit, decode, encode
from gateway.ledger.opening import Opening, erased, hold_against
from gateway.ledger.retention import BATCH, Erased, Kept, Mandate, erase, last_day, ranges, scrub, with_nonces
from gateway.ledger.store import DATABASE, Store
from tests.ledger.eraser import start_eraser
from tests.ledger.running import until
from tests.ledger.sound import AT, decision, rows, sound
from tests.ledger.writer import receipts, start

DAY = date(2026, 11, 20)
MANDATE = Mandate("test", AT, "on request", "lam")


def committed(payload: bytes, released: bytes | None = None) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The commitments of a decision, and their nonces."""
    nonce, digest = commit(payload)
    digests: dict[str, Any] = {"payload": digest.hex(), "released": digest.hex()}
    nonces = {"payload": nonce}
    if released is not None:
        nonces["released"], digest = commit(released)
        digests["released"] = digest.hex()
    return {"commitments": digests}, nonces


@given(st.binary(max_size=64), st.binary(max_size=64), st.binary(max_size=64))
def test_a_body_opens_its_own_commitment_alone(payload: bytes, released: bytes, other: bytes) -> None:
    """For payload and released body, exactly the very bytes match."""
    entry, nonces = committed(payload, released)
    for which, body in (("payload", payload), ("released", released)):
        assert hold_against(entry, nonces, body, which) is Opening.MATCHES
        expected = Opening.MATCHES if other == body else Opening.DIFFERS
        assert hold_against(entry, nonces, other, which) is expected


def test_what_left_as_it_came_opens_with_the_nonce_of_the_payload() -> None:
    """The released body has no nonce of its own where it is the payload."""
    entry, nonces = committed(b"same")
    assert hold_against(entry, nonces, b"same", "released") is Opening.MATCHES


def test_without_nonce_or_commitment_nothing_is_shown() -> None:
    """An erased nonce says neither yes nor no; where there never was a commitment, that is said."""
    entry, nonces = committed(b"a", b"b")
    assert hold_against(entry, {}, b"a") is Opening.ERASED
    assert hold_against(entry, {"payload": nonces["payload"]}, b"b", "released") is Opening.ERASED
    assert hold_against({"commitments": {"payload": None, "released": None}}, nonces, b"a") is Opening.ABSENT


@pytest.mark.parametrize(
    ("transfer", "end", "last"),
    [
        (DAY, None, date(2029, 11, 20)),
        (DAY, date(2029, 12, 31), date(2032, 12, 31)),
        (DAY, date(2026, 1, 1), date(2029, 11, 20)),
        (date(2028, 2, 29), None, date(2031, 3, 1)),
        (DAY, date(9999, 12, 31), date.max),
    ],
)
def test_nonces_are_kept_after_the_later_of_transfer_and_basis(transfer: date, end: date | None, last: date) -> None:
    """Three years after the later of both; 29 February counts as the day after."""
    assert last_day(transfer, end, 3) == last


@given(st.sets(st.integers(0, 60)))
def test_ranges_hold_what_was_named_and_nothing_else(indexes: set[int]) -> None:
    """Ranges are in order, apart, and name every index once."""
    found = ranges(sorted(indexes))
    assert [index for first, last in found for index in range(first, last + 1)] == sorted(indexes)
    assert all(older[1] + 1 < newer[0] for older, newer in pairwise(found))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a ledger goes."""
    return tmp_path / "ledger"


def filled(ledger: Ledger, count: int) -> None:
    """Append so many decisions, each with a nonce that tells its number."""

    async def fill() -> None:
        await asyncio.gather(*(ledger.append(decision(each), {"payload": nonce_of(each)}) for each in range(count)))

    asyncio.run(fill())


def nonce_of(number: int) -> bytes:
    """A nonce that can be looked for in files."""
    return b"nonce %026d" % number


def kept(*indexes: int, due: bool = True) -> Iterator[Kept]:
    """These entries, all of one day."""
    return (Kept(index, DAY + timedelta(index), due) for index in indexes)


def test_erasure_is_recorded_in_the_transaction_that_erases(folder: Path) -> None:
    """The entry tells how many, which, until which day, why and by whom; others keep their nonces."""
    with Ledger.open(folder) as ledger:
        filled(ledger, 6)
        with closing(Store(folder)) as store:
            done = erase(store, kept(0, 1, 2, 4, due=False), MANDATE)
            assert done == Erased(4, 4, (6,))
            assert [number for number, _ in with_nonces(store.database)] == [3, 5]
            assert erase(store, kept(0, 4), MANDATE) == Erased()
            assert scrub(store)
    assert sound(folder) == 7
    entry = decode(rows(folder)[6][1])
    assert entry == {
        "version": 1,
        "kind": "erasure",
        "gateway": "test",
        "at": AT,
        "erased": 4,
        "early": 4,
        "entries": [[0, 2], [4, 4]],
        "until": "2026-11-24",
        "reason": "on request",
        "by": "lam",
    }
    assert [index for index in range(7) if erased(entry, index)] == [0, 1, 2, 4]
    assert not erased(decode(rows(folder)[0][1]), 0)


def test_an_erased_nonce_is_in_no_file(folder: Path) -> None:
    """Neither the database nor its write-ahead log holds the bytes any more, while the gateway goes on."""
    with Ledger.open(folder) as ledger:
        filled(ledger, 40)
        with closing(Store(folder)) as store:
            assert nonce_of(7) in held(folder)
            erase(store, kept(*range(20)), MANDATE)
            assert scrub(store)
        left = held(folder)
        assert [number for number in range(40) if nonce_of(number) in left] == list(range(20, 40))
        filled(ledger, 1)
    sound(folder)


def held(folder: Path) -> bytes:
    """All bytes of the database and its log."""
    return b"".join(file.read_bytes() for file in sorted(folder.glob(DATABASE + "*")) if not file.name.endswith("shm"))


def test_a_reader_in_the_way_is_told(folder: Path) -> None:
    """A log that a reader still needs is not emptied, and that is said."""
    with Ledger.open(folder) as ledger:
        filled(ledger, 3)
        with (
            closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as reader,
            closing(Store(folder)) as store,
        ):
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM entries").fetchone()
            erase(store, kept(0), MANDATE)
            assert not scrub(store)
            reader.execute("COMMIT")
            assert scrub(store)
    sound(folder)


def test_erasing_beside_writers_loses_no_entry(folder: Path) -> None:
    """Appends and erasures of several batches at the same time: every entry is there, every erasure is recorded."""
    count = BATCH + 200
    with Ledger.open(folder, patience=10) as ledger:
        filled(ledger, count)
        found: list[Erased] = []

        def erasing() -> None:
            with closing(Store(folder, patience=10)) as store:
                found.append(erase(store, kept(*range(count)), MANDATE))

        thread = Thread(target=erasing)
        thread.start()
        for _ in range(10):
            filled(ledger, 20)
        thread.join()
    assert (found[0].nonces, found[0].entries, len(found[0].records)) == (count, count, 2)
    assert sound(folder) == count + 200 + 2
    told = [decode(entry) for _, entry, _ in rows(folder) if b'"kind":"erasure"' in entry]
    assert [each["entries"] for each in told] == [[[0, BATCH - 1]], [[BATCH, count - 1]]]


def test_what_cannot_be_recorded_is_not_erased(folder: Path) -> None:
    """Where the entry cannot be made, the nonces of its batch are there as before."""
    with Ledger.open(folder) as ledger:
        filled(ledger, 3)
        with closing(Store(folder)) as store:
            with pytest.raises(LedgerClosed):
                erase(store, kept(0, 1), replace(MANDATE, reason="half a pair: \ud800"))
            assert store.nonces(0) == {"payload": nonce_of(0)}
    assert sound(folder) == 3


def test_a_gateway_in_another_process_never_waits_too_long(folder: Path, tmp_path: Path) -> None:
    """A gateway with its usual patience writes on, while nonces go and the log is emptied time and again."""
    told = tmp_path / "told"
    with Ledger.open(folder) as ledger:
        filled(ledger, 3 * BATCH)
    writer = start(folder, told, 0, 0, "open")
    try:
        until(lambda: told.exists() and len(receipts(told)) > 20, 30)
        with closing(Store(folder, patience=10)) as store:
            found = [erase(store, kept(*range(each * BATCH, (each + 1) * BATCH)), MANDATE) for each in range(3)]
            before = len(receipts(told))
            scrub(store)
        until(lambda: len(receipts(told)) > before + 20, 30)
        assert writer.is_alive()
    finally:
        writer.kill()
        writer.join()
    assert [each.entries for each in found] == [BATCH] * 3
    with Ledger.open(folder):
        pass
    sound(folder, receipts(told))


def test_a_kill_leaves_no_nonce_gone_without_record(folder: Path) -> None:
    """Killed at any instant, time and again: what is gone is recorded, and what is recorded is gone."""
    count = 1500
    with Ledger.open(folder) as ledger:
        filled(ledger, count)
    for instant in range(8):
        size = len(rows(folder))
        process = start_eraser(folder, instant * 150, count)
        until(lambda size=size, process=process: len(rows(folder)) > size or not process.is_alive(), 20)  # type: ignore[misc]
        time.sleep(0.002 * instant)
        process.kill()
        process.join()
        entries = [decode(data) for _, data, _ in rows(folder) if b'"kind":"erasure"' in data]
        told = {index for each in entries for first, last in each["entries"] for index in range(first, last + 1)}
        with closing(sqlite3.connect(folder / DATABASE)) as database:
            left = {number for (number,) in database.execute("SELECT number FROM nonces")}
        assert left == set(range(count)) - told
        assert told
    with Ledger.open(folder):
        pass
    sound(folder)


def erasure(**more: Any) -> Mapping[str, Any]:
    """The fields of an erasure."""
    fields = {"gateway": "g", "at": AT, "erased": 1, "early": 0, "entries": [[0, 0]]}
    return {**fields, "until": "2026-11-20", "reason": "r", "by": "b", **more}


@pytest.mark.parametrize(
    "more",
    [
        {"erased": 0},
        {"erased": True},
        {"early": -1},
        {"entries": []},
        {"entries": [[1, 0]]},
        {"entries": [[0, 2], [2, 3]]},
        {"entries": [[0]]},
        {"entries": [["0", "1"]]},
        {"entries": ["01"]},
        {"by": None},
    ],
)
def test_an_erasure_that_says_nothing_clear_is_void(more: dict[str, Any]) -> None:
    """Figures and ranges must be whole, in order and not empty."""
    encode("erasure", erasure())
    with pytest.raises(BadEntry):
        encode("erasure", erasure(**more))
