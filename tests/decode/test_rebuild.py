"""rebuild(): the same body with other words in it, and nothing else changed."""

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.decode import Unwritable, decode, rebuild
from gateway.vocabulary import Edit, Part, Segment, Transfer
from tests.decode.messages import LIMITS, body_parts, message
from tests.decode.test_codings import CODED

FORM = "application/x-www-form-urlencoded"
strings = st.dictionaries(st.text(max_size=5), st.text(max_size=8), min_size=1, max_size=4)


def find(part: Part, where: str) -> Segment:
    """The value at a place."""
    return next(each for each in part.segments if each.where == where)


def replaced(transfer: Transfer, where: str, text: str, start: int = 0, end: int | None = None) -> bytes:
    """The body with code points of one value replaced."""
    content = decode(transfer, LIMITS)
    part = body_parts(content)[0]
    segment = find(part, where)
    span = segment.span(start, len(segment.text) if end is None else end)
    return rebuild(transfer, content, (Edit(part, *span, text),))


@settings(deadline=None)
@given(st.binary(), st.sampled_from(["", "application/json", "text/plain", FORM]))
def test_nothing_edited_is_nothing_changed(data: bytes, type: str) -> None:
    """Without edits the body is the body, readable or not."""
    transfer = message(data, type)
    assert rebuild(transfer, decode(transfer, LIMITS), ()) == data


@settings(deadline=None)
@given(strings, st.text(), st.booleans(), st.sampled_from(["utf-8", "utf-16", "gb18030", "utf-8-sig"]), st.data())
def test_an_edit_changes_its_span_only(
    document: dict[str, str], text: str, ascii: bool, codec: str, data: st.DataObject
) -> None:
    """The replacement is read back, and every other byte of the text stays."""
    body = json.dumps(document, ensure_ascii=ascii).encode(codec)
    transfer = message(body, f"application/json; charset={codec.removesuffix('-sig')}")
    content = decode(transfer, LIMITS)
    part = body_parts(content)[0]
    index = data.draw(st.integers(0, len(part.segments) - 1))
    segment = part.segments[index]
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(segment.text))] * 2)))
    edit = Edit(part, *segment.span(start, end), text)
    made = rebuild(transfer, content, (edit,))
    after = body_parts(decode(message(made, f"application/json; charset={codec.removesuffix('-sig')}"), LIMITS))[0]
    assert after.segments[index].text == segment.text[:start] + text + segment.text[end:]
    assert after.text[: edit.start] == part.text[: edit.start]
    assert after.text.endswith(part.text[edit.end :])


@pytest.mark.parametrize("coding", [*CODED, "gzip, br"])
def test_codings_are_applied_again(coding: str) -> None:
    """The new body is coded as the old one was."""
    data = json.dumps({"phone": "66123456", "x": list(range(99))}).encode()
    coded = CODED["br"](gzip.compress(data)) if "," in coding else CODED[coding](data)
    made = replaced(message(coded, "application/json", coding), "json:/phone", "********")
    content = decode(message(made, "application/json", coding), LIMITS)
    assert content.opaque == ()
    assert body_parts(content)[0].text.encode() == data.replace(b"66123456", b"********")


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "gbk", "big5"])
def test_charset_and_mark_stay(codec: str) -> None:
    """The new body has the charset and the byte order mark of the old one."""
    text = '{"姓名":"陳大文","x":"y"}'
    charset = codec.removesuffix("-sig").removesuffix("-le")
    made = replaced(message(text.encode(codec), f"application/json;charset={charset}"), "json:/姓名", "**", 1, 3)
    assert made == text.replace("大文", "**").encode(codec)


@pytest.mark.parametrize(
    ("before", "where", "span", "text", "after"),
    [
        ('{"a": 66123456 }', "json:/a", (0, 4), "****", '{"a": "****3456" }'),
        ('[66123456,1]', "json:/0", (0, 8), "*", '["*",1]'),
        ('[66123456]', "json:/0", (8, 8), '"', '["66123456\\""]'),
        ('{"a":true}', "json:/a", (0, 4), "*", '{"a":"*"}'),
        ('66123456', "json:", (0, 7), "*", '"*6"'),
        (r'{"a":"x\u0034\"y"}', "json:/a", (1, 2), '"\n', r'{"a":"x\"\n\"y"}'),
        ('{"66":1}', "json:/66/~key", (0, 2), "*", '{"*":1}'),
        ('{"a":"b"}', "json:/a", (0, 1), "\ud800", r'{"a":"\ud800"}'),
    ],
)  # fmt: skip
def test_json_stays_json(before: str, where: str, span: tuple[int, int], text: str, after: str) -> None:
    """A replacement is escaped in a string; a bare number or word becomes a string as a whole."""
    assert replaced(message(before.encode(), "application/json"), where, text, *span).decode() == after
    json.loads(after)


