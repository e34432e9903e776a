"""conforms(): what is declared passes, and nothing else does, in whatever format and wherever it is added."""

import csv
import io
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decide.dataset.conforming import conforms, records_of
from gateway.rulebook.datasets import Field
from tests.decide.payloads import CSV, FORM, JSON, MULTIPART, NDJSON, VERIFY, XLSX, XML, dataset, read

DIGEST = "ab" * 32
SALT = "123e4567-e89b-42d3-a456-426614174000"


def codes(body: bytes | str, media_type: str = JSON, of: str = "", size: int = 0) -> dict[tuple[str, str], int]:
    """The violations, by code and place."""
    found = conforms(read(body, media_type), dataset(of) if of else dataset(), entry="e", size=size)
    assert all(each.entry == "e" for each in found)
    return {(each.code, each.place): each.count for each in found}


def people(*records: dict[str, Any], **fields: Any) -> str:
    """A payload of JSON."""
    return json.dumps({"people": list(records), **fields}, ensure_ascii=False)


NAMES = st.text("abcdefghijklmnopqrstuvwxyz陳大文", min_size=1, max_size=8)


@st.composite
def values(draw: st.DrawFn, field: Field) -> Any:
    """Something that a field declares."""
    if field.type == "object":
        return {
            name: draw(values(child))
            for name, child in field.properties.items()
            if name in field.required or draw(st.booleans())
        }
    if field.items is not None:
        return [draw(values(field.items)) for _ in range(draw(st.integers(1, field.max_items or 3)))]
    if field.values is not None:
        return draw(st.sampled_from(sorted(field.values, key=str)))
    if field.type == "boolean":
        return draw(st.booleans())
    if field.type == "integer":
        return draw(st.integers(field.minimum or 0, field.maximum or 100))
    return draw(NAMES) if not field.pattern else draw(st.text("abcdef", min_size=1, max_size=12))


ROOT = dataset().root
ROW = dataset().row()


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a value."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from objects(each)


def flat(record: dict[str, Any]) -> dict[str, str]:
    """A record as one row."""
    row: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            row |= {f"{name}.{key}": each for key, each in flat(value).items()}
        elif isinstance(value, list):
            row[name] = str(value[0])
        else:
            row[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return row


def as_csv(records: list[dict[str, Any]], extra: str = "") -> str:
    """Records as a table, with a column more where one is asked."""
    rows = [flat(each) for each in records]
    columns = [*dict.fromkeys(name for row in rows for name in row), *([extra] if extra else [])]
    sink = io.StringIO()
    writer = csv.DictWriter(sink, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, **({extra: "x"} if extra else {})} for row in rows)
    return sink.getvalue()


def as_xml(value: Any, name: str) -> str:
    """A value as an element; a list as elements of its name."""
    if isinstance(value, list):
        return "".join(as_xml(each, name) for each in value)
    if isinstance(value, dict):
        return f"<{name}>{''.join(as_xml(each, key) for key, each in value.items())}</{name}>"
    return f"<{name}>{escape(str(value).lower() if isinstance(value, bool) else str(value))}</{name}>"


@given(values(ROOT))
def test_what_is_declared_passes_in_json_and_xml(payload: Any) -> None:
    """A payload made of a dataset conforms to it."""
    assert codes(json.dumps(payload)) == {}
    assert codes(as_xml(payload, "register"), XML) == {}


@given(st.lists(values(ROW), min_size=1, max_size=3))
def test_what_is_declared_passes_in_rows(records: list[dict[str, Any]]) -> None:
    """Rows of a table, lines of JSON and fields of a form are records."""
    assert codes("\n".join(json.dumps(each) for each in records), NDJSON) == {}
    table = as_csv([{"age": 5, **each} for each in records])
    assert codes(table, CSV) == {}


@given(values(ROOT), st.data(), st.sampled_from(["x", "Name", "name ", "naam", "姓名2", "__proto__", ""]))
def test_a_field_that_nobody_declared_is_a_violation_wherever_it_is_added(
    payload: Any, data: st.DataObject, name: str
) -> None:
    """In any object of JSON, with any value, an empty one and none among them."""
    chosen = data.draw(st.sampled_from([*objects(payload)]))
    chosen[name] = data.draw(st.sampled_from(["x", "", None, {}, [], 0, {"name": "a"}, [[]]]))
    assert "field.undeclared" in {code for code, _ in codes(json.dumps(payload))}


