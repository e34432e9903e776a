"""The quick look at a text that is read verbatim hides nothing that reading its values would find."""

import json
from collections.abc import Callable

import pytest

from gateway.classify import classify
from gateway.decode import decode
from gateway.rulebook.book import Recogniser
from gateway.vocabulary import Certainty, Content, Limits, Part
from tests.classify.rules import shipped
from tests.given import transfer

type Writing = Callable[[str], str]


def _without(signs: str, text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, signs)))


FORMATS: dict[str, tuple[str, Writing]] = {
    "json": ("application/json", lambda text: json.dumps({"x": text, "y": 1}, ensure_ascii=False)),
    "ndjson": ("application/x-ndjson", lambda text: json.dumps({"x": text}, ensure_ascii=False) + '\n{"x": "b"}'),
    "json-seq": ("application/json-seq", lambda text: "\x1e" + json.dumps({"x": text}, ensure_ascii=False) + "\n"),
    "csv": ("text/csv", lambda text: f'x,y\n"{_without('"', text)}",b\n'),
    "tsv": ("text/tab-separated-values", lambda text: f"x\ty\n{text}\tb\n"),
    "xml": ("application/xml", lambda text: f'<r><x>{_without("<&", text)}</x><y a="b"/></r>'),
    "attribute": ("application/xml", lambda text: f'<r><x v="{_without('"<&', text)}"/></r>'),
    "html": ("text/html", lambda text: f"<p>{_without('<&', text)}</p>"),
    "yaml": ("application/yaml", lambda text: f'x: "{_without('"' + chr(92), text)}"\ny: 1\n'),
    "text": ("text/plain", lambda text: f"Dear all,\n{text}\nbye"),
    "events": ("text/event-stream", lambda text: f"data: {text}\n\n"),
    "graphql": ("application/graphql", lambda text: f'query {{ a(x: "{_without('"', text)}") }}'),
    "hl7": (
        "x-application/hl7-v2+er7",
        lambda text: f"MSH|^~\\&|A|B|C|D|20261121||ORU^R01|1|P|2.5\rNTE|1||{_without('|^&~', text)}\r",
    ),
}


def unscreened(content: Content) -> Content:
    """The same content, of which every value is read."""
    parts = tuple(
        Part(each.where, each.text, each._read, format=each.format, charset=each.charset, writable=each.writable)
        for each in content.parts
    )
    return Content(parts, content.opaque, content.notices, content.media_type)


@pytest.mark.parametrize("recogniser", shipped().recognisers, ids=lambda each: each.id)
def test_the_quick_look_hides_nothing(recogniser: Recogniser) -> None:
    """What a recogniser finds in a value of any format, it finds whether the text is screened first or not."""
    examples = [each.text for each in recogniser.finds if "\n" not in each.text and "\x00" not in each.text]
    for text in examples if recogniser.finder else examples[:2]:
        for name, (media_type, write) in FORMATS.items():
            body = write(text).encode("utf-8", "replace")
            content = decode(transfer(body, headers={"content-type": media_type}), Limits())
            quick, full = (classify(each, shipped()).items for each in (content, unscreened(content)))
            seen = {(each.recogniser, each.segment.where, each.start, each.end) for each in quick}
            for each in full:
                known = (each.recogniser, each.segment.where, each.start, each.end) in seen
                assert known or each.certainty < Certainty.LIKELY, (name, text, each.recogniser)
