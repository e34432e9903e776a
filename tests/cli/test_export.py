"""``kouan export``: what comes out is what the ledger holds, in every format and under every filter."""

import csv
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from typer.testing import CliRunner

from gateway.cli import app
from gateway.cli.export import writing
from gateway.cli.export.cells import RISKY
from gateway.cli.export.columns import COLUMNS
from gateway.ledger import Ledger, decode, encode
from gateway.ledger.entry import canonical
from gateway.vocabulary import LANGUAGES
from tests.cli.once import compile_once
from tests.cli.recording import SECRET_NAME, ledger_of, mixed
from tests.given import NOON, PLANTED, shipped, transfer
from tests.ledger.sound import rows, sound

runner = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1"})
FORMATS = ("csv", "xlsx", "parquet", "jsonl")
NUMBERS = frozenset(column.name for column in COLUMNS if column.number)
EVIL = "=cmd|' /C calc'!A0"


@pytest.fixture(autouse=True)
def _rules_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are not about reading rules."""
    compile_once(monkeypatch)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Transfers of several kinds over two months, a refusal at the door, and entries of other kinds between them."""
    late = [transfer(at=NOON + timedelta(days=12)), transfer({"id": PLANTED["resident_id"]}, at=NOON.replace(day=1))]
    folder, _ = ledger_of(tmp_path_factory.mktemp("export"), [*mixed(16), *late], refused="wire.not_http")
    with Ledger.open(folder) as more:
        more.append_now(encode("stop", {"gateway": "kouan", "at": NOON.isoformat()}))
    sound(folder)
    return folder


def exported(ledger: Path, output: Path, *arguments: str, code: int = 0) -> dict[str, Any]:
    """What the command says of itself in JSON."""
    call = ["export", "--ledger", str(ledger), "-o", str(output), "--force", "--json", *arguments]
    result = runner.invoke(app, call)
    assert result.exit_code == code, result.output
    return dict(json.loads(result.stdout)) if code == 0 else {"stderr": result.stderr}


