r"""RTF (Rich Text Format specification 1.9.1): body, tables, fields, notes, properties, hidden text, objects.

One scanner reads the tokens in order and never backtracks. A group that is a destination of its own (a footnote, a
property, anything behind ``\*``) has a flow of its own, so that it does not break the text around it. Pictures and
embedded objects are members. What a reader of Unicode skips is read too where it holds letters or digits.
"""

from __future__ import annotations

import codecs
import re
from binascii import Error as HexError
from binascii import unhexlify
from dataclasses import dataclass, field, replace

from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.gathering import Gathering
from gateway.decode.ole_objects import embedded
from gateway.decode.places import KEY, step
from gateway.vocabulary import Limits, Unread

_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]++)(-?[0-9]++)? ?|\\([^a-zA-Z])|([{}])|([^\\{}]++)|(\\)", re.DOTALL
)
_HEX, _WORD, _NUMBER, _SIGN, _BRACE, _TEXT, _END = range(1, 8)
_BREAKS = bytes.maketrans(b"\t", b" ")
_UNSEEN = b"\r\n\0"
_DESTINATIONS = frozenset(
    b"fonttbl colortbl stylesheet info title subject author manager company operator keywords comment doccomm "
    b"hlinkbase category header headerl headerr headerf footer footerl footerr footerf footnote annotation pict "
    b"objdata objclass objname objtopic objitem objalias objsect fldinst datafield bkmkstart bkmkend xe tc txe rxe "
    b"atnid atnauthor atntime atnref atndate sn sv template filetbl listtable listoverridetable revtbl rsidtbl "
    b"private private1 buptim creatim printim revtim falt nextfile pgdsctbl propname staticval linkval listname "
    b"levelnumbers leveltext".split()
)
"""Words that begin a destination with no ``\\*`` before them."""
_DATA = frozenset({b"pict", b"objdata", b"themedata", b"colorschememapping", b"datastore", b"blipuid", b"fontemb"})
"""Destinations whose text is bytes, in hexadecimal."""
_SPACES = {b"tab": " ", b"line": " ", b"lbr": " ", b"emspace": " ", b"enspace": " ", b"qmspace": " ", b"softline": " "}
_MARKS = {b"emdash": "—", b"endash": "–", b"lquote": "'", b"rquote": "'", b"ldblquote": '"', b"rdblquote": '"',
          b"bullet": "•", b"-": "", b"_": "-", b"~": " ", b"{": "{", b"}": "}", b"\\": "\\", b"zwj": "", b"zwnj": "",
          b"zwbo": "", b"zwnbo": ""}  # fmt: skip
