"""Words in pictures, read by Tesseract where the gateway is told which languages to expect; in a process of its own."""

from __future__ import annotations

import io

from gateway.decode.door import Declared, Document, Row, Unpacked, Unreadable
from gateway.vocabulary import Limits, Unread

_MOST_PIXELS = 40_000_000
_LEAST_HEIGHT = 32


def unpack(data: bytes, said: Declared, _limits: Limits) -> Unpacked:
    """Return each line of words as a row.

    ``said`` names ``languages`` (``chi_sim+eng``) and the folder of their ``data``. Raises ``Unreadable`` where there
    is no engine, no such language, or no picture.
    """
    try:
        import tesserocr
        from PIL import Image
    except ImportError:
        raise Unreadable(Unread.UNKNOWN_FORMAT, "picture") from None
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    try:
        picture = Image.open(io.BytesIO(data))
        if picture.width * picture.height > _MOST_PIXELS:
            raise Unreadable(Unread.TOO_LARGE, "picture")
        grey = picture.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unreadable(Unread.MALFORMED, "picture") from None
    try:
        engine = tesserocr.PyTessBaseAPI(path=said.parameters.get("data", ""), lang=said.parameters["languages"])
    except RuntimeError:
        raise Unreadable(Unread.UNKNOWN_FORMAT, "picture") from None
    with engine:
        if grey.height < _LEAST_HEIGHT:
            grey = grey.resize((grey.width * 2, grey.height * 2))
        engine.SetImage(grey)
        lines = engine.GetUTF8Text().splitlines()
    return Unpacked(tuple(Row(f"/line/{number}", "", line) for number, line in enumerate(lines) if line.strip()))


DOCUMENT = Document("ocr", unpack, apart=True)
