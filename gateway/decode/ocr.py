"""Words in pictures, read by Tesseract where the gateway is told which languages to expect; in a process of its own.

Every frame of a picture is read, upright as its EXIF orientation asks, on white and, where it is transparent, on black
too: white letters on nothing are words as well.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gateway.decode.door import Declared, Document, Unpacked, Unreadable
from gateway.decode.gathering import Gathering
from gateway.vocabulary import Limits, Unread

if TYPE_CHECKING:
    from PIL.Image import Image

_MOST_PIXELS = 40_000_000
"""Of all frames together: about five seconds of reading on one core."""
_MOST_FRAMES = 64
_LEAST_HEIGHT = 48
_CERTAIN = 65
"""Mean confidence, of 100, below which words may not be words."""
_MARGIN = 12
"""Tesseract overlooks letters that touch the edge of the picture."""


def unpack(data: bytes, said: Declared, limits: Limits) -> Unpacked:
    """Return each line of words as a row.

    ``said`` names ``languages`` (``chi_sim+eng``) and the folder of their ``data``. Raises ``Unreadable`` where there
    is no engine, no such language, or no picture.
    """
    try:
        import tesserocr
    except ImportError:
        raise Unreadable(Unread.UNKNOWN_FORMAT, "picture") from None
    found = Gathering(limits)
    try:
        engine = tesserocr.PyTessBaseAPI(path=said.parameters.get("data", ""), lang=said.parameters["languages"])
    except RuntimeError:
        raise Unreadable(Unread.UNKNOWN_FORMAT, "picture") from None
    seen: set[str] = set()
    with engine:
        for number, grey in enumerate(_frames(data)):
            for line in _lines(engine, grey):
                if line not in seen:
                    found.row(
                        f"/line/{len(found.rows)}" if not number else f"/{number}/line/{len(found.rows)}", "", line
                    )
                seen.add(line)
    return found.unpacked()


def _lines(engine: Any, grey: Image) -> list[str]:
    """Return the lines of a picture, and of its other three sides where it seems to lie on one."""
    lines, certain = _read(engine, grey)
    if lines and certain < _CERTAIN:
        for degrees in (90, 180, 270):
            lines += _read(engine, grey.rotate(degrees, expand=True))[0]
    return lines


def _read(engine: Any, grey: Image) -> tuple[list[str], int]:
    engine.SetImage(grey)
    text: str = engine.GetUTF8Text()
    return [line for line in text.splitlines() if line.strip()], int(engine.MeanTextConf())


def _frames(data: bytes) -> Iterator[Image]:
    """Yield every frame as shades of grey; raises ``Unreadable`` beyond the limits or where it is no picture."""
    from PIL import Image, ImageSequence

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    left = _MOST_PIXELS
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if getattr(picture, "n_frames", 1) > _MOST_FRAMES:
                raise Unreadable(Unread.TOO_MANY, "picture")
            for frame in ImageSequence.Iterator(picture):
                left -= frame.width * frame.height
                if left < 0:
                    raise Unreadable(Unread.TOO_LARGE, "picture")
                yield from _shades(frame)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable(Unread.MALFORMED, "picture") from None


def _shades(frame: Image) -> Iterator[Image]:
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(frame)
    if "A" in upright.getbands() or "transparency" in upright.info:
        layered = upright.convert("RGBA")
        for ground in ("white", "black"):
            yield _ready(Image.alpha_composite(Image.new("RGBA", layered.size, ground), layered).convert("L"))
    else:
        yield _ready(upright.convert("L"))


def _ready(grey: Image) -> Image:
    from PIL import ImageOps

    if grey.height < _LEAST_HEIGHT:
        grey = grey.resize((grey.width * 2, grey.height * 2))
    edge = grey.getpixel((0, 0))
    return ImageOps.expand(grey, _MARGIN, fill=edge if isinstance(edge, int) else 255)


DOCUMENT = Document("ocr", unpack, apart=True)
