"""What a reader of a binary document has found so far: rows, members, opaque parts and notices, within the limits.

Nothing is gathered beyond ``limits.body`` bytes and ``limits.segments`` values in all, whatever a document claims: it
may point a thousand times at the same part of itself.
"""

from __future__ import annotations

import re

from gateway.decode import mime
from gateway.decode.door import Member, Row, Unpacked, Unreadable
from gateway.vocabulary import Limits, Opaque, Unread

_NARROW = re.compile(rb"(?:[\t\x20-\x7e]|[\xc3-\xdf][\x80-\xbf]|[\xe3-\xef][\x80-\xbf]{2}){6,}+")
"""Text in ASCII, and letters and Han characters in UTF-8."""
_CHINESE = re.compile(rb"(?:[\t\x20-\x7e]|[\xb0-\xf7][\xa1-\xfe]){4,}+")
"""Text in GB 2312; looked at only where there is more in it than ASCII."""
_WIDE = (
    (re.compile(rb"(?:[\t\x20-\x7e]\0|[\0-\xff][\x4e-\x9f]){5,}+"), "utf-16-le"),
    (re.compile(rb"(?:\0[\t\x20-\x7e]|[\x4e-\x9f][\0-\xff]){5,}+"), "utf-16-be"),
)
_BLANKED = bytes(byte if byte in b"\t\n\r" or byte >= 0x20 else 0x20 for byte in range(256))
_CONTROL = bytes({*range(0x20)} - set(b"\t\n\r"))


class Gathering:
    """Rows, members, opaque parts and notices of one document."""

    def __init__(self, limits: Limits) -> None:
        """``limits.body`` is what may come out in all, in bytes of members and code points of rows."""
        self.limits = limits
        self.left = limits.body
        self.rows: list[Row] = []
        self.members: list[Member] = []
        self.opaque: list[Opaque] = []
        self.notices: list[str] = []

    def row(self, where: str, label: str, text: str) -> None:
        """Add a text, unless it is blank; raises ``Unreadable`` beyond the limits."""
        if text and not text.isspace():
            self._spend(len(text))
            self.rows.append(Row(where, label, text))

    def octets(self, where: str, label: str, octets: bytes) -> None:
        """Add a text in whatever charset it is written."""
        self.row(where, label, mime.text_of(octets.strip(b"\0 ")))

    def prose(self, where: str, label: str, octets: bytes) -> None:
        """Add what can be read of octets whose form nobody knows: all of a text, the readable runs of anything else."""
        if 4 * len(octets.translate(None, _CONTROL)) > 3 * len(octets):
            try:
                return self.row(where, label, octets.translate(_BLANKED).decode("utf-8"))
            except UnicodeDecodeError:
                pass
        return self.row(where, label, "\n".join(runs(octets)))

    def member(self, name: str, data: bytes, media_type: str = "") -> None:
        """Add bytes to be read as if they had come alone, unless there are none."""
        if data:
            self._spend(len(data))
            self.members.append(Member(name, data, media_type))

    def unread(self, reason: Unread, where: str, size: int, detail: str) -> None:
        """Name what could not be read."""
        if len(self.opaque) < self.limits.segments:
            self.opaque.append(Opaque(reason, where, size, detail))

    def notice(self, code: str) -> None:
        """Note an oddity, once."""
        if code not in self.notices:
            self.notices.append(code)

    def unpacked(self) -> Unpacked:
        """Return all that was gathered."""
        return Unpacked(tuple(self.rows), tuple(self.members), tuple(self.opaque), tuple(self.notices))

    def _spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Unreadable(Unread.TOO_LARGE, "unpacked")
        if len(self.members) > self.limits.members:
            raise Unreadable(Unread.TOO_MANY, "members")
        if len(self.rows) >= self.limits.segments:
            raise Unreadable(Unread.TOO_MANY, "segments")


def runs(octets: bytes) -> list[str]:
    """Return the runs of octets that read as text, in one byte a character and in two."""
    found = [run[0].decode("utf-8", "replace") for run in _NARROW.finditer(octets)]
    found += [run[0].decode("gb18030", "replace") for run in _CHINESE.finditer(octets) if not run[0].isascii()]
    for form, charset in _WIDE:
        found += [run[0].decode(charset, "replace") for run in form.finditer(octets)]
    return found
