"""ZIP archives: every byte is read or named, and a change touches its member only."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode import Unwritable, decode, rebuild, zip_file
from gateway.decode.door import Declared, Unreadable
from gateway.vocabulary import Content, Edit, Limits, Unread
from tests.decode.messages import LIMITS, everything, message

NUMBER = "110105194912310021"
SAID = Declared("application/zip", "application/zip")


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    """An archive as the standard library writes it."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as file:
        for name, data in members.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 12, 0, 0)), data, method)
        file.comment = comment
    return sink.getvalue()


def read(data: bytes, limits: Limits = LIMITS) -> Content:
    """Decode an archive."""
    return decode(message(data, "application/zip"), limits)


def holds(content: Content, text: str = NUMBER) -> list[str]:
    """Places in the body at which ``text`` is read."""
    return [where for where, value in everything(content).items() if text in value and where.startswith("zip:")]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_are_read(method: int) -> None:
    """Each is decoded as if it had come alone, at a place below its name."""
    content = read(archive({"a/b.json": f'{{"id":"{NUMBER}"}}'.encode(), "c.txt": b"x"}, method))
    assert content.opaque == ()
    assert holds(content) == ["zip:/a~1b.json!json:/id"]
    assert content.media_type == "application/zip"


@pytest.mark.parametrize(
    "data",
    [
        archive({f"{NUMBER}.txt": b"x"}),
        archive({"a": b"x"}, comment=NUMBER.encode()),
        NUMBER.encode() + archive({"a": b"x"}),
        archive({"a": b"x"}) + NUMBER.encode(),
        archive({"a.zip": archive({"b": NUMBER.encode()})}),
        archive({f"张{NUMBER}": b"x"}).replace("张".encode(), b"\xd5\xc5\xd5"),
    ],
    ids=["a name", "a comment", "before", "behind", "an archive inside", "a name in GBK"],
)
def test_every_corner_is_read(data: bytes) -> None:
    """Names, comments, and what stands around the archive."""
    assert holds(read(data))


