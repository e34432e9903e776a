"""The sandbox: whatever a parser does costs one document."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.decode.door import Declared, Unpacked, Unreadable
from gateway.sandbox import Sandbox
from gateway.vocabulary import Limits, Unread

SAID = Declared("application/x", "application/x", "", {"k": "v"})
LIMITS = Limits(body=1 << 20, seconds=3.0, memory=64 << 20)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox whose parsers misbehave."""
    made = Sandbox(2, "tests.sandbox.parsers")
    yield made
    made.close()


def ask(sandbox: Sandbox, name: str, data: bytes = b"", limits: Limits = LIMITS) -> Unpacked:
    """Read ``data`` as the document ``name``."""
    return sandbox.unpack(name, data, SAID, limits)


def test_an_answer_comes_back_whole(sandbox: Sandbox) -> None:
    """Rows, members, opaque parts and notices, lone surrogates among them; the child knows declaration and limits."""
    answer = ask(sandbox, "echo", b"\x00\xff")
    assert (answer.rows[0].where, answer.rows[0].label, answer.rows[0].text) == (
        "/application/x/v/1048576", "label", "陳\ud800",
    )  # fmt: skip
    assert (answer.members[0].data, answer.opaque[0].reason, answer.notices) == (b"\x00\xff", Unread.RATIO, ("n",))


@pytest.mark.parametrize(
    ("name", "reason", "detail"),
    [
        ("loop", Unread.TIMED_OUT, "seconds"),
        ("fault", Unread.CRASHED, "sandbox"),
        ("rubbish", Unread.CRASHED, "sandbox"),
        ("flood", Unread.CRASHED, "sandbox"),
        ("refuse", Unread.ENCRYPTED, "pdf"),
        ("raise", Unread.MALFORMED, "KeyError"),
        ("nobody", Unread.MALFORMED, "KeyError"),
    ],
)
def test_whatever_a_parser_does_is_one_opaque_part(sandbox: Sandbox, name: str, reason: Unread, detail: str) -> None:
    """A hang, a fault of memory, a feast, rubbish, too much; the next document is read as if nothing had been."""
    limits = Limits(body=1 << 20, seconds=1.0 if name == "loop" else 10.0, memory=256 << 20)
    with pytest.raises(Unreadable) as refused:
        ask(sandbox, name, limits=limits)
    assert (refused.value.reason, refused.value.detail) == (reason, detail)
    assert ask(sandbox, "echo").members[0].name == "m"


def test_a_feast_ends_at_the_limit(sandbox: Sandbox) -> None:
    """Python says that there is no more; native code may just end."""
    with pytest.raises(Unreadable, match=r"memory|sandbox"):
        ask(sandbox, "eat")
    assert ask(sandbox, "echo").members[0].name == "m"


def test_no_file_is_written(sandbox: Sandbox, tmp_path: Path) -> None:
    """A parser that was taken over cannot put anything aside."""
    assert ask(sandbox, "write", str(tmp_path / "leak").encode()).rows[0].text == "OSError"
    assert not (tmp_path / "leak").exists() or not (tmp_path / "leak").read_bytes()


def test_nothing_is_called(sandbox: Sandbox) -> None:
    """Nor send it away, where the kernel grants a network of its own."""
    if "network" not in sandbox.warm():
        pytest.skip("this kernel grants no network namespace")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert ask(sandbox, "call", str(server.getsockname()[1]).encode()).rows[0].text != "connected"


def test_the_environment_is_bare(sandbox: Sandbox) -> None:
    """No setting, no secret of the gateway is there to be read."""
    names = ask(sandbox, "process").rows[0].text.split()[1:]
    assert set(names) <= {"PYTHONPATH", "MALLOC_ARENA_MAX", "LC_CTYPE"}


def test_all_children_busy_is_a_time_out() -> None:
    """Waiting for a child is bounded as well."""
    sandbox = Sandbox(1, "tests.sandbox.parsers")
    sandbox.warm()
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(ask, sandbox, "loop", limits=Limits(seconds=2.0))
        time.sleep(0.3)
        with pytest.raises(Unreadable, match="busy"):
            ask(sandbox, "echo", limits=Limits(seconds=0.2))
        with pytest.raises(Unreadable, match="seconds"):
            slow.result()
    sandbox.close()


def test_many_documents_from_several_threads(sandbox: Sandbox) -> None:
    """Each gets its own answer."""
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda at: ask(sandbox, "echo", b"%d" % at).members[0].data, range(200)))
    assert answers == [b"%d" % at for at in range(200)]


@pytest.mark.parametrize("name", ["process", "loop"])
def test_a_child_does_not_outlive_its_parent(name: str) -> None:
    """Not even one that is killed without notice, idle or at work."""
    program = (
        "from gateway.sandbox import Sandbox; from gateway.decode.door import Declared; "
        "from gateway.vocabulary import Limits; s = Sandbox(1, 'tests.sandbox.parsers'); "
        "print(s.unpack('process', b'', Declared('', ''), Limits()).rows[0].text.split()[0], flush=True); "
        f"s.unpack('{name}', b'', Declared('', ''), Limits(seconds=1.5)); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{child}/exe").exists()


def test_a_closed_sandbox_reads_nothing() -> None:
    """And says so."""
    sandbox = Sandbox(1, "tests.sandbox.parsers")
    ask(sandbox, "echo")
    sandbox.close()
    with pytest.raises(Unreadable):
        ask(sandbox, "echo")
