"""Bases and the law: what an instrument asks for and does not find is told when the rules are read."""

import re
from collections.abc import Mapping
from functools import cache

import pytest

from gateway.rulebook import load
from gateway.rulebook.datasets import Dataset
from gateway.rulebook.document import Faulty
from gateway.rulebook.strict_yaml import parse
from gateway.rulebook.whitelist import read_whitelist
from tests.rulebook.broken import Broken, apply, assert_told, broken
from tests.rulebook.sound import ROOT, SOUND
from tests.rulebook.test_whitelist import categories, law, read

LINE = "    assessment: PIA-1\n"
PURPOSE = "    purpose: Applications\n"
PERSON = "    valid: {since: 2026-01-01, until: 2026-12-31}\n    assessment"

WAYS = [
    broken(
        "an instrument that is not there", "kind: gba_sc_mo", "kind: §gba_sc_mc", "no instrument 'gba_sc_mc'", "'gba_"
    ),
    broken(
        "an instrument that is not in use",
        "kind: ex_no_pi",
        "kind: §ftz_negative_list",
        "nothing can rest on ftz_negative_list yet, policies/law/instruments.yaml:",
        "name another",
    ),
    broken(
        "a contract for Hong Kong used to Macao",
        "kind: gba_sc_mo\n    title: {en: Contract, zh-Hans: 合同, zh-Hant: 合同, pt: Contrato}\n"
        "    reference: GD-1\n    exporter: portal\n    recipients: [",
        "kind: gba_sc_hk\n    title: {en: Contract, zh-Hans: 合同, zh-Hant: 合同, pt: Contrato}\n"
        "    reference: GD-1\n    exporter: portal\n    recipients: [§",
        "gba_sc_hk carries nothing from CN to MO",
        "name a basis that does",
    ),
    broken(
        "an exporter outside the nine cities",
        "city: Zhuhai",
        "city: Wuhan",
        "gba_sc_mo is for bodies of its area, and portal is in 'Wuhan'",
        "Zhuhai",
    ),
    broken(
        "a recipient outside the area",
        "city: Macao",
        "city: Lisbon",
        "gba_sc_mo is for bodies of its area, and counter is in 'Lisbon'",
        "Macao",
    ),
    broken("no day of taking effect", "- id: contract", "- id: §contract", "lacks 'effective'", "add 'effective:'"),
    broken("no day of assessment", "- id: contract", "- id: §contract", "lacks 'assessed'", "add 'assessed:'"),
    broken(
        "a day of taking effect that is none", "effective: 2026-01-01", "effective: §2026-13-01", "no day 2026-13-01"
    ),
    broken("taking effect too late", "effective: 2026-01-01", "effective: §2026-01-02", "after the first day", "begin"),
    broken("filed before it was signed", "filed: 2026-01-09", "filed: §2025-12-31", "before it took effect", "receipt"),
    broken("assessed afterwards", "assessed: 2025-12-01", "assessed: §2026-01-02", "after the first day", "art. 55"),
    broken(
        "onward beyond the law", LINE, LINE + "    onward: §any\n", "allows onward transfer 'same_jurisd", "write same"
    ),
    broken(
        "onward that is none", LINE, LINE + "    onward: §anywhere\n", "expected one of: none, same_jurisdiction, any"
    ),
    broken("an evidence misspelt", LINE, LINE + "    evidence: {§undertakin: U-1}\n", "no evidence", "'undertaking'?"),
    broken("an evidence in capitals", LINE, LINE + "    evidence: {§Undertaking: U-1}\n", "not of the form", "small"),
    broken(
        "important data",
        "[pi.name, pi.contact]",
        "[pi.name, pi.contact, §important.statistics]",
        "carries no important data",
        "delete",
    ),
    broken("a scale of nobody", LINE, LINE + "    scale: §0\n", "write 1 or more"),
    broken("a zone that is not there", LINE, LINE + "    zone: §qianhei\n", "no zone 'qianhei'", "qianhai"),
    broken(
        "a basis for another zone", LINE, LINE + "    zone: §nansha\n", "lies in Guangzhou, and portal", "zone of its"
    ),
    broken("an entry in another zone", PURPOSE, PURPOSE + "    zone: §qianhai\n", "lies in Shenzhen", "delete the key"),
    broken("a zone of Hong Kong only", PURPOSE, PURPOSE + "    zone: §hetao\n", "hetao exchanges nothing with MO"),
    broken(
        "a purpose beyond the annex",
        PURPOSE,
        PURPOSE.replace("Applications", "§Applicatoins"),
        "does not list this purpose",
        "did you mean 'Applications'?",
    ),
    broken(
        "an entry's onward beyond its basis",
        PURPOSE,
        PURPOSE + "    onward: §any\n",
        "'none', and this is wider",
        "none",
    ),
    broken("watched for ever", PURPOSE, PURPOSE + "    mode: §observe\n", "the text 'observe'", "must have a last day"),
    broken("watched without an end", PURPOSE, PURPOSE + "    mode: §{}\n", "lacks 'observe_until'"),
    broken(
        "watched to its end",
        PURPOSE,
        PURPOSE + "    mode: {observe_until: §2026-12-31}\n",
        "watched until 2026-12-31 and ends on 2026-12-31",
        "never be enforced",
    ),
    broken(
        "two ceilings of a kind",
        PURPOSE,
        PURPOSE + "    ceilings: [{records: 5, per: day}, §{records: 6, per: day}]\n",
        "a ceiling of records per day already, whitelist.yaml:59",
        "keep the lower",
    ),
    broken("a ceiling of nothing", PURPOSE, PURPOSE + "    ceilings: [§{per: day}]\n", "write one of transfers, bytes"),
    broken(
        "two ceilings in one", PURPOSE, PURPOSE + "    ceilings: [§{bytes: 1, records: 1, per: day}]\n", "write one of"
    ),
    broken("a ceiling per week", PURPOSE, PURPOSE + "    ceilings: [{bytes: 1, per: §week}]\n", "one of: day, year"),
    broken("a ceiling of zero", PURPOSE, PURPOSE + "    ceilings: [{bytes: §0, per: day}]\n", "write 1 or more"),
    broken("a ceiling of other things", PURPOSE, PURPOSE + "    ceilings: [{§byte: 1, per: day}]\n", "mean 'bytes'?"),
    broken("consent in other words", PURPOSE, PURPOSE + "    consent: §yes please\n", "write per_subject, batch:"),
    broken("consent by no batch", PURPOSE, PURPOSE + '    consent: §"batch:"\n', "write per_subject, batch:"),
    broken("kept for less than a day", PURPOSE, PURPOSE + "    retention: {days: §-1}\n", "write 0 or more"),
    broken("a dataset that is a path", PURPOSE, PURPOSE + "    dataset: §datasets/a.yaml\n", "use small letters"),
    broken("a group in capitals", "city: Zhuhai", "city: Zhuhai\n    group: §Portal", "use small letters"),
    broken(
        "a counterflow with a dataset and no basis",
        "counterflow: none",
        "counterflow: §{categories: [pi.name], dataset: receipts}",
        "lacks 'basis'",
    ),
]
BEFORE = {
    "a purpose beyond the annex": (LINE, LINE + "    purposes: [Applications]\n"),
    "a zone of Hong Kong only": ("city: Zhuhai", "city: Shenzhen"),
    "no day of taking effect": ("    effective: 2026-01-01\n", ""),
    "no day of assessment": ("    assessed: 2025-12-01\n", ""),
}
"""What is changed first, where one change is not enough."""
POINTED = {
    "an exporter outside the nine cities": "exporter: §portal\n    recipients: [counter]\n    categories: [pi.name",
    "a recipient outside the area": "recipients: [§counter]\n    categories: [pi.name",
}
"""Where the place to be told is not where something was changed."""


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.sentence)
def test_tells_place_fault_and_fix(way: Broken) -> None:
    """Each way of being broken is told once, at its place, with what to do."""
    sound = SOUND.replace(*BEFORE.get(way.sentence, ("", "")))
    if way.sentence in POINTED:
        sound, marked = sound.replace(way.written, way.instead, 1), POINTED[way.sentence]
        way = Broken(way.sentence, marked.replace("§", ""), marked, way.says)
    text, place = apply(sound, way)
    with pytest.raises(Faulty) as caught:
        read(text)
    assert_told(caught.value.problems, way, place)