@given(values(ROOT), st.data(), st.sampled_from(["x", "naam", "姓名的", "namespace"]))
def test_an_element_that_nobody_declared_is_a_violation_wherever_it_is_added(
    payload: Any, data: st.DataObject, name: str
) -> None:
    """In any element, also an empty one."""
    chosen = data.draw(st.sampled_from([*objects(payload)]))
    chosen[name] = data.draw(st.sampled_from(["x", ""]))
    assert "field.undeclared" in {code for code, _ in codes(as_xml(payload, "register"), XML)}


@given(st.lists(values(ROW), min_size=1, max_size=3), st.sampled_from(["x", "hair", "naam", "姓名2"]))
def test_a_column_that_nobody_declared_is_a_violation(records: list[dict[str, Any]], name: str) -> None:
    """A column more is told, once for its head and once for each cell."""
    found = codes(as_csv([{"age": 5, **each} for each in records], extra=name), CSV)
    assert ("field.undeclared", "csv:/people/*/*") in found


@given(st.sampled_from(["x", "Holds2", "digest2", "a.b"]), st.sampled_from(["", "1"]))
def test_a_field_of_a_form_that_nobody_declared_is_a_violation(name: str, value: str) -> None:
    """Also an empty one, and one without an equals sign."""
    sound = {"digest": DIGEST, "doc_type": "degree", "salt_id": SALT, "doc_len": "5"}
    assert codes(urlencode(sound), FORM, VERIFY) == {}
    assert codes(urlencode({**sound, name: value}), FORM, VERIFY) == {("field.undeclared", "form:/*"): 1}
    assert codes(f"{urlencode(sound)}&{name}", FORM, VERIFY) == {("field.undeclared", "form:/*"): 1}


@pytest.mark.parametrize(
    ("record", "code", "place"),
    [
        ({}, "field.missing", "name"),
        ({"name": "a", "address": {}}, "field.missing", "address/city"),
        ({"name": 5}, "value.type", "name"),
        ({"name": None}, "value.type", "name"),
        ({"name": {}}, "value.type", "name"),
        ({"name": []}, "value.type", "name"),
        ({"name": ["a"]}, "value.type", "name"),
        ({"name": ""}, "value.length", "name"),
        ({"name": "a" * 21}, "value.length", "name"),
        ({"name": "a", "age": 151}, "value.range", "age"),
        ({"name": "a", "age": 5.0}, "value.type", "age"),
        ({"name": "a", "age": True}, "value.type", "age"),
        ({"name": "a", "age": "5"}, "value.type", "age"),
        ({"name": "a", "age": 10**30}, "value.type", "age"),
        ({"name": "a", "sex": "F"}, "value.other", "sex"),
        ({"name": "a", "member": 1}, "value.type", "member"),
        ({"name": "a", "address": "x"}, "value.type", "address"),
        ({"name": "a", "address": [{"city": "x"}]}, "value.type", "address"),
        ({"name": "a", "tags": [["x"]]}, "value.type", "tags/*"),
        ({"name": "a", "tags": [{}]}, "value.type", "tags/*"),
        ({"name": "a", "tags": {"0": "x"}}, "value.type", "tags"),
        ({"name": "a", "tags": ["a"] * 4}, "record.too_many", "tags"),
    ],
)
def test_each_departure_has_a_code_and_a_place(record: dict[str, Any], code: str, place: str) -> None:
    """And nothing else is told of a payload with one fault."""
    assert codes(people(record)) == {(code, f"json:/people/*/{place}"): 1}


def test_a_pattern_is_of_the_whole_value() -> None:
    """A line end, or what stands on another line, does not pass beside it."""
    for batch in ("abc\n", "abc\nDEF", "ABC", ""):
        assert codes(people({"name": "a"}, batch=batch)) == {("value.pattern", "json:/batch"): 1}


def test_too_many_records_are_told_in_lists_and_in_tables() -> None:
    """Rows of a table are counted as the items of the list that repeats."""
    assert codes(people(*[{"name": "a"}] * 4)) == {("record.too_many", "json:/people"): 1}
    assert codes("name,age\n" + "a,5\n" * 4, CSV) == {("record.too_many", "csv:/people"): 1}


