"""``kouan whitelist``: list what may flow, register a flow, end one, and never leave a broken file."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from gateway.cli import app
from gateway.cli.whitelist.writing import as_item, with_entry, written
from gateway.rulebook import load
from gateway.rulebook.strict_yaml import parse
from gateway.vocabulary import Leg
from tests.given import ROOT

runner = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1"})
SHIPPED = (ROOT / "whitelist.yaml").read_bytes()
FLAGS = {
    "id": "zhuhai-macao-permits",
    "title": "Permits: from Zhuhai",
    "title-zh-hans": "珠海发往澳门的许可",
    "exporter": "zhuhai-e-service",
    "recipient": "macao-counter",
    "paths": "/v1/permits,/v1/permits/{id}",
    "basis": "zhuhai-macao-contract",
    "categories": "pi.name, pi.contact.phone",
    "purpose": "To have an application for a Macao government service accepted and answered",
    "owner": "Zhuhai E-Service, head of data",
    "reviewer": "Zhuhai E-Service, legal counsel",
    "mask": "pi.contact.phone/4",
    "ceilings": "transfers/day=2000, individuals/year=5000",
    "retention-days": "365",
    "since": "2026-12-01",
    "until": "2027-06-30",
}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rules in the box."""
    shutil.copy(ROOT / "whitelist.yaml", tmp_path)
    for name in ("policies", "classifiers", "datasets"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path


def whitelist(rules: Path, *arguments: str, code: int = 0, answers: str | None = None) -> Any:
    """Run ``kouan whitelist``."""
    result = runner.invoke(app, ["whitelist", *arguments, "--rules", str(rules)], input=answers)
    assert result.exit_code == code, (result.stdout, result.stderr)
    return result


def flags(**others: str) -> list[str]:
    """``add`` with everything said by flags."""
    said = FLAGS | {name.replace("_", "-"): value for name, value in others.items()}
    return ["add", *(part for name, value in said.items() if value for part in (f"--{name}", value))]


def added_lines(rules: Path) -> list[str]:
    """What stands in the file now and did not before; everything else must be as it was, byte for byte."""
    now = (rules / "whitelist.yaml").read_bytes().decode().splitlines()
    before = SHIPPED.decode().splitlines()
    start = next(at for at, line in enumerate(now) if at >= len(before) or line != before[at])
    count = len(now) - len(before)
    assert now[:start] + now[start + count :] == before
    return now[start : start + count]


def test_list_tells_parties_basis_state_and_ceilings(rules: Path) -> None:
    """Each entry has a row; its state is that of the day that is named."""
    rows = {row["id"]: row for row in json.loads(whitelist(rules, "list", "--on", "2026-11-21", "--json").stdout)}
    assert set(rows) == set(load(ROOT).entries)
    assert rows["zhuhai-macao-bookings"]["state"] == "expired"
    assert rows["zhuhai-macao-applications"]["ceilings"][0] == "at most 20,000 transfers per day"
    shown = whitelist(rules, "list", "--on", "2026-11-21").stdout
    assert "observed only" in shown
    assert "6 of 6 entries" in shown


def test_list_expiring_shows_what_ends_soon(rules: Path) -> None:
    """Only entries in force that end within the days are listed."""
    rows = json.loads(whitelist(rules, "list", "--on", "2026-06-01", "--expiring", "30", "--json").stdout)
    assert [row["id"] for row in rows] == ["zhuhai-macao-bookings"]
    assert json.loads(whitelist(rules, "list", "--on", "2026-07-01", "--expiring", "30", "--json").stdout) == []


def test_add_by_flags_writes_an_entry_that_loads_and_leaves_the_rest(rules: Path) -> None:
    """All by flags: the entry is there as it was meant, and every other line of the file is as it was."""
    result = whitelist(rules, *flags())
    assert "+  - id: zhuhai-macao-permits" in result.stdout
    lines = added_lines(rules)
    assert '      en: "Permits: from Zhuhai"' in lines
    entry = load(rules).entries["zhuhai-macao-permits"]
    assert entry.endpoints[0].paths == ("/v1/permits", "/v1/permits/{id}")
    assert (entry.endpoints[0].host, entry.carried_in) == ("counter.macao.example", Leg.REQUEST)
    assert {(each.what, each.per, each.at_most) for each in entry.ceilings} == {
        ("transfers", "day", 2000),
        ("individuals", "year", 5000),
    }
    assert (entry.obligations[0].keep_last, entry.retention_days) == (4, 365)
    assert entry.title["pt"] == "Permits: from Zhuhai"


def test_add_asks_for_what_is_not_said(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal it asks with hints and defaults, asks again where an answer cannot be used, and writes on a yes."""
    monkeypatch.setattr("gateway.cli.whitelist.changing.on_terminal", lambda: True)
    answers = [
        "Zhuhai Permits",  # no id
        "zhuhai-macao-permits",
        "Permits",
        *[""] * 3,  # the other titles
        "zhuhai-e-servise",  # misspelt
        "zhuhai-e-service",
        "macao-counter",
        *[""] * 4,  # carried in, host, port, methods
        "v1/permits",  # no path
        "/v1/permits",
        *[""] * 2,  # media types, basis
        "pi.name",
        "To have an application for a Macao government service accepted and answered",
        "2026-12-01",
        "",
        "Head of data",
        "head of data",  # the same person
        "Legal counsel",
        *[""] * 7,
        "y",
    ]
    result = whitelist(rules, "add", answers="\n".join(answers) + "\n")
    assert "did you mean 'zhuhai-e-service'?" in result.stdout
    assert "owner and reviewer must be two people" in result.stdout
    entry = load(rules).entries["zhuhai-macao-permits"]
    assert entry.validity.until.isoformat() == "2029-12-31"
    assert added_lines(rules)


def test_a_no_at_the_end_writes_nothing(rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks at the change and says no finds the file as it was."""
    monkeypatch.setattr("gateway.cli.whitelist.changing.on_terminal", lambda: True)
    whitelist(rules, "expire", "zhuhai-macao-applications", "--on", "2027-01-31", answers="n\n")
    assert (rules / "whitelist.yaml").read_bytes() == SHIPPED


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"id": "zhuhai-macao-applications"}, "--id: taken already, whitelist.yaml:"),
        ({"exporter": "nobody"}, "--exporter: there is no party 'nobody'"),
        ({"basis": "shenzhen-hk-contract"}, "--basis: shenzhen-hk-contract was filed for shenzhen-hospital"),
        ({"categories": "pi.nam"}, "did you mean 'pi.name'?"),
        ({"paths": "/v1/../x"}, "--paths: "),
        ({"until": "2026-11-31"}, "--until: a day such as 2027-06-30"),
        ({"until": "2026-11-01"}, "--until: lies before the first day"),
        ({"reviewer": "zhuhai e-service, Head of Data"}, "--reviewer: owner and reviewer must be two people"),
        ({"owner": ""}, "--owner is missing"),
        ({"categories": "pi.name,pi.health.condition"}, "whitelist.yaml:"),
        ({"until": "2031-12-31"}, "--until: the basis ends on 2029-12-31"),
    ],
)
def test_what_cannot_stand_is_not_written(rules: Path, others: dict[str, str], said: str) -> None:
    """Each fault is told, by its flag or by the line that it would have had, and the file stays as it was."""
    result = whitelist(rules, *flags(**others), code=2)
    assert said in result.stderr
    assert (rules / "whitelist.yaml").read_bytes() == SHIPPED
    assert list(rules.glob(".whitelist*")) == []


