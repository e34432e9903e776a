"""The rules in the box: they load, they hold, and editors find their schemas."""

from datetime import date

import pytest

from gateway.cli.check import check
from gateway.rulebook import load
from gateway.vocabulary import LANGUAGES, Jurisdiction, Leg
from tests.rulebook.sound import ROOT


def test_they_hold() -> None:
    """Every example and case comes out as written, and only what the box shows on purpose is remarked."""
    report = check(ROOT, date(2026, 11, 20))
    assert [str(item) for item in (*report.problems, *report.failures)] == []
    assert min(report.counts.values()) > 0
    remarks = " ".join(str(remark) for remark in report.warnings)
    assert len(report.warnings) == 3
    for words in ("tokens", "loopback", "'zhuhai-macao-bookings' ended"):
        assert words in remarks


def test_editors_find_the_schemas() -> None:
    """The schema that each file names on its first line is there, seen from the file."""
    for name in load(ROOT).files:
        first = (ROOT / name).read_text(encoding="utf-8").split("\n", 1)[0]
        pointer = first.rpartition("$schema=")[2]
        assert ((ROOT / name).parent / pointer).resolve().is_file(), name


@pytest.mark.parametrize(
    ("entry", "route", "leg"),
    [
        ("zhuhai-macao-applications", (Jurisdiction.CN, Jurisdiction.MO), Leg.REQUEST),
        ("shenzhen-hk-patients", (Jurisdiction.CN, Jurisdiction.HK), Leg.RESPONSE),
        ("shenzhen-hk-referrals", (Jurisdiction.CN, Jurisdiction.HK), Leg.REQUEST),
        ("hk-shenzhen-reports", (Jurisdiction.HK, Jurisdiction.CN), Leg.REQUEST),
    ],
)
def test_they_teach_each_direction(entry: str, route: tuple[Jurisdiction, Jurisdiction], leg: Leg) -> None:
    """The entries show data that leave in a request, in a response, and the other way."""
    rulebook = load(ROOT)
    flow = rulebook.entries[entry]
    assert (
        rulebook.members[flow.exporter].party.jurisdiction,
        rulebook.members[flow.recipient].party.jurisdiction,
    ) == route
    assert flow.carried_in is leg


def test_titles_are_written_in_every_language() -> None:
    """No language of a title is left blank."""
    rulebook = load(ROOT)
    titles = {item.id: item.title for item in (*rulebook.entries.values(), *rulebook.bases.values())}
    titles |= {item.kind: item.title for item in rulebook.instruments.values()}
    titles |= {policy.id: policy.because for policy in rulebook.policies}
    for name, title in titles.items():
        assert all(title[language].strip() for language in LANGUAGES), name
