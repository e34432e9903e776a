"""tar archives and compressed files."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode import Unwritable, decode, rebuild, tar_file
from gateway.decode.door import Declared, Unreadable
from gateway.vocabulary import Content, Edit, Limits, Unread
from tests.decode.messages import LIMITS, everything, message

NUMBER = "110105194912310021"
SAID = Declared("application/x-tar", "application/x-tar")
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.compress,
}  # fmt: skip


def archive(members: dict[str, bytes], format: int = tarfile.PAX_FORMAT, **more: str) -> bytes:
    """An archive as the standard library writes it."""
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w", format=format) as file:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in more.items():
                setattr(info, key, value)
            file.addfile(info, io.BytesIO(data))
    return sink.getvalue()


def read(data: bytes, limits: Limits = LIMITS) -> Content:
    """Decode by sight."""
    return decode(message(data), limits)


def holds(content: Content, text: str = NUMBER) -> list[str]:
    """Places of the body at which ``text`` is read."""
    return [where for where, value in everything(content).items() if text in value and not where.startswith("path")]


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_members_are_read(format: int) -> None:
    """Each format of tar."""
    content = read(archive({"a.json": f'{{"id":"{NUMBER}"}}'.encode(), "b": b"x"}, format))
    assert content.opaque == ()
    assert holds(content) == ["tar:/a.json!json:/id"]


@pytest.mark.parametrize("format", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_names_and_owners_are_read(format: int) -> None:
    """Short names, long ones, owners, links."""
    assert holds(read(archive({NUMBER: b""}, format)))
    assert holds(read(archive({"x" * 150 + NUMBER: b""}, format)))
    assert holds(read(archive({"a": b""}, format, uname=NUMBER)))
    link = tarfile.TarInfo("l")
    link.type, link.linkname = tarfile.SYMTYPE, NUMBER
    assert holds(read(link.tobuf(format) + bytes(1024)))


def test_what_lies_between_and_behind_is_read() -> None:
    """Padding, and blocks behind the end."""
    data = archive({"a": b"x"})
    at = data.index(b"x\0\0")
    padded = data[: at + 1] + NUMBER.encode() + data[at + 1 + len(NUMBER) :]
    for made in (padded, data + NUMBER.encode()):
        content = read(made)
        assert holds(content)
        assert content.notices == ("tar.hidden_bytes",)


def test_what_cannot_be_read_is_opaque() -> None:
    """Unknown kinds, wrong sums, cut archives, too many members."""
    info = tarfile.TarInfo("s")
    info.type = b"S"
    sparse = info.tobuf(tarfile.GNU_FORMAT) + bytes(1024)
    assert [each.reason for each in read(sparse).opaque] == [Unread.UNKNOWN_FORMAT]
    data = archive({"a": b"x" * 600})
    assert [each.reason for each in read(b"b" + data[1:]).opaque] == [Unread.MALFORMED]
    assert [each.detail for each in read(data[:1024]).opaque] == ["tar truncated"]
    many = archive({str(at): b"" for at in range(20)})
    assert [each.detail for each in read(many, Limits(members=10)).opaque] == ["members"]


def test_a_mask_changes_its_member_only() -> None:
    """Sizes and sums are true again."""
    members = {"a": b"first", "b.txt": f"x {NUMBER}".encode(), "c": b"last"}
    transfer = message(archive(members))
    content = decode(transfer, LIMITS)
    part = next(part for part in content.parts if NUMBER in part.text)
    body = rebuild(transfer, content, (Edit(part, 2, 16, "*"),))
    with tarfile.open(fileobj=io.BytesIO(body)) as file:
        found = {name: file.extractfile(name).read() for name in file.getnames()}  # type: ignore[union-attr]
    assert found == {**members, "b.txt": b"x *0021"}


@pytest.mark.parametrize("name", COMPRESSORS)
def test_a_compressed_file_is_read_and_written(name: str) -> None:
    """One member, whatever compressed it; an archive inside is opened in turn."""
    compress = COMPRESSORS[name]
    transfer = message(compress(archive({"a.txt": NUMBER.encode()})))
    content = decode(transfer, LIMITS)
    assert content.opaque == ()
    (where,) = holds(content)
    assert where.startswith(f"{name}:/content!tar:/a.txt!")
    part = next(part for part in content.parts if NUMBER in part.text)
    body = rebuild(transfer, content, (Edit(part, 0, 14, "*" * 14),))
    assert holds(read(body), "**************0021")


@pytest.mark.parametrize("name", COMPRESSORS)
def test_compressed_bombs_and_ruins_are_opaque(name: str) -> None:
    """Limits hold while it is read, and what is cut or followed by something else is a fault."""
    data = COMPRESSORS[name](bytes(20_000_000))
    assert next(each.reason for each in read(data).opaque) in (Unread.RATIO, Unread.TOO_LARGE)
    sound = COMPRESSORS[name](b"hello, world")
    assert read(sound[:-3]).opaque
    assert read(sound + b"tail").opaque


def test_the_header_of_gzip_is_read() -> None:
    """A file name, a comment, an extra field."""
    plain = gzip.compress(b"hello", mtime=0)
    name = plain[:3] + b"\x18" + plain[4:10] + NUMBER.encode() + b"\0note " + NUMBER.encode() + b"\0" + plain[10:]
    assert len(holds(read(name))) == 2
    transfer = message(name)
    content = decode(transfer, LIMITS)
    part = next(part for part in content.parts if part.text == "hello")
    assert gzip.decompress(rebuild(transfer, content, (Edit(part, 0, 1, "j"),))) == b"jello"


NAMES = st.text(st.characters(codec="ascii", categories=("L",)), min_size=1)


@given(st.dictionaries(NAMES, st.binary(max_size=60), max_size=3), st.data())
def test_nothing_but_unreadable_leaves_the_reader(members: dict[str, bytes], data: st.DataObject) -> None:
    """Sound archives and broken ones."""
    made = bytearray(archive(members)[:4096])
    for _ in range(data.draw(st.integers(0, 4))):
        made[data.draw(st.integers(0, len(made) - 1))] = data.draw(st.integers(0, 255))
    try:
        unpacked = tar_file.unpack(bytes(made), SAID, LIMITS)
        assert tar_file.pack(bytes(made), SAID, {}) == made
        tar_file.pack(bytes(made), SAID, dict.fromkeys(range(len(unpacked.members)), b"x"))
    except (Unreadable, Unwritable):
        pass
