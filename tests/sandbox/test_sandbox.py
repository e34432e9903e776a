"""The sandbox: whatever a parser does costs one document."""

from __future__ import annotations

import os
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

MODULE = "tests.sandbox.parsers"
SAID = Declared("application/x", "application/x", "", {"k": "v"})
LIMITS = Limits(body=1 << 20, seconds=10.0, memory=64 << 20)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox whose parsers misbehave."""
    made = Sandbox(2, MODULE)
    yield made
    made.close()


def ask(sandbox: Sandbox, name: str, data: bytes = b"", limits: Limits = LIMITS) -> Unpacked:
    """Read ``data`` as the document ``name``."""
    return sandbox.unpack(name, data, SAID, limits)


def outcome(sandbox: Sandbox, name: str, data: bytes = b"") -> str:
    """What became of an attempt: ``done`` and its result, or the name of the exception."""
    return ask(sandbox, name, data).rows[0].text


def test_an_answer_comes_back_whole(sandbox: Sandbox) -> None:
    """Rows, members, opaque parts and notices, lone surrogates among them; the child knows declaration and limits."""
    answer = ask(sandbox, "echo", b"\x00\xff")
    assert [(row.where, row.label, row.text) for row in answer.rows] == [
        ("/application/x/v/1048576", "label", "陳\ud800"), ("/2", "", ""),
    ]  # fmt: skip
    assert [(each.name, each.data, each.media_type) for each in answer.members] == [
        ("m", b"\x00\xff", "text/plain"), ("", b"", ""),
    ]  # fmt: skip
    (opaque,) = answer.opaque
    assert (opaque.reason, opaque.where, opaque.size, opaque.detail) == (Unread.RATIO, "/x", 3, "ratio")
    assert answer.notices == ("echo.echoes",)


@pytest.mark.parametrize(
    ("name", "reason", "detail"),
    [
        ("fault", Unread.CRASHED, "sandbox"),
        ("abort", Unread.CRASHED, "sandbox"),
        ("refuse", Unread.ENCRYPTED, "pdf"),
        ("raise", Unread.CRASHED, "KeyError"),
        ("nobody", Unread.CRASHED, "sandbox"),
        ("flood", Unread.TOO_LARGE, "unpacked"),
        ("crowd", Unread.TOO_MANY, "segments"),
    ],
)
def test_whatever_a_parser_does_is_one_opaque_part(sandbox: Sandbox, name: str, reason: Unread, detail: str) -> None:
    """A fault of memory, an exception, too much; the next document is read as if nothing had been."""
    limits = Limits(body=1 << 20, seconds=20.0, memory=256 << 20)
    with pytest.raises(Unreadable) as refused:
        ask(sandbox, name, limits=limits)
    assert (refused.value.reason, refused.value.detail) == (reason, detail)
    assert ask(sandbox, "echo").members[0].name == "m"


@pytest.mark.parametrize("name", ["loop", "stubborn", "trickle"])
def test_who_is_late_is_killed(sandbox: Sandbox, name: str) -> None:
    """One that hangs, one that catches signals, one that always sends another byte just in time."""
    begun = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        ask(sandbox, name, limits=Limits(seconds=0.5))
    assert (refused.value.reason, refused.value.detail) == (Unread.TIMED_OUT, "seconds")
    assert 0.5 <= time.monotonic() - begun < 5
    assert ask(sandbox, "echo").members[0].name == "m"


@pytest.mark.parametrize(
    "name",
    [
        "rubbish", "empty", "promise", "no text", "no reason", "no size", "no code", "no detail", "more behind",
        "less",
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_a_crash(sandbox: Sandbox, name: str) -> None:
    """A child that was taken over can say what it likes: wrong shapes are seen, and the child is replaced."""
    with pytest.raises(Unreadable) as refused:
        ask(sandbox, name)
    assert (refused.value.reason, refused.value.detail) == (Unread.CRASHED, "sandbox")
    assert ask(sandbox, "echo").members[0].name == "m"


def test_a_feast_ends_at_the_limit(sandbox: Sandbox) -> None:
    """Python says that there is no more; native code may just end."""
    with pytest.raises(Unreadable, match=r"memory|sandbox"):
        ask(sandbox, "eat")
    assert ask(sandbox, "echo").members[0].name == "m"


def test_shared_memory_is_no_way_round_the_limit(sandbox: Sandbox) -> None:
    """RLIMIT_DATA does not count it, so nobody gets any."""
    if "calls" not in sandbox.warm():
        pytest.skip("this kernel filters no system calls")
    with pytest.raises(Unreadable, match="PermissionError"):
        ask(sandbox, "eat shared")


def test_a_child_that_keeps_much_is_replaced() -> None:
    """What one document left behind takes nothing from the next."""
    sandbox = Sandbox(1, MODULE)
    children = [ask(sandbox, "keep").rows[0].text for _ in range(8)]
    sandbox.close()
    assert children[0] == children[1]
    assert len(set(children)) > 1


@pytest.mark.parametrize("name", ["write", "create", "link"])
def test_no_file_is_written(sandbox: Sandbox, tmp_path: Path, name: str) -> None:
    """A parser that was taken over cannot put anything aside, nor leave a name."""
    if not sandbox.warm() & {"calls", "files"}:
        pytest.skip("this kernel has neither Landlock nor filters of system calls")
    assert outcome(sandbox, name, os.fsencode(tmp_path / "leak")) == "PermissionError"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["read", "remove"])
def test_no_file_is_read_or_removed(sandbox: Sandbox, tmp_path: Path, name: str) -> None:
    """Neither keys nor ledger, whoever owns them."""
    if "files" not in sandbox.warm():
        pytest.skip("this kernel has no Landlock")
    (tmp_path / "key").write_bytes(b"secret")
    assert outcome(sandbox, name, os.fsencode(tmp_path / "key")) == "PermissionError"
    assert outcome(sandbox, "list", os.fsencode(tmp_path)) == "PermissionError"
    assert (tmp_path / "key").read_bytes() == b"secret"


def test_what_is_named_can_be_read(tmp_path: Path) -> None:
    """The data of the engine for words in pictures may lie anywhere."""
    (tmp_path / "eng.traineddata").write_bytes(b"data")
    sandbox = Sandbox(1, MODULE, words={"languages": "eng", "data": str(tmp_path)})
    assert outcome(sandbox, "read", os.fsencode(tmp_path / "eng.traineddata")) == "done b'data'"
    sandbox.close()


@pytest.mark.parametrize("name", ["call", "datagram"])
def test_nothing_is_called(sandbox: Sandbox, name: str) -> None:
    """Nor can it send anything away."""
    if "network" not in sandbox.warm():
        pytest.skip("this kernel neither filters system calls nor grants a network namespace")
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert outcome(sandbox, name, str(server.getsockname()[1]).encode()) != "done None"


def test_nobody_beside_it_is_called(sandbox: Sandbox) -> None:
    """Sockets of the machine's own have no network, and so no namespace of it."""
    if "calls" not in sandbox.warm():
        pytest.skip("this kernel filters no system calls")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(b"\0" + os.urandom(8).hex().encode())
        server.listen()
        assert outcome(sandbox, "local", server.getsockname()[1:]) == "PermissionError"


