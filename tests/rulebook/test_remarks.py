"""What ``kouan check`` says of deadlines, bases without use, and quantities that may be split."""

from dataclasses import replace
from datetime import date

from tests.rulebook.sound import SOUND
from tests.rulebook.test_check import book as rulebook
from tests.rulebook.test_check import said

FILED = "    filed: 2026-01-09\n"
UNFILED = SOUND.replace(FILED, "")


def told(text: str, today: date, words: str) -> list[str]:
    """The remarks that hold some words."""
    return [remark for remark in said(rulebook(text), today) if words in remark]


def test_a_filing_that_is_due_is_told_until_it_is_overdue() -> None:
    """Ten working days of the mainland after 1 January 2026 end on the 15th: Sunday the 4th is a day of work."""
    assert told(UNFILED, date(2026, 1, 15), "must be filed by 2026-01-15 (10 working days, CAC, DSEDT")
    assert told(UNFILED, date(2026, 1, 2), "must be filed by 2026-01-15")
    assert told(UNFILED, date(2026, 1, 16), "was to be filed by 2026-01-15")
    assert not told(UNFILED, date(2026, 1, 16), "must be filed")


def test_a_filing_far_off_is_not_told() -> None:
    """Two weeks ahead is early enough."""
    assert not told(UNFILED, date(2026, 1, 1), "filed by")


def test_a_filing_in_time_is_not_told_and_one_too_late_is() -> None:
    """What was filed on the last day is in time."""
    assert not told(
        UNFILED.replace("effective: 2026-01-01\n", "effective: 2026-01-01\n    filed: 2026-01-15\n"),
        date(2026, 3, 1),
        "filed",
    )
    late = UNFILED.replace("effective: 2026-01-01\n", "effective: 2026-01-01\n    filed: 2026-01-16\n")
    assert told(late, date(2026, 3, 1), "was filed on 2026-01-16, after 2026-01-15")


def test_a_filing_is_counted_by_the_calendar_of_the_exporter() -> None:
    """Northbound Macao's calendar counts: its days of the SAR and of the winter solstice, no Sunday of work."""
    north = UNFILED.replace(
        "exporter: portal\n    recipients: [counter]", "exporter: counter\n    recipients: [portal]", 1
    )
    text = north[: north.index("entries:\n")] + SOUND[SOUND.index("entries:\n") :].replace(
        "basis: contract", "basis: figures"
    ).replace("categories: [pi.name, pi.contact.phone]", "categories: none").replace(
        "    obligations:\n      - {mask: pi.contact.phone, keep_last: 4}\n", ""
    )
    assert told(text, date(2026, 1, 20), "was to be filed by 2026-01-15")
    assert told(text.replace("effective: 2026-01-01", "effective: 2025-12-19"), date(2026, 1, 20), "by 2026-01-09")


def test_a_basis_on_which_nothing_rests_is_told() -> None:
    """A basis that no entry names is perhaps one that somebody forgot to name."""
    assert told(SOUND, date(2026, 4, 1), "no entry rests on the basis 'figures'")
    assert not told(SOUND, date(2026, 4, 1), "rests on the basis 'contract'")


def test_a_policy_on_trial_need_not_refuse() -> None:
    """What is only recorded refuses nothing, so no case can show that it does."""
    sound = rulebook()
    policies = tuple(replace(policy, cases=policy.cases[1:]) for policy in sound.policies)
    trial = tuple(replace(policy, trial=True) for policy in policies)
    day = date(2026, 4, 1)
    assert any("shows no case" in remark for remark in said(replace(sound, policies=policies), day))
    assert not any("shows no case" in remark for remark in said(replace(sound, policies=trial), day))


def more(categories: str, exporter: str = "portal", kind: str = "cn_sc") -> str:
    """The sound whitelist with a second contract."""
    return f"""\
  - id: second
    kind: {kind}
    title: {{en: Second, zh-Hans: 二, zh-Hant: 二, pt: Segundo}}
    reference: CN-2
    exporter: {exporter}
    recipients: [clinic]
    categories: {categories}
    valid: {{since: 2026-01-01, until: 2026-12-31}}
    assessment: PIA-2
    assessed: 2025-12-01
    effective: 2026-01-01
    filed: 2026-01-09
entries:
"""


AFFILIATE = """\
  - id: branch
    name: Branch
    jurisdiction: CN
    city: Zhuhai
    group: portals
bases:
"""


def test_one_exporter_on_several_bases_is_told() -> None:
    """The same categories on two bases that count may be a quantity split to stay under a line."""
    text = SOUND.replace("entries:\n", more("[pi.contact.phone]"))
    assert told(text, date(2026, 4, 1), "one exporter may send 'pi.contact.phone' on 'second' and on 'contract'")
    wider = SOUND.replace("entries:\n", more("[pi.birthdate, pi.contact]"))
    assert told(wider, date(2026, 4, 1), "may send 'pi.contact' on 'second'")


def test_other_categories_or_days_are_no_splitting() -> None:
    """Different data, or a basis that is over, are not told."""
    assert not told(SOUND.replace("entries:\n", more("[pi.birthdate]")), date(2026, 4, 1), "split")
    assert not told(SOUND.replace("entries:\n", more("[pi.contact]")), date(2027, 4, 1), "split")


def test_affiliates_are_told_as_one() -> None:
    """Bodies of one group are counted together, so theirs is one quantity."""
    text = SOUND.replace("city: Zhuhai", "city: Zhuhai\n    group: portals").replace("bases:\n", AFFILIATE)
    text = text.replace("entries:\n", more("[pi.name]", exporter="branch"))
    assert told(text, date(2026, 4, 1), "affiliates of 'portals' may send 'pi.name' on 'second' and on 'contract'")
    assert not told(text.replace("    group: portals\nbases", "bases"), date(2026, 4, 1), "split")
