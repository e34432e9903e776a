"""The key of the fingerprints is made once, is private, and is not replaced when it is lost."""

from pathlib import Path
from threading import Barrier, Thread

import pytest

from gateway.headcount import BadFingerprintKey, fingerprint_key
from gateway.settings import Settings


def test_the_key_is_made_once(tmp_path: Path) -> None:
    """Made at the first call with mode 0600 and 32 bytes; the same ever after."""
    file = tmp_path / "state" / "headcount.key"
    key = fingerprint_key(file)
    assert len(key) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert fingerprint_key(file, counted=True) == key
    assert [each.name for each in file.parent.iterdir()] == ["headcount.key"]


def test_several_that_start_at_once_have_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is second takes the key of the first."""
    pids = iter(range(1, 9))
    monkeypatch.setattr("gateway.headcount.key.os.getpid", lambda: next(pids))
    keys: list[bytes] = []
    barrier = Barrier(8)

    def begin() -> None:
        barrier.wait()
        keys.append(fingerprint_key(tmp_path / "headcount.key"))

    threads = [Thread(target=begin) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_lost_key_is_not_replaced(tmp_path: Path) -> None:
    """Where people were counted already, a missing key is told, and none is made."""
    with pytest.raises(BadFingerprintKey, match="put it back"):
        fingerprint_key(tmp_path / "headcount.key", counted=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("data", "mode"), [(b"k" * 32, 0o640), (b"k" * 31, 0o600), (b"k" * 33, 0o600)])
def test_a_key_that_cannot_be_right_is_told(tmp_path: Path, data: bytes, mode: int) -> None:
    """One that others can read, or of another length, is refused by the name of its file."""
    file = tmp_path / "headcount.key"
    file.write_bytes(data)
    file.chmod(mode)
    with pytest.raises(BadFingerprintKey, match=r"headcount\.key"):
        fingerprint_key(file)


def test_the_key_stands_in_the_state_folder() -> None:
    """Beside the ledger's own key, unless a setting says otherwise."""
    assert Settings(state_dir=Path("/s")).headcount_key_file == Path("/s/headcount.key")
    assert Settings(headcount_key=Path("/k")).headcount_key_file == Path("/k")
