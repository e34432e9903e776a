"""What is kept on disk may be lost, cut short or another's at any time; nothing but time depends on it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gateway.classify import prepare
from gateway.rulebook.kept import MOST, KeptFiles, kept_for
from tests.classify.rules import recogniser, rulebook

NAME = "x.compiled"


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """From the first folder that has it."""
    first, second = tmp_path / "a", tmp_path / "b"
    KeptFiles(second).write(NAME, b"2")
    kept = KeptFiles(first, second)
    assert kept.read(NAME) == b"2"
    kept.write(NAME, b"1")
    assert kept.read(NAME) == b"1"
    assert kept.read("another") is None


def test_what_others_may_have_written_is_passed_over(tmp_path: Path) -> None:
    """A file that its group or everybody may write is not loaded into this process."""
    kept = KeptFiles(tmp_path)
    kept.write(NAME, b"1")
    (tmp_path / NAME).chmod(0o666)
    assert kept.read(NAME) is None


def test_the_folder_does_not_grow_without_end(tmp_path: Path) -> None:
    """What was used longest ago is forgotten first."""
    kept = KeptFiles(tmp_path)
    kept.write("used", b"0")
    for number in range(MOST + 5):
        kept.write(f"n{number}", b"1")
        os.utime(tmp_path / f"n{number}", (number, number))
        assert kept.read("used") == b"0"
    assert len(list(tmp_path.iterdir())) == MOST


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_bytes(b"")
    kept = KeptFiles(tmp_path / "file" / "folder")
    kept.write(NAME, b"1")
    assert kept.read(NAME) is None


def test_a_user_without_a_home_has_no_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A container may run as a user whom nobody knows; others have one where they say."""

    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    kept_for({}).write(NAME, b"1")
    assert kept_for({}).read(NAME) is None
    kept_for({"XDG_CACHE_HOME": str(tmp_path)}).write(NAME, b"1")
    assert (tmp_path / "kouan" / "automata" / NAME).read_bytes() == b"1"


def test_a_file_cut_short_is_made_anew(tmp_path: Path) -> None:
    """As a machine that lost its power leaves it."""
    kept = KeptFiles(tmp_path)
    rules = rulebook((recogniser("x.cut", "cut[0-9]short"),), {})
    prepare(rules, kept)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    del rules
    file.write_bytes(whole[: len(whole) // 2])
    prepare(rulebook((recogniser("x.cut", "cut[0-9]short"),), {}), kept)
    assert file.read_bytes() == whole
