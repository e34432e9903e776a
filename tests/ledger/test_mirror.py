"""Logs as tiles: any change is found and located; a mirror never takes back what it saw."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.ledger import Ledger, Report
from gateway.ledger.checkpoint import BadCheckpoint
from gateway.ledger.client import Log, from_folder
from gateway.ledger.keys import signer
from gateway.ledger.mirror import BadMirror, Mirrored, mirror, verify_log
from gateway.ledger.published import Published
from gateway.ledger.tiles import LONGEST, WIDTH, Tile, pack, unpack
from gateway.ledger.tree import EMPTY_ROOT, leaf_hash
from tests.ledger.sound import decision, sound
from tests.ledger.tiled import ENTRIES_AT_FIRST, example, flipped, grow, log, published, resources

FOREIGN = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
"""Key of the public test log of an implementation in Go, transparency-dev/tessera."""
FOREIGN_NOTE = """example.com/log/testdata
15
rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=

— example.com/log/testdata M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=
"""
FOREIGN_ENTRIES = b"one two three four five six seven eit nain ten ileven twelf threeten fourten fivten".split()


def report_of(found: dict[str, bytes], *kept: bytes) -> Report:
    """The proof of a log of these resources, under the example's key."""
    return verify_log(log(found), example()[1], kept=kept)


def changed(path: str, data: bytes | None) -> Report:
    """The proof of the example with one resource in another state, or without it."""
    found = published()
    if data is None:
        del found[path]
    else:
        found[path] = data
    return report_of(found)


def bundle_paths() -> list[str]:
    """The example's bundles."""
    return [path for path in published() if path.startswith("tile/entries/")]


def entry_at(path: str, byte: int) -> int:
    """The index of the entry, its length included, to which a byte of the bundle at ``path`` belongs."""
    number = bundle_paths().index(path)
    width = min(WIDTH, ENTRIES_AT_FIRST - number * WIDTH)
    for index, entry in enumerate(unpack(published()[path], width)[0], number * WIDTH):
        byte -= len(entry) + 2
        if byte < 0:
            return index
    raise AssertionError


def test_a_good_log_verifies() -> None:
    """Whether from the ledger or out of memory; the report counts what is there."""
    report = report_of(published())
    assert report.failures == ()
    assert (report.size, report.covered, report.checkpoints, report.kinds) == (600, 600, 1, {"decision": 600})
    assert sorted(published()) == sorted(
        [
            *("checkpoint", "vkey", f"rulebook/{'0' * 64}", "tile/1/000.p/2"),
            *(f"tile/{row}/{name}" for row in ("0", "entries") for name in ("000", "001", "002.p/88")),
        ]
    )


def test_the_log_of_another_implementation_verifies(tmp_path: Path) -> None:
    """A public test log: its tree, its signature, its bundle; its words are no entries of a ledger."""
    found = {
        "checkpoint": FOREIGN_NOTE.encode(),
        "tile/0/000.p/15": b"".join(map(leaf_hash, FOREIGN_ENTRIES)),
        "tile/entries/000.p/15": pack(FOREIGN_ENTRIES),
    }
    report = verify_log(log(found), FOREIGN)
    assert report.covered == 15
    assert {failure.code for failure in report.failures} == {"entry"}
    assert mirror(log(found), tmp_path, FOREIGN) == Mirrored(15, 0)
    assert (tmp_path / "tile/entries/000.p/15").read_bytes() == found["tile/entries/000.p/15"]


