"""``kouan report``: a month in the shape that filing authorities ask for, from the ledger alone."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from gateway.cli import app
from gateway.cli.monthly import papers
from gateway.cli.monthly.gathering import month_of
from gateway.cli.monthly.papers import NoFont, font_at
from gateway.cli.monthly.tables import REPORT, SOURCES, TABLES, WORDS
from gateway.ledger import Ledger, decode, encode
from gateway.ledger.entry import canonical
from gateway.ledger.tree import leaf_hash
from gateway.vocabulary import LANGUAGES
from tests.cli.once import compile_once
from tests.cli.recording import SECRET_NAME, ledger_of, mixed
from tests.given import NOON, PLANTED, shipped, transfer
from tests.ledger.sound import AT, rows, sound

runner = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1"})


def _fonts() -> bool:
    try:
        font_at(None)
    except NoFont:
        return False
    return True


printing = pytest.mark.skipif(not _fonts(), reason="no font for Chinese on this machine")


def person(number: int, at: datetime) -> Any:
    """An application of somebody else each time."""
    applicant = {"name": "陳大文", "bir": f"12345{number:02}(8)", "phone": "66123456"}
    return transfer({"applicant": applicant, "matter": "business-registration"}, at=at)


@pytest.fixture(autouse=True)
def _rules_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are not about reading rules."""
    compile_once(monkeypatch)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Transfers of October, November and December, and an erasure and a change of officers in November."""
    items = [
        *(transfer(at=NOON.replace(month=10, day=31) - timedelta(hours=hours)) for hours in range(2)),
        *mixed(16),
        transfer(at=NOON.replace(month=12, day=1, hour=0)),
    ]
    folder, _ = ledger_of(tmp_path_factory.mktemp("report"), items)
    erasure = {"erased": 2, "early": 1, "entries": [[0, 0]], "until": "2026-10-31", "reason": "asked", "by": "lam"}
    officers = {"officers": None, "note": "", "override": "keys were lost"}
    with Ledger.open(folder) as more:
        more.append_now(encode("erasure", {"gateway": "kouan", "at": AT, **erasure}))
        more.append_now(encode("officers", {"gateway": "kouan", "at": AT, **officers}))
        more.append_now(encode("officers", {"gateway": "kouan", "at": AT.replace("11-20", "12-20"), **officers}))
    sound(folder)
    return folder


def reported(ledger: Path, output: Path, *arguments: str, month: str = "2026-11", code: int = 0) -> Any:
    """What the command says in JSON, or its error."""
    call = ["report", "--ledger", str(ledger), "--month", month, "-o", str(output), "--force", "--json", *arguments]
    result = runner.invoke(app, call)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if code == 0 else result.stderr


def sheets(output: Path, language: str = "en") -> dict[str, list[Sequence[Any]]]:
    """The rows of each table, by its name; title, note and headings are looked at."""
    book = openpyxl.load_workbook(output)
    assert book.sheetnames == [table.title[language] for table in TABLES]
    found = {}
    for table in TABLES:
        title, note, blank, head, *body = list(book[table.title[language]].values)
        assert (title[0].endswith(table.title[language]), note[0]) == (True, table.note[language])
        assert set(blank) == {None}
        assert list(head) == [column.wording[language] for column in table.columns]
        found[table.name] = body
    return found


def month_s(ledger: Path) -> list[tuple[int, dict[str, Any]]]:
    """The decisions of November."""
    found = [(number, decode(data)) for number, data, _ in rows(ledger)]
    return [each for each in found if each[1]["kind"] == "decision" and each[1]["facts"]["at"][:7] == "2026-11"]


def test_lists_are_the_month_s_decisions(ledger: Path, tmp_path: Path) -> None:
    """Permits and refusals of the month are each listed once, in order; those of other months are not."""
    about = reported(ledger, tmp_path / "r.xlsx")
    tables = sheets(tmp_path / "r.xlsx")
    wanted = month_s(ledger)
    permits = [(number, entry["facts"]["size"]) for number, entry in wanted if entry["decision"]["verdict"] == "permit"]
    assert [(row[1], row[-1]) for row in tables["transfers"]] == permits
    refusals = [number for number, entry in wanted if entry["decision"]["verdict"] != "permit"]
    assert [row[0] for row in tables["refusals"]] == refusals
    assert (about["permitted"], about["refused"]) == (len(permits), len(refusals)) == (4, 12)


def test_transfers_are_summed_by_filing_number(ledger: Path, tmp_path: Path) -> None:
    """Each filing number has the transfers, records, people and bytes of its basis."""
    reported(ledger, tmp_path / "r.xlsx")
    sums: dict[str, Counter[str]] = {}
    for _, entry in month_s(ledger):
        if entry["decision"]["verdict"] == "permit":
            facts = entry["facts"]
            counts = {"t": 1, "r": facts["records"], "p": facts["individuals"], "b": facts["size"]}
            sums.setdefault(entry["decision"]["basis"], Counter()).update(counts)
    bases = shipped().bases
    assert [(row[0], row[1], *row[-4:]) for row in sheets(tmp_path / "r.xlsx")["filings"]] == [
        (bases[name].reference, name, *(total[key] for key in "trpb")) for name, total in sorted(sums.items())
    ]


def test_people_of_the_year_are_those_of_the_ledger(tmp_path: Path) -> None:
    """Figures before the month and at its end are the last that the ledger wrote by then."""
    days = [NOON.replace(month=month, day=day) for month, day in ((10, 30), (10, 31), (11, 1), (11, 30), (12, 1))]
    folder, outcomes = ledger_of(tmp_path, [person(number, at) for number, at in enumerate(days)])
    assert {outcome.decision.verdict.name for outcome in outcomes} == {"PERMIT"}
    reported(folder, tmp_path / "r.xlsx")
    people = {(row[1], row[2]): row[3:] for row in sheets(tmp_path / "r.xlsx")["people"]}
    kind = shipped().instruments["gba_sc_mo"].title["en"]
    for name in ("all that count", "zhuhai-macao-contract", kind):
        assert people[name, "personal"] == (2, 4, 2)
    reported(folder, tmp_path / "r.xlsx", "--exporter", "shenzhen-hospital")
    assert sheets(tmp_path / "r.xlsx")["people"] == []
    reported(folder, tmp_path / "r.xlsx", "--basis", "zhuhai-statistics")
    assert {row[1] for row in sheets(tmp_path / "r.xlsx")["people"]} == {"all that count", kind}
    reported(folder, tmp_path / "r.xlsx", month="2027-01")
    assert sheets(tmp_path / "r.xlsx")["people"] == []


def test_data_items_are_the_fields_that_were_declared(ledger: Path, tmp_path: Path) -> None:
    """Every field of a scenario's dataset is a row with its category; without dataset its categories are."""
    reported(ledger, tmp_path / "r.xlsx")
    items = sheets(tmp_path / "r.xlsx")["items"]
    book = shipped()
    leaves = {(node.path, node.category) for node in book.datasets["zhuhai-applications"].leaves()}
    assert {(row[4], row[6]) for row in items if row[0] == "zhuhai-macao-applications"} == leaves
    assert {row[0] for row in items} == {"zhuhai-macao-applications", "zhuhai-macao-statistics"}
    name = next(row for row in items if row[6] == "pi.name")
    assert (name[7], name[8]) == (book.categories["pi.name"].title["en"], "personal")


