"""XML judged by a dataset: elements and attributes by their names, and nothing beside them."""

import pytest

from gateway.decide.dataset.conforming import conforms
from tests.decide.payloads import PEOPLE, XML, dataset, read

STORY = "a story that nobody declared"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
NULLABLE = PEOPLE.replace("labels: [證件號碼]}", "nullable: true}")
SPACED = f"namespaces: ['http://r.example']\n{PEOPLE}"
PERSON = "<people><person><name>a</name></person></people>"


def codes(body: str, of: str = PEOPLE) -> dict[tuple[str, str], int]:
    """The violations, by code and place."""
    return {(each.code, each.place): each.count for each in conforms(read(body, XML), dataset(of))}


def test_namespaces_of_the_dataset_and_the_envelope_of_soap_are_passed() -> None:
    """What a listed one is called does not matter; what else stands in the envelope is told."""
    inner = '<r:register xmlns:r="http://r.example"><r:people><r:person name="a"/></r:people></r:register>'
    soap = f'<s:Envelope xmlns:s="{SOAP}"><s:Header/><s:Body>{{}}</s:Body>{{}}</s:Envelope>'
    assert codes(soap.format(inner, ""), SPACED) == {}
    assert codes(soap.format(inner, "<x/>"), SPACED) == {("field.undeclared", "xml:/*"): 1}
    for header in ("<s:Header>a</s:Header>", f'<s:Header secret="{STORY}"/>', f"<s:Header><!-- {STORY} --></s:Header>"):
        found = codes(soap.format(inner, "").replace("<s:Header/>", header), SPACED)
        assert found == {("field.undeclared", "xml:/*"): 1}


@pytest.mark.parametrize(
    "xml",
    [
        "<register>free text<people><name>a</name></people></register>",
        "<register><!-- note --><people><name>a</name></people></register>",
        "<register><?pi data?><people><name>a</name></people></register>",
        '<register note="x"><people><name>a</name></people></register>',
        '<register><people><name note="">a</name></people></register>',
        "<register><people><name>a<b/></name></people></register>",
        "<other><people><name>a</name></people></other>",
        f"<register>{PERSON}<people><!-- {STORY} --></people></register>",
        f"<register>{PERSON}<people><?story {STORY}?></people></register>",
    ],
)
def test_all_that_xml_can_hold_beside_its_values_is_told(xml: str) -> None:
    """Mixed text, comments, instructions, attributes, the name of the root."""
    assert "field.undeclared" in {code for code, _ in codes(xml)}


@pytest.mark.parametrize(
    "declared",
    [
        f'xmlns:s="{STORY}"',
        f'xmlns="{STORY}"',
        'xmlns:r="http://r.example/other"',
        'xmlns:secret="http://r.example"',
        f'xmlns:secret="{SOAP}"',
        'xmlns:a="http://r.example" xmlns:b="http://r.example"',
    ],
)
def test_a_namespace_is_no_place_for_a_message(declared: str) -> None:
    """Neither its name nor its prefix."""
    assert codes(f"<register>{PERSON}</register>", SPACED) == {}
    for body in (f"<register {declared}>{PERSON}</register>", f"<register>{PERSON}<people {declared}/></register>"):
        assert codes(body, SPACED) == {("field.undeclared", "xml:/*"): 1}


def test_a_prefix_that_is_not_declared_is_told() -> None:
    """Of an element and of an attribute."""
    for person in ("<secret:name>a</secret:name>", "<name>a</name><sex x:y='b'>f</sex>"):
        body = f"<register><people><person>{person}</person></people></register>"
        assert ("field.undeclared", "xml:/*") in codes(body)


@pytest.mark.parametrize(
    "declared", [XSI, 'xmlns="http://r.example"', f'xmlns:SOAP-ENV="{SOAP}"', 'xmlns:r="http://r.example" xmlns=""']
)
def test_usual_namespaces_pass(declared: str) -> None:
    """Those of XML Schema, of SOAP and of the dataset."""
    assert codes(f"<register {declared}>{PERSON}</register>", SPACED) == {}


def test_nil_says_whether_there_is_a_value_and_nothing_else() -> None:
    """With nothing beside it (XML Schema part 1, section 2.6.2)."""

    def with_card(card: str) -> dict[tuple[str, str], int]:
        body = f"<register {XSI}><people><person><name>a</name>{card}</person></people></register>"
        return codes(body, NULLABLE)

    assert with_card('<card xsi:nil="true"/>') == {}
    assert with_card('<card xsi:nil="0">A123456(3)</card>') == {}
    told = {("field.undeclared", "xml:/people/*/card/*"): 1}
    assert with_card(f'<card xsi:nil="{STORY}">A123456(3)</card>') == told
    assert with_card('<card xsi:nil="true" secret="x"/>') == told
    assert with_card(f'<card xsi:nil="true"><!-- {STORY} --></card>') == told


def test_two_attributes_of_one_local_name_are_both_judged() -> None:
    """A prefix does not hide one of them."""
    person = '<person xsi:name="a secret of more than twenty letters" name="a"/>'
    found = codes(f"<register {XSI}><people>{person}</people></register>")
    assert ("field.repeated", "xml:/people/*/name") in found
    assert ("value.length", "xml:/people/*/name") in found


def test_a_name_is_spelt_one_way_in_a_document() -> None:
    """However it is: a spelling that changes from record to record carries a message."""
    one, other = PERSON.replace("name>", "NAME>"), PERSON.replace("name>", "na-me>")
    assert codes(f"<register>{one}{one}</register>") == {}
    items = f"<register>{PERSON}{PERSON.replace('person', 'PERSON')}</register>"
    prefixed = f"<register {XSI}>{PERSON}{PERSON.replace('name>', 'xsi:name>')}</register>"
    for body in (f"<register>{one}{other}</register>", items, prefixed):
        assert ("field.undeclared", "xml:/people/*/*") in codes(body)


def test_a_long_blank_of_an_attribute_is_a_value() -> None:
    """A few spaces are as good as nothing."""
    body = '<register><people><person name="a" card="{}"/></people></register>'
    assert codes(body.format(" " * 16)) == {}
    with_pattern = PEOPLE.replace("labels: [證件號碼]}", "maxLength: 20}")
    assert codes(body.format(" \t" * 20), with_pattern) == {("value.length", "xml:/people/*/card"): 1}
