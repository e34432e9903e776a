"""The proxy does not start with options that would let data pass unjudged."""

import asyncio
from collections.abc import Callable

import pytest

from gateway.intake.proxy import UnsafeOptions, refuse_unsafe
from gateway.intake.proxy_connection import SILENT
from tests.intake.stage import OK, Stage, Upstream, post, stage


def on_stage(play: Callable[[Stage], None]) -> None:
    """Run ``play`` with a gateway."""

    async def run() -> None:
        async with stage() as on:
            play(on)

    asyncio.run(run())


def test_the_options_of_the_gateway_are_safe() -> None:
    """What the gateway sets itself passes its own check, and the only addons are the few it needs."""

    def play(on: Stage) -> None:
        refuse_unsafe(on.gateway.options)
        assert set(on.gateway.addons.lookup) == {"core", "proxyserver", "nextlayer", "tlsconfig", "door"}

    on_stage(play)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rawtcp", True),
        ("websocket", True),
        ("http3", True),
        ("ssl_insecure", True),
        ("connection_strategy", "eager"),
        ("stream_large_bodies", "1m"),
        ("store_streamed_bodies", True),
        ("validate_inbound_headers", False),
        ("ignore_hosts", [".*"]),
        ("allow_hosts", ["only.example"]),
        ("tcp_hosts", [".*"]),
        ("udp_hosts", [".*"]),
        ("upstream_cert", True),
        ("request_client_cert", True),
        ("proxy_debug", True),
        ("server", True),
        ("mode", ["socks5"]),
        ("mode", ["upstream:http://other.example:3128"]),
        ("mode", ["reverse:tcp://other.example:22"]),
        ("mode", ["regular", "dns"]),
        ("ssl_verify_upstream_trusted_ca", None),
    ],
)
def test_each_unsafe_option_is_refused_by_name(name: str, value: object) -> None:
    """One unsafe option is enough, and the message names it."""

    def play(on: Stage) -> None:
        safe = getattr(on.gateway.options, name)
        with pytest.MonkeyPatch.context() as patch:
            option = on.gateway.options._options[name]
            patch.setattr(option, "value", value)
            with pytest.raises(UnsafeOptions, match=name):
                refuse_unsafe(on.gateway.options)
        assert getattr(on.gateway.options, name) == safe

    on_stage(play)


def test_a_key_log_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With SSLKEYLOGFILE in force the keys of all sessions would lie in a file."""

    def play(on: Stage) -> None:
        monkeypatch.setattr("mitmproxy.net.tls.log_master_secret", lambda *_: None)
        with pytest.raises(UnsafeOptions, match="SSLKEYLOGFILE"):
            refuse_unsafe(on.gateway.options)

    on_stage(play)


def test_a_hook_that_nobody_listens_to_ends_the_connection() -> None:
    """A hook without a listener means a protocol that nobody judges: the connection ends, nothing is called."""

    async def play() -> None:
        async with stage() as on:
            on.gateway.hooks = {key: value for key, value in on.gateway.hooks.items() if key != "next_layer"}
            assert (await on.ask(post())).status == 0
            assert on.upstream.connections == 0
            others = {"tcp_start", "tcp_message", "udp_start", "dns_request", "websocket_start", "quic_start_client"}
            assert not others & (set(on.gateway.hooks) | SILENT)

    asyncio.run(play())


def test_a_tls_hook_that_fails_ends_the_connection() -> None:
    """Where TLS cannot be set up as it should be there is no falling back to something less."""

    async def play() -> None:
        async with stage(tls=True) as on:
            on.gateway.hooks = {**on.gateway.hooks, "tls_start_client": lambda _: 1 / 0}
            with pytest.raises((ConnectionError, OSError)):
                await on.tunnel()
            assert on.upstream.connections == 0

    asyncio.run(play())


def test_a_stop_lets_what_has_begun_come_to_its_end() -> None:
    """While the gateway drains, a request in flight gets its answer, and nobody new gets in."""

    async def play() -> None:
        gate = asyncio.Event()

        async def reply(_: Upstream, writer: asyncio.StreamWriter) -> None:
            await gate.wait()
            writer.write(OK)

        async with stage(Upstream(reply)) as on:
            port = on.gateway.port
            asking = asyncio.ensure_future(on.ask(post()))
            async with asyncio.timeout(5):
                while not on.upstream.requests:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            draining = asyncio.ensure_future(on.gateway.drain(5.0))
            await asyncio.sleep(0.05)
            with pytest.raises(ConnectionError):
                await asyncio.open_connection("127.0.0.1", port)
            gate.set()
            assert (await asking).status == 200
            await draining

    asyncio.run(play())
