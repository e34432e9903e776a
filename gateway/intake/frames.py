"""WebSocket frames of one peer, read and written (RFC 6455 section 5). No I/O.

What comes out of a peer is whole messages; fragments are joined within bounds. Nothing of a peer's control frames goes
any further than here: a ping is answered to whoever sent it, and of a close only is told whether it was a normal one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from wsproto.frame_protocol import CloseReason, Frame, FrameDecoder, FrameProtocol, Opcode, ParseFailed

MOST_FRAMES = 16_384
"""Frames of which a message may consist; each costs time, even an empty one."""


class Unfit(Exception):
    """Frames that cannot be taken; ``code`` says why, ``limit`` is the bound that was passed, or 0.

    ``close`` is the status code to close with (RFC 6455 section 7.4.1).
    """

    def __init__(self, code: str, close: int, limit: int = 0) -> None:
        self.code = code
        self.close = close
        self.limit = limit
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Whole:
    """A message, all of it; text is known to be UTF-8."""

    text: bool
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ping:
    """A ping, and the frame that answers it."""

    answer: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class End:
    """A close; ``normal`` where it says 1000 or nothing."""

    normal: bool


class Peer:
    """Reads what one peer sends, and writes what is sent to it."""

    def __init__(self, *, client: bool, limit: int) -> None:
        """``client`` where the peer is the client, whose frames must be masked; ``limit`` is bytes of a message."""
        self._decoder = FrameDecoder(client=not client)
        self._protocol = FrameProtocol(client=not client, extensions=[])
        self._limit = limit
        self._text: bool | None = None
        self._pieces: list[bytes] = []
        self._size = self._frames = 0
        self.ended = False
        """Whether the peer has sent a close frame, after which nothing counts (RFC 6455 section 5.5.1)."""

    @property
    def unfinished(self) -> bool:
        """Whether the beginning of a message or of a frame has arrived, and not its end."""
        return self._text is not None or self._decoder.header is not None or len(self._decoder.buffer) > 0

    @property
    def midway(self) -> bool:
        """Whether a message has begun that is not complete."""
        return self._text is not None

    def receive(self, data: bytes) -> Iterator[Whole | Ping | End]:
        """Take ``data`` and return what is complete, in order. Raises ``Unfit``, after which nothing can be read."""
        if self.ended:
            return
        self._decoder.receive_bytes(data)
        while (frame := self._next()) is not None:
            if frame.opcode is Opcode.PING:
                yield Ping(bytes(self._protocol.pong(_octets(frame))))
            elif frame.opcode is Opcode.CLOSE:
                self.ended = True
                yield End(_is_normal(_octets(frame)))
                return
            elif not frame.opcode.iscontrol() and (whole := self._join(frame)) is not None:
                yield whole

    def _next(self) -> Frame | None:
        """Return the next frame, or the next piece of a data frame; None where more must arrive first."""
        try:
            frame = self._decoder.process_buffer()
        except ParseFailed:
            raise Unfit("wire.malformed", CloseReason.PROTOCOL_ERROR) from None
        header = self._decoder.header
        if header is not None and not header.opcode.iscontrol():
            still = header.payload_len - self._decoder.payload_consumed + (len(frame.payload) if frame else 0)
            if self._size + still > self._limit:
                raise self._too_large()  # by its own account, before it has arrived
        return frame

    def _too_large(self) -> Unfit:
        return Unfit("wire.body_too_large", CloseReason.MESSAGE_TOO_BIG, self._limit)

    def _join(self, frame: Frame) -> Whole | None:
        if self._text is None:
            if frame.opcode is Opcode.CONTINUATION:
                raise Unfit("wire.malformed", CloseReason.PROTOCOL_ERROR)
            self._text = frame.opcode is Opcode.TEXT
        elif frame.opcode is not Opcode.CONTINUATION:
            raise Unfit("wire.malformed", CloseReason.PROTOCOL_ERROR)
        piece = _octets(frame)
        self._size += len(piece)
        if self._size > self._limit:
            raise self._too_large()
        if piece:
            self._pieces.append(piece)
        if not frame.frame_finished:
            return None
        self._frames += 1
        if self._frames > MOST_FRAMES:
            raise Unfit("wire.too_many_frames", CloseReason.POLICY_VIOLATION, MOST_FRAMES)
        if not frame.message_finished:
            return None
        whole = Whole(self._text, b"".join(self._pieces))
        self._text, self._pieces, self._size, self._frames = None, [], 0, 0
        if whole.text and not _is_utf8(whole.body):
            raise Unfit("wire.malformed", CloseReason.INVALID_FRAME_PAYLOAD_DATA)
        return whole

    def message(self, body: bytes, *, text: bool) -> bytes:
        """Write a message to this peer, in one frame. Raises ValueError where text is no UTF-8."""
        return bytes(self._protocol.send_data(body.decode() if text else body))

    def close(self, code: int, reason: str = "") -> bytes:
        """Write a close frame; at most 123 bytes of the reason."""
        return bytes(self._protocol.close(code, reason))


def _octets(frame: Frame) -> bytes:
    assert isinstance(frame.payload, bytes)  # noqa: S101 - the decoder gives bytes; text is for layers above it
    return frame.payload


def _is_normal(payload: bytes) -> bool:
    return payload[:2] in (b"", CloseReason.NORMAL_CLOSURE.to_bytes(2))


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
