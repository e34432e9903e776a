"""``kouan check``: loads, tries every case, warns, counts; and is content only with rules that do what they say."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from gateway.cli.check import Report, check, check_rulebook
from gateway.rulebook import from_files
from gateway.rulebook.book import Rulebook
from gateway.rulebook.remarks import warnings
from tests.rulebook.sound import SOUND
from tests.rulebook.test_load import FILES, RECOGNISER, write

SPRING = date(2026, 4, 1)


def book(text: str = SOUND) -> Rulebook:
    """The sound rulebook, or one with another whitelist."""
    return from_files({**FILES, "whitelist.yaml": text.encode()})


def said(rulebook: Rulebook, today: date = SPRING) -> list[str]:
    """What is remarked."""
    return [str(remark) for remark in warnings(rulebook, today)]


def changed(name: str, old: str, new: str) -> Mapping[str, bytes]:
    """The files, with one place of one of them written otherwise."""
    text = FILES[name].decode()
    assert old in text
    return {**FILES, name: text.replace(old, new, 1).encode()}


def test_sound_rules_hold(tmp_path: Path) -> None:
    """Rules that do what they say pass, with counts that are not zero and the digest."""
    report = check(write(tmp_path), SPRING)
    assert report.exit_code == 0
    assert (report.problems, report.failures) == ((), ())
    assert report.digest == book().digest
    assert report.counts["policy_cases"] == 2
    assert report.counts["recogniser_cases"] > 2
    assert report.lines()[-1].endswith("the rules hold")


def test_faulty_rules_do_not(tmp_path: Path) -> None:
    """Rules that cannot be loaded are told as problems, and nothing else is tried."""
    report = check(write(tmp_path, changed("whitelist.yaml", "basis: contract", "basis: contrast")), SPRING)
    assert report.exit_code == 1
    assert report.counts == {}
    assert report.lines()[0].startswith("whitelist.yaml:59:12: there is no basis 'contrast'; ")
    assert report.lines()[-1].endswith("the rules do NOT hold")


def test_a_case_that_fails_is_told_with_its_line(tmp_path: Path) -> None:
    """A policy that does not do what its case says fails the check."""
    files = changed("policies/unreadable.yaml", "given: {unreadable: [encrypted]}", "given: {}")
    report = check(write(tmp_path, files), SPRING)
    assert report.exit_code == 1
    assert [failure.source for failure in report.failures] == ["policies/unreadable.yaml:9"]
    assert "expected DENY, came to PERMIT" in report.failures[0].said


def test_an_example_that_fails_is_told_with_its_line(tmp_path: Path) -> None:
    """A recogniser that does not find what it says it finds fails the check."""
    rulebook = book()
    recogniser = rulebook.recognisers[0]
    blank = replace(recogniser.finds[0], text="nobody", span="nobody")
    report = check_rulebook(replace(rulebook, recognisers=(replace(recogniser, finds=(blank,)),)), SPRING)
    assert [(failure.source, failure.said) for failure in report.failures] == [(blank.source, "nothing is found")]
    assert blank.source.startswith(f"{RECOGNISER}:")


def test_no_case_is_a_failure() -> None:
    """A check that tried nothing must not pass."""
    rulebook = book()
    silent = replace(
        rulebook,
        policies=tuple(replace(policy, cases=()) for policy in rulebook.policies),
        recognisers=tuple(replace(recogniser, finds=(), leaves=()) for recogniser in rulebook.recognisers),
    )
    report = check_rulebook(silent, SPRING)
    assert report.exit_code == 1
    assert {failure.source for failure in report.failures} == {"classifiers", "policies"}


def test_json_holds_everything(tmp_path: Path) -> None:
    """The report for machines is plain JSON with place, fault and fix apart."""
    report = check(write(tmp_path, changed("whitelist.yaml", "until: 2026-12-31", "until: 2025-12-31")), SPRING)
    told = json.loads(json.dumps(report.as_json()))
    assert told["ok"] is False
    assert told["problems"][0]["line"] == 32
    assert set(told["problems"][0]) == {"file", "line", "column", "fault", "fix"}
    assert Report().as_json()["ok"] is True


def test_warns_of_what_ends_soon() -> None:
    """Sixty days ahead an officer is told, and not a day before."""
    assert not any("ends on" in remark for remark in said(book(), date(2026, 10, 31)))
    told = said(book(), date(2026, 11, 1))
    assert any("the entry 'applications' ends on 2026-12-31, in 60 days" in remark for remark in told)
    assert any("the basis 'contract' ends on 2026-12-31" in remark for remark in told)


def test_warns_of_what_has_ended() -> None:
    """What ended is told until somebody deletes it."""
    assert any("the entry 'applications' ended on 2026-12-31" in remark for remark in said(book(), date(2027, 1, 1)))
    assert not any("ended" in remark for remark in said(book(), date(2026, 12, 31)))


def test_warns_of_an_entry_that_outlives_its_basis() -> None:
    """An entry says no more than its basis, so days beyond it mislead."""
    text = SOUND.replace(
        "{since: 2026-01-01, until: 2026-12-31}\n    owner", "{since: 2025-12-01, until: 2027-12-31}\n    owner"
    )
    assert len([remark for remark in said(book(text)) if "its basis 'contract'" in remark]) == 2


def test_warns_of_entries_that_overlap() -> None:
    """Two entries for one exchange are no error, but somebody should know."""
    again = SOUND[SOUND.index("  - id: applications") :].replace("applications\n", "more\n", 1)
    text = SOUND + again.replace("[POST]", "[POST, PUT]").replace("[pi.name, pi.contact.phone]", "[pi.contact.phone]")
    assert any("the entry 'more' overlaps 'applications'" in remark for remark in said(book(text)))


def test_warns_of_bounds_that_another_entry_makes_moot() -> None:
    """Of two entries that cover a transfer the milder is taken: a ceiling that only one has binds nobody there."""
    bounded = SOUND + "    ceilings: [{transfers: 5, per: day}]\n"
    again = SOUND[SOUND.index("  - id: applications") :].replace("applications\n", "more\n", 1)
    text = bounded + again.replace("[POST]", "[POST, PUT]").replace("[pi.name, pi.contact.phone]", "[pi.contact.phone]")
    assert any("'more' lacks the ceilings of 'applications'" in remark for remark in said(book(text)))


def test_warns_of_a_policy_that_shows_no_refusal() -> None:
    """A policy that refuses should show a case that it refuses."""
    rulebook = book()
    policies = tuple(replace(policy, cases=policy.cases[1:]) for policy in rulebook.policies)
    assert any("shows no case that it refuses" in remark for remark in said(replace(rulebook, policies=policies)))


def test_warns_of_what_belongs_to_the_demo() -> None:
    """Loopback addresses and tokens that everybody knows must not go into production unseen."""
    ours, demo = "864c519db7f7a71adf8cd1ad238d9c3fc57e7e1f9fd6463afe1bd39e5617489f", sha256(b"demo-macao").hexdigest()
    told = said(book(SOUND.replace("10.2.0.0/24", "127.0.0.0/8").replace(ours, demo)))
    assert any("loopback" in remark for remark in told)
    assert any("prove to be counter" in remark for remark in told)