def test_a_name_that_stands_twice_is_told_and_both_values_are_judged() -> None:
    """Nobody can tell which of the two the recipient will read."""
    found = codes('{"people": [{"name": "a", "name": {"x": 1}, "age": 5, "\\u0061ge": 500}]}')
    assert found == {
        ("field.repeated", "json:/people/*/name"): 1,
        ("field.repeated", "json:/people/*/age"): 1,
        ("value.type", "json:/people/*/name"): 1,
        ("value.range", "json:/people/*/age"): 1,
    }


def test_a_row_with_more_cells_than_names_holds_undeclared_fields() -> None:
    """So does a table without a head, and a column that stands twice is told."""
    assert codes("name,age\na,5,secret\nb,6\n", CSV) == {("field.undeclared", "csv:/people/*/*"): 1}
    assert ("field.undeclared", "csv:/people/*/*") in codes("a,5\nb,6\n", CSV)
    for above in ("# a secret note", "A title"):
        assert ("field.undeclared", "csv:/people/*/*") in codes(f"{above}\nname,age\na,5\nb,6\n", CSV)
    assert ("field.repeated", "csv:/people/*/name") in codes("name,age,Name\na,5,c\nb,6,d\n", CSV)


def test_columns_go_by_their_labels() -> None:
    """In any language, whatever stands between the letters."""
    assert codes("姓名,證件號碼,address.city\n陳大文,A123456(3),Macao\n", CSV) == {}


def test_lists_of_xml_stand_with_or_without_an_element_around_them() -> None:
    """Elements that repeat are items, and so are those that go by a label of the items."""
    assert codes("<register><people><name>a</name></people><people><name>b</name></people></register>", XML) == {}
    two = "<register><people><person><name>a</name></person><person><name>b</name></person></people></register>"
    assert codes(two, XML) == {}
    assert records_of(read(two, XML), dataset()) == 2


def test_a_document_in_a_text_is_told() -> None:
    """A field of a few letters is no place for an object."""
    assert codes(people({"name": '{"a": 1}'})) == {("value.nested", "json:/people/*/name"): 1}


def test_a_document_in_a_field_that_says_so_passes() -> None:
    """As contentMediaType has it."""
    of = (
        "schema: {type: object, properties: {note: {type: string, category: none, contentMediaType: application/json}}}"
    )
    assert codes(json.dumps({"note": '{"a": 1}'}), of=of) == {}


def test_what_no_dataset_can_describe_is_told() -> None:
    """A text, an archive, and what nobody can read."""
    assert codes("some prose", "text/plain") == {("part.unmapped", "text:"): 1}
    assert {code for code, _ in codes(b"%PDF-1.7 broken", "application/pdf")} == {"part.unmapped"}
    assert {code for code, _ in codes(b"\x00\x01\x02", "application/octet-stream")} == {"part.unmapped"}


def test_a_document_in_which_nothing_stands_is_no_payload() -> None:
    """It was read, and it is nothing that a dataset describes."""
    assert codes(b"PK\x05\x06" + bytes(18), "application/zip") == {("part.unmapped", "body"): 1}
    assert {code for code, _ in codes("<register/>", XML)} == {"field.missing"}
    assert {code for code, _ in codes("null")} == {"value.type"}


def test_an_empty_body_departs_from_nothing() -> None:
    """It carries nothing."""
    assert codes("") == {}
    assert records_of(read(""), dataset()) == 0


def test_members_of_a_form_are_its_fields() -> None:
    """Texts and JSON; other headers of a part and names that nobody declared are told."""
    of = (
        "schema: {type: object, properties: {note: {type: string, category: none, maxLength: 5},"
        " who: {type: object, properties: {name: {type: string, category: pi.name}}}}}"
    )

    def part(name: str, value: str, header: str = "") -> str:
        return f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n{header}\r\n{value}\r\n'

    json_type = "Content-Type: application/json\r\n"
    sound = part("note", "a") + part("who", '{"name": "a"}', json_type)
    assert codes(f"{sound}--B--\r\n", MULTIPART, of) == {}
    assert codes(f"{sound}{part('x', '')}--B--\r\n", MULTIPART, of) == {("field.undeclared", "multipart:/*"): 1}
    assert codes(f"{part('note', 'abcdef')}--B--\r\n", MULTIPART, of) == {("value.length", "multipart:/note"): 1}
    more = part("who", '{"name": "a", "x": 1}', json_type)
    assert codes(f"{more}--B--\r\n", MULTIPART, of) == {("field.undeclared", "multipart:/who/*"): 1}
    assert codes(f"{part('note', 'a', 'X-More: b' + chr(13) + chr(10))}--B--\r\n", MULTIPART, of)
    file = part("note", "a").replace('"note"', '"note"; filename="Chan.txt"')
    assert codes(f"{file}--B--\r\n", MULTIPART, of) == {("field.undeclared", "multipart:/header/*"): 1}
    assert codes(f"{part('note', 'a')}{part('note', 'b')}--B--\r\n", MULTIPART, of) == {
        ("field.repeated", "multipart:/note"): 1
    }