@pytest.mark.parametrize("name", ["fork", "run", "kill"])
def test_no_process_is_started_or_ended(sandbox: Sandbox, name: str) -> None:
    """Neither a program nor a copy that would outlive its parent; nor is the gateway killed."""
    if "calls" not in sandbox.warm():
        pytest.skip("this kernel filters no system calls")
    with subprocess.Popen(["/bin/sleep", "60"]) as bystander:
        assert outcome(sandbox, name, str(bystander.pid).encode()) == "PermissionError"
        assert bystander.poll() is None
        bystander.kill()


@pytest.mark.parametrize("name", ["import", "thread"])
def test_libraries_work(sandbox: Sandbox, name: str) -> None:
    """They are loaded at the first document, and may have threads."""
    assert outcome(sandbox, name) in ("done wave", "done [1]")


def test_the_environment_is_bare(sandbox: Sandbox) -> None:
    """No setting, no secret of the gateway is there to be read."""
    names = ask(sandbox, "process").rows[0].text.split()[1:]
    assert set(names) <= {
        "PYTHONPATH", "LC_CTYPE",
        "MALLOC_ARENA_MAX", "ARROW_DEFAULT_MEMORY_POOL", "ARROW_IO_THREADS", "OMP_NUM_THREADS",
    }  # fmt: skip


def test_all_children_busy_is_a_time_out() -> None:
    """Waiting for a child is bounded as well."""
    sandbox = Sandbox(1, MODULE)
    sandbox.warm()
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(ask, sandbox, "loop", limits=Limits(seconds=1.5))
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


def test_a_child_does_not_die_with_a_thread_that_asked() -> None:
    """The signal to children of a dead parent is one of a dead thread."""
    sandbox = Sandbox(1, MODULE)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(ask, sandbox, "process").result().rows[0].text
    time.sleep(0.05)
    assert ask(sandbox, "process").rows[0].text == first
    sandbox.close()


def test_a_child_that_ended_while_idle_costs_no_document() -> None:
    """The kernel may have wanted its memory."""
    sandbox = Sandbox(1, MODULE)
    first = int(ask(sandbox, "process").rows[0].text.split()[0])
    os.kill(first, signal.SIGKILL)
    while Path(f"/proc/{first}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
        time.sleep(0.01)
    assert int(ask(sandbox, "process").rows[0].text.split()[0]) != first
    sandbox.close()


def test_a_child_that_does_not_come_up_is_a_crash() -> None:
    """And says nothing of why: that is for whoever installed it."""
    sandbox = Sandbox(1, "tests.sandbox.nowhere")
    with pytest.raises(Unreadable, match="sandbox"):
        ask(sandbox, "echo")
    sandbox.close()


@pytest.mark.parametrize("name", ["process", "loop", "stubborn"])
def test_a_child_does_not_outlive_its_parent(name: str) -> None:
    """Not even one that is killed without notice: the child may be idle, at work or taken over."""
    program = (
        "import os, sys; sys.path[0] = os.getcwd(); "
        "from gateway.sandbox import Sandbox; from gateway.decode.door import Declared; "
        f"from gateway.vocabulary import Limits; s = Sandbox(1, '{MODULE}'); "
        "print(s.unpack('process', b'', Declared('', ''), Limits()).rows[0].text.split()[0], flush=True); "
        f"s.unpack('{name}', b'', Declared('', ''), Limits(seconds=60)); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        time.sleep(0.2)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{child}/exe").exists()


def test_a_closed_sandbox_reads_nothing() -> None:
    """And says so."""
    sandbox = Sandbox(1, MODULE)
    ask(sandbox, "echo")
    sandbox.close()
    with pytest.raises(Unreadable, match="sandbox"):
        ask(sandbox, "echo")


def test_closing_waits_for_nobody() -> None:
    """A document that is being read when the gateway stops is not read to its end."""
    sandbox = Sandbox(1, MODULE)
    sandbox.warm()
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(ask, sandbox, "loop", limits=Limits(seconds=60))
        time.sleep(0.2)
        sandbox.close()
        with pytest.raises(Unreadable, match="sandbox"):
            slow.result(timeout=10)
