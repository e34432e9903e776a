"""Where a host is: looked up once, checked, connected to at the address that was checked."""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.intake.destinations import KEPT, Destinations, Unreachable, leave_for, usable
from tests.given import shipped
from tests.intake.stage import HOST, post, read_reply, stage

INNER = [
    "127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
    "::1", "::", "fe80::1", "fc00::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:c0a8:101::1",
    "::127.0.0.1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "202.175.3.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_need_leave(address: str) -> None:
    """Private, loopback, link-local, multicast, unspecified, shared, reserved addresses are refused in any disguise."""
    assert not usable(ip_address(address), ())


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_need_none(address: str) -> None:
    """Addresses of the public Internet are usable."""
    assert usable(ip_address(address), ())


def test_leave_is_for_the_network_that_was_named() -> None:
    """A named network opens its own addresses, disguised or not, and no others; never multicast or unspecified."""
    leave = (ip_network("10.1.0.0/16"), ip_network("224.0.0.0/4"), ip_network("0.0.0.0/8"))
    assert usable(ip_address("10.1.2.3"), leave)
    assert usable(ip_address("::ffff:10.1.2.3"), leave)
    assert not usable(ip_address("10.2.0.1"), leave)
    assert not usable(ip_address("224.0.0.1"), leave)
    assert not usable(ip_address("0.0.0.0"), leave)


@given(st.ip_addresses(v=4))
def test_a_disguise_changes_nothing(address: object) -> None:
    """An IPv4 address is judged the same as itself, mapped into IPv6, and behind NAT64."""
    plain = usable(address, ())  # type: ignore[arg-type]
    assert usable(ip_address(f"::ffff:{address}"), ()) == plain
    assert usable(ip_address(int(ip_address("64:ff9b::")) + int(address)), ()) == plain  # type: ignore[call-overload]


def test_leave_is_for_host_and_port() -> None:
    """The networks of an entry count for its own host and port alone."""
    book = shipped()
    assert leave_for(book, HOST, 443)
    assert leave_for(book, HOST, 8443) == ()
    assert leave_for(book, "elsewhere.example", 443) == ()


def resolver(monkeypatch: pytest.MonkeyPatch, answers: Iterable[list[str]]) -> list[str]:
    """Make the event loop's resolver give ``answers`` in turn; return the list of names it was asked for."""
    asked: list[str] = []
    turn = iter(answers)

    async def getaddrinfo(_self: object, host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(turn)]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked


def test_one_inner_address_among_several_spoils_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads inside as well as outside is not used at all."""
    resolver(monkeypatch, [["8.8.8.8", "10.0.0.1"]])
    with pytest.raises(Unreachable, match="inner_address"):
        asyncio.run(Destinations().find("mixed.example", 443, shipped()))


def test_an_answer_is_kept_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within half a minute nothing is looked up again; after it the new answer is checked anew."""
    asked = resolver(monkeypatch, [["8.8.8.8"], ["10.0.0.1"]])
    now = [0.0]
    places = Destinations(clock=lambda: now[0])

    async def play() -> None:
        assert (await places.find("a.example", 443, shipped())).address == "8.8.8.8"
        now[0] = KEPT - 1
        assert (await places.find("a.example", 443, shipped())).address == "8.8.8.8"
        now[0] = KEPT + 1
        with pytest.raises(Unreachable):
            await places.find("a.example", 443, shipped())
        assert places.pinned("a.example", 443) is None

    asyncio.run(play())
    assert asked == ["a.example", "a.example"]


def test_a_name_that_cannot_be_resolved_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer, and an empty answer, are refusals with a code and no text of the resolver."""
    resolver(monkeypatch, [[]])
    with pytest.raises(Unreachable, match="unresolved"):
        asyncio.run(Destinations().find("none.example", 443, shipped()))


def test_dns_rebinding_finds_no_second_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is asked for once, and the connection goes to the address that was checked, not to a later answer."""
    asked = resolver(monkeypatch, [["127.0.0.1"], ["169.254.169.254"]])
    called: list[tuple[str, int]] = []

    async def play() -> None:
        async with stage(resolve={}) as on:
            connect = asyncio.open_connection

            async def open_connection(host: str, port: int) -> object:
                called.append((host, port))
                return await connect(host, on.upstream.port)

            there = on.gateway.port
            monkeypatch.setattr(asyncio, "open_connection", open_connection)
            reader, writer = await connect("127.0.0.1", there)
            writer.write(post())
            assert (await read_reply(reader)).status == 200
            writer.close()

    with monkeypatch.context():
        asyncio.run(play())
    assert asked == [HOST]
    assert called == [("127.0.0.1", 443)]


def test_an_inner_address_is_refused_with_a_record() -> None:
    """A listed host that leads to an inner address which no entry names: refused, recorded, nothing connected."""

    async def play() -> None:
        async with stage(resolve={HOST: ("169.254.169.254", 80)}) as on:
            reply = await on.ask(post())
            assert reply.status == 451
            assert on.codes == ["upstream.inner_address"]
            assert on.house.carried == []
            assert len(on.ledger.entries) == 1

    asyncio.run(play())


def test_the_gateway_does_not_connect_to_itself() -> None:
    """A listed host that leads to the gateway's own listener is refused with a record: no loop."""

    async def play() -> None:
        for listens in ("127.0.0.1", "0.0.0.0"):
            async with stage(listen_host=listens) as on:
                on.gateway.destinations._table[HOST] = ("127.0.0.1", on.gateway.port)
                reply = await on.ask(post())
                assert reply.status == 451
                assert on.codes == ["upstream.own_address"]
                assert len(on.gateway._open) <= 1
                assert len(on.ledger.entries) == 1

    asyncio.run(play())


@pytest.mark.parametrize(
    ("own", "address", "port", "refused"),
    [
        ("8.8.8.8", "8.8.8.8", 443, True),
        ("8.8.8.8", "::ffff:8.8.8.8", 443, True),
        ("::ffff:8.8.8.8", "8.8.8.8", 443, True),
        ("8.8.8.8", "8.8.8.8", 444, False),
        ("8.8.8.8", "8.8.4.4", 443, False),
        ("0.0.0.0", "8.8.8.8", 443, False),
        ("::", "127.0.0.1", 443, True),
        ("0.0.0.0", "127.0.0.2", 443, True),
    ],
)
def test_a_public_listener_is_its_own_as_well(
    own: str, address: str, port: int, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is address and port, in any disguise; of a listener on all addresses, those of this machine."""
    monkeypatch.setattr("gateway.intake.destinations.leave_for", lambda *_: (ip_network("127.0.0.0/8"),))
    places = Destinations({"a.example": (address, port)})
    places.own = ((own, 443),)
    if refused:
        with pytest.raises(Unreachable, match="own_address"):
            asyncio.run(places.find("a.example", 443, shipped()))
    else:
        assert asyncio.run(places.find("a.example", 443, shipped())).address == address
