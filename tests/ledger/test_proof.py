"""Receipts and proofs of consistency: self-contained, offline, and of nothing but what they say."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.ledger.approval import public_line, sign
from gateway.ledger.checkpoint import BadCheckpoint, Verifier, split_note
from gateway.ledger.client import Log
from gateway.ledger.keys import signer
from gateway.ledger.proof import (
    PROOF,
    BadProof,
    Cosigner,
    Proof,
    check_consistency,
    check_receipt,
    parse_consistency,
    parse_proof,
)
from gateway.ledger.published import Published
from gateway.ledger.receipt import NotCovered, consistency, receipt
from gateway.ledger.tiles import pack
from gateway.ledger.tree import EMPTY_ROOT, leaf_hash
from tests.ledger.sound import decision, sound
from tests.ledger.test_mirror import FOREIGN, FOREIGN_ENTRIES, FOREIGN_NOTE
from tests.ledger.tiled import ENTRIES_AT_FIRST, example, flipped, grow, log, published

WITNESS = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
WITNESSED_AT = 1_700_000_000
COSIGNER = "witness.example.com/w1+8d66cf3f+"
FOREIGN_EARLIER = """example.com/log/testdata
7
IrSXADBqJ7EQoUODSDKROySgNveeL6CFhik2w/+fS7U=

— example.com/log/testdata M9e0luA5JhTRUki/BBQD0QNiH6AEJ2pdtsA5CQjqJErViuuKrN6513RCTL2640wXJv0dCed3neRGI6dMzBq9uANf2Qc=
"""


def verifier() -> Verifier:
    """The example's key."""
    return Verifier(example()[1])


def witness() -> Cosigner:
    """One witness."""
    return Cosigner(public_line("witness.example/w1", WITNESS.public_key().public_bytes_raw()))


@cache
def cosigned() -> dict[str, bytes]:
    """The example's resources, with a witness's line under the checkpoint."""
    found = published()
    text, _ = split_note(found["checkpoint"])
    found["checkpoint"] += sign(text, "witness.example/w1", WITNESS, WITNESSED_AT)
    return found


def refused(data: bytes, code: str = "", *, key: Verifier | None = None, entry: bytes | None = None) -> BadProof:
    """A receipt proves nothing."""
    with pytest.raises(BadProof) as caught:
        check_receipt(data, key or verifier(), entry=entry)
    assert code in ("", caught.value.code)
    return caught.value


def with_checkpoint(note: bytes) -> bytes:
    """The receipt of entry 3 under another checkpoint."""
    found = parse_proof(receipt(log(published()), 3))
    return Proof(found.index, found.hashes, note, found.extra).text()


@pytest.mark.parametrize("index", [0, 1, 255, 256, 511, 512, 599])
def test_a_receipt_proves_its_entry(index: int) -> None:
    """Alone, with nothing but a public key beside it."""
    shown = check_receipt(receipt(log(published()), index), verifier())
    assert (shown.index, shown.entry, shown.checkpoint.size) == (index, decision(index), ENTRIES_AT_FIRST)
    assert shown.witnessed == ()


def test_a_receipt_is_a_tlog_proof() -> None:
    """Line by line as C2SP tlog-proof says: version, extra, index, hashes from the leaf up, blank, checkpoint."""
    found = published()
    data = receipt(log(found), 4)
    head, _, note = data.partition(b"\n\n")
    lines = head.decode().split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", f"extra {b64encode(decision(4)).decode()}", "index 4"]
    assert len(lines) == 3 + (ENTRIES_AT_FIRST - 1).bit_length()
    assert note == found["checkpoint"]


@pytest.mark.parametrize(
    ("proof", "text"),
    [
        (
            Proof(5, (sha256(b"hash1").digest(), sha256(b"hash2").digest()), b"test checkpoint\n"),
            "c2sp.org/tlog-proof@v1\nindex 5\n{0}\n{1}\n\ntest checkpoint\n",
        ),
        (
            Proof(10, (sha256(b"hash1").digest(),), b"checkpoint data\n", b"extra information"),
            "c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n{0}\n\ncheckpoint data\n",
        ),
        (Proof(0, (), b"checkpoint\n"), "c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n"),
    ],
)
def test_proofs_are_written_as_others_write_them(proof: Proof, text: str) -> None:
    """Known answers of transparency-dev/formats, both ways."""
    hashes = [b64encode(sha256(each).digest()).decode() for each in (b"hash1", b"hash2")]
    assert proof.text() == text.format(*hashes).encode()
    assert parse_proof(proof.text()) == proof


