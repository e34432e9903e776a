"""Forms of several members: each member and each reading of it is judged, and all that its headers say."""

import pytest

from gateway.decide.dataset.conforming import conforms
from tests.decide.payloads import MULTIPART, PEOPLE, dataset, read

NAMED = 'Content-Disposition: form-data; name="{}"'
JSON_TYPE = "\r\nContent-Type: application/json"
CSV_TYPE = "\r\nContent-Type: text/csv"
STORY = "a story that nobody declared"
SOUND = (NAMED.format("people") + JSON_TYPE, '[{"name": "ann"}]')
FILE = (
    "schema: {type: object, properties: {"
    "deed: {type: string, category: none, contentMediaType: application/json}, note: {type: string, category: none}}}"
)


def form(*members: tuple[str, str]) -> str:
    """A body of these members, headers and text of each."""
    return "".join(f"--B\r\n{head}\r\n\r\n{text}\r\n" for head, text in members) + "--B--\r\n"


def codes(*members: tuple[str, str], of: str = PEOPLE) -> dict[tuple[str, str], int]:
    """The violations of a form, by code and place."""
    found = conforms(read(form(*members), MULTIPART), dataset(of))
    return {(each.code, each.place.removeprefix("multipart:")): each.count for each in found}


@pytest.mark.parametrize(
    ("head", "text", "code", "place"),
    [
        (JSON_TYPE, '[{"name": "bob", "secret": "free text"}]', "field.undeclared", "/people/*/*"),
        (JSON_TYPE, '{"board": ["free text"]}', "value.type", "/people"),
        (JSON_TYPE, "[" + ",".join(['{"name": "a"}'] * 5) + "]", "record.too_many", "/people"),
        ("", STORY, "part.unmapped", "/people"),
        ("", "", "part.unmapped", "/people"),
        (CSV_TYPE, "name,secret\nx,y\nz,w\n", "field.undeclared", "/people/*/*"),
    ],
)
def test_a_second_member_of_a_structure_is_told_and_judged(head: str, text: str, code: str, place: str) -> None:
    """Nobody can tell which of two the recipient reads; what the second holds is judged like the first."""
    assert codes(SOUND) == {}
    second = (NAMED.format("people") + head, text)
    for members in ((SOUND, second), (second, SOUND)):
        found = codes(*members)
        assert ("field.repeated", "/people") in found
        assert (code, place) in found


def test_a_second_member_by_another_spelling_is_told() -> None:
    """Names are folded before they are compared."""
    second = (NAMED.format("PEOPLE") + JSON_TYPE, '[{"name": "bob"}]')
    assert codes(SOUND, second) == {("field.repeated", "/people"): 1}


def test_a_document_beside_the_text_of_a_field_is_told() -> None:
    """In a second member of the same name too."""
    batch = (NAMED.format("batch"), "abc")
    document = (NAMED.format("batch") + JSON_TYPE, '{"secret": "x"}')
    assert codes(SOUND, batch) == {}
    for members in ((SOUND, batch, document), (SOUND, document, batch)):
        assert codes(*members) == {("field.repeated", "/batch"): 1, ("part.unmapped", "/batch"): 1}
    assert codes(SOUND, document) == {("part.unmapped", "/batch"): 1}


def test_a_second_document_of_a_field_that_holds_one_is_told() -> None:
    """One is what the dataset says."""
    document = (NAMED.format("deed") + JSON_TYPE, '{"a": 1}')
    assert codes(document, of=FILE) == {}
    assert codes(document, document, of=FILE) == {("field.repeated", "/deed"): 1}


@pytest.mark.parametrize(
    "head",
    [
        f'Content-Disposition: form-data; name="people"; filename="{STORY}"{JSON_TYPE}',
        f'Content-Disposition: form-data; name="people"; FILENAME="{STORY}"{JSON_TYPE}',
        f"Content-Disposition: form-data; name=\"people\"; filename*=utf-8''story{JSON_TYPE}",
        f'Content-Disposition: form-data; name="people"; note="{STORY}"{JSON_TYPE}',
        f'Content-Disposition: form-data; name="people"; name="{STORY}"{JSON_TYPE}',
        f'Content-Disposition: form-data; name="people" ({STORY}){JSON_TYPE}',
        f'Content-Disposition: story; name="people"{JSON_TYPE}',
        f"{SOUND[0]}\r\nContent-ID: {STORY}",
        f"{SOUND[0]}\r\n{STORY}",
        f"{SOUND[0]}\r\nX-Story: {STORY}",
        f'{SOUND[0]}; secret="{STORY}"',
        f"{SOUND[0]}; charset=story",
        f"{SOUND[0]}; charset=utf-8; charset=story",
        f"{SOUND[0]} ({STORY})",
        f"{NAMED.format('people')}\r\nContent-Type: application/a-story+json",
        f"{SOUND[0]}\r\nContent-Type: text/csv",
        f"{SOUND[0]}\r\nContent-Length: {STORY}",
        f"{SOUND[0]}\r\nContent-Transfer-Encoding: {STORY}",
    ],
)
def test_headers_of_a_member_are_no_place_for_a_message(head: str) -> None:
    """They say what it is called and what it is; nothing else is declared."""
    assert ("field.undeclared", "/header/*") in codes((head, SOUND[1]))


@pytest.mark.parametrize(
    "more",
    ["; charset=utf-8", '; charset="UTF-8"', "\r\nContent-Length: 17", "\r\nContent-Transfer-Encoding: 8bit"],
)
def test_headers_that_forms_have_pass(more: str) -> None:
    """Those that browsers and libraries write (RFC 7578 section 4)."""
    assert codes((SOUND[0] + more, SOUND[1])) == {}


@pytest.mark.parametrize("name", ["filename", "FILENAME"])
def test_a_file_has_a_name_where_the_field_holds_a_document(name: str) -> None:
    """And nowhere else."""
    head = f'Content-Disposition: form-data; name="{{}}"; {name}="deed.json"{JSON_TYPE}'
    assert codes((head.format("deed"), '{"a": 1}'), of=FILE) == {}
    text = head.format("note").removesuffix(JSON_TYPE) + "\r\nContent-Type: text/plain"
    assert codes((text, "a"), of=FILE) == {("field.undeclared", "/header/*"): 1}


@pytest.mark.parametrize(
    ("head", "text", "place"),
    [
        (JSON_TYPE, '[{"name": "{\\"a\\": \\"b\\"}"}]', "/people/*/name"),
        (CSV_TYPE, 'name,age\n"{""a"": ""b""}",5\nb,6\n', "/people/*/name"),
    ],
)
def test_a_document_in_a_value_of_a_member_is_told(head: str, text: str, place: str) -> None:
    """As it is in a body of JSON."""
    assert codes((NAMED.format("people") + head, text)) == {("value.nested", place): 1}
