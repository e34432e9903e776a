"""How many clients there is room for."""

import asyncio
import json
import resource

import pytest

from gateway import metrics
from gateway.intake.room import MOST_AT_ONCE
from gateway.intake.wording import CROWDED
from gateway.intake.worker import _allow_files
from gateway.settings import BadSetting, Settings
from tests.intake.stage import HOST, Stage, post, read_reply, stage


async def settled(on: Stage, inside: int) -> None:
    """Wait until so many clients are inside."""
    async with asyncio.timeout(5):
        while on.gateway._room._inside != inside:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def turned_away() -> float:
    """Clients turned away so far."""
    return float(metrics.CONNECTIONS_REFUSED._value.get())


def test_one_client_too_many_is_told_so() -> None:
    """Beyond the limit: 503 in the client's language, counted, not judged; a place that is given back is taken."""

    async def play() -> None:
        async with stage(connections=2) as on:
            before = turned_away()
            first = await on.open()
            await on.open()
            await settled(on, 2)
            reply = await on.ask(post(extra=b"Accept-Language: pt\r\n"))
            assert reply.status == 503
            assert reply.header("Retry-After") == "1"
            problem = json.loads(reply.body)
            assert (problem["type"], problem["title"]) == ("urn:kouan:problem:connections", CROWDED["pt"])
            assert turned_away() == before + 1
            assert on.ledger.entries == []
            first[1].transport.abort()
            await settled(on, 1)
            assert (await on.ask(post())).status == 200

    asyncio.run(play())


def test_whoever_speaks_tls_finds_the_door_closed() -> None:
    """There is no 503 in TLS without a handshake: the connection is closed, and nobody waits."""

    async def play() -> None:
        async with stage(connections=1, tls=True, mode=f"reverse:https://{HOST}") as on:
            await on.open()
            await settled(on, 1)
            with pytest.raises(OSError):  # noqa: PT011 - which kind depends on how far it got
                await asyncio.open_connection("127.0.0.1", on.gateway.port, ssl=on.trust(), server_hostname=HOST)

    asyncio.run(play())


def test_a_crowd_at_the_door_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients that are turned away and say nothing take no more than a second each, and few of them at a time."""
    monkeypatch.setattr("gateway.intake.room.PATIENCE", 0.3)

    async def play() -> None:
        async with stage(connections=1) as on:
            await on.open()
            await settled(on, 1)
            crowd = [await on.open() for _ in range(MOST_AT_ONCE + 10)]
            await asyncio.sleep(0.1)
            assert on.gateway._room._leaving <= MOST_AT_ONCE
            async with asyncio.timeout(5):
                assert [(await reader.read()) for reader, _ in crowd[:5]] == [b""] * 5
            await asyncio.sleep(0.3)
            assert on.gateway._room._leaving == 0

    asyncio.run(play())


def test_open_connections_are_a_figure() -> None:
    """The gauge follows clients in and out, also where their connection fails."""

    async def play() -> None:
        async with stage() as on:
            before = metrics.CONNECTIONS._value.get()
            _, writer = await on.open()
            await settled(on, 1)
            assert metrics.CONNECTIONS._value.get() == before + 1
            writer.transport.abort()
            await settled(on, 0)
            assert metrics.CONNECTIONS._value.get() == before
            reader, writer = await on.open()
            writer.write(b"\x16\x03\x01\x00\x02\x01\x00")
            writer.write_eof()
            await read_reply(reader)
            await settled(on, 0)

    asyncio.run(play())


def test_a_gateway_without_room_is_no_gateway() -> None:
    """The limit is at least one."""
    with pytest.raises(BadSetting, match="connections"):
        Settings(connections=0)


@pytest.mark.parametrize(
    ("soft", "hard", "wanted"), [(1024, 1 << 20, 3256), (1024, 2000, 2000), (4096, 1 << 20, None), (1024, -1, 3256)]
)
def test_a_worker_may_have_as_many_files_as_connections_take(
    soft: int, hard: int, wanted: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of open files is raised where it would be met first, as far as the system lets it."""
    raised: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: raised.append(limits))
    _allow_files(1000)
    assert raised == ([] if wanted is None else [(wanted, hard)])
