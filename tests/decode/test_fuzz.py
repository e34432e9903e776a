"""Sound documents of every format, broken in every way that chance finds: nothing but Content leaves ``decode``."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.__main__ import show
from fuzz.samples import CORPUS, NUMBER, TYPES, samples
from fuzz.target import LIMITS, Finding, check, transfer
from gateway.decode import decode
from gateway.decode.door import Format, Judged
from gateway.decode.formats import DOCUMENTS, FORMATS
from gateway.decode.media import JSON, declared
from gateway.sandbox import Sandbox
from tests.decode.messages import everything

SOUND = {folder.name: (folder / "sound").read_bytes() for folder in sorted(CORPUS.iterdir())}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Where native parsers run."""
    made = Sandbox(1)
    yield made
    made.close()


def test_the_corpus_is_what_the_script_makes() -> None:
    """One sound document for each declaration; ``python -m fuzz.samples`` writes them anew."""
    assert SOUND.keys() == samples().keys() == TYPES.keys()


def test_every_format_has_a_sound_document(sandbox: Sandbox) -> None:
    """A new format is not done before it is fuzzed."""
    types = {*TYPES.values(), *(decode(transfer(data, ""), LIMITS, sandbox).media_type for data in SOUND.values())}
    assert not {*FORMATS, *DOCUMENTS} - {declared(type.encode()).family for type in types}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_document_is_read(name: str, sandbox: Sandbox) -> None:
    """What is to be broken is whole to begin with: the number in it is found."""
    content = decode(transfer(SOUND[name], TYPES[name]), LIMITS, sandbox)
    assert any(NUMBER in text for text in everything(content).values())


@pytest.mark.parametrize("name", SOUND)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_is_broken_harms_nobody(name: str, sandbox: Sandbox, data: st.DataObject) -> None:
    """Bytes changed, taken out, put in, repeated, cut off, spliced, declared to be something else."""
    made = bytearray(SOUND[name])
    for _ in range(data.draw(st.integers(0, 5))):
        at = data.draw(st.integers(0, max(0, len(made) - 1)))
        how = data.draw(st.sampled_from(["change", "flip", "take", "put", "repeat", "splice", "cut"]))
        if how == "change" and made:
            made[at] = data.draw(st.integers(0, 255))
        elif how == "flip" and made:
            made[at] ^= 1 << data.draw(st.integers(0, 7))
        elif how == "take":
            del made[at : at + data.draw(st.integers(1, 9))]
        elif how == "put":
            made[at:at] = data.draw(st.binary(max_size=9))
        elif how == "repeat":
            made[at:at] = made[at : at + 40] * data.draw(st.integers(1, 5))
        elif how == "splice":
            other = SOUND[data.draw(st.sampled_from(sorted(SOUND)))]
            made[at:] = other[data.draw(st.integers(0, len(other))) :]
        else:
            del made[at + 1 :]
    check(bytes(made), data.draw(st.sampled_from([TYPES[name], TYPES[name], "", *TYPES.values()])), sandbox)


def test_what_was_found_is_shown_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file says by its name what it was declared to be; what libFuzzer kept, by its last byte."""
    told: list[tuple[bytes, str]] = []
    monkeypatch.setattr("fuzz.__main__.check", lambda data, said, _: told.append((data, said)))
    for name in ("zip-0123456789ab", "undeclared-0123456789ab", "raw-zip-crash-00", "raw-all-timeout-00"):
        (tmp_path / name).write_bytes(b"x\x00")
        show(tmp_path / name)
    assert told == [
        (b"x\x00", "application/zip"), (b"x\x00", ""), (b"x", "application/zip"), (b"x", next(iter(TYPES.values()))),
    ]  # fmt: skip


def test_a_reader_that_raises_is_found(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    """The walk makes it an opaque part; the fuzzer makes it known."""

    def judge(*_: object) -> Judged:
        raise KeyError

    monkeypatch.setitem(cast("dict[str, Format]", FORMATS), JSON, Format("json", judge, lambda _: ()))
    with pytest.raises(Finding, match="KeyError"):
        check(b"{}", JSON, sandbox)


def test_there_is_no_such_format() -> None:
    """And the formats that there are are named."""
    done = subprocess.run(
        [sys.executable, "-m", "fuzz", "--format", "nothing"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "zip" in done.stderr
