"""How many people a payload is about. All identifiers are synthetic."""

# ruff: noqa: E501 - tables are read across
from __future__ import annotations

import csv
import io
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.cn import ric
from gateway.classify import classify, individuals
from gateway.decode import decode
from gateway.vocabulary import Individuals, Limits
from tests.classify.rules import shipped
from tests.given import transfer

KEY = b"k" * 32
ONE, TWO = "440105199003071016", "44030019851231202X"
JSON, CSV, XML, LINES = "application/json", "text/csv", "application/xml", "application/x-ndjson"


def _people(body: str | bytes, media_type: str = JSON, key: bytes = KEY) -> Individuals:
    data = body.encode() if isinstance(body, str) else body
    rules = shipped()
    return individuals(
        classify(decode(transfer(data, headers={"content-type": media_type}), Limits()), rules), rules, key
    )


def _of(*records: object) -> Individuals:
    return _people(json.dumps(records, ensure_ascii=False))


def _resident(number: int) -> str:
    """Return the number of a resident who does not exist: the region has no county of that number."""
    digits = f"440199{1950 + number % 50}0101{number // 50 % 1000:03}"
    return next(digits + last for last in "0123456789X" if ric.validate(digits + last))


@pytest.mark.parametrize(
    ("records", "people"),
    [
        ([{"id_no": ONE}, {"id_no": TWO}], 2),
        ([{"id_no": ONE}, {"id_no": ONE}, {"id_no": ONE}], 1),
        ([{"id_no": ONE, "mobile": "13800138000"}, {"id_no": ONE, "mobile": "13900139000"}], 1),
        ([{"id_no": ONE}, {"身份证号": ONE.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})}], 1),
        ([{"id_no": TWO}, {"id_no": TWO.lower()}], 1),
        ([{"mobile": "13800138000"}, {"mobile": "+86 138 0013 8000"}, {"mobile": "13900139000"}], 2),
        ([{"email": "Wei.Chan@example.com"}, {"email": "wei.chan@EXAMPLE.com"}], 1),
        ([], 0),
        ([{"order": "A-1001"}], 0),
    ],
    ids=[
        "two",
        "one thrice",
        "telephones of one",
        "full width",
        "either case",
        "telephones",
        "mail",
        "nobody",
        "nothing personal",
    ],
)
def test_each_person_counts_once(records: list[object], people: int) -> None:
    """Who comes again is the same person, however the identifier is written."""
    assert len(_of(*records).everybody) == people


def test_a_return_permit_counts_by_what_stays_of_it() -> None:
    """Its last two digits count renewals."""
    assert (
        len(_of({"回乡证号码": "H1234567802"}, {"回乡证号码": "H12345678"}, {"回乡证号码": "H8765432101"}).everybody)
        == 2
    )


def test_an_old_resident_number_is_that_of_today() -> None:
    """Fifteen digits are the eighteen of the same person without century and check digit."""
    assert len(_of({"身份证号": "440105900307101"}, {"身份证号": ONE}).everybody) == 1


def test_identifiers_that_stood_together_are_of_one_person() -> None:
    """A permit and an identity card of one record are one person, also where each of them comes alone."""
    both = {"id_no": ONE, "港澳居民来往内地通行证": "H1234567801"}
    assert len(_of(both, {"港澳居民来往内地通行证": "H1234567801"}, {"id_no": ONE}).everybody) == 1


def test_several_people_of_one_record_are_several() -> None:
    """A text that names two numbers of one kind is about two people."""
    assert len(_of({"note": f"身份证号{ONE}与身份证号{TWO}"}).everybody) == 2


def test_contacts_in_a_structure_of_their_own_belong_to_the_person_around() -> None:
    """The telephone of a nested contact is no second person."""
    assert len(_of({"id_no": ONE, "contact": {"mobile": "13800138000", "email": "a.chan@example.com"}}).everybody) == 1


def test_each_item_of_a_list_in_a_record_is_a_person() -> None:
    """Members of a household each have a number."""
    assert len(_of({"household": "7", "members": [{"id_no": ONE}, {"id_no": TWO}]}).everybody) == 2


