"""XML: values with exact places, and edits that change nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decode import Unwritable, decode, rebuild
from gateway.vocabulary import Edit, Limits, Unread
from tests.decode.messages import LIMITS, everything, message, values

NUMBER = "110105194912310021"


def read(text: str) -> dict[str, str]:
    """Values of the document by place, names left out."""
    content = decode(message(text.encode(), "application/xml"), LIMITS)
    assert not content.opaque, content.opaque
    found = values(next(part for part in content.parts if part.format == "xml"))
    return {where: value for where, value in found.items() if not where.endswith("/~key")}


@pytest.mark.parametrize(
    ("text", "where", "value"),
    [
        (f"<a><id>{NUMBER}</id></a>", "xml:/a/id", NUMBER),
        (f"<s:a xmlns:s='u'><s:id>{NUMBER}</s:id></s:a>", "xml:/a/id", NUMBER),
        (f'<a id="{NUMBER}"/>', "xml:/a/@id", NUMBER),
        (f"<a id = '{NUMBER}' />", "xml:/a/@id", NUMBER),
        (f"<a><b/><b>{NUMBER}</b></a>", "xml:/a/b[2]", NUMBER),
        (f"<a><!-- {NUMBER} --></a>", "xml:/a/~comment", f" {NUMBER} "),
        (f"<?x {NUMBER}?><a/>", "xml:/~instruction", f"x {NUMBER}"),
        (f"<a><![CDATA[{NUMBER}&lt;]]></a>", "xml:/a", f"{NUMBER}&lt;"),
        ("<a>110105<!-- -->194912<![CDATA[31]]>00<?p ?>21</a>", "xml:/a", NUMBER),
        ("<a>&#49;&#x31;0105194912310021</a>", "xml:/a", NUMBER),
        ("<a>&lt;&amp;&gt;</a>", "xml:/a", "<&>"),
        ("<a>x<b>y</b>z</a>", "xml:/a/b", "y"),
    ],
)
def test_values_have_places(text: str, where: str, value: str) -> None:
    """Text, attributes, CDATA, comments, instructions; broken text is one value."""
    assert read(text)[where] == value


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("<a><idNumber>1</idNumber></a>", "idNumber"),
        ('<a><field name="idNumber">1</field></a>', "idNumber"),
        ('<a><idNumber value="1"/></a>', "idNumber"),
        ('<a idNumber="1"/>', "idNumber"),
    ],
)
def test_values_have_labels(text: str, label: str) -> None:
    """The name of the element, or the one that it bears."""
    part = decode(message(text.encode(), "text/xml"), LIMITS).parts[-1]
    assert [segment.label for segment in part.segments if segment.text == "1"] == [label]


def test_names_are_values() -> None:
    """Names of elements and attributes cross the boundary too."""
    found = everything(decode(message(b"<id110 n-ame='1'/>", "application/xml"), LIMITS))
    assert (found["xml:/id110/~key"], found["xml:/id110/@n-ame/~key"]) == ("id110", "n-ame")


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        '<!DOCTYPE a SYSTEM "http://evil.example/x.dtd"><a/>',
        '<!DOCTYPE a PUBLIC "-//X" "file:///etc/passwd"><a/>',
        "<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>",
    ],
)
def test_document_types_that_bring_anything_are_refused(text: str) -> None:
    """Nothing is fetched and nothing multiplied: such a document is opaque."""
    content = decode(message(text.encode(), "application/xml"), LIMITS)
    assert [(each.reason, each.detail) for each in content.opaque] == [(Unread.MALFORMED, "doctype")]


@pytest.mark.parametrize(
    ("text", "limits", "reason"),
    [
        ("<a>" * 65 + "</a>" * 65, LIMITS, Unread.TOO_DEEP),
        ("<a>" + "<b/>" * 50 + "</a>", Limits(segments=40), Unread.TOO_MANY),
        ("<a><b></a>", LIMITS, Unread.MALFORMED),
        ("<a/><b/>", LIMITS, Unread.MALFORMED),
        ("<a>&nbsp;</a>", LIMITS, Unread.MALFORMED),
    ],
)
def test_what_is_no_document_within_limits_is_opaque(text: str, limits: Limits, reason: Unread) -> None:
    """Depth and number are bounded, and expat is asked whether it is well formed."""
    content = decode(message(text.encode(), "application/xml"), limits)
    assert [each.reason for each in content.opaque] == [reason]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (f'<a x="1" ><id>{NUMBER}</id ></a>', f'<a x="1" ><id>{"*" * 14}0021</id ></a>'),
        (f"<a id='{NUMBER}'/>", f"<a id='{'*' * 14}0021'/>"),
        ("<a>1101<!-- k -->0519491231&#48;021</a>", "<a>****<!-- k -->**********&#48;021</a>"),
        (f"<a><![CDATA[{NUMBER}]]></a>", f"<a><![CDATA[{'*' * 14}0021]]></a>"),
        (f"<!-- {NUMBER} --><a/>", f"<!-- {'*' * 14}0021 --><a/>"),
    ],
)
def test_a_mask_changes_its_characters_only(text: str, after: str) -> None:
    """Quotes, blanks, comments and references that are not masked stay as they were."""
    transfer = message(text.encode(), "application/xml")
    content = decode(transfer, LIMITS)
    segment = next(each for each in content.parts[-1].segments if NUMBER in each.text)
    at = segment.text.index(NUMBER)
    edits = tuple(Edit(content.parts[-1], *segment.span(place, place + 1), "*") for place in range(at, at + 14))
    assert rebuild(transfer, content, edits).decode() == after


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1))
def test_any_text_can_be_put_in(text: str) -> None:
    """What is meant is escaped, in a text and in an attribute of either quote."""
    for before in ("<a>x</a>", "<a b='x'/>", '<a b="x"/>'):
        transfer = message(before.encode(), "application/xml")
        content = decode(transfer, LIMITS)
        segment = next(each for each in content.parts[-1].segments if each.text == "x")
        body = rebuild(transfer, content, (Edit(content.parts[-1], segment.start, segment.end, text),))
        assert text in values(decode(message(body, "application/xml"), LIMITS).parts[-1]).values() or not text.strip()


@pytest.mark.parametrize(
    ("text", "put"), [("<a><![CDATA[x]]></a>", "]]>"), ("<!--x--><a/>", "--"), ("<?p x?><a/>", "?>")]
)
def test_a_section_cannot_be_ended_from_within(text: str, put: str) -> None:
    """What would close a comment, a section or an instruction is refused."""
    transfer = message(text.encode(), "application/xml")
    content = decode(transfer, LIMITS)
    at = content.parts[-1].text.index("x")
    with pytest.raises(Unwritable):
        rebuild(transfer, content, (Edit(content.parts[-1], at, at + 1, put),))


def test_an_edit_of_markup_is_refused() -> None:
    """Nothing but values can be written."""
    transfer = message(b"<a>x<b/>y</a>", "application/xml")
    content = decode(transfer, LIMITS)
    for start, end in ((3, 5), (7, 9), (0, 12)):
        with pytest.raises(Unwritable):
            rebuild(transfer, content, (Edit(content.parts[-1], start, end, "*"),))