def test_a_verify_only_route_says_nothing_but_its_answer() -> None:
    """A few hundred bytes, a digest of 64 digits, no word besides (DOMAIN 6.3)."""
    sound = {"digest": DIGEST, "doc_type": "degree", "doc_len": 2048, "salt_id": SALT, "holds": True}
    assert codes(json.dumps(sound), of=VERIFY, size=300) == {}
    assert codes(json.dumps(sound), of=VERIFY, size=401) == {("body.too_large", "body"): 1}
    assert codes(json.dumps({**sound, "digest": DIGEST + "0"}), of=VERIFY) == {("value.pattern", "json:/digest"): 1}
    assert codes(json.dumps({**sound, "holds": "almost"}), of=VERIFY) == {("value.type", "json:/holds"): 1}
    assert codes(json.dumps({**sound, "closest": "1990-03-07"}), of=VERIFY) == {("field.undeclared", "json:/*"): 1}
    assert codes(f"{json.dumps(sound)}\n{json.dumps(sound)}\n", NDJSON, VERIFY) == {("record.too_many", "ndjson:"): 1}


def test_digits_of_a_number_are_no_place_for_a_message() -> None:
    """A fraction has at most so many digits that a double holds."""
    of = "schema: {type: object, properties: {ratio: {type: number, category: none, minimum: 0, maximum: 1}}}"
    assert codes('{"ratio": 0.25}', of=of) == {}
    assert codes('{"ratio": 0.2500000000013800138000440105199003071016}', of=of) == {("value.type", "json:/ratio"): 1}


def test_names_of_the_sender_are_shown_by_the_caller_alone() -> None:
    """Nothing of an undeclared name stands in a violation unless the caller knows it."""
    content = read('{"people": [], "A123456(3)": 1, "phone": 2}')
    assert "A123456" not in repr(conforms(content, dataset()))
    told = conforms(content, dataset(), shown=lambda place: place if place == "/phone" else "/*")
    assert {each.place for each in told} == {"json:/phone", "json:/*"}


def test_many_names_make_few_violations() -> None:
    """What is recorded does not grow with what is sent."""
    content = read(json.dumps({"people": [], **{f"x{number}": 1 for number in range(3000)}}))
    found = conforms(content, dataset(), shown=lambda place: place)
    assert len(found) <= 65
    assert sum(each.count for each in found) == 3000


def test_records_are_rows_items_or_the_payload() -> None:
    """Of a payload without a dataset, the items of its greatest list."""
    assert records_of(read(people({"name": "a"}, {"name": "b"})), dataset()) == 2
    assert records_of(read(people({"name": "a"}, {"name": "b"})), None) == 2
    assert records_of(read("[1, 2, 3]"), None) == 3
    assert records_of(read("name,age\na,5\nb,6\n", CSV), None) == 2
    assert records_of(read('{"a": 1}\n{"a": 2}\n', NDJSON), None) == 2
    assert records_of(read("a=1&b=2", FORM), None) == 1


@given(st.binary(max_size=200), st.sampled_from([JSON, CSV, XML, FORM, MULTIPART, XLSX, "application/yaml"]))
def test_any_body_has_an_answer(body: bytes, media_type: str) -> None:
    """Whatever is sent, nothing is raised."""
    content = read(body, media_type)
    conforms(content, dataset())
    assert records_of(content, dataset()) >= 0


def test_a_hundred_records_take_little_time() -> None:
    """16 KB of JSON within a few milliseconds, even on a busy machine; a millisecond is what is aimed at."""
    record = {"name": "陳大文", "age": 30, "card": "A123456(3)", "sex": "f", "address": {"city": "Macao"}}
    content = read(people(*[record] * 140))
    started = time.perf_counter()
    for _ in range(5):
        conforms(content, dataset())
    assert (time.perf_counter() - started) / 5 < 0.02
