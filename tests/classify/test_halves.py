"""Names in halves, as FHIR writes them (HumanName: family and given)."""

import pytest

from gateway.classify import classify
from gateway.decode import decode
from gateway.vocabulary import Certainty, Limits
from tests.classify.rules import shipped
from tests.given import transfer

JSON, XML, YAML = "application/fhir+json", "application/fhir+xml", "application/yaml"


def names(body: str, media_type: str) -> list[str]:
    """Values in which a name is likely."""
    content = decode(transfer(body.encode(), headers={"content-type": media_type}), Limits())
    found = classify(content, shipped()).items
    return [each.segment.text for each in found if each.category == "pi.name" and each.certainty >= Certainty.LIKELY]


@pytest.mark.parametrize(
    ("body", "media_type", "told"),
    [
        ('{"resourceType": "Patient", "name": [{"family": "陳", "given": ["大文"]}]}', JSON, ["陳", "大文"]),
        ('{"name": {"family": "Silva", "given": ["Maria", "Joana"]}}', JSON, ["Silva", "Maria", "Joana"]),
        ('{"contact": {"family": "Silva", "given": "Maria"}}', JSON, ["Silva", "Maria"]),
        ('<Patient><name><family value="Chan"/><given value="Tai Man"/></name></Patient>', XML, ["Chan", "Tai Man"]),
        ("name:\n  family: Silva\n  given: Maria\n", YAML, ["Silva", "Maria"]),
    ],
)
def test_both_halves_are_names(body: str, media_type: str, told: list[str]) -> None:
    """A family beside something given, or within a name, is a surname; what is given is a given name."""
    assert names(body, media_type) == told


@pytest.mark.parametrize(
    "body",
    [
        '{"product": {"family": "Router", "model": "X"}}',
        '{"given": "the circumstances"}',
        '{"font": {"family": "Serif"}, "given": ["x1"]}',
    ],
)
def test_one_half_alone_is_no_name(body: str) -> None:
    """Families of products and things that are given are nobody's names."""
    assert names(body, "application/json") == []
