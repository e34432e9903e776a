"""How a payload stands to the datasets of its entries, and what follows for counting its people."""

import json
from dataclasses import replace

from gateway.decide import Measured, measure
from gateway.pipeline import judge
from gateway.rulebook.book import Ceiling, Entry, Rulebook
from gateway.rulebook.datasets import Dataset
from gateway.vocabulary import Limits, Standing, Transfer, Verdict
from tests.decide.payloads import dataset
from tests.decide.rules import CONTENT, findings, sent
from tests.given import shipped
from tests.given import transfer as application

PATIENT = """\
schema:
  type: object
  required: [name]
  properties:
    name: {type: array, items: {type: object, properties: {text: {type: string, category: pi.name}}}}
    identifier: {type: array, items: {type: object, properties: {value: {type: string, category: pi.id.hk.hkid}}}}
"""
BODY = {"name": [{"text": "陳大文"}], "identifier": [{"value": "A123456(3)"}]}
ENTRY = "zhuhai-macao-applications"


def rules(described: Dataset | None, **changes: object) -> Rulebook:
    """The rulebook in the box, whose applications keep to another dataset."""
    entry: Entry = replace(
        shipped().entries[ENTRY],
        dataset=described.id if described else "",
        **changes,  # type: ignore[arg-type]
    )
    listed = {**shipped().datasets, **({described.id: described} if described else {})}
    return replace(shipped(), entries={**shipped().entries, ENTRY: entry}, datasets=listed)


def people(rulebook: Rulebook) -> tuple[int, int]:
    """How many people, and records of nobody, the corridor sees in one patient."""
    facts = judge(application(BODY), rulebook, Standing(), Limits(), key=b"k" * 32).facts
    return facts.individuals, facts.unidentified


def test_a_payload_that_is_one_record_is_about_whom_its_key_tells() -> None:
    """A name and a number in lists of their own are one person's, where the entry says what tells people apart."""
    one = dataset(PATIENT)
    assert people(rules(one, subject_key="/identifier/*/value")) == (1, 0)
    assert sum(people(rules(one, subject_key=""))) == 2
    assert sum(people(rules(None, subject_key=""))) == 2


def test_records_are_counted_where_a_ceiling_asks() -> None:
    """A feed with nobody in it has records all the same; without ceiling, dataset or finding nobody counts them."""
    rows: Transfer = application({"rows": [{"n": number} for number in range(30)]})
    bound = (Ceiling("records", "day", 5),)
    counted = judge(rows, rules(None, ceilings=bound), Standing(), Limits()).facts
    assert counted.records == 30
    assert judge(rows, rules(None, ceilings=()), Standing(), Limits()).facts.records == 0


def test_a_dataset_that_is_not_there_refuses() -> None:
    """Nothing can be judged by a dataset that the rulebook lacks."""
    gone = replace(rules(dataset(PATIENT)), datasets={})
    judged = judge(application(BODY), gone, Standing(), Limits())
    assert judged.decision.verdict is Verdict.DENY
    assert [each.code for each in judged.facts.violations] == ["part.unmapped"]


def test_nothing_is_measured_where_nothing_is_asked() -> None:
    """An entry without dataset, key and ceilings costs nothing."""
    assert measure(sent(body=json.dumps({}).encode()), CONTENT, findings(), shipped()) == Measured((), (), findings())