@pytest.mark.parametrize(
    "data",
    [
        b"wrong-header\nindex 0\n\ncheckpoint\n",
        PROOF + b"extra !!notbase64!!\nindex 0\n\ncheckpoint\n",
        PROOF + b"\n\ncheckpoint\n",
        PROOF + b"index notanumber\n\ncheckpoint\n",
        PROOF + b"index -5\n\ncheckpoint\n",
        PROOF + b"index 01\n\ncheckpoint\n",
        PROOF + b"index 0\n!!notbase64!!\n\ncheckpoint\n",
        PROOF + b"index 0\n" + b64encode(bytes(64)) + b"\n\ncheckpoint\n",
        PROOF + b"index 0\n" + b"a" * 65 * 1024 + b"\n",
        PROOF + b"index 0\nextra eA==\n\ncheckpoint\n",
        PROOF + b"index 0\n" + (b64encode(bytes(32)) + b"\n") * 64 + b"\ncheckpoint\n",
        PROOF + b"index 0",
        PROOF,
        b"",
    ],
)
def test_what_is_no_proof_is_refused(data: bytes) -> None:
    """The broken ones of transparency-dev/formats, and some more."""
    with pytest.raises(BadProof) as caught:
        parse_proof(data)
    assert caught.value.code == "malformed"


@settings(max_examples=150, deadline=None)
@given(index=st.sampled_from([0, 256, 599]), bit=st.integers(0, 10**5))
def test_a_flipped_bit_in_a_receipt_is_noticed(index: int, bit: int) -> None:
    """Any one bit, of the witness's line too, where the witness is known."""
    data = receipt(log(cosigned()), index)
    assert check_receipt(data, verifier(), [witness()]).witnessed == (("witness.example/w1", WITNESSED_AT),)
    with pytest.raises(BadProof):
        check_receipt(flipped(data, bit), verifier(), [witness()])


@settings(max_examples=60, deadline=None)
@given(index=st.integers(0, ENTRIES_AT_FIRST - 1), end=st.floats(0, 1, exclude_max=True))
def test_a_receipt_that_is_cut_is_noticed(index: int, end: float) -> None:
    """At whatever byte; and nothing may follow."""
    data = receipt(log(published()), index)
    refused(data[: int(len(data) * end)])
    for more in (b"\n", b"x", data):
        refused(data + more)


def test_a_receipt_is_of_one_entry() -> None:
    """Held against another entry, or with another's entry, index or proof in it, it proves nothing."""
    mine, other = receipt(log(published()), 3), receipt(log(published()), 4)
    refused(mine, "inclusion", entry=decision(4))
    one, two = parse_proof(mine), parse_proof(other)
    for forged in (
        Proof(one.index, one.hashes, one.checkpoint, two.extra),
        Proof(two.index, one.hashes, one.checkpoint, one.extra),
        Proof(one.index, two.hashes, one.checkpoint, one.extra),
        Proof(one.index, one.hashes[:-1], one.checkpoint, one.extra),
        Proof(one.index, (*one.hashes, bytes(32)), one.checkpoint, one.extra),
        Proof(ENTRIES_AT_FIRST, one.hashes, one.checkpoint, one.extra),
    ):
        refused(forged.text(), "inclusion")
    bare = Proof(one.index, one.hashes, one.checkpoint).text()
    refused(bare, "malformed")
    assert check_receipt(bare, verifier(), entry=decision(3)).index == 3


def test_a_receipt_under_the_checkpoint_of_another_log_proves_nothing(tmp_path: Path) -> None:
    """Neither one with another key, nor another name, nor another tree."""
    refused(with_checkpoint(signer(tmp_path / "key", "kouan").sign(600, EMPTY_ROOT)), "checkpoint")
    refused(with_checkpoint(signer(example()[0].with_name("ledger.key"), "other").sign(600, EMPTY_ROOT)), "checkpoint")
    refused(with_checkpoint(signer(example()[0].with_name("ledger.key"), "kouan").sign(600, EMPTY_ROOT)), "inclusion")
    stranger = Verifier(signer(tmp_path / "key", "kouan").vkey)
    refused(receipt(log(published()), 3), "checkpoint", key=stranger)


