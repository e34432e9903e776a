"""Content codings: undone within limits, or opaque."""

import gzip
import io
import zlib

import brotlicffi
import pytest
import zstandard

from gateway.decode import decode
from gateway.vocabulary import Limits, State, Unread
from tests.decode.messages import LIMITS, body, body_parts, message

DOCUMENT = b'{"phone":"66123456"}'


def raw(data: bytes) -> bytes:
    """A bare RFC 1951 stream."""
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


CODED = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw,
    "br": brotlicffi.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "identity": bytes,
}


def refused(data: bytes, coding: str, limits: Limits = LIMITS) -> tuple[Unread, str]:
    """Why a coded body is opaque; nothing of it may be read."""
    content = decode(message(data, "application/json", coding), limits)
    assert body_parts(content) == []
    (opaque,) = content.opaque
    assert (opaque.where, opaque.size) == ("body", len(data))
    return opaque.reason, opaque.detail


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("size", [1, 200_000])
def test_each_coding_is_undone(coding: str, size: int) -> None:
    """What was coded is read, small or of many pieces."""
    text = b"[" + b",".join(b"%d" % (each * 7919 % 100_003) for each in range(size // 6)) + b"]"
    assert body(CODED[coding](text), coding=coding).text.encode() == text


def test_codings_stack() -> None:
    """Several codings are undone from the last to the first, up to the limit."""
    assert body(brotlicffi.compress(gzip.compress(DOCUMENT)), coding="gzip, br").text == DOCUMENT.decode()
    five = DOCUMENT
    for _ in range(5):
        five = gzip.compress(five)
    assert refused(five, "gzip,gzip,gzip,gzip,gzip") == (Unread.TOO_DEEP, "codings")


@pytest.mark.parametrize("coding", ["compress", "aes128gcm", "rot13", "gzip;q=1"])
def test_an_unknown_coding_is_opaque(coding: str) -> None:
    """A coding that nobody can undo is named if the registry knows it."""
    reason, detail = refused(DOCUMENT, coding)
    assert reason is Unread.UNKNOWN_CODING
    assert detail in (coding, "")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "Deflate", "br", "zstd"])
def test_missing_and_surplus_bytes_are_malformed(coding: str) -> None:
    """A stream that was cut, or has something behind it, is not read."""
    data = CODED[coding](DOCUMENT * 50)
    for broken in (data[:-1], data[: len(data) // 2], data + b"\0", data + b"66123456", b"\xff" + data, data[:1]):
        assert refused(broken, coding)[0] is Unread.MALFORMED


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_all_members_are_read(coding: str) -> None:
    """A stream may have several members; a thousand of them are enough."""
    halves = CODED[coding](DOCUMENT[:9]) + CODED[coding](DOCUMENT[9:])
    assert body(halves, coding=coding).text == DOCUMENT.decode()
    assert refused(CODED[coding](b"") * 2000, coding) == (Unread.TOO_MANY, f"{coding} members")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "Deflate", "br", "zstd"])
def test_bombs_are_stopped(coding: str) -> None:
    """A body that swells beyond the ratio or the size is left alone, one bomb within another too."""
    bomb = CODED[coding](bytes(40 * 1024 * 1024))
    assert refused(bomb, coding) in [(Unread.RATIO, "ratio"), (Unread.TOO_LARGE, "body")]
    assert refused(gzip.compress(bomb), f"{coding}, gzip")[0] in (Unread.RATIO, Unread.TOO_LARGE)
    assert refused(bomb, coding, Limits(body=1000, ratio=1 << 30))[0] is Unread.TOO_LARGE


def test_a_huge_window_is_refused() -> None:
    """A zstd frame that asks for more memory than RFC 8878 recommends is not read."""
    parameters = zstandard.ZstdCompressionParameters(window_log=27, enable_ldm=True)
    out = io.BytesIO()
    with zstandard.ZstdCompressor(compression_params=parameters).stream_writer(out, closefd=False) as writer:
        writer.write(DOCUMENT)
    assert refused(out.getvalue(), "zstd") == (Unread.MALFORMED, "zstd")


def test_a_skippable_frame_hides_nothing() -> None:
    """What readers of zstd skip is where one would hide: it is refused."""
    assert refused(CODED["zstd"](DOCUMENT) + b"\x50\x2a\x4d\x18\x04\0\0\0data", "zstd")[0] is Unread.MALFORMED


def test_a_name_in_a_gzip_header_is_noticed() -> None:
    """A gzip header can carry text of its own."""
    out = io.BytesIO()
    with gzip.GzipFile("note.json", "wb", fileobj=out) as file:
        file.write(DOCUMENT)
    assert decode(message(out.getvalue(), "application/json", "gzip"), LIMITS).notices == ("coding.extras",)


def test_a_body_beyond_the_limit_is_too_large() -> None:
    """The limit holds without any coding."""
    (opaque,) = decode(message(b'"aaaaaaaaaa"', "application/json"), Limits(body=10)).opaque
    assert (opaque.reason, opaque.detail, opaque.size) == (Unread.TOO_LARGE, "body", 12)


@pytest.mark.parametrize(
    ("state", "reason"), [(State.PARTIAL, Unread.MALFORMED), (State.OPAQUE, Unread.UNKNOWN_FORMAT)]
)
@pytest.mark.parametrize("data", [DOCUMENT, b""])
def test_a_body_that_is_not_whole_is_opaque(state: State, reason: Unread, data: bytes) -> None:
    """Of a body that the gateway does not hold, nothing counts as read, even if nothing of it came."""
    content = decode(message(data, "application/json", state=state), LIMITS)
    assert body_parts(content) == []
    assert [each.reason for each in content.opaque] == [reason]
