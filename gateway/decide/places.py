"""What a record may say of a place: shapes and known names, never a word of payload (law 4).

Keys of an object, names of headers and parameters, names of files are chosen by the sender and may be somebody's data.
So a step of a place is shown only where the rulebook or the standards of the field know it, or where it is a small
index; every other step is written ``*``.
"""

from __future__ import annotations

import re

from gateway.rulebook.book import Rulebook
from gateway.rulebook.recognisers import fold_label
from gateway.vocabulary import Limits, Opaque

MOST_STEPS = 16
LONGEST_STEP = 40
MOST_DIGITS = 6
"""Digits that one place may show in all: enough for indices, too few for a number of a person."""

_SEPARATOR = re.compile(r"([:/!])")
_INDEX = re.compile(r"[0-9]{1,3}")
_WORD = re.compile(r"[^ ,;:/()]+")
_NOTICE = re.compile(r"[a-z][a-z_]{0,31}[0-9]?(?:\.[a-z][a-z_]{0,31}[0-9]?){0,3}")
_LABELS_OF_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]")
_LONG_NUMBER = re.compile(r"[0-9]{5,}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STRUCTURE = _words(
    "~key ~name "
    "json form query path header headers cookie body text trailer trailers status reason target method csv xml "
    "html multipart part parts name filename key value line row column page sheet zip tar gzip deflate br zstd "
    "base64 raw alternative utf-8 gb18030 gbk big5 big5hkscs utf-16 latin-1 octets "
    "ndjson json-seq yaml hl7 events graphql rtf mail gz bz2 xz zst 7z office xlsx docx pptx odt ods odp ole pdf image "
    "grpc protobuf msgpack cbor avro parquet arrow sqlite hex percent printable entity escape utf7 hz data content "
    "~comment ~instruction ~doctype ~markup ~text ~name ~link ~user ~group ~rest ~header ~hidden ~extra ~words ~shown "
    "~mark ~description ~unused ~preamble ~epilogue ~reason ocr"
)
"""Words with which ``decode`` itself builds places."""

HEADERS = _words(
    "accept accept-charset accept-encoding accept-language accept-ranges access-control-allow-credentials "
    "access-control-allow-headers access-control-allow-methods access-control-allow-origin "
    "access-control-expose-headers access-control-max-age access-control-request-headers "
    "access-control-request-method age "
    "allow authorization cache-control connection content-disposition content-encoding content-language "
    "content-digest content-length content-location content-md5 content-range content-security-policy content-type "
    "cookie date digest dnt etag "
    "expect expires forwarded from host if-match if-modified-since if-none-match if-range if-unmodified-since "
    "keep-alive last-modified link location max-forwards origin pragma prefer proxy-authenticate "
    "proxy-authorization range referer referrer-policy retry-after sec-fetch-dest sec-fetch-mode sec-fetch-site "
    "repr-digest server set-cookie signature signature-input strict-transport-security te traceparent tracestate "
    "trailer transfer-encoding upgrade "
    "upgrade-insecure-requests user-agent vary via warning www-authenticate x-content-type-options "
    "x-correlation-id x-forwarded-for x-forwarded-host x-forwarded-proto x-frame-options x-real-ip x-request-id"
)
"""Header names of the IANA registry and of common use; others are of the sender's making."""

