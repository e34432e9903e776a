"""Values that mean the same written in more ways than one: no way to write them carries a message."""

import pytest

from gateway.decide.dataset.conforming import conforms
from tests.decide.payloads import FORM, JSON, dataset, read

OF = """\
schema:
  type: object
  properties:
    a: {type: string, category: none, maxLength: 40}
    l: {type: array, items: {type: string, category: none}}
    o: {type: object, properties: {b: {type: string, category: none}}}
    x: {type: number, category: none}
    u: {type: string, category: none, format: uri}
"""


def codes(body: str, media_type: str = JSON) -> dict[tuple[str, str], int]:
    """The violations, by code and place."""
    found = conforms(read(body, media_type), dataset(OF))
    return {(each.code, each.place.partition(":")[2]): each.count for each in found}


@pytest.mark.parametrize(
    "body", ["l[]=x&l[]=y", "l[0]=x&l[1]=y", "l[1]=x&l[2]=y", "l=x&l=y", "o[b]=x", "o.b=x", "a=&x=1"]
)
def test_indices_of_lists_count_from_nought_or_one(body: str) -> None:
    """As frameworks write them."""
    assert codes(body, FORM) == {}


@pytest.mark.parametrize("body", ["l[440105199003071016]=x", "l[0]=x&l[7]=y", "a[417]=x", "a[]=x", "l[00]=x"])
def test_an_index_is_no_place_for_a_number(body: str) -> None:
    """It says where in a list a value stands."""
    assert codes(body, FORM) == {("field.undeclared", "/*"): 1}


@pytest.mark.parametrize("body", ["a=x&a=", "a=x&a", "a=&a=x", "a=+&a=+", "a=x&a=++"])
def test_a_blank_beside_a_value_is_a_second_value(body: str) -> None:
    """How many there are would say something."""
    assert codes(body, FORM) == {("field.repeated", "/a"): 1}


def test_a_long_blank_is_a_value() -> None:
    """Spaces and tabs are two letters of an alphabet; a few of them are as good as nothing."""
    assert codes(f"a={'+' * 16}", FORM) == {}
    assert codes(f"a={'+%09' * 30}", FORM) == {("value.length", "/a"): 1}


@pytest.mark.parametrize("number", ["0", "-0.5", "1e-07", "1E5", "1.7976931348623157e+308", "0.30000000000000004"])
def test_numbers_as_programs_write_them_pass(number: str) -> None:
    """With all digits that a double has."""
    assert codes(f'{{"x": {number}}}') == {}


@pytest.mark.parametrize(
    "number",
    [
        "1E+0000000000000000001",
        "1e001",
        "0.1234567890123456789012",
        "12345678901234567890.123",
        "12345678901234567890",
        "1.00000000000000000000",
        "1e400",
    ],
)
def test_digits_beyond_those_of_a_double_are_told(number: str) -> None:
    """Nobody reads them but who looks for them."""
    assert codes(f'{{"x": {number}}}') == {("value.type", "/x"): 1}


@pytest.mark.parametrize("uri", ["data:text/plain,a-story", "javascript:1", "blob:x"])
def test_a_document_written_as_an_address_is_none(uri: str) -> None:
    """It leads nowhere: it is the thing itself (RFC 2397)."""
    assert codes('{"u": "https://x.example/a"}') == {}
    assert codes(f'{{"u": "{uri}"}}') == {("value.pattern", "/u"): 1}