def test_personal_information_of_nobody_in_particular_is_counted_as_records() -> None:
    """A date of birth alone tells nobody from anybody, and is not forgotten."""
    people = _of({"date_of_birth": "1990-03-07"}, {"date_of_birth": "1985-12-31"})
    assert (len(people.everybody), people.unknown) == (0, 2)


@pytest.mark.parametrize(
    ("record", "people"),
    [
        ({"given_name": "Maria", "surname": "Silva", "phone": "6612{:04}"}, 50),
        ({"中文姓名": "陈伟", "英文姓名": "Chan Wai", "手机": "138{:08}"}, 50),
        ({"姓名": "陈伟", "手机": "138{:08}"}, 50),
        ({"patient": "Ana Costa", "doctor": "Rui Lopes", "tel": "6612{:04}"}, 52),
    ],
    ids=["two halves", "two scripts", "one name", "two people, one telephone"],
)
def test_telephones_tell_people_of_one_name_apart(record: dict[str, str], people: int) -> None:
    """Halves of a name are one name, and a count is never too low: two names in a record may be two people."""
    made = [{name: value.format(number) for name, value in record.items()} for number in range(50)]
    assert len(_of(*made).everybody) == people


def test_halves_of_a_name_make_one() -> None:
    """Ten given names and ten surnames are a hundred people."""
    given, surnames = ("Maria", "Ana", "Rui", "José", "Pedro"), ("Silva", "Costa", "Lopes", "Santos", "Pereira")
    made = [{"given_name": one, "surname": other} for one in given for other in surnames]
    assert len(_of(*made).everybody) == 25


def test_a_patient_of_hl7_is_one() -> None:
    """All fields of a segment are about one person."""
    lines = "MSH|^~\\&|HIS|HK|LAB|SZ|20261121||ADT^A01|1|P|2.5\rPID|1||A123456(3)^^^HKID||CHAN^TAI MAN||19900307|M|||||61234567\r"
    assert len(_people(lines, "x-application/hl7-v2+er7").everybody) == 1


def test_sensitive_people_are_counted_apart() -> None:
    """Only whose record holds sensitive information, of which an identity number is none (GB/T 45574-2025)."""
    people = _of({"id_no": ONE, "bank_card": "6217000000000000004"}, {"id_no": TWO})
    assert (len(people.everybody), len(people.sensitive)) == (2, 1)
    assert people.sensitive < people.everybody


def test_fingerprints_need_the_key() -> None:
    """The same person has another fingerprint under another key, and the same one under the same."""
    body = json.dumps([{"id_no": ONE}])
    assert _people(body).everybody == _people(body).everybody
    assert _people(body).everybody.isdisjoint(_people(body, key=b"other").everybody)


def test_fingerprints_show_nothing() -> None:
    """Neither they nor the identifiers are in what is printed."""
    people = _of({"id_no": ONE})
    assert ONE not in repr(people)
    assert all(len(mark) == 32 for mark in people.everybody)


_WAYS = {
    "array": (JSON, lambda rows: json.dumps(rows)),
    "lines": (LINES, lambda rows: "\n".join(map(json.dumps, rows))),
    "members": (JSON, lambda rows: json.dumps({f"p{at}": row for at, row in enumerate(rows)})),
    "table": (CSV, lambda rows: _table(rows)),
    "elements": (XML, lambda rows: "<all>" + "".join(f"<person><id_no>{r['id_no']}</id_no><mobile>{r['mobile']}</mobile></person>" for r in rows) + "</all>"),
}  # fmt: skip


def _table(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["id_no", "mobile"])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("way", _WAYS)
@given(draw=st.lists(st.integers(0, 40), min_size=2, max_size=30))
def test_records_and_tables_are_counted_exactly(way: str, draw: list[int]) -> None:
    """As many people as there are distinct numbers, whatever the format, however often each comes."""
    media_type, write = _WAYS[way]
    rows = [{"id_no": _resident(number), "mobile": f"139{number:08}"} for number in draw]
    assert len(_people(write(rows), media_type).everybody) == len(set(draw))


def test_thousands_of_records_are_counted() -> None:
    """Exactly, and each once, in any order."""
    numbers = [*range(5_000), *range(2_500)]
    random.Random(7).shuffle(numbers)
    assert len(_people(json.dumps([{"id_no": _resident(each)} for each in numbers])).everybody) == 5_000