def basis(
    kind: str, more: str = "", until: str = "2026-12-31", exporter: str = "portal", recipient: str = "counter"
) -> str:
    """The sound whitelist with one more basis, of some kind."""
    title = "{en: More, zh-Hans: 更多, zh-Hant: 更多, pt: Mais}"
    text = f"""\
  - id: more
    kind: {kind}
    title: {title}
    reference: More 1
    exporter: {exporter}
    recipients: [{recipient}]
    categories: [pi.name]
    valid: {{since: 2026-01-01, until: {until}}}
    assessment: PIA-2
    assessed: 2025-12-01
{more}"""
    return SOUND.replace("entries:\n", text + "entries:\n")


def told(text: str) -> list[str]:
    """What is said of a whitelist; nothing of one that is sound."""
    try:
        read(text)
    except Faulty as faulty:
        return [problem.fault for problem in faulty.problems]
    return []


APPROVED = "    evidence: {approval: A-1, approver: Ada, second_approver: Ben}\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (basis("judicial_request", until="2026-01-30"), "lacks 'approval', which judicial_request needs (PIPL art. 41"),
        (
            basis("judicial_request", APPROVED.replace(", second_approver: Ben", ""), until="2026-01-30"),
            "lacks 'second_approver'",
        ),
        (
            basis("judicial_request", APPROVED.replace("Ben", "ada"), until="2026-01-30"),
            "the two approvers are the same",
        ),
        (basis("judicial_request", APPROVED, until="2026-01-31"), "holds 30 days at most"),
        (basis("cert", "    scale: 5000\n", until="2029-01-01"), "cert holds 3 years at most"),
        (basis("cert"), "lacks 'scale'"),
        (basis("cac_assessment", "    scale: 9\n    purposes: [Applications]\n"), "lacks 'filed'"),
        (basis("ex_hr", "    evidence: {labour_rules: R-1}\n"), "lacks 'collective_contract'"),
        (basis("ex_duty"), "lacks 'provision'"),
        (basis("ex_contract"), "lacks 'contract'"),
        (basis("gov_sharing"), "lacks 'arrangement'"),
        (basis("hetao_whitelist"), "hetao_whitelist carries nothing from CN to MO"),
        (basis("pdpo_dpp3"), "pdpo_dpp3 carries nothing from CN to MO"),
        (basis("mo_art19", exporter="counter", recipient="portal"), "nothing can rest on mo_art19 yet"),
        (basis("mo_art20", exporter="counter", recipient="portal"), "lacks 'notification'"),
        (basis("gba_sc_hk", "    effective: 2026-01-01\n"), "gba_sc_hk carries nothing from CN to MO"),
    ],
)
def test_each_instrument_asks_for_its_own(text: str, fault: str) -> None:
    """What the law wants on file for an instrument is asked of a basis of that kind."""
    assert any(fault in said for said in told(text)), told(text)


