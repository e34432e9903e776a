"""The objects of a PDF as pypdf reads them: every string of every object, and every stream that is not drawn.

Nothing is looked for by its name, so nothing is missed for want of knowing it: properties, notes, values of fields,
scripts, titles, names of layers, text that stands for a picture, entries of somebody's own.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

from gateway.decode.door import Unreadable
from gateway.decode.gathering import Gathering
from gateway.decode.places import KEY, step
from gateway.vocabulary import Unread

_MOST_OBJECTS = 200_000
_MOST_INFLATED = 75_000_000
_USUAL_NAME = re.compile(r"/[A-Za-z]{1,24}[0-9]{0,4}|/[A-Z]{6}\+[A-Za-z,+-]{1,40}|/?")
_VALUES = frozenset({"/V", "/DV", "/RV", "/Opt"})
_FONTS = frozenset({"/Length1", "/Length2", "/FunctionType", "/ShadingType", "/PatternType"})
_DRAWN = frozenset({"/Image", "/Form", "/Type1C", "/CIDFontType0C", "/OpenType"})
_BUILT = frozenset({"/XRef", "/ObjStm", "/XObject", "/Pattern"})
_LABELS = {"/Contents": "contents", "/T": "name", "/TU": "name", "/URI": "uri", "/JS": "script", "/Title": "title"}


class _Walk:
    """One walk over all objects."""

    def __init__(self, reader: Any, found: Gathering) -> None:
        self._reader = reader
        self._found = found
        self._drawn = set(_contents(reader))
        self._files: dict[int, str] = {}
        self._streams: list[tuple[int, Any]] = []

    def read(self) -> None:
        from pypdf.errors import PyPdfError
        from pypdf.generic import IndirectObject, StreamObject

        self._value(self._reader.trailer, "/~trailer", "", 0)
        for number, generation in self._numbers():
            try:
                thing = self._reader.get_object(IndirectObject(number, generation, self._reader))
            except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
                self._found.unread(Unread.MALFORMED, f"/~object/{number}", 0, "pdf")
                continue
            if isinstance(thing, StreamObject):
                self._streams.append((number, thing))
            self._value(thing, f"/~object/{number}", "", 0)
        for number, stream in self._streams:
            self._stream(number, stream)

    def _numbers(self) -> list[tuple[int, int]]:
        numbers = {
            (number, generation)
            for generation, table in self._reader.xref.items()
            for number in table
            if number and generation < 65535
        }
        numbers |= {(number, 0) for number in self._reader.xref_objStm}
        if len(numbers) > min(_MOST_OBJECTS, self._found.limits.segments):
            raise Unreadable(Unread.TOO_MANY, "segments")
        return sorted(numbers)

    def _value(self, thing: Any, place: str, label: str, depth: int) -> None:
        """Add all texts of an object; others that it refers to have their own turn."""
        from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, TextStringObject

        if depth > self._found.limits.depth:
            raise Unreadable(Unread.TOO_DEEP, "depth")
        if isinstance(thing, DictionaryObject):
            self._dictionary(thing, place, depth)
        elif isinstance(thing, ArrayObject):
            for item in list.__iter__(thing):
                self._value(item, place, label, depth + 1)
        elif isinstance(thing, NameObject):
            if not _USUAL_NAME.fullmatch(thing):
                self._found.row(place, label, thing.lstrip("/"))
        elif isinstance(thing, TextStringObject):
            self._found.row(place, label, str(thing))
        elif isinstance(thing, ByteStringObject) and not place.endswith("/ID"):
            self._found.prose(place, label, bytes(thing))

    def _dictionary(self, thing: Any, place: str, depth: int) -> None:
        """Add names and values; what a field of a form holds is called as the field is."""
        self._file(thing)
        field = thing.get("/T")
        for key in thing:
            name = str(key)
            if not _USUAL_NAME.fullmatch(name):
                self._found.row(f"{place}{KEY}", "", name.lstrip("/"))
            label = str(field) if name in _VALUES and isinstance(field, str) else _LABELS.get(name, name.strip("/"))
            self._value(thing.raw_get(key), f"{place}/{step(name.strip('/'))}", label[:64], depth + 1)

    def _file(self, thing: Any) -> None:
        """Learn what an attached file is called."""
        from pypdf.generic import DictionaryObject, IndirectObject

        attached = thing.get("/EF")
        if isinstance(attached, DictionaryObject):
            name = str(thing.get("/UF") or thing.get("/F") or "attachment")
            for key in attached:
                reference = attached.raw_get(key)
                if isinstance(reference, IndirectObject):
                    self._files[reference.idnum] = name

    def _stream(self, number: int, stream: Any) -> None:
        """Read a stream that is not drawn: a file, a packet of XML, a script."""
        kind, subtype = str(stream.get("/Type", "")), str(stream.get("/Subtype", ""))
        file = number in self._files or kind == "/EmbeddedFile"
        if not file and (number in self._drawn or subtype in _DRAWN or kind in _BUILT or _FONTS & stream.keys()):
            return
        try:
            data = stream.get_data()
        except RecursionError:
            raise Unreadable(Unread.TOO_DEEP, "depth") from None
        except Exception:  # whatever the library makes of a broken stream
            self._found.unread(Unread.MALFORMED, f"/~object/{number}", 0, "pdf")
            return
        data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        if file:
            self._found.member(self._files.get(number, "attachment"), data)
        elif data.lstrip()[:1] == b"<":
            self._found.member("xml", data, "application/xml")
        elif b"begincmap" not in data[:4096]:
            self._found.prose(f"/~object/{number}", "", data)


def _contents(reader: Any) -> Iterator[int]:
    """Yield the numbers of the streams that draw pages."""
    from pypdf.generic import ArrayObject, IndirectObject

    def references(thing: Any) -> Iterable[Any]:
        return list.__iter__(thing) if isinstance(thing, ArrayObject) else (thing,)

    for page in reader.pages:
        if "/Contents" not in page:
            continue
        for reference in references(page.raw_get("/Contents")):
            if isinstance(reference, IndirectObject):
                yield reference.idnum
                yield from (each.idnum for each in references(reference.get_object()) if _refers(each))


def _refers(thing: Any) -> bool:
    from pypdf.generic import IndirectObject

    return isinstance(thing, IndirectObject)


def read_objects(data: bytes, found: Gathering) -> None:
    """Add every string and every stream that is not drawn. Raises ``Unreadable``: ENCRYPTED, MALFORMED, or a limit."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    most = max(1, min(found.limits.body, _MOST_INFLATED))
    bounds = pypdf.Configuration(
        zlib_maximum_output_length=most,
        lzw_maximum_output_length=most,
        run_length_maximum_output_length=most,
        brotli_maximum_output_length=most,
        array_based_stream_maximum_output_length=most,
        jbig2dec_binary=None,
    )
    try:
        with pypdf.apply_configuration(bounds):
            reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
            if reader.is_encrypted and not reader.decrypt(""):
                raise Unreadable(Unread.ENCRYPTED, "pdf")
            _Walk(reader, found).read()
    except (Unreadable, MemoryError):
        raise
    except RecursionError:
        raise Unreadable(Unread.TOO_DEEP, "depth") from None
    except Exception as fault:  # whatever the library makes of a broken file
        raise Unreadable(Unread.MALFORMED, "pdf") from fault