_PARAGRAPH = frozenset({b"par", b"sect", b"page", b"column", b"softpage", b"\n", b"\r"})
_PAGES = {0: "cp1252", 2: "cp1252", 77: "mac-roman", 78: "cp932", 80: "gbk", 128: "cp932", 129: "cp949", 130: "johab",
          134: "gbk", 136: "big5hkscs", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
          186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250"}  # fmt: skip
"""Character sets of fonts (\\fcharset)."""
_CODE_PAGES = {936: "gbk", 950: "big5hkscs", 54936: "gb18030", 65001: "utf-8", 10000: "mac-roman"}
_LONG_NUMBER = 9
_LONG_WORD = 32
_SHORT = 256
"""Digits of a picture that are no picture, but may be somebody's number."""
_SKIPPED = re.compile(r"[0-9A-Za-z]{2}")
_HEX_ONLY = re.compile(rb"[0-9a-fA-F]++")
_NOT_FRESH, _FRESH, _STARRED = range(3)
"""Whether nothing stands in a group so far, or nothing but ``\\*``."""
_SHOWN, _HIDDEN, _DELETED = "", "hidden", "deleted"


@dataclass(slots=True)
class _Flow:
    """The text of one destination, paragraph by paragraph."""

    place: str
    word: bytes
    pieces: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    number: int = 0


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits: where its text goes, in which charset, how much stands for a Unicode character."""

    flow: _Flow
    charset: str
    fallback: int = 1
    kind: str = _SHOWN


class _Reader:
    """One reading of one document."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._found = Gathering(limits)
        self._state = _State(_Flow("", b""), "cp1252")
        self._outer: list[_State] = []
        self._fresh = _NOT_FRESH
        self._pending = bytearray()
        self._skip = 0
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._charset = "cp1252"
        self._high = 0

    def read(self) -> Unpacked:
        at = 0
        while True:
            token = _TOKEN.match(self._data, at)
            if token is None:
                raise Unreadable(Unread.MALFORMED, "rtf")
            at = token.end()
            kind = token.lastindex
            if kind in (_WORD, _NUMBER):
                at = self._control(token, at)
            elif kind is not None:
                self._token(kind, token[kind])
            if kind == _BRACE and not self._outer:
                break
        if self._data[at:].strip(b"\0\r\n \t\x1a"):
            self._found.notice("rtf.trailing")
            self._found.member("~trailing", self._data[at:])
        return self._found.unpacked()

    def _token(self, kind: int, written: bytes) -> None:
        if kind == _TEXT:
            self._text(written)
        elif kind == _BRACE:
            self._brace(written)
        elif kind == _HEX:
            self._byte(written)
        elif kind == _SIGN:
            self._sign(written)
        else:
            raise Unreadable(Unread.MALFORMED, "rtf")

    def _control(self, token: re.Match[bytes], at: int) -> int:
        """Take a control word; return where the next token begins, which is behind the bytes that it brings."""
        if token[_WORD] != b"bin" or not token[_NUMBER]:
            self._word(token[_WORD], token[_NUMBER])
            return at
        size = max(0, int(token[_NUMBER][: _LONG_NUMBER + 1]))
        self._state.flow.raw.append(self._data[at : at + size])
        return at + size

    def _brace(self, brace: bytes) -> None:
        self._skip = 0
        if brace == b"{":
            if len(self._outer) >= self._found.limits.depth:
                raise Unreadable(Unread.TOO_DEEP, "depth")
            self._outer.append(self._state)
            self._fresh = _FRESH
            return
        if not self._outer:
            raise Unreadable(Unread.MALFORMED, "rtf")
        inner, self._state = self._state, self._outer.pop()
        self._fresh = _NOT_FRESH
        if inner.flow is not self._state.flow:
            self._settle(inner)
            self._finish(inner.flow)
        elif inner.charset != self._state.charset or inner.kind != self._state.kind:
            self._settle(inner)
        if not self._outer:
            self._settle(inner)
            self._finish(inner.flow)

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._fresh = _STARRED if self._fresh else _NOT_FRESH
            return None
        if sign in _PARAGRAPH:
            return self._word(b"par", None)
        if self._skip:
            self._skip -= 1
        elif sign in _MARKS:
            self._add(_MARKS[sign])
        return None

    def _byte(self, digits: bytes) -> None:
        if self._skip:
            self._skip -= 1
            self._state.flow.skipped.append(" ")
        else:
            self._pending += unhexlify(digits)
        self._fresh = _NOT_FRESH

    def _text(self, text: bytes) -> None:
        self._fresh = _NOT_FRESH
        if self._state.flow.word in _DATA:
            return self._state.flow.raw.append(text)
        text = text.translate(_BREAKS, _UNSEEN)
        if self._skip:
            self._state.flow.skipped.append(text[: self._skip].decode("latin-1"))
            text, self._skip = text[self._skip :], max(0, self._skip - len(text))
        self._pending += text
        return None

    def _word(self, word: bytes, number: bytes | None) -> None:
        fresh, self._fresh = self._fresh, _NOT_FRESH
        value = int(number[: _LONG_NUMBER + 1]) if number else None
        if len(word) > _LONG_WORD or (number and len(number) > _LONG_NUMBER):
            self._found.row("/~word", "", (word + (number or b"")).decode("ascii"))
        if fresh == _STARRED or (fresh and word in _DESTINATIONS):
            self._enter(word)
        elif word == b"u":
            self._unicode(value or 0)
        elif self._skip:
            self._skip -= 1
        elif word in _SPACES or word in _MARKS:
            self._add(_SPACES.get(word) or _MARKS.get(word, ""))
        elif word in _PARAGRAPH or word in (b"cell", b"nestcell", b"row", b"nestrow"):
            self._break(word)
        else:
            self._format(word, value)

    def _enter(self, word: bytes) -> None:
        """Begin a destination; its text does not break the one around it."""
        self._settle(self._state)
        name = word.decode("ascii")[:_LONG_WORD]
        self._state = replace(self._state, flow=_Flow(f"/~{name}", word), kind=_SHOWN)

    def _unicode(self, value: int) -> None:
        self._settle(self._state)
        unit = value & 0xFFFF
        if 0xD800 <= unit < 0xDC00:
            self._high = unit
        elif 0xDC00 <= unit < 0xE000 and self._high:
            self._add(chr(0x10000 + ((self._high - 0xD800) << 10) + unit - 0xDC00))
            self._high = 0
        else:
            self._add(chr(unit) if not 0xD800 <= unit < 0xE000 else "\ufffd")
        self._skip = self._state.fallback

    def _format(self, word: bytes, value: int | None) -> None:
        """Take what changes how text is read, or whether it is seen."""
        state = self._state
        changed = state
        if word == b"uc":
            changed = replace(state, fallback=min(max(value or 0, 0), 64))
        elif word == b"ansicpg":
            self._charset = _code_page(value or 1252)
            changed = replace(state, charset=self._charset)
        elif word == b"f" and state.flow.word == b"fonttbl":
            self._font = value or 0
        elif word in (b"fcharset", b"cpg") and state.flow.word == b"fonttbl":
            page = _PAGES.get(value or 0, self._charset) if word == b"fcharset" else _code_page(value or 0)
            self._fonts[self._font] = self._charset if word == b"fcharset" and not value else page
            changed = replace(state, charset=self._fonts[self._font])
        elif word == b"f":
            changed = replace(state, charset=self._fonts.get(value or 0, self._charset))
        elif word in (b"v", b"deleted"):
            changed = replace(state, kind=_SHOWN if value == 0 else _HIDDEN if word == b"v" else _DELETED)
        elif word == b"plain":
            changed = replace(state, kind=_SHOWN, charset=self._charset)
        if changed is not state:
            self._settle(state)
            self._state = changed

    def _add(self, text: str) -> None:
        self._settle(self._state)
        if text:
            self._state.flow.pieces.append((self._state.kind, text))
        self._fresh = _NOT_FRESH

    def _settle(self, state: _State) -> None:
        """Give the octets read so far to the flow in whose charset they are."""
        if self._pending:
            state.flow.pieces.append((state.kind, self._pending.decode(state.charset, "replace")))
            self._pending.clear()

    def _break(self, word: bytes) -> None:
        self._settle(self._state)
        flow = self._state.flow
        if word in (b"cell", b"nestcell"):
            column = len(flow.cells)
            label = flow.heads[column] if column < len(flow.heads) else ""
            text = self._paragraph(flow, label or (flow.cells[-1] if flow.cells else ""))
            flow.cells.append(text.strip()[:64])
        elif word in (b"row", b"nestrow"):
            flow.heads, flow.cells = flow.heads or flow.cells, []
        else:
            self._paragraph(flow, "")
            if not flow.cells:
                flow.heads = []

    def _paragraph(self, flow: _Flow, label: str) -> str:
        """Add the text since the last break in each of its readings; return what is seen of it."""
        pieces, flow.pieces = flow.pieces, []
        place = flow.place or f"/{flow.number}"
        flow.number += 1
        kinds = dict.fromkeys(kind for kind, _ in pieces)
        texts = {kind: "".join([text for each, text in pieces if each == kind]) for kind in kinds}
        for kind, text in texts.items():
            self._found.row(f"{place}/~{kind}" if kind else place, label, text)
            if kind:
                self._found.notice(f"rtf.{kind}")
        if len(kinds) > 1:
            self._found.row(f"{place}/~all", label, "".join([text for _, text in pieces]))
        skipped, flow.skipped = "".join(flow.skipped), []
        if _SKIPPED.search(skipped):
            self._found.row(f"{place}/~fallback", label, skipped)
        return texts.get(_SHOWN, "")

    def _finish(self, flow: _Flow) -> None:
        """End a destination: its text, or the bytes that its digits stand for."""
        label = flow.word.decode("ascii")[:_LONG_WORD] if flow.place else ""
        self._paragraph(flow, label)
        if not flow.raw:
            return
        written = b"".join(flow.raw)
        digits = b"".join(written.split())
        if len(digits) <= _SHORT:
            self._found.octets(flow.place, label, written)
        if flow.word not in _DATA or not _HEX_ONLY.fullmatch(digits):
            self._data_of(flow, written)
            return
        try:
            data = unhexlify(digits[: len(digits) & ~1])
        except HexError:
            raise Unreadable(Unread.MALFORMED, "rtf") from None
        self._data_of(flow, data)

    def _data_of(self, flow: _Flow, data: bytes) -> None:
        name = flow.word.decode("ascii") or "bin"
        if flow.word == b"objdata":
            for text in embedded(data, self._found):
                self._found.row(f"/{step(name)}{KEY}", "", text)
        else:
            self._found.member(name, data)


def _code_page(number: int) -> str:
    name = _CODE_PAGES.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def looks(data: bytes) -> bool:
    """Tell whether ``data`` begins as a document does; Word asks for no more than this."""
    return data[:64].lstrip().startswith(b"{\\rt")


def unpack(data: bytes, _said: Declared, limits: Limits) -> Unpacked:
    """Return texts as rows, pictures and embedded objects as members; raise ``Unreadable`` beyond the limits."""
    if not looks(data):
        raise Unreadable(Unread.MALFORMED, "rtf")
    return _Reader(data.lstrip(), limits).read()


DOCUMENT = Document("rtf", unpack)