@settings(max_examples=60, deadline=None)
@given(which=st.integers(0, 2), bit=st.integers(0, 10**7))
def test_a_flipped_bit_in_a_bundle_is_located(which: int, bit: int) -> None:
    """Any one bit of any bundle, be it of a length: the first failure names the entry that it belongs to."""
    path = bundle_paths()[which]
    data = published()[path]
    report = changed(path, flipped(data, bit))
    assert report.failures[0].index == entry_at(path, bit // 8 % len(data))
    assert report.covered == ENTRIES_AT_FIRST, "the tree is still known, from the tiles"


@settings(max_examples=60, deadline=None)
@given(bit=st.integers(0, ENTRIES_AT_FIRST * 256 - 1))
def test_a_flipped_bit_in_a_tile_of_leaves_is_located(bit: int) -> None:
    """Any one bit of a tile of level 0: the one failure names the entry whose hash it was."""
    number, at = divmod(bit, WIDTH * 256)
    path = sorted(path for path in published() if path.startswith("tile/0/"))[number]
    report = changed(path, flipped(published()[path], at))
    assert [(failure.index, failure.code) for failure in report.failures] == [(bit // 256, "leaf")]


@pytest.mark.parametrize("bit", [0, 100, 255, 256, 300, 511])
def test_a_flipped_bit_in_a_tile_above_is_located(bit: int) -> None:
    """A hash of level 1 is compared with what lies under it."""
    report = changed("tile/1/000.p/2", flipped(published()["tile/1/000.p/2"], bit))
    assert [(failure.index, failure.code) for failure in report.failures] == [(bit // 256 * 256, "tile")]
    assert "tile/1/000.p/2" in report.failures[0].text


@settings(max_examples=60, deadline=None)
@given(bit=st.integers(0, 10**4))
def test_a_flipped_bit_in_the_checkpoint_is_located(bit: int) -> None:
    """Any one bit: the checkpoint is the failure."""
    report = changed("checkpoint", flipped(published()["checkpoint"], bit))
    assert [(failure.index, failure.code) for failure in report.failures] == [(None, "checkpoint")]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_resource_that_is_cut_or_missing_is_located(data: st.DataObject) -> None:
    """Cut anywhere or gone: the failure is among the entries under it."""
    path = data.draw(st.sampled_from(sorted(path for path in published() if path.startswith("tile/"))))
    whole = published()[path]
    kept = data.draw(st.none() | st.integers(0, len(whole) - 1))
    report = changed(path, None if kept is None else whole[:kept])
    first, last = (0, 511) if path.startswith("tile/1") else (int(path.split("/")[2][:3]) * WIDTH,) * 2
    last = max(last, first + WIDTH - 1)
    assert report.failures
    assert all(failure.index is not None and first <= failure.index <= last for failure in report.failures)


def test_a_bundle_and_its_hashes_both_gone_end_the_proof() -> None:
    """Where nothing says what the tree was, what follows is not proved, and that is said."""
    found = published()
    del found["tile/0/001"], found["tile/entries/001"]
    report = report_of(found)
    assert [(failure.index, failure.code) for failure in report.failures] == [
        (256, "tile"),
        (256, "missing"),
        (256, "truncated"),
    ]
    assert report.covered == 0


@pytest.mark.parametrize("number", [0, 255, 256, 599])
def test_an_entry_rewritten_with_its_hash_contradicts_the_checkpoint(number: int) -> None:
    """Bundle and tile agree on another entry: the tiles above, or the root, do not."""
    found = published()
    path = bundle_paths()[number // WIDTH]
    width = min(WIDTH, ENTRIES_AT_FIRST - number // WIDTH * WIDTH)
    entries = unpack(found[path], width)[0]
    entries[number % WIDTH] = decision(9999)
    found[path] = pack(entries)
    found[Tile(0, number // WIDTH, width).path] = b"".join(map(leaf_hash, entries))
    report = report_of(found)
    codes = [(failure.index, failure.code) for failure in report.failures]
    assert (0, "root") in codes
    assert number >= 512 or (number // WIDTH * WIDTH, "tile") in codes


def test_the_checkpoint_of_another_log_is_refused(tmp_path: Path) -> None:
    """Whoever signed it: another name, another key, or the same key for other entries."""
    folder, vkey = example()
    key = folder.with_name("ledger.key")
    root = leaf_hash(b"")
    assert report_of(published() | {"checkpoint": signer(key, "another").sign(600, root)}).failures[0].code == (
        "checkpoint"
    )
    stranger = signer(tmp_path / "key", "kouan").sign(600, root)
    assert report_of(published() | {"checkpoint": stranger}).failures[0].code == "checkpoint"
    ours = signer(key, "kouan")
    assert ours.vkey == vkey
    assert report_of(published() | {"checkpoint": ours.sign(600, root)}).failures[0].code == "root"
    with pytest.raises(BadCheckpoint):
        verify_log(log(published()), "no key")
    with pytest.raises(FileNotFoundError):
        verify_log(log({}), vkey)


def test_a_log_must_extend_what_was_kept_elsewhere(tmp_path: Path) -> None:
    """A larger checkpoint, or another root of the same size, is a failure; an earlier one of this log is none."""
    ours = signer(example()[0].with_name("ledger.key"), "kouan")
    assert report_of(published(), published()["checkpoint"], ours.sign(0, EMPTY_ROOT)).ok
    assert [each.code for each in report_of(published(), ours.sign(601, EMPTY_ROOT)).failures] == ["truncated"]
    assert [each.code for each in report_of(published(), ours.sign(256, EMPTY_ROOT)).failures] == ["root"]


def test_a_long_entry_is_published_in_the_wide_form(tmp_path: Path) -> None:
    """An entry beyond 65,535 bytes is under another name, with its neighbours, and verifies as any."""
    folder = tmp_path / "ledger"
    with Ledger.open(folder, seconds=3600) as ledger:
        ledger.keep_rulebook("0" * 64, {})
        ledger.append_now(decision(0))
        ledger.append_now(decision(1, more="x" * (LONGEST + 1)))
    found = resources(folder)
    assert "tile/wide/000.p/2" in found
    assert "tile/entries/000.p/2" not in found
    key = found["vkey"].decode()
    assert verify_log(log(found), key).ok
    assert mirror(log(found), tmp_path / "mirror", key) == Mirrored(2, 0)
    assert verify_log(Log(from_folder(tmp_path / "mirror")), key).ok
    report = verify_log(log(found | {"tile/wide/000.p/2": flipped(found["tile/wide/000.p/2"], 5000)}), key)
    assert report.failures[0].index in (0, 1)
    sound(folder)


def copied(tmp_path: Path, *sizes: int) -> tuple[Path, Path, str]:
    """A ledger and its mirror, brought to each size in turn; and the key."""
    folder, copy = tmp_path / "ledger", tmp_path / "mirror"
    vkey = ""
    for size in sizes:
        vkey = grow(folder, size)
        step(folder, copy, vkey)
    return folder, copy, vkey


def step(folder: Path, copy: Path, vkey: str) -> Mirrored:
    """Bring a mirror up to the ledger."""
    source = Published(folder)
    try:
        return mirror(Log(source.read), copy, vkey)
    finally:
        source.close()


@pytest.mark.parametrize("sizes", [(1, 2), (255, 256, 257), (3, 3, 600), (256, 512, 700, 701), (100, 1300)])
def test_a_mirror_grows_with_the_log(tmp_path: Path, sizes: tuple[int, ...]) -> None:
    """In any steps it comes to hold what the log publishes, and partial tiles only where none is full."""
    folder, copy, vkey = copied(tmp_path, *sizes)
    assert verify_log(Log(from_folder(copy)), vkey).failures == ()
    files = {str(file.relative_to(copy)): file.read_bytes() for file in copy.rglob("*") if file.is_file()}
    expected = resources(folder)
    assert expected.items() <= files.items()
    for path in files.keys() - expected.keys():
        name, _, width = path.partition(".p/")
        assert width
        assert name not in expected
    assert step(folder, copy, vkey) == Mirrored(sizes[-1], sizes[-1])
    assert sound(folder) == sizes[-1]


def test_a_mirror_refuses_a_log_that_was_cut_or_rewritten(tmp_path: Path) -> None:
    """An older disk, the same length with other entries, a longer fork: the mirror stays as it was."""
    folder, copy, vkey = copied(tmp_path, 300)
    before = {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()}
    for size, first, said in ((200, 0, "cut or put back"), (300, 7, "rewritten"), (400, 7, "rewritten, or a fork")):
        shutil.rmtree(folder)
        assert grow(folder, size, first) == vkey
        with pytest.raises(BadMirror, match=said):
            step(folder, copy, vkey)
        assert all(file.read_bytes() == data for file, data in before.items())
    assert verify_log(Log(from_folder(copy)), vkey).ok


def test_a_mirror_is_of_one_log(tmp_path: Path) -> None:
    """Another log's key, or another log under this key, is refused."""
    _, copy, vkey = copied(tmp_path, 10)
    stranger = grow(tmp_path / "other", 20)
    with pytest.raises(BadMirror, match="signature"):
        step(tmp_path / "other", copy, vkey)
    with pytest.raises(BadMirror, match="the mirror"):
        step(tmp_path / "other", copy, stranger)


def test_a_mirror_that_is_damaged_is_not_built_upon(tmp_path: Path) -> None:
    """A tile that was changed, or is gone, is noticed before anything is written over it."""
    for damage in (lambda tile: tile.write_bytes(flipped(tile.read_bytes(), 9)), lambda tile: tile.unlink()):
        folder, copy, vkey = copied(tmp_path, 256, 512)
        damage(copy / "tile/1/000.p/2")
        grow(folder, 600)
        with pytest.raises(BadMirror, match="damaged"):
            step(folder, copy, vkey)
        shutil.rmtree(folder)
        shutil.rmtree(copy)


@pytest.mark.parametrize("calls", range(1, 14))
def test_a_step_that_is_cut_short_can_be_taken_again(tmp_path: Path, calls: int) -> None:
    """Wherever it ends, the mirror is sound as of before, and the next step completes it."""
    folder, copy, vkey = copied(tmp_path, 300)
    grow(folder, 800)
    source, left = Published(folder), calls

    def read(path: str) -> bytes | None:
        nonlocal left
        left -= 1
        if not left:
            raise OSError
        return source.read(path)

    try:
        mirror(Log(read), copy, vkey)
    except OSError:
        assert verify_log(Log(from_folder(copy)), vkey).size == 300
    finally:
        source.close()
    assert verify_log(Log(from_folder(copy)), vkey).ok
    step(folder, copy, vkey)
    assert verify_log(Log(from_folder(copy)), vkey).size == 800


@pytest.mark.parametrize("path", ["tile/entries/001", "tile/0/001"])
def test_a_log_that_lies_is_not_copied(tmp_path: Path, path: str) -> None:
    """A bundle or a tile that is not what the other says, or not what was signed, ends the step."""
    found = published()
    for data in (flipped(found[path], 77), found[path][:-1], found[path.replace("001", "000")]):
        with pytest.raises(BadMirror):
            mirror(log(found | {path: data}), tmp_path, example()[1])
        assert not (tmp_path / "checkpoint").exists()