def with_extra(kind: int, value: bytes) -> bytes:
    """An archive whose member bears an extra field."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as file:
        info = zipfile.ZipInfo("a")
        info.extra = struct.pack("<HH", kind, len(value)) + value
        file.writestr(info, b"x")
    return sink.getvalue()


def test_extra_fields_are_read_or_opaque() -> None:
    """Text is a value, other bytes are named; times and owners are neither."""
    assert holds(read(with_extra(0x4B55, NUMBER.encode())))
    assert [each.reason for each in read(with_extra(0x4B55, b"\xff\xfe\x00\x01")).opaque] == [Unread.UNKNOWN_FORMAT]
    assert read(with_extra(0x5455, b"\x01\x00\x00\x00\x00")).opaque == ()


def test_a_file_in_a_gap_is_read() -> None:
    """Bytes between members, which no directory names."""
    data = archive({"a": b"x", "b": b"y"}, zipfile.ZIP_STORED)
    end = data.rfind(b"PK\x05\x06")
    first = data.index(b"PK\x01\x02")
    gap = NUMBER.encode()
    moved = data[:first] + gap + data[first:end] + data[end : end + 16]
    moved += struct.pack("<I", first + len(gap)) + data[end + 20 :]
    content = read(moved)
    assert holds(content)
    assert content.notices == ("zip.hidden_bytes",)


def test_two_names_for_one_file_are_noticed() -> None:
    """A local header may say something else than the directory."""
    data = archive({"aaaaaaaaaaaaaaaaaa": b"x"}).replace(b"a" * 18, NUMBER.encode(), 1)
    content = read(data)
    assert holds(content)
    assert content.notices == ("zip.two_names",)


def encrypted() -> bytes:
    """An archive that says that its member is."""
    data = bytearray(archive({"a": b"x"}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    return bytes(data)


def wrong_sum() -> bytes:
    """An archive whose member was changed."""
    return archive({"a": b"hello"}, zipfile.ZIP_STORED).replace(b"hello", b"hullo")


def unknown_method() -> bytes:
    """An archive of a method that nobody has."""
    data = bytearray(archive({"a": b"x"}))
    data[data.index(b"PK\x03\x04") + 8] = data[data.index(b"PK\x01\x02") + 10] = 99
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (encrypted(), Unread.ENCRYPTED),
        (wrong_sum(), Unread.MALFORMED),
        (unknown_method(), Unread.UNKNOWN_CODING),
        (archive({"a": b"x"})[:-1], Unread.MALFORMED),
        (archive({"a": bytes([1, 2, 255, 128, 5] * 50)}), Unread.UNKNOWN_FORMAT),
        (archive({"a": b"0" * 10_000_000}), Unread.RATIO),
    ],
    ids=["encrypted", "wrong sum", "unknown method", "cut", "unknown member", "bomb"],
)
def test_what_cannot_be_read_is_opaque(data: bytes, reason: Unread) -> None:
    """Each with its reason."""
    assert reason in [each.reason for each in read(data).opaque]


def test_members_that_overlap_are_refused() -> None:
    """One body under many names is how a small archive becomes a very large one."""
    data = archive({"a": b"x" * 100, "b": b"y" * 100})
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    overlapping = data[: second + 42] + struct.pack("<I", 0) + data[second + 46 :]
    assert [each.detail for each in read(overlapping).opaque] == ["zip overlap"]


def test_ten_million_members_are_refused_before_they_are_counted() -> None:
    """The end record says how many there are."""
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    top = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, 10_000_000, 10_000_000, 460_000_000, 0)
    data = b"PK\x03\x04" + top + struct.pack("<IIQI", 0x07064B50, 0, 4, 1) + end
    assert [(each.reason, each.detail) for each in read(data).opaque] == [(Unread.TOO_MANY, "members")]


@pytest.mark.parametrize(
    ("limits", "detail"),
    [(Limits(members=3), "members"), (Limits(unpacked=50), "unpacked"), (Limits(layers=1), "layers")],
)
def test_limits_are_named(limits: Limits, detail: str) -> None:
    """Number, size and depth."""
    inner = archive({"x": b"y"})
    content = read(archive({f"{at}.zip": inner for at in range(5)}), limits)
    assert detail in [each.detail for each in content.opaque]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_mask_changes_its_member_only(method: int) -> None:
    """The other members, their order and their sums stay, and any reader reads the result."""
    members = {"a.txt": b"first", "b.json": f'{{"id": "{NUMBER}"}}'.encode(), "c.txt": b"last"}
    transfer = message(archive(members, method, b"note"), "application/zip")
    content = decode(transfer, LIMITS)
    part = next(part for part in content.parts if NUMBER in part.text)
    at = part.text.index(NUMBER)
    body = rebuild(transfer, content, (Edit(part, at, at + 14, "*" * 14),))
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == {
            **members, "b.json": f'{{"id": "{"*" * 14}0021"}}'.encode()
        }  # fmt: skip
        assert file.comment == b"note"
    assert read(body).opaque == ()


def test_archives_of_streams_are_written_too() -> None:
    """Sizes stand behind the data where the writer did not know them before."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as file, file.open("a.txt", "w", force_zip64=False) as member:
        member.write(NUMBER.encode())
    streamed = io.BytesIO()

    class Unseekable(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            return streamed.write(data)  # type: ignore[arg-type]

    with zipfile.ZipFile(Unseekable(), "w", zipfile.ZIP_DEFLATED) as file:  # type: ignore[call-overload]
        file.writestr("a.txt", NUMBER)
    transfer = message(streamed.getvalue(), "application/zip")
    content = decode(transfer, LIMITS)
    assert content.opaque == ()
    part = next(part for part in content.parts if NUMBER in part.text)
    body = rebuild(transfer, content, (Edit(part, 0, 3, "***"),))
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        assert file.read("a.txt").decode() == "***" + NUMBER[3:]


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.binary(max_size=60), max_size=4), st.data())
def test_nothing_but_unreadable_leaves_the_reader(members: dict[str, bytes], data: st.DataObject) -> None:
    """Sound archives and broken ones."""
    made = bytearray(archive(members))
    for _ in range(data.draw(st.integers(0, 4))):
        made[data.draw(st.integers(0, len(made) - 1))] = data.draw(st.integers(0, 255))
    try:
        unpacked = zip_file.unpack(bytes(made), SAID, LIMITS)
        assert zip_file.pack(bytes(made), SAID, {}) == made
        zip_file.pack(bytes(made), SAID, dict.fromkeys(range(len(unpacked.members)), b"x"))
    except (Unreadable, Unwritable):
        pass