def read(output: Path, language: str = "en") -> list[dict[str, Any]]:
    """The rows of an export, by the names of columns, as plain values."""
    names = [column.name for column in COLUMNS]
    headings = [column.heading[language] for column in COLUMNS]
    if output.suffix == ".jsonl":
        return [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    if output.suffix == ".parquet":
        return list(parquet.read_table(output).to_pylist())
    if output.suffix == ".csv":
        with output.open(encoding="utf-8-sig", newline="") as file:
            found = list(csv.reader(file))
        assert found[0] == headings
        return [_typed(dict(zip(names, line, strict=True))) for line in found[1:]]
    with output.open("rb") as binary:
        book = openpyxl.load_workbook(BytesIO(binary.read()), read_only=True)
    sheets = [list(sheet.values) for sheet in book.worksheets[1:]]
    assert {sheet[0] for sheet in sheets} == {tuple(headings)}
    return [_typed(dict(zip(names, line, strict=True))) for sheet in sheets for line in sheet[1:]]


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers as numbers and missing text as empty: a sheet and CSV know no difference."""
    typed: dict[str, Any] = {}
    for name, value in row.items():
        if name in NUMBERS:
            typed[name] = None if value in ("", None) else int(value)
        else:
            typed[name] = "" if value is None else str(value)
    return typed


def decisions(ledger: Path) -> Iterator[tuple[int, dict[str, Any], str]]:
    """Every decision of the ledger, read in another way than the export does."""
    for number, data, leaf in rows(ledger):
        entry = decode(data)
        if entry["kind"] == "decision":
            yield number, entry, leaf.hex()


def violations(facts: dict[str, Any]) -> dict[str, int]:
    """Violations of an entry, by code."""
    codes = {each["code"] for each in facts["violations"]}
    return {code: sum(each["count"] for each in facts["violations"] if each["code"] == code) for code in codes}


def expected(number: int, entry: dict[str, Any], leaf: str) -> dict[str, Any]:
    """What a row must say, from the entry alone."""
    facts, decision, after = entry["facts"], entry["decision"], entry["standing"]["after"]
    return {
        "index": number,
        "leaf": leaf,
        "transfer": facts["transfer"],
        "at": facts["at"],
        "verdict": decision["verdict"],
        "leg": facts["leg"],
        "exporter": facts["exporter"]["id"],
        "exporter_name": facts["exporter"]["name"],
        "exporter_place": facts["exporter"]["jurisdiction"],
        "recipient": facts["recipient"]["id"],
        "host": facts["host"],
        "status": facts["status"],
        "bytes": facts["size"],
        "individuals": facts["individuals"],
        "categories": "; ".join(f"{each['category']} x{each['count']}" for each in facts["found"]),
        "exporter_group": facts["exporter"]["group"],
        "violations": "; ".join(f"{code} x{count}" for code, count in sorted(violations(facts).items())),
        "reasons": "; ".join(dict.fromkeys(each["code"] for each in decision["reasons"])),
        "entry": decision["entry"],
        "basis": decision["basis"],
        "personal_after": after.get("year/personal"),
        "payload": entry["commitments"]["payload"] or "",
        "released": entry["commitments"]["released"] or "",
        "rulebook": entry["rulebook"],
    }


@pytest.mark.parametrize("suffix", FORMATS)
def test_rows_are_the_ledger_s_decisions(ledger: Path, tmp_path: Path, suffix: str) -> None:
    """Each format holds every decision once, in order, and nothing that is none; all formats hold the same."""
    output = tmp_path / f"all.{suffix}"
    about = exported(ledger, output)
    found = read(output)
    wanted = [expected(*each) for each in decisions(ledger)]
    assert [{name: row[name] for name in wanted[0]} for row in found] == wanted
    assert about["rows"] == len(wanted) == 19
    lines = tmp_path / "all.jsonl"
    exported(ledger, lines)
    assert found == read(lines)


DAYS = st.sampled_from([None, "2026-10-31", "2026-11-01", "2026-11-20", "2026-11-30", "2026-12-02"])
queries = st.fixed_dictionaries(
    {},
    optional={
        "since": DAYS,
        "until": DAYS,
        "exporter": st.sampled_from(["zhuhai-e-service", "shenzhen-hospital", "nobody"]),
        "recipient": st.sampled_from(["macao-counter", "hk-clinic"]),
        "entry": st.sampled_from(["zhuhai-macao-applications", "zhuhai-macao-statistics", ""]),
        "basis": st.sampled_from(["zhuhai-macao-contract", "zhuhai-statistics"]),
        "verdict": st.sampled_from(["permit", "hold", "deny"]),
        "category": st.sampled_from(["pi", "pi.contact", "pi.contact.phone", "pi.id.mo.bir", "pi.conta", "secret"]),
    },
)


def holds(entry: dict[str, Any], query: Mapping[str, str | None]) -> bool:
    """Whether an entry is asked for: written anew, field by field."""
    facts, decision = entry["facts"], entry["decision"]
    day = date.fromisoformat(facts["at"][:10])
    names = {each["category"] for each in facts["found"]}
    asked = {
        "since": lambda value: day >= date.fromisoformat(value),
        "until": lambda value: day <= date.fromisoformat(value),
        "exporter": lambda value: value in (facts["exporter"]["id"], facts["exporter"]["group"]),
        "recipient": lambda value: value in (facts["recipient"]["id"], facts["recipient"]["group"]),
        "entry": lambda value: decision["entry"] == value,
        "basis": lambda value: decision["basis"] == value,
        "verdict": lambda value: decision["verdict"] == value,
        "category": lambda value: any(f"{name}.".startswith(f"{value}.") for name in names),
    }
    return all(asked[name](value) for name, value in query.items() if value)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=queries, suffix=st.sampled_from(FORMATS))
def test_a_filter_leaves_out_what_is_not_asked_for_and_nothing_else(
    ledger: Path, tmp_path: Path, query: dict[str, str | None], suffix: str
) -> None:
    """Under every combination of filters, rows are exactly the decisions that a plain reading selects."""
    output = tmp_path / f"some.{suffix}"
    arguments = [part for name, value in query.items() if value for part in (f"--{name}", value)]
    about = exported(ledger, output, *arguments)
    wanted = [number for number, entry, _ in decisions(ledger) if holds(entry, query)]
    assert [row["index"] for row in read(output)] == wanted
    assert (about["rows"], about["query"]) == (len(wanted), {name: value for name, value in query.items() if value})


def about_in(output: Path) -> dict[str, Any]:
    """What a file says of itself."""
    if output.suffix == ".parquet":
        return dict(json.loads(parquet.read_metadata(output).metadata[b"kouan"]))
    if output.suffix == ".xlsx":
        book = openpyxl.load_workbook(output, read_only=True)
        found: dict[str, Any] = {}
        for name, value in book.worksheets[0].iter_rows(values_only=True):
            found.setdefault(str(name), []).append(value)
        return {
            "rows": int(found["rows"][0]),
            "query": {"verdict": found["query.verdict"][0]},
            "rulebooks": found["rulebooks"],
            "ledger": {
                "entries": int(found["ledger.entries"][0]),
                "covered": int(found["ledger.covered"][0]),
                "checkpoint": found["ledger.checkpoint"][0],
                "vkey": found["ledger.vkey"][0],
            },
        }
    return dict(json.loads(output.with_name(f"{output.name}.about.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_says_what_it_holds(ledger: Path, tmp_path: Path, suffix: str) -> None:
    """Query, rows, size and checkpoint of the ledger and digests of rulebooks are in the file or beside it."""
    output = tmp_path / f"permits.{suffix}"
    printed = exported(ledger, output, "--verdict", "permit")
    told = about_in(output)
    size = len(rows(ledger))
    with closing(sqlite3.connect(ledger / "ledger.sqlite")) as database:
        note = database.execute("SELECT note FROM checkpoints ORDER BY number DESC").fetchone()[0].decode()
    for said in (printed, told):
        assert (said["rows"], said["query"]) == (len(read(output)), {"verdict": "permit"})
        assert said["rulebooks"] == [shipped().digest]
        assert said["ledger"] == {
            "entries": size,
            "covered": size,
            "checkpoint": note,
            "vkey": (ledger / "vkey").read_text().strip(),
        }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_headings_in_every_language(ledger: Path, tmp_path: Path, language: str, suffix: str) -> None:
    """Headings are of the language that is asked for; all differ within a language."""
    output = tmp_path / f"all.{suffix}"
    exported(ledger, output, "--language", language)
    assert read(output, language)
    assert len({column.heading[language] for column in COLUMNS}) == len(COLUMNS)


def test_parquet_keeps_headings_and_types(ledger: Path, tmp_path: Path) -> None:
    """Each column has its headings as metadata, figures are whole numbers."""
    output = tmp_path / "all.parquet"
    exported(ledger, output)
    schema = parquet.read_schema(output)
    for column in COLUMNS:
        field = schema.field(column.name)
        assert {name.decode(): text.decode() for name, text in field.metadata.items() if name in _TONGUES} == dict(
            column.heading
        )
        assert str(field.type) == ("int64" if column.number else "string")


_TONGUES = frozenset(language.encode() for language in LANGUAGES)


def test_csv_opens_right_in_a_spreadsheet(ledger: Path, tmp_path: Path) -> None:
    """UTF-8 with a byte order mark, lines ended by CR LF, and the digest of the file beside it."""
    output = tmp_path / "all.csv"
    exported(ledger, output, "--language", "zh-Hant")
    data = output.read_bytes()
    assert data.startswith("\ufeff紀錄冊條目,".encode())
    assert data.count(b"\r\n") == 20
    assert about_in(output)["sha256"] == sha256(data).hexdigest()


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_value_leaves(ledger: Path, tmp_path: Path, suffix: str) -> None:
    """No planted identifier and no name of a person is in any export."""
    output = tmp_path / f"all.{suffix}"
    exported(ledger, output)
    text = json.dumps(read(output), ensure_ascii=False)
    for value in (*PLANTED.values(), SECRET_NAME, "hunter2hunter2"):
        assert value not in text


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Transfers whose media type begins like a formula, in each way that there is."""
    items = [transfer(b"x", headers={"content-type": f"{start}{EVIL}"}) for start in ("", "+", "-", "@", "＝")]
    folder, _ = ledger_of(tmp_path_factory.mktemp("evil"), items)
    database = sqlite3.connect(folder / "ledger.sqlite")
    return _renamed(folder, database)


def _renamed(folder: Path, database: sqlite3.Connection) -> Path:
    """Whatever a door makes of such a media type: write it into the entries, as a hostile party's name could be."""
    with closing(database):
        starts = ["=", "+", "-", "@", "\t="]
        for (number, data), start in zip(
            database.execute("SELECT number, bytes FROM entries ORDER BY number").fetchall(), starts, strict=True
        ):
            entry = decode(data)
            entry["facts"]["media_type"] = f"{start}{EVIL}"
            entry["facts"]["host"] = f" ＝{EVIL}"
            altered = canonical(entry)
            leaf = sha256(b"\x00" + altered).digest()
            database.execute("UPDATE entries SET bytes = ?, leaf = ? WHERE number = ?", (altered, leaf, number))
        database.commit()
    return folder


def test_no_cell_is_a_formula(evil: Path, tmp_path: Path) -> None:
    """In CSV such text has an apostrophe before it; in XLSX it is marked as text, and no cell has a formula."""
    for suffix in ("csv", "xlsx"):
        exported(evil, tmp_path / f"evil.{suffix}")
    with (tmp_path / "evil.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for line in csv.reader(file) for cell in line]
    assert [cell for cell in cells if cell.lstrip(" ").startswith(RISKY)] == []
    assert len([cell for cell in cells if EVIL in cell]) == 10
    book = openpyxl.load_workbook(tmp_path / "evil.xlsx")
    hits = [cell for sheet in book.worksheets for line in sheet.iter_rows() for cell in line if EVIL in str(cell.value)]
    assert len(hits) == 10
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in hits)


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_formats_for_machines_are_exact(evil: Path, tmp_path: Path, suffix: str) -> None:
    """What no spreadsheet evaluates is written as it is."""
    output = tmp_path / f"evil.{suffix}"
    exported(evil, output)
    assert [row["media_type"] for row in read(output)] == [f"{start}{EVIL}" for start in ("=", "+", "-", "@", "\t=")]


def test_a_sheet_that_is_full_is_followed_by_another(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the rows that Excel has, rows go on in the next sheet, under the same headings."""
    monkeypatch.setattr(writing, "SHEET_ROWS", 8)
    output = tmp_path / "all.xlsx"
    exported(ledger, output)
    assert [row["index"] for row in read(output)] == [number for number, _, _ in decisions(ledger)]
    book = openpyxl.load_workbook(output, read_only=True)
    assert book.sheetnames == ["About", "Transfers", "Transfers 2", "Transfers 3"]


def test_an_altered_ledger_gives_no_export(ledger: Path, tmp_path: Path) -> None:
    """A missing entry, or one that its leaf hash does not fit, ends it; no file is left."""
    for suffix, change in (("xlsx", "DELETE FROM entries WHERE number = 5"), ("csv", _FLIP), ("parquet", _LAST)):
        copy = tmp_path / suffix
        copy.mkdir()
        with closing(sqlite3.connect(ledger / "ledger.sqlite")) as source:
            target = sqlite3.connect(copy / "ledger.sqlite")
            source.backup(target)
        with closing(target):
            target.execute(change)
            target.commit()
        told = exported(copy, tmp_path / f"bad.{suffix}", code=2)
        assert "kouan verify" in told["stderr"]
        assert list(tmp_path.glob("bad*")) == []


_FLIP = "UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), 'permit', 'denied') AS BLOB) WHERE number = 0"
_LAST = "DELETE FROM entries WHERE number = 3"


def test_what_is_there_stays(ledger: Path, tmp_path: Path) -> None:
    """A file is replaced with --force alone; a folder must be there; the kind follows the name."""
    output = tmp_path / "some.csv"
    call = ["export", "--ledger", str(ledger), "-o", str(output)]
    first = runner.invoke(app, call)
    assert first.exit_code == 0
    assert "19 transfers of 20 entries" in first.stdout
    again = runner.invoke(app, call)
    assert (again.exit_code, "--force" in again.stderr) == (2, True)
    output.unlink()
    assert runner.invoke(app, call).exit_code == 2
    absent = runner.invoke(app, [*call[:-1], str(tmp_path / "absent" / "x.csv")])
    assert (absent.exit_code, "no folder" in absent.stderr) == (2, True)


def test_a_rulebook_that_is_not_kept_is_told(ledger: Path, tmp_path: Path) -> None:
    """Rows stay; what only the rulebook says is empty, and the export names the rulebook."""
    copy = tmp_path / "copy"
    copy.mkdir()
    with closing(sqlite3.connect(ledger / "ledger.sqlite")) as source:
        target = sqlite3.connect(copy / "ledger.sqlite")
        source.backup(target)
    with closing(target):
        target.execute("DELETE FROM rulebooks")
        target.commit()
    about = exported(copy, tmp_path / "x.jsonl")
    assert about["rulebooks_lacking"] == [shipped().digest]
    assert {row["reference"] for row in read(tmp_path / "x.jsonl")} == {""}
    exported(ledger, tmp_path / "y.jsonl")
    assert "GD-GBA-MO-2026-00017" in {row["reference"] for row in read(tmp_path / "y.jsonl")}