def test_categories_found_are_counted(ledger: Path, tmp_path: Path) -> None:
    """By scenario and category: in how many transfers, and how often."""
    reported(ledger, tmp_path / "r.xlsx")
    times: Counter[tuple[str, str]] = Counter()
    transfers: Counter[tuple[str, str]] = Counter()
    for _, entry in month_s(ledger):
        for found in entry["facts"]["found"] if entry["decision"]["verdict"] == "permit" else ():
            key = (entry["decision"]["entry"], found["category"])
            times[key] += found["count"]
            transfers[key] += 1
    told = {(row[0], row[1]): (row[4], row[5]) for row in sheets(tmp_path / "r.xlsx")["found"]}
    assert told == {key: (transfers[key], times[key]) for key in times}


def test_exceptions_and_reasons(ledger: Path, tmp_path: Path) -> None:
    """Exempt bases, early erasures and overrides of the month are named; reasons are counted by transfer."""
    reported(ledger, tmp_path / "r.xlsx")
    tables = sheets(tmp_path / "r.xlsx")
    assert [(row[0], row[2]) for row in tables["exceptions"]] == [
        (shipped().instruments["ex_no_pi"].title["en"], 2),
        ("erased before its time", 1),
        ("officers changed by override", 1),
    ]
    assert tables["exceptions"][1][3] == "asked (lam)"
    wanted: Counter[str] = Counter()
    for _, entry in month_s(ledger):
        against = [each for each in entry["decision"]["reasons"] if each["verdict"] != "permit"]
        wanted.update(
            {(each["code"], each["rule"]) for each in against} if entry["decision"]["verdict"] != "permit" else ()
        )
    assert Counter({(row[1], row[2]): row[4] for row in tables["reasons"]}) == wanted