def test_witnesses_who_are_asked_for_must_have_cosigned() -> None:
    """A receipt without the line, with a line over another checkpoint, or with two of one witness is refused."""
    data = receipt(log(published()), 3)
    with pytest.raises(BadProof, match="no cosignature"):
        check_receipt(data, verifier(), [witness()])
    elsewhere = sign(b"kouan\n600\n\n", "witness.example/w1", WITNESS, WITNESSED_AT)
    with pytest.raises(BadProof, match="not of this checkpoint"):
        check_receipt(data + elsewhere, verifier(), [witness()])
    good = receipt(log(cosigned()), 3)
    assert check_receipt(good, verifier()).witnessed == (), "nobody else's line is believed"
    with pytest.raises(BadProof, match="no cosignature"):
        check_receipt(good + elsewhere, verifier(), [witness()])


def test_a_cosignature_is_what_the_specification_says() -> None:
    """The key id of the example of C2SP tlog-cosignature's form: type 4; any other key is none."""
    assert (
        witness().key_id == sha256(b"witness.example/w1\n\x04" + WITNESS.public_key().public_bytes_raw()).digest()[:4]
    )
    for bad in (
        "",
        "no key",
        example()[1],
        COSIGNER,
        witness().vkey[:-4] + "AAA=",
        witness().vkey.replace("w1+", "w2+"),
    ):
        with pytest.raises(BadCheckpoint) as caught:
            Cosigner(bad)
        assert caught.value.code == "key"


def test_a_receipt_of_another_implementation_s_log_verifies() -> None:
    """A public test log: receipts of each of its entries, and a proof from an earlier checkpoint of its own."""
    found = {
        "checkpoint": FOREIGN_NOTE.encode(),
        "tile/0/000.p/15": b"".join(map(leaf_hash, FOREIGN_ENTRIES)),
        "tile/entries/000.p/15": pack(FOREIGN_ENTRIES),
    }
    for index, word in enumerate(FOREIGN_ENTRIES):
        assert check_receipt(receipt(log(found), index), Verifier(FOREIGN)).entry == word
    before, after = check_consistency(consistency(log(found), 7), FOREIGN_EARLIER.encode(), Verifier(FOREIGN))
    assert (before.size, after.size) == (7, 15)


@settings(max_examples=60, deadline=None)
@given(old=st.integers(0, ENTRIES_AT_FIRST), bit=st.integers(0, 10**5))
def test_the_newest_checkpoint_extends_every_earlier_one(old: int, bit: int) -> None:
    """Proved out of tiles; with any one bit flipped it proves nothing, nor from another checkpoint."""
    found = log(published())
    hand = signer(example()[0].with_name("ledger.key"), "kouan")
    earlier = hand.sign(old, found.subtree(ENTRIES_AT_FIRST)(0, old))
    data = consistency(found, old)
    before, after = check_consistency(data, earlier, verifier())
    assert (before.size, after.size) == (old, ENTRIES_AT_FIRST)
    assert parse_consistency(data).text() == data
    for wrong, kept in (
        (flipped(data, bit), earlier),
        (data, flipped(earlier, bit)),
        (data, hand.sign(old, bytes(32))),
    ):
        with pytest.raises(BadProof):
            check_consistency(wrong, kept, verifier())


def test_what_no_checkpoint_covers_has_no_receipt_yet(tmp_path: Path) -> None:
    """It is said, with how many are covered; after the next checkpoint there is one."""
    folder = tmp_path / "ledger"
    grow(folder, 3)
    source = Published(folder)
    try:
        with pytest.raises(NotCovered, match="covers 3 entries") as caught:
            receipt(Log(source.read), 3)
        assert caught.value.size == 3
        with pytest.raises(NotCovered):
            consistency(Log(source.read), 4)
        key = Verifier(grow(folder, 4))
        assert check_receipt(receipt(Log(source.read), 3), key).entry == decision(3)
    finally:
        source.close()
    with pytest.raises(NotCovered):
        receipt(log({}), 0)
    sound(folder)


def test_no_receipt_is_cut_out_of_a_log_that_is_damaged() -> None:
    """What would not verify is not given out."""
    for path in ("tile/entries/000", "tile/1/000.p/2", "checkpoint"):
        found = published()
        with pytest.raises(BadProof):
            receipt(log(found | {path: flipped(found[path], 300)}), 0)
    with pytest.raises(BadProof, match="missing"):
        receipt(log({"checkpoint": published()["checkpoint"]}), 0)