_DETAILS = _words(
    "recogniser body ratio depth codings segments limit unpacked members layers seconds memory busy sandbox doctype "
    "boundary overlap truncated headers picture content-transfer-encoding ndjson json-seq yaml hl7 events graphql rtf "
    "mail tar gz bz2 xz zst 7z office xlsx docx pptx ole image grpc protobuf msgpack cbor avro parquet arrow sqlite "
    "hex gzip x-gzip deflate compress br zstd identity utf-8 "
    "utf-16 utf-16le utf-16be utf-32 us-ascii ascii latin-1 iso-8859-1 windows-1252 gb2312 gbk gb18030 big5 "
    "big5-hkscs big5hkscs cp950 cp936 shift_jis euc-jp euc-kr json form text multipart xml csv html zip pdf png "
    "jpeg base64 percent charset coding media-type truncated trailing members application octet-stream form-data "
    "x-www-form-urlencoded"
)
"""Words that may stand in the detail of an opaque part, beside the names of recognisers."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"})
_MEDIA_TYPES = _words(
    "application/json application/problem+json application/x-www-form-urlencoded application/xml "
    "application/pdf application/zip application/gzip application/octet-stream application/javascript "
    "multipart/form-data text/plain text/html text/csv text/xml text/css image/png image/jpeg image/gif "
    "image/webp image/svg+xml"
)
_TYPES = _words("application audio font example image message model multipart text video")


class Places:
    """Makes names fit for records, by what one rulebook knows."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Collect the names that ``rulebook`` knows."""
        self._labels = frozenset(label for recogniser in rulebook.recognisers for label in recogniser.labels)
        nodes = [node for dataset in rulebook.datasets.values() for node in dataset.fields()]
        declared = {name for node in nodes for name in (*node.properties, *node.labels)}
        self._fields = declared.union(name for entry in rulebook.entries.values() for name in entry.fields)
        self._details = (
            _DETAILS | {recogniser.id for recogniser in rulebook.recognisers} | set(Limits.__dataclass_fields__)
        )
        endpoints = [endpoint for entry in rulebook.entries.values() for endpoint in entry.endpoints]
        self._media_types = frozenset(name for endpoint in endpoints for name in endpoint.media_types) | _MEDIA_TYPES
        self._hosts = frozenset(endpoint.host for endpoint in endpoints) | rulebook.by_host.keys()

    def shown(self, where: str) -> str:
        """Return ``where`` with every step that could be payload text written ``*``."""
        pieces = _SEPARATOR.split(where, maxsplit=MOST_STEPS)
        if len(pieces) > 2 * MOST_STEPS:
            pieces[-1] = "*"
        first = pieces[0].lower()
        digits = 0
        for place in range(0, len(pieces), 2):
            step = pieces[place]
            if not step:
                continue
            if _INDEX.fullmatch(step) and digits + len(step) <= MOST_DIGITS:
                digits += len(step)
            elif place == 0 and step in STRUCTURE:
                continue
            elif not self._is_known(step, in_header=first in {"header", "headers", "trailer", "trailers"}):
                pieces[place] = "*"
        return "".join(pieces)

    def _is_known(self, step: str, *, in_header: bool) -> bool:
        if step in self._fields or step in STRUCTURE:
            return True
        if in_header and step.lower() in HEADERS:
            return True
        return len(step) <= LONGEST_STEP and step.isprintable() and " " not in step and fold_label(step) in self._labels

    def opaque(self, part: Opaque) -> Opaque:
        """Return ``part`` with its place and its detail made fit."""
        detail = _WORD.sub(self._detail, part.detail) if part.detail else ""
        return Opaque(part.reason, self.shown(part.where), part.size, detail)

    def _detail(self, word: re.Match[str]) -> str:
        return word[0] if word[0].lower() in self._details else "*"

    def media_type(self, name: str) -> str:
        """Return a media type that the rulebook or everybody knows, else its kind only."""
        if not name or name in self._media_types:
            return name
        kind = name.partition("/")[0]
        return f"{kind}/*" if kind in _TYPES else "*/*"

    def host(self, name: str) -> str:
        """Return a host, with long numbers in it written ``*`` where nobody knows it."""
        if not name or name in self._hosts:
            return name
        if len(name) > 253 or not _LABELS_OF_HOST.fullmatch(name):
            return "*"
        return _LONG_NUMBER.sub("*", name)


def method(name: str) -> str:
    """Return a method of RFC 9110, else ``*``: a method is a word of the sender's."""
    return name if name in _METHODS else "*"


def notices(*codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the codes once each, in order; what has not the form of a code is ``unknown``."""
    return tuple(sorted({code if _NOTICE.fullmatch(code) else "unknown" for group in codes for code in group}))
