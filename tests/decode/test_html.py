"""HTML: everything that a reader, or a reader of the source, could see."""

from __future__ import annotations

import pytest

from gateway.decode import decode, rebuild
from gateway.vocabulary import Edit, Limits, Unread
from tests.decode.messages import LIMITS, body, everything, message

NUMBER = "110105194912310021"


@pytest.mark.parametrize(
    "text",
    [
        f"<p>{NUMBER}",
        f"<p>{NUMBER[:6]}<b>{NUMBER[6:14]}</b><!-- --><i class=x>{NUMBER[14:]}</i></p>",
        f"<p>&#49;{NUMBER[1:]}</p>",
        f"<p>&#x31;{NUMBER[1:]}</p>",
        f"<img alt='{NUMBER}'>",
        f"<a href=/p/{NUMBER}>x</a>",
        f'<div data-id="{NUMBER}"/>',
        f"<!-- {NUMBER} -->",
        f"<!-- {NUMBER}",
        f"<script>var id = '{NUMBER}';</script>",
        f"<script>x = {{\"id\": \"{NUMBER}\"}}",
        f"<style>/* {NUMBER} */</style>",
        f"<title>{NUMBER}</title>",
        f"<textarea>{NUMBER}</textarea>",
        f"<meta content='{NUMBER}'>",
        f"<p title={NUMBER}",
        f'<p title="{NUMBER}',
        f"<?php {NUMBER} ?>",
        f"<{NUMBER}>",
        f"a < b and {NUMBER} > c",
    ],
)  # fmt: skip
def test_every_corner_is_read(text: str) -> None:
    """Texts over inline tags, references, attributes, comments, scripts, and what is never closed."""
    content = decode(message(text.encode(), "text/html"), LIMITS)
    assert content.opaque == ()
    assert [where for where, value in everything(content).items() if NUMBER in value]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("<table><tr><th>姓名</th><th>身份证号</th></tr><tr><td>a</td><td>X</td></tr></table>", "身份证号"),
        ("<table><tr><th>身份证号</th><td>X</td></tr></table>", "身份证号"),
        ("<dl><dt>身份证号</dt><dd>X</dd></dl>", "身份证号"),
        ("<label>身份证号</label><input value='X'>", "身份证号"),
        ("<input value='X'>", "value"),
    ],
)
def test_values_have_labels(text: str, label: str) -> None:
    """The head of a column or of a row, the term before, the label before."""
    part = body(text.encode(), "text/html")
    assert [segment.label for segment in part.segments if segment.text == "X"] == [label]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (f"<p>\n {NUMBER}</p>", f"<p>\n {'*' * 14}0021</p>"),
        (f"<p>{NUMBER[:6]}<b>{NUMBER[6:]}</b>", f"<p>{'*' * 6}<b>{'*' * 8}0021</b>"),
        (f"<img alt='{NUMBER}'>", f"<img alt='{'*' * 14}0021'>"),
    ],
)
def test_a_mask_changes_its_characters_only(text: str, after: str) -> None:
    """Tags stay as they were."""
    transfer = message(text.encode(), "text/html")
    content = decode(transfer, LIMITS)
    part = content.parts[-1]
    segment = next(each for each in part.segments if NUMBER in each.text)
    at = segment.text.index(NUMBER)
    edits = tuple(Edit(part, *segment.span(place, place + 1), "*") for place in range(at, at + 14))
    assert rebuild(transfer, content, edits).decode() == after


def test_number_of_tags_is_limited() -> None:
    """Before anything is read."""
    content = decode(message(b"<b>" * 50, "text/html"), Limits(segments=20))
    assert [each.reason for each in content.opaque] == [Unread.TOO_MANY]
