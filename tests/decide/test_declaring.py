"""What a dataset declares against what recognisers saw."""

import hashlib
import json
from dataclasses import replace

import pytest

from gateway.classify import classify
from gateway.decide.dataset.declaring import declared_findings, differing, digests
from gateway.decide.dataset.fields import plan_of
from gateway.decide.dataset.placing import node_at
from gateway.vocabulary import Certainty, Content, Findings
from tests.decide.payloads import CSV, FORM, JSON, NDJSON, XML, dataset, read
from tests.given import shipped

CARD = "A123456(3)"


def seen(body: str, media_type: str = JSON) -> tuple[Content, Findings]:
    """What is read, and what the recognisers in the box see in it."""
    content = read(body, media_type)
    return content, classify(content, shipped())


def person(**fields: object) -> str:
    """A payload with one record."""
    return json.dumps({"people": [fields]}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ('{"people": [{"name": "Qx", "address": {"city": "M"}}]}', JSON),
        ('{"name": "Qx", "address": {"city": "M"}}\n{"name": "Qy"}', NDJSON),
        ("姓名,city,sex\nQx,M,f\n", CSV),
        ("<register><people><person><name>Qx</name></person><person><name>Qy</name></person></people></register>", XML),
        ("<register><people name='Qx'/></register>", XML),
    ],
)
def test_a_value_finds_its_field_in_every_format(body: str, media_type: str) -> None:
    """Of a value that nobody declared nothing is said, nor of a name of a field."""
    content = read(body, media_type)
    plan = plan_of(dataset())
    told = {
        segment.text: node.category if (node := node_at(plan, segment.where, segment.label)) and node.leaf else ""
        for part in content.parts
        for segment in part.segments
        if not part.where.startswith(("header", "path", "query"))
    }
    assert told["Qx"] == "pi.name"
    assert told.get("M", "none") == "none"
    assert {told[text] for text in told if text in ("name", "姓名", "people")} <= {""}


def test_a_declared_category_counts_as_found() -> None:
    """Also where no recogniser knows the name; what was found is not told again."""
    content, findings = seen(person(name="Qxyz", card=CARD, age=None))
    assert "pi.name" not in {each.category for each in findings.items}
    (finding,) = declared_findings(content, findings, dataset())
    assert (finding.category, finding.segment.text, finding.evidence) == ("pi.name", "Qxyz", ("declared",))


def test_another_category_than_the_declared_is_told() -> None:
    """A card number in the field of a name, with the place that the dataset declares."""
    _, findings = seen(person(name=CARD))
    (violation,) = differing(findings, dataset(), entry="e")
    assert (violation.code, violation.place, violation.entry) == ("category.differs", "json:/people/*/name", "e")
    _, findings = seen(person(name="陳大文", card=CARD))
    assert differing(findings, dataset()) == ()


def test_a_field_that_holds_nothing_may_not_hold_a_card() -> None:
    """``none`` is a category from which anything differs, in an island too."""
    of = "schema: {type: object, properties: {note: {type: string, category: none, labels: [備註]}}}\n"
    for body, media_type in (
        (json.dumps({"note": CARD}), JSON),
        (json.dumps({"note": json.dumps({"hkid": CARD})}), JSON),
        (f"note={CARD}", FORM),
    ):
        _, findings = seen(body, media_type)
        assert {each.code for each in differing(findings, dataset(of))} == {"category.differs"}


@pytest.mark.parametrize("written", [CARD, "A1234563", "a123456(3)"])
@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_the_bare_digest_of_an_identifier_beside_it_is_told(written: str, algorithm: str) -> None:
    """In whatever spelling the identifier was put into it."""
    digest = hashlib.new(algorithm, written.encode()).hexdigest()
    content, findings = seen(json.dumps({"hkid": CARD, "h": digest.upper()}))
    (violation,) = digests(content, findings, entry="e")
    assert (violation.code, violation.place) == ("digest.of_identifier", "json:*")
    content, findings = seen(json.dumps({"hkid": CARD, "h": hashlib.sha256(b"a document").hexdigest()}))
    assert digests(content, findings) == ()


def test_what_is_only_possible_does_not_silence_a_declaration() -> None:
    """A card that nothing but its form speaks for is one where the field says so."""
    content, findings = seen(person(name="陳大文", card=CARD))
    told = {each.category for each in declared_findings(content, findings, dataset())}
    weak = Findings(tuple(replace(each, certainty=Certainty.POSSIBLE) for each in findings.items))
    assert "pi.id.hk.hkid" not in told
    assert "pi.id.hk.hkid" in {each.category for each in declared_findings(content, weak, dataset())}


def test_the_rest_of_a_value_is_declared_too() -> None:
    """A telephone and more in a field for telephones: all of it is one, and is masked as one."""
    content, findings = seen(person(name="Chan Tai Man 66123456 12345"))
    (told,) = (each for each in declared_findings(content, findings, dataset()) if each.category == "pi.name")
    assert (told.start, told.end) == (0, len("Chan Tai Man 66123456 12345"))
