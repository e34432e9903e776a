"""Played in a network namespace of its own by ``test_redirect``: port 443 of loopback is redirected to the gateway."""

import asyncio
import os
import subprocess
import sys

from gateway.classify import prepare
from gateway.rulebook.kept import kept_for
from tests.classify.rules import shipped
from tests.intake.stage import ANSWER, HOST, Stage, post, read_reply, stage

CANNOT = 77
"""Exit code where the kernel does not let us redirect."""


LOOPBACK_UP = ("ip", "link", "set", "lo", "up")
FLUSH = ("iptables", "-t", "nat", "-F")
RULE = ("-A", "OUTPUT", "-p", "tcp", "-d", "127.0.0.1", "--dport", "443", "-j", "REDIRECT", "--to-ports")


def run(*command: str) -> None:
    """Run a command; exit where it is not possible."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stderr)
        sys.exit(CANNOT)


def redirect(port: int) -> None:
    """Send connections to port 443 of loopback to ``port`` instead, and nowhere else."""
    run(*FLUSH)
    run("iptables", "-t", "nat", *RULE, str(port))


async def ask(on: Stage, *, tls: bool) -> None:
    """Dial the counter's address, as a client that knows of no proxy does."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", 443, ssl=on.trust() if tls else None, server_hostname=HOST if tls else None
    )
    writer.write(post(target=b"/v1/statistics", host=HOST if tls else HOST + ":443"))
    reply = await read_reply(reader)
    assert (reply.status, reply.body) == (200, ANSWER), reply
    envelope = on.house.carried[0].envelope
    assert (envelope.host, envelope.port, envelope.scheme) == (HOST, 443, "https" if tls else "http"), envelope
    writer.write(post(target=b"/v1/statistics", host="elsewhere.example:443"))
    assert (await read_reply(reader)).status == 451
    writer.close()
    assert len(on.upstream.requests) == 1


async def play() -> None:
    """In the clear, with TLS, and straight to the gateway, where nobody was redirected from anywhere."""
    for tls in (False, True):
        async with stage(mode="transparent", tls=tls) as on:
            redirect(on.gateway.port)
            await ask(on, tls=tls)
            straight = await on.ask(post(target=b"/v1/statistics", host=HOST))
            assert straight.status in (0, 451), straight
            assert len(on.upstream.requests) == 1


if __name__ == "__main__":
    run(*LOOPBACK_UP)
    prepare(shipped(), kept_for(os.environ))
    asyncio.run(play())
