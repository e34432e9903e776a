"""JSON texts in a row."""

from __future__ import annotations

import pytest

from gateway.decode import Unwritable, decode, rebuild
from gateway.vocabulary import Edit, Limits, Unread
from tests.decode.messages import LIMITS, body, body_parts, message, values

NDJSON = "application/x-ndjson"
SEQUENCE = "application/json-seq"


@pytest.mark.parametrize(
    ("text", "type", "expected"),
    [
        ('{"a":1}\n{"a":"x\\u0034"}\n', NDJSON, {"ndjson:/0/a": "1", "ndjson:/1/a": "x4"}),
        ('{"a":1}\r\n\r\n[2]', "application/jsonl", {"ndjson:/0/a": "1", "ndjson:/1/0": "2"}),
        ('{"a":1}\n{"a":2}', "", {"ndjson:/0/a": "1", "ndjson:/1/a": "2"}),
        ('\x1e{"a":1}\n\x1e"b"\n', SEQUENCE, {"jsonseq:/0/a": "1", "jsonseq:/1": "b"}),
        ('\x1e{"a":1}\n\x1e"b"\n', "", {"jsonseq:/0/a": "1", "jsonseq:/1": "b"}),
    ],
)
def test_each_text_is_read(text: str, type: str, expected: dict[str, str]) -> None:
    """Places begin with the number of the text."""
    found = values(body(text.encode(), type))
    assert {where: value for where, value in found.items() if not where.endswith("~key")} == expected


def test_one_bad_line_makes_all_opaque() -> None:
    """What cannot be read as a whole is not read in part."""
    content = decode(message(b'{"a":1}\n{"a":\n', NDJSON), LIMITS)
    assert [(each.reason, each.detail) for each in content.opaque] == [(Unread.MALFORMED, "ndjson")]


def test_number_and_depth_are_limited() -> None:
    """Limits hold for all texts together, and for each."""
    content = decode(message(b'{"a":1}\n' * 40, NDJSON), Limits(segments=20))
    assert [each.reason for each in content.opaque] == [Unread.TOO_MANY]
    content = decode(message(b"[1]\n" + b"[" * 65 + b"]" * 65, NDJSON), LIMITS)
    assert Unread.TOO_DEEP in [each.reason for each in content.opaque]


def test_repeated_names_are_noticed() -> None:
    """As in a single text."""
    assert decode(message(b'{"a":1}\n{"a":1,"a":2}', NDJSON), LIMITS).notices == ("json.duplicate_key",)


def test_edits_fall_into_their_texts() -> None:
    """Lines without an edit stay byte for byte; numbers become strings."""
    transfer = message(b'{"a": 12}\r\n{"a":"x\\u0034y"} \n', NDJSON)
    (part,) = body_parts(content := decode(transfer, LIMITS))
    first, second = (each for each in part.segments if each.text in ("12", "x4y"))
    edits = (Edit(part, *second.span(1, 2), "*"), Edit(part, *first.span(0, 1), "*"))
    assert rebuild(transfer, content, edits) == b'{"a": "*2"}\r\n{"a":"x*y"} \n'
    with pytest.raises(Unwritable):
        rebuild(transfer, content, (Edit(part, 8, 14, "*"),))