def test_add_from_a_file_keeps_its_comments(rules: Path, tmp_path: Path) -> None:
    """An entry written by hand is put in as it is written, comments and all; with a dash before it or without."""
    lines = SHIPPED.decode().splitlines()
    start = lines.index("  - id: zhuhai-macao-bookings")
    end = next(at for at, line in enumerate(lines) if at > start and line.startswith("    fields:"))
    text = "\n".join(line[4:] for line in lines[start : end + 1]).replace("zhuhai-macao-bookings", "more-bookings")
    text = (
        "# asked for by the counter\n" + text.replace("/v1/bookings", "/v1/more-bookings") + " # as the form has it\n"
    )
    source = tmp_path / "entry.yaml"
    source.write_text(text, encoding="utf-8")
    whitelist(rules, "add", "--from", str(source), "--yes")
    written_lines = added_lines(rules)
    assert "  # asked for by the counter" in written_lines
    assert "    fields: [name, phone, date] # as the form has it" in written_lines
    assert load(rules).entries["more-bookings"].purpose == "Booking of a time at the Macao counter"
    whitelist(rules, "add", "--from", str(source), code=2)


def test_dry_run_shows_and_writes_nothing(rules: Path) -> None:
    """The change is shown and the file stays."""
    assert "+  - id: zhuhai-macao-permits" in whitelist(rules, *flags(), "--dry-run").stdout
    assert (rules / "whitelist.yaml").read_bytes() == SHIPPED


