"""``datasets/*.yaml``: what a file may say, and how each fault in it is told."""

import pytest

from gateway.rulebook import load
from gateway.rulebook.datasets import Dataset, at, flat_names, matcher, read_dataset
from gateway.rulebook.document import Faulty
from gateway.rulebook.load import digest, from_files
from gateway.rulebook.strict_yaml import parse
from tests.decide.payloads import PEOPLE, VERIFY, categories, dataset, text_of
from tests.given import ROOT

NAME = "name: {type: string, category: pi.name"
LEAF = "schema: {type: object, properties: {name: {type: string, category: none%s}}}\n"


def faults(body: str, name: str = "tried") -> list[str]:
    """What is wrong with a file."""
    try:
        read_dataset(parse("datasets/tried.yaml", text_of(body, name), "dataset"), categories())
    except Faulty as faulty:
        return [str(problem) for problem in faulty.problems]
    return []


def test_the_dataset_in_the_box_is_part_of_the_rulebook() -> None:
    """It is read by its id, and its bytes are under the digest."""
    book = load(ROOT)
    assert isinstance(book.datasets["zhuhai-applications"], Dataset)
    changed = {**book.files, "datasets/zhuhai-applications.yaml": b"x"}
    assert digest(changed) != book.digest


def test_a_rulebook_tells_the_faults_of_its_datasets() -> None:
    """With file, line and column."""
    files = dict(load(ROOT).files)
    files["datasets/tried.yaml"] = text_of(LEAF % ", maxLenght: 5")
    with pytest.raises(Faulty, match=r"datasets/tried\.yaml:4:\d+: 'maxLenght' is not known here; did you mean"):
        from_files(files)


def test_fields_bear_what_the_file_says() -> None:
    """Path, category, labels and bounds."""
    people = dataset(PEOPLE)
    age = at(people.root, "/people/*/age")
    assert age is not None
    assert (age.category, age.minimum, age.maximum, age.source) == ("pi.age", 0, 150, "datasets/tried.yaml:20")
    assert [leaf.path for leaf in dataset(VERIFY).leaves()] == [
        "/digest",
        "/doc_type",
        "/doc_len",
        "/salt_id",
        "/holds",
    ]
    assert people.row().path == "/people/*"


def test_a_list_at_the_root_is_a_list_of_records() -> None:
    """Nobody needs to say so."""
    found = dataset(f"schema: {{type: array, items: {{type: object, properties: {{{NAME}}}}}}}}}\n")
    assert found.record == "/*"


def test_values_of_a_record_go_by_several_names() -> None:
    """By their labels and by their names, with those above them or alone."""
    names = flat_names(dataset(PEOPLE).row())
    assert names["姓名"] == names["name"] == ("name",)
    assert names["addresscity"] == names["city"] == ("address", "city")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (LEAF % ", maxLenght: 5", "did you mean 'maxLength'?"),
        (LEAF % ", additionalProperties: true", "'additionalProperties'"),
        (LEAF % ", anyOf: []", "'anyOf' is not known here"),
        (LEAF % ", minimum: 5", "'minimum' means nothing where the type is string"),
        (LEAF % ", minLength: 5, maxLength: 4", "nothing would fit"),
        (LEAF % ", enum: [5]", "none of the type string; quote it"),
        (LEAF % ", enum: [a], const: a", "keep one of them"),
        (LEAF % ", format: phone", "expected one of: date"),
        (LEAF % ', pattern: "[0-9]+"', "write it between ^ and $"),
        (LEAF % ', pattern: "^(?=a)$"', "no expression of RE2"),
        (LEAF % ', pattern: "^(a$"', "no expression of RE2"),
        (LEAF.replace("none", "pi.nam") % "", "did you mean 'pi.name'?"),
        (LEAF.replace("category: none", "labels: [a]") % "", "'name' does not say what it holds"),
        (LEAF.replace("type: string", "type: text") % "", "expected one of: object"),
        (LEAF.replace("name:", "'first name':") % "", "not of the form expected here"),
        (LEAF.replace("name:", "'12':") % "", "not of the form expected here"),
        (LEAF.replace("name:", "'a/b':") % "", "not of the form expected here"),
        ("schema: {type: object}\n", "the object has no fields"),
        ("schema: {type: array}\n", "add 'items:'"),
        ("record: /x/*\n" + LEAF % "", "'/x/*' is no list of the schema"),
        ("record: people\n" + LEAF % "", "* for the items of a list"),
        (LEAF.replace("properties:", "required: [nam], properties:") % "", "did you mean 'name'?"),
        (
            f"schema: {{type: object, properties: {{{NAME}, labels: [姓名]}}, b: {{type: string, category: none, "
            "labels: ['姓 名']}}}\n",
            "two fields would go by the name",
        ),
    ],
)
def test_each_fault_is_told_with_what_to_do(body: str, told: str) -> None:
    """One sentence, at the place of the fault, and nothing else about it."""
    (fault,) = faults(body)
    assert told in fault
    assert fault.startswith("datasets/tried.yaml:")


def test_the_id_is_the_name_of_the_file() -> None:
    """So that who reads an entry finds the file."""
    assert faults(LEAF % "", name="other") == [
        "datasets/tried.yaml:2:5: the id 'other' is not the name of the file; write 'tried', or rename the file"
    ]


def test_a_pattern_is_of_the_whole_value_whatever_it_says() -> None:
    """Anchors bind all alternatives, and a line end at the end is part of the value."""
    match = matcher("^a|b$")
    assert match("a")
    assert match("b")
    assert not match("ab")
    assert not match("a\n")