@pytest.mark.parametrize(
    "text",
    [
        basis("judicial_request", APPROVED, until="2026-01-30"),
        basis("cert", "    scale: 5000\n", until="2028-12-31"),
        basis("cn_sc", "    effective: 2026-01-01\n"),
        basis("cac_assessment", "    filed: 2025-12-20\n    scale: 9\n    purposes: [Applications]\n"),
        basis(
            "pdpo_rmc", "    purposes: [Care]\n    evidence: {clauses: C-1}\n", exporter="clinic", recipient="portal"
        ),
        basis(
            "mo_art20", "    evidence: {notification: N-1, ground: consent}\n", exporter="counter", recipient="portal"
        ),
    ],
)
def test_what_is_complete_is_taken(text: str) -> None:
    """A basis with all that its instrument asks for is sound, to the last day that the law allows."""
    assert told(text) == []


def test_a_zone_of_the_basis_is_the_zone_of_its_entries() -> None:
    """What was given to the bodies of a zone carries no flow outside its frame."""
    text = SOUND.replace(LINE, LINE + "    zone: hengqin\n")
    assert told(text) == ["the basis 'contract' was given for the zone 'hengqin'"]
    assert told(text.replace(PURPOSE, PURPOSE + "    zone: hengqin\n")) == []


def test_all_that_an_officer_registers_is_read() -> None:
    """Each key of an entry, a basis and a party comes out as its value."""
    text = SOUND.replace("city: Zhuhai", "city: Zhuhai\n    group: portals")
    text = text.replace(
        LINE,
        LINE + "    onward: same_jurisdiction\n    scale: 7\n    evidence: {undertaking: U-1}\n    zone: hengqin\n",
    ).replace(
        PURPOSE,
        PURPOSE
        + """\
    dataset: applications
    subject_key: pi.name
    exporter_system: Portal
    recipient_system: Counter
    zone: hengqin
    matter: A-1
    ceilings: [{individuals: 5, per: year}, {bytes: 9, per: day}]
    retention: {days: 30}
    onward: same_jurisdiction
    consent: batch:C-1
    mode: {observe_until: 2026-06-30}
""",
    )
    text = text.replace("counterflow: none", "counterflow: {categories: none, dataset: receipts}")
    whitelist = read(text)
    entry, contract = whitelist.entries["applications"], whitelist.bases["contract"]
    assert whitelist.members["portal"].party.group == "portals"
    assert (entry.dataset, entry.counterflow_dataset, entry.counterflow) == ("applications", "receipts", frozenset())
    assert (entry.subject_key, entry.exporter_system, entry.recipient_system) == ("pi.name", "Portal", "Counter")
    assert (entry.zone, entry.matter, entry.retention_days, entry.onward) == ("hengqin", "A-1", 30, "same_jurisdiction")
    assert [(c.what, c.per, c.at_most) for c in entry.ceilings] == [("individuals", "year", 5), ("bytes", "day", 9)]
    assert (entry.consent, str(entry.observe_until)) == ("batch:C-1", "2026-06-30")
    assert (contract.onward, contract.scale, dict(contract.evidence)) == (
        "same_jurisdiction",
        7,
        {"undertaking": "U-1"},
    )
    assert [str(day) for day in (contract.effective, contract.filed, contract.assessed)] == [
        "2026-01-01",
        "2026-01-09",
        "2025-12-01",
    ]