def test_assessments_are_indexed(ledger: Path, tmp_path: Path) -> None:
    """Every basis stands there with its assessment, unless another party or basis was asked for."""
    reported(ledger, tmp_path / "r.xlsx")
    bases = shipped().bases
    told = sheets(tmp_path / "r.xlsx")["assessments"]
    assert {row[2]: row[0] or "" for row in told} == {name: basis.assessment for name, basis in bases.items()}
    for flag, value, asked in (
        (
            "--exporter",
            "shenzhen-hospital",
            {name for name, each in bases.items() if each.exporter == "shenzhen-hospital"},
        ),
        ("--recipient", "hk-clinic", {name for name, each in bases.items() if "hk-clinic" in each.recipients}),
        ("--basis", "zhuhai-statistics", {"zhuhai-statistics"}),
        ("--recipient", "nobody", set()),
    ):
        reported(ledger, tmp_path / "r.xlsx", flag, value)
        assert {row[2] for row in sheets(tmp_path / "r.xlsx")["assessments"]} == asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_are_headed_in_every_language(ledger: Path, tmp_path: Path, language: str) -> None:
    """Titles, notes and headings are of the language; what it was made from stands on the first sheet."""
    about = reported(ledger, tmp_path / "r.xlsx", "--language", language, "--recipient", "macao-counter")
    told = {row[0]: row[1] for row in sheets(tmp_path / "r.xlsx", language)["about"]}
    assert told[SOURCES["rulebooks"][language]] == shipped().digest
    assert told[SOURCES["ledger.entries"][language]] == str(len(rows(ledger))) == str(about["ledger"]["entries"])
    assert told[SOURCES["query.recipient"][language]] == "macao-counter"
    assert {row[2] for row in sheets(tmp_path / "r.xlsx", language)["refusals"]} == {WORDS["deny"][language]}
    assert told[SOURCES["ledger.checkpoint"][language]].startswith("kouan\n")
    assert all(set(table.title) == set(LANGUAGES) and len(table.title[language]) <= 31 for table in TABLES)


@printing
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_has_its_font_inside_and_all_headings(ledger: Path, tmp_path: Path, language: str) -> None:
    """Titles can be read out of it, in Chinese too, and the font in which they are set is inside."""
    output = tmp_path / "r.pdf"
    reported(ledger, output, "--language", language)
    pdf = PdfReader(output)
    text = "".join(page.extract_text() for page in pdf.pages).replace("\n", "")
    assert REPORT[language].format(month="2026-11") in text
    for table in TABLES:
        assert table.title[language] in text
    fonts = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
    used = [font for font in fonts if "Helvetica" not in font["/BaseFont"]]
    assert used
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in used)
    for value in (*PLANTED.values(), SECRET_NAME):
        assert value not in text


