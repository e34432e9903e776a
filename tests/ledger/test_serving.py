"""The log over HTTP: the resources of tlog-tiles with the right headers, receipts, and nothing else."""

import atexit
import gzip
import http.client
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.ledger import Ledger
from gateway.ledger.checkpoint import Verifier
from gateway.ledger.client import Log, Unreachable, from_address
from gateway.ledger.mirror import Mirrored, mirror, verify_log
from gateway.ledger.proof import check_consistency, check_receipt
from gateway.ledger.published import Published
from gateway.ledger.receipt import receipt
from gateway.ledger.serving import READERS, answer, log_served
from tests.ledger.sound import BOOK, decision, sound
from tests.ledger.tiled import example, grow, published


@contextmanager
def served() -> Iterator[str]:
    """The example, on a port of its own."""
    with log_served(example()[0], "127.0.0.1", 0) as prefix:
        yield prefix


@cache
def source() -> Published:
    """The example, to be asked without a port."""
    found = Published(example()[0])
    atexit.register(found.close)
    return found


def ask(prefix: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, header and body of the answer."""
    with closing(http.client.HTTPConnection(urlsplit(prefix).netloc, timeout=10)) as link:
        link.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = link.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def test_every_resource_is_served_as_it_is() -> None:
    """The same bytes as are read from the ledger, on one connection."""
    with served() as prefix, from_address(prefix) as read:
        for path, data in published().items():
            assert read(path) == data
        assert read("tile/0/003.p/1") is None


def test_what_may_change_is_not_kept_and_what_cannot_is() -> None:
    """Media types and caching as tlog-tiles asks for them."""
    with served() as prefix:
        for path in ("/checkpoint", "/vkey", "/receipt/1", "/consistency/1"):
            status, header, _ = ask(prefix, path)
            assert (status, header["content-type"], header["cache-control"]) == (
                200,
                "text/plain; charset=utf-8",
                "no-cache",
            )
        for path in ("/tile/0/000", "/tile/entries/002.p/88", "/tile/1/000.p/2", f"/rulebook/{BOOK}"):
            status, header, _ = ask(prefix, path)
            assert (status, header["content-type"]) == (200, "application/octet-stream")
            assert header["cache-control"] == "max-age=31536000, immutable"
            assert header["x-content-type-options"] == "nosniff"


def test_bundles_are_compressed_for_whom_it_suits() -> None:
    """Compressed where it is accepted, plain where not, and caches are told of it; hashes do not get smaller."""
    with served() as prefix:
        _, header, data = ask(prefix, "/tile/entries/000", Accept_Encoding="gzip, identity")
        assert (header["content-encoding"], header["vary"]) == ("gzip", "Accept-Encoding")
        assert gzip.decompress(data) == published()["tile/entries/000"]
        assert len(data) * 3 < len(published()["tile/entries/000"])
        _, header, data = ask(prefix, "/tile/entries/000")
        assert ("content-encoding" in header, data) == (False, published()["tile/entries/000"])
        _, header, _ = ask(prefix, "/tile/0/000", Accept_Encoding="gzip")
        assert "content-encoding" not in header


def test_the_header_alone_can_be_had_and_nothing_can_be_sent() -> None:
    """HEAD has the length and no body; every other method is refused."""
    with served() as prefix:
        status, header, data = ask(prefix, "/tile/0/000", "HEAD")
        assert (status, header["content-length"], data) == (200, "8192", b"")
        for method in ("POST", "PUT", "DELETE", "CONNECT", "TRACE"):
            assert ask(prefix, "/checkpoint", method)[0] == 501


@pytest.mark.parametrize(
    "path",
    [
        "/", "/..", "/../ledger.key", "/tile/../vkey", "/ledger.sqlite", "/%76key", "/checkpoint/",
        "/tile/0/000.p/600", "/tile/0/002", "/tile/entries/002.p/89", "/tile/2/000.p/1", "/tile/wide/000", "/rulebook/",
        "/receipt/", "/receipt/-1", "/receipt/01", "/receipt/600", "/consistency/601", "/receipt/99999999999999999999",
    ],
)  # fmt: skip
def test_what_is_no_resource_is_not_found(path: str) -> None:
    """Nothing beyond the checkpoint, no file of the folder, no second spelling."""
    with served() as prefix:
        status, header, _ = ask(prefix, path)
    assert (status, header["cache-control"]) == (404, "no-cache")


@settings(max_examples=200, deadline=None)
@given(
    st.text()
    | st.from_regex(r"(tile|receipt|consistency|rulebook|checkpoint)(/[0-9x.p-]{0,22}){0,5}", fullmatch=True)
    | st.from_regex(r"tile/(entries|wide|[0-9]{1,2})/[0-9]{3}(\.p/[0-9]{1,3})?", fullmatch=True)
)
def test_whatever_is_asked_is_answered(path: str) -> None:
    """There, or not there; nothing that is asked for breaks anything."""
    assert answer(source(), path).status in (200, 404)


def test_receipts_and_proofs_are_served() -> None:
    """As `kouan receipt` writes them; a browser saves the file under its name."""
    folder, vkey = example()
    with served() as prefix:
        _, header, data = ask(prefix, "/receipt/300")
        assert header["content-disposition"] == 'attachment; filename="300.tlog-proof"'
        assert check_receipt(data, Verifier(vkey)).entry == decision(300)
        _, _, proof = ask(prefix, "/consistency/600")
        assert check_consistency(proof, (folder / "checkpoint").read_bytes(), Verifier(vkey))[1].size == 600


def test_a_receipt_that_is_not_ready_is_asked_for_again(tmp_path: Path) -> None:
    """An entry that no checkpoint covers yet is told from one that does not exist; then it is there."""
    folder = tmp_path / "ledger"
    vkey = grow(folder, 5)
    with Ledger.attach(folder) as worker, log_served(folder, "127.0.0.1", 0) as prefix:
        worker.append_now(decision(5))
        status, header, said = ask(prefix, "/receipt/5")
        assert (status, header["retry-after"]) == (503, "1")
        assert b"covers 5 entries" in said
        assert ask(prefix, "/receipt/6")[0] == 404
        grow(folder, 6)
        assert check_receipt(ask(prefix, "/receipt/5")[2], Verifier(vkey)).index == 5
    sound(folder)


def test_a_log_is_verified_and_copied_from_afar(tmp_path: Path) -> None:
    """By its address alone, while it grows; a mirror may also be cut a receipt from."""
    folder = tmp_path / "ledger"
    vkey = grow(folder, 700)
    with log_served(folder, "127.0.0.1", 0) as prefix, from_address(prefix) as read:
        assert verify_log(Log(read), vkey, ahead=True).failures == ()
        assert mirror(Log(read), tmp_path / "mirror", vkey, ahead=True) == Mirrored(700, 0)
        grow(folder, 1500)
        assert mirror(Log(read), tmp_path / "mirror", vkey, ahead=True) == Mirrored(1500, 700)
        report = verify_log(Log(read), vkey, ahead=True)
        assert (report.ok, report.size) == (True, 1500)
        assert check_receipt(receipt(Log(read), 1400), Verifier(vkey)).index == 1400
    assert sound(folder) == 1500


def test_many_who_say_nothing_keep_nobody_out() -> None:
    """Connections are bounded: idle ones take their places, and further ones are closed, not kept waiting for ever."""
    with served() as prefix:
        port = urlsplit(prefix).port
        idle = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(READERS - 1)]
        try:
            assert ask(prefix, "/checkpoint")[0] == 200
        finally:
            for each in idle:
                each.close()


def test_a_ledger_that_is_not_there_cannot_be_served(tmp_path: Path) -> None:
    """Nor can one on a port that is taken; both are told as an error of the system."""
    with pytest.raises(OSError, match="moved"), log_served(tmp_path, "127.0.0.1", 0):
        pass
    with served() as prefix:
        taken = urlsplit(prefix).port or 0
        with pytest.raises(OSError, match="in use"), log_served(example()[0], "127.0.0.1", taken):
            pass


class Odd(BaseHTTPRequestHandler):
    """A server that is no log."""

    def do_GET(self) -> None:
        """Answer as the path says."""
        what = self.path.strip("/")
        if what == "hang-up":
            self.close_connection = True
            return
        self.send_response(int(what) if what.isdecimal() else 200)
        self.send_header("Location", "/elsewhere")
        if not what.isdecimal():
            self.send_header("Content-Encoding", what.partition("-")[0])
        body = gzip.compress(b"x" * 100)[:-3] if what == "gzip-cut" else b"no gzip"
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("path", ["301", "302", "307", "500", "403", "hang-up", "gzip", "gzip-cut", "br"])
def test_what_answers_oddly_is_told(path: str) -> None:
    """Nothing is redirected, nothing damaged is taken; an address without a server is told too."""
    with HTTPServer(("127.0.0.1", 0), Odd) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        prefix = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            with from_address(prefix) as read, pytest.raises(Unreachable, match=r"127\.0\.0\.1"):
                read(path)
        finally:
            server.shutdown()
            thread.join()
    with from_address(prefix) as read, pytest.raises(Unreachable, match="no answer"):
        read("checkpoint")