def test_what_is_left_out_is_the_strict_reading() -> None:
    """An entry that says no more passes nothing on, is enforced at once and has no ceiling of its own."""
    entry = read(SOUND).entries["applications"]
    assert (entry.onward, entry.observe_until, entry.ceilings, entry.dataset) == ("none", None, (), "")


def test_the_fault_of_a_missing_assessment_names_the_article() -> None:
    """PIPL arts. 55-56 are named where the assessment is missing, exempt from filing or not."""
    text = re.sub(r"    assessment: PIA-2\n    assessed: .*\n", "", basis("ex_under_100k"))
    assert told(text) == ["the basis 'more' has no impact assessment (PIPL arts. 55-56)"]


KEYED = [
    broken(
        "a dataset that is not there", PURPOSE, PURPOSE + "    dataset: §zhuhai-application\n", "'zhuhai-applications'?"
    ),
    broken("a dataset not yet written", PURPOSE, PURPOSE + "    dataset: §ships\n", "write datasets/ships.yaml"),
    broken(
        "a dataset with more than the entry lets through",
        PURPOSE,
        PURPOSE + "    dataset: §zhuhai-applications\n",
        "the dataset declares 'pi.id.mo.bir' (datasets/zhuhai-applications.yaml:",
        "take the field out",
    ),
    broken(
        "a field without a dataset", PURPOSE, PURPOSE + "    subject_key: §/applicant/bir\n", "no field", "name a field"
    ),
    broken(
        "a field misspelt",
        PURPOSE,
        PURPOSE + "    dataset: zhuhai-applications\n    subject_key: §/applicant/bri\n",
        "no field '/applicant/bri'",
        "did you mean '/applicant/bir'?",
    ),
    broken("a key that does not travel", PURPOSE, PURPOSE + "    subject_key: §pi.id.mo.bir\n", "is not in the entry"),
    broken(
        "a dataset the other way",
        "counterflow: none",
        "counterflow: {categories: none, dataset: §zhuhai-applications}",
        "which the entry does not let through",
    ),
]


@cache
def datasets() -> Mapping[str, Dataset]:
    """The datasets in the box."""
    return load(ROOT).datasets


@pytest.mark.parametrize("way", KEYED, ids=lambda way: way.sentence)
def test_tells_of_datasets(way: Broken) -> None:
    """What an entry says of its dataset is compared with the dataset."""
    text, place = apply(SOUND, way)
    document = parse("whitelist.yaml", text.encode(), "whitelist")
    with pytest.raises(Faulty) as caught:
        read_whitelist(document, categories(), law=law(), datasets=datasets())
    assert_told(caught.value.problems, way, place)


def test_codes_of_companies_stand_where_nothing_personal_may() -> None:
    """ex_no_pi lists what is nobody's, so that an entry and its dataset can; a manifest names its shippers."""
    text = SOUND.replace("categories: none", "categories: [org.uscc, org.name, proof.hash]", 1)
    assert text != SOUND
    whitelist = read(text)
    assert any(each.categories == {"org.uscc", "org.name", "proof.hash"} for each in whitelist.bases.values())