@printing
def test_long_lists_are_cut_in_print_and_say_so(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the rows that are printed, the rest is counted."""
    monkeypatch.setattr(papers.Print, "most", 5)
    reported(ledger, tmp_path / "r.pdf")
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "r.pdf").pages)
    assert "7 further rows are not listed here" in text
    monkeypatch.setattr(papers.Workbook, "most", 5)
    reported(ledger, tmp_path / "r.xlsx")
    refusals = sheets(tmp_path / "r.xlsx")["refusals"]
    assert (len(refusals), refusals[5][0]) == (6, "7 further rows are not listed here; kouan export gives them all")


@printing
def test_what_entries_say_is_never_markup(ledger: Path, tmp_path: Path) -> None:
    """A party's name that looks like markup is printed as it is, and fetches nothing; a formula stays text."""
    evil = '<img src="http://127.0.0.1:9/x.png"/>'
    copy = copied(ledger, tmp_path)
    with closing(sqlite3.connect(copy / "ledger.sqlite")) as database:
        for number, data in database.execute("SELECT number, bytes FROM entries").fetchall():
            entry = decode(data)
            if entry["kind"] == "decision":
                entry["facts"]["exporter"]["id"] = evil
                entry["facts"]["recipient"]["id"] = "=1+1"
                altered = canonical(entry)
                values = (altered, leaf_hash(altered), number)
                database.execute("UPDATE entries SET bytes = ?, leaf = ? WHERE number = ?", values)
        database.commit()
    reported(copy, tmp_path / "r.pdf")
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "r.pdf").pages)
    assert "<img" in text
    reported(copy, tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert cells
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def copied(ledger: Path, folder: Path) -> Path:
    """A copy of a ledger's database."""
    copy = folder / "copy"
    copy.mkdir()
    with closing(sqlite3.connect(ledger / "ledger.sqlite")) as source:
        target = sqlite3.connect(copy / "ledger.sqlite")
        source.backup(target)
        target.close()
    return copy


def test_without_a_font_there_is_no_pdf(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said which package has one; a file that is no font does not do; nothing is left."""
    monkeypatch.setattr(papers, "FONTS", ())
    assert "install fonts-wqy-zenhei" in reported(ledger, tmp_path / "r.pdf", code=2)
    (tmp_path / "x.ttf").write_bytes(b"no font")
    assert "no TrueType font" in reported(ledger, tmp_path / "r.pdf", "--font", str(tmp_path / "x.ttf"), code=2)
    assert list(tmp_path.glob("r.*")) == []


def test_an_altered_ledger_gives_no_report(ledger: Path, tmp_path: Path) -> None:
    """A missing entry ends it, and no file is left."""
    copy = copied(ledger, tmp_path)
    with closing(sqlite3.connect(copy / "ledger.sqlite")) as database:
        database.execute("DELETE FROM entries WHERE number = 3")
        database.commit()
    assert "entry 3: missing" in reported(copy, tmp_path / "r.xlsx", code=2)
    assert list(tmp_path.glob("r.*")) == []


@pytest.mark.parametrize("month", ["2026-13", "2026", "November", "2026-11-01"])
def test_a_month_is_a_year_and_a_month(ledger: Path, tmp_path: Path, month: str) -> None:
    """Anything else is wrong usage."""
    assert "expected a month" in reported(ledger, tmp_path / "r.xlsx", month=month, code=2)


def test_months_end_on_their_last_day() -> None:
    """Also in February of a leap year, and in December."""
    assert [month_of(each)[1].day for each in ("2026-02", "2028-02", "2026-04", "2026-12")] == [28, 29, 30, 31]
    with pytest.raises(ValueError, match="month"):
        month_of("2026-00")


def test_the_file_has_a_name_where_none_is_given(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``report-2026-11.xlsx`` in the current folder; a second time --force is asked for."""
    monkeypatch.chdir(tmp_path)
    call = ["report", "--ledger", str(ledger), "--month", "2026-11"]
    result = runner.invoke(app, call)
    assert result.stdout == "2026-11: 4 transfers permitted, 12 refused or held: report-2026-11.xlsx\n"
    assert (tmp_path / "report-2026-11.xlsx").is_file()
    assert runner.invoke(app, call).exit_code == 2