def test_expire_changes_one_day_and_nothing_else(rules: Path) -> None:
    """The last day is another; comments, order and all other bytes are as they were, and so is the file's mode."""
    path = rules / "whitelist.yaml"
    path.chmod(0o640)
    whitelist(rules, "expire", "zhuhai-macao-applications", "--on", "2027-01-31")
    assert load(rules).entries["zhuhai-macao-applications"].validity.until.isoformat() == "2027-01-31"
    before, now = SHIPPED.decode().splitlines(), path.read_text(encoding="utf-8").splitlines()
    turned = [(one, other) for one, other in zip(before, now, strict=True) if one != other]
    assert turned == [
        ("    valid: {since: 2026-01-01, until: 2029-06-30}", "    valid: {since: 2026-01-01, until: 2027-01-31}")
    ]
    assert path.stat().st_mode & 0o777 == 0o640


def test_expire_ends_watching_too(rules: Path) -> None:
    """An entry that is only watched is enforced on its last day, as the rules ask."""
    whitelist(rules, "expire", "zhuhai-macao-statistics", "--on", "2026-12-15")
    entry = load(rules).entries["zhuhai-macao-statistics"]
    assert (entry.validity.until.isoformat(), str(entry.observe_until)) == ("2026-12-15", "2026-12-14")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["zhuhai-macao-aplications"], "did you mean 'zhuhai-macao-applications'?"),
        (["zhuhai-macao-applications", "--on", "2031-01-01"], "to prolong it is to open it"),
        (["zhuhai-macao-applications", "--on", "2025-01-01"], "lies before the first"),
    ],
)
def test_expire_refuses_what_is_no_ending(rules: Path, arguments: list[str], said: str) -> None:
    """An unknown entry, a later day, a day before the first: 2, and the file stays."""
    result = whitelist(rules, "expire", *arguments, code=2)
    assert said in result.stderr
    assert (rules / "whitelist.yaml").read_bytes() == SHIPPED


_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co")), min_size=3, max_size=60
)


@given(title=_TEXTS.filter(str.strip), owner=_TEXTS.filter(str.strip))
def test_any_text_is_read_back_as_it_was_written(title: str, owner: str) -> None:
    """Whatever an officer answers, strict YAML reads the same text back."""
    text = SHIPPED.decode()
    document = parse("whitelist.yaml", SHIPPED, "whitelist")
    entry = dict(document.data["entries"][0])
    entry |= {"title": dict.fromkeys(("en", "zh-Hans", "zh-Hant", "pt"), title), "owner": owner}
    changed = with_entry(text, document, written(entry))
    assert parse("whitelist.yaml", changed.encode(), "whitelist").data["entries"][-1] == entry


def test_an_entry_goes_before_what_follows_the_entries() -> None:
    """Where another part follows the entries, the new one still ends up among them, before that part's comment."""
    head, _, tail = SHIPPED.decode().partition("\ncontact:")
    contact, _, rest = tail.partition("\n")
    text = f"{head}\n{rest.rstrip()}\n\n# whom to ask\ncontact:{contact}\n"
    document = parse("whitelist.yaml", text.encode(), "whitelist")
    entry = {**document.data["entries"][0], "id": "one-more"}
    changed = with_entry(text, document, as_item(written(entry)))
    assert parse("whitelist.yaml", changed.encode(), "whitelist").data["entries"][-1] == entry
    assert changed.endswith(f"\n\n# whom to ask\ncontact:{contact}\n")