def test_one_number_in_every_record_does_not_make_a_crowd_one() -> None:
    """Nobody has two resident numbers: what stands in all records beside different ones links none of them."""
    crowd = [{"身份证号": _resident(number), "hkid": "A123456(3)"} for number in range(20)]
    assert len(_of(*crowd).everybody) >= 20


def test_what_the_whitelist_says_tells_people_apart_does() -> None:
    """A weak identifier named as the key of an entry counts like a strong one."""
    body = json.dumps(
        [{"姓名": "陳大文", "电话": "66123456"}, {"姓名": "李小明", "电话": "66123456"}], ensure_ascii=False
    )
    content = decode(transfer(body.encode(), headers={"content-type": JSON}), Limits())
    found, rules = classify(content, shipped()), shipped()
    keys = frozenset(id(each) for each in found.items if each.category == "pi.contact.phone")
    assert len(individuals(found, rules, KEY).everybody) == 2
    assert len(individuals(found, rules, KEY, keys=keys).everybody) == 1


def test_somebody_else_who_is_named_is_somebody_else() -> None:
    """A name within a record that has a number and another name is another person's; an address is not."""
    record = {"hkid": "A123456(3)", "姓名": "陳大文", "spouse": {"姓名": "李小明"}, "address": {"电话": "66123456"}}
    assert len(_of(record).everybody) == 2


def test_a_payload_that_is_one_record_is_about_one() -> None:
    """Where the whitelist says that a payload is one record, what stands in its lists is of whoever its key tells."""
    patient = {"name": [{"text": "陳大文"}], "identifier": [{"hkid": "A123456(3)"}], "conditions": [{"诊断": "糖尿病"}]}
    content = decode(transfer(json.dumps(patient).encode(), headers={"content-type": JSON}), Limits())
    found, rules = classify(content, shipped()), shipped()
    apart, one = individuals(found, rules, KEY), individuals(found, rules, KEY, single=True)
    assert len(apart.everybody) + apart.unknown > 1
    assert (len(one.everybody), len(one.sensitive), one.unknown) == (1, 1, 0)


def test_a_sensitive_record_of_nobody_is_counted_as_one() -> None:
    """A diagnosis without anybody's number is sensitive information of somebody."""
    found = _of({"诊断": "糖尿病"})
    assert (len(found.everybody), found.unknown, found.unknown_sensitive) == (0, 1, 1)


def test_a_constant_number_does_not_make_the_people_of_many_payloads_one() -> None:
    """Whoever comes with another number of another kind is another, in whichever payload: a card in every row is none."""
    for constant in ({"hkid": "A123456(3)"}, {"回乡证": "H1234567802"}):
        alone = [_of({"身份证号": _resident(number), **constant}) for number in range(10)]
        assert len(frozenset().union(*(each.everybody for each in alone))) == 10


@pytest.mark.parametrize(
    ("record", "people"),
    [
        ({"hkid": "A123456(3)", "姓名": "陳大文", "emergency contact name": "李小明"}, 2),
        ({"hkid": "A123456(3)", "姓名": "陳大文", "英文姓名": "Chan Tai Man"}, 1),
        ({"hkid": "A123456(3)", "name": "Chan Tai Man", "姓名": "陳大文"}, 1),
    ],
    ids=["another", "halves", "two scripts"],
)
def test_more_names_than_numbers_are_more_people(record: dict[str, str], people: int) -> None:
    """Beside one number, a second name in the same script is somebody else's."""
    assert len(_of(record).everybody) == people


def test_members_of_one_name_are_not_one_record() -> None:
    """Two files of a multipart message that are called the same may be about two people."""
    one, other = json.dumps({"身份证号": ONE}), json.dumps({"hkid": "A123456(3)"})
    body = "".join(
        f'--B\r\nContent-Disposition: form-data; name="x"; filename="a.json"\r\nContent-Type: application/json\r\n\r\n{each}\r\n'
        for each in (one, other)
    )
    assert len(_people(body + "--B--\r\n", "multipart/form-data; boundary=B").everybody) == 2