def test_several_edits_of_one_body() -> None:
    """Edits may come in any order, several in one number, and in neighbouring values."""
    transfer = message(b'{"a":[6612,7,"8 9"],"b":55}', "application/json")
    content = decode(transfer, LIMITS)
    part = body_parts(content)[0]
    number, text, last = (find(part, f"json:/{where}") for where in ("a/0", "a/2", "b"))
    edits = [Edit(part, *number.span(0, 1), "*"),
             Edit(part, *number.span(3, 4), "*"), Edit(part, *text.span(2, 3), "*"),
             Edit(part, *last.span(0, 2), "**")]  # fmt: skip
    for order in (edits, edits[::-1]):
        assert rebuild(transfer, content, tuple(order)) == b'{"a":["*61*",7,"8 *"],"b":"**"}'


@pytest.mark.parametrize(
    ("before", "where", "text", "after"),
    [(b"a=1&phone=6612+3456", "form:/phone", "**&=%+ x", b"a=1&phone=**%26%3D%25%2B+x"),
     (b"a=%36%36", "form:/a", "*", b"a=*"), (b"66=1", "form:/66/~key", "陳", b"%E9%99%B3=1")],
)  # fmt: skip
def test_forms_are_percent_encoded(before: bytes, where: str, text: str, after: bytes) -> None:
    """A replacement in a form is encoded, and its neighbours stay as they were written."""
    assert replaced(message(before, FORM), where, text) == after


def test_plain_text_is_spliced() -> None:
    """Text is replaced as it is."""
    assert (
        replaced(message("tel 66123456 é".encode(), "text/plain"), "text:", "****", 4, 8) == "tel ****3456 é".encode()
    )


@pytest.mark.parametrize(
    ("data", "type", "spans"),
    [
        (b'{"a":"bcd","e":1}', "application/json", [(6, 8), (7, 9)]),
        (b'{"a":"bcd","e":1}', "application/json", [(6, 12)]),
        (b'{"a":"bcd","e":1}', "application/json", [(0, 1)]),
        (rb'{"a":"\u0034"}', "application/json", [(7, 9)]),
        (b"[]", "application/json", [(0, 0)]),
        (b"a=1&b=2", FORM, [(2, 5)]),
        (b"a=%34", FORM, [(3, 5)]),
        (b"abc", "text/plain", [(2, 9)]),
        (b"abc", "text/plain", [(-1, 1)]),
        (b"abc", "text/plain", [(2, 1)]),
    ],
)
def test_what_cannot_be_written_is_told(data: bytes, type: str, spans: list[tuple[int, int]]) -> None:
    """Edits over each other, beyond a value, through an escape or outside of the text are not made."""
    transfer = message(data, type)
    content = decode(transfer, LIMITS)
    part = body_parts(content)[0]
    with pytest.raises(Unwritable):
        rebuild(transfer, content, tuple(Edit(part, *span, "*") for span in spans))


def test_only_the_body_is_written() -> None:
    """An envelope, a second reading, and a part of another message are only read."""
    transfer = message('{"a":"张伟"}'.encode("gbk"), "application/json", target=b"/66", headers=[(b"a", b"b")])
    content = decode(transfer, LIMITS)
    others = [part for part in content.parts if not part.writable]
    assert len(others) >= 3
    foreign = body_parts(decode(transfer, LIMITS))[0]
    for part in (*others, foreign):
        with pytest.raises(Unwritable):
            rebuild(transfer, content, (Edit(part, 0, 1, "*"),))


def test_a_character_beyond_the_charset_is_escaped_or_refused() -> None:
    """JSON can escape what the charset lacks; plain text cannot."""
    made = replaced(message('{"a":"陳"}'.encode("big5"), "application/json;charset=big5"), "json:/a", "é€")
    assert json.loads(made.decode("big5")) == {"a": "é€"}
    with pytest.raises(Unwritable):
        replaced(message("陳".encode("big5"), "text/plain;charset=big5"), "text:", "\U0001f600")
    for type in ("text/plain", FORM):
        with pytest.raises(Unwritable):
            replaced(message(b"a=b", type), "text:" if type != FORM else "form:/a", "\ud800")
