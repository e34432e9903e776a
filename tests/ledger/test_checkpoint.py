"""C2SP signed notes and checkpoints: the published examples, and what must be refused."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.ledger.checkpoint import BadCheckpoint, Checkpoint, Signer, Verifier, parse, split_note
from gateway.ledger.keys import BadKey, signer

# The example of C2SP signed-note, "Verifier keys".
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n"
    "\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
# The example of C2SP tlog-checkpoint; its key is not published.
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\u2014 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
).encode()
KEY = Signer("example.com/log", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
SIGNED = KEY.sign(7, b"\x07" * 32)


def test_the_example_of_the_specification_verifies() -> None:
    """The signed note that C2SP publishes is good under the key that it publishes."""
    assert Verifier(VKEY).signed_text(NOTE) == b"This is an example message.\n"


def test_the_example_checkpoint_reads() -> None:
    """The checkpoint that C2SP publishes has its origin, size and root."""
    text, signatures = split_note(SOFA)
    found = parse(text)
    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20852163)
    assert found.text() == text
    assert signatures[0].line() == SOFA.split(b"\n\n")[1]


def test_what_is_signed_is_read_back() -> None:
    """A checkpoint comes out as it went in, under the printed key."""
    assert Verifier(KEY.vkey).read(SIGNED) == Checkpoint("example.com/log", 7, b"\x07" * 32)


def test_base64_has_one_spelling() -> None:
    """The two bits that base64 leaves spare at the end of a signature must be zero, as encoding writes them."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    body, last = SIGNED[:-3], chr(SIGNED[-3])
    assert SIGNED.endswith(b"=\n")
    with pytest.raises(BadCheckpoint, match="as encoding writes it"):
        Verifier(KEY.vkey).read(body + alphabet[alphabet.index(last) + 1].encode() + b"=\n")


def test_any_flipped_bit_is_noticed() -> None:
    """There is no bit in a signed checkpoint that can change unnoticed."""
    verifier = Verifier(KEY.vkey)
    for bit in range(len(SIGNED) * 8):
        damaged = bytearray(SIGNED)
        damaged[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BadCheckpoint):
            verifier.read(bytes(damaged))


def test_lines_of_other_keys_are_carried_along() -> None:
    """A witness adds its line, and ours still verifies; our line alone counts."""
    other = Signer("witness.example", Ed25519PrivateKey.generate()).sign(7, b"\x07" * 32).split(b"\n\n")[1]
    assert Verifier(KEY.vkey).read(SIGNED + other).size == 7
    with pytest.raises(BadCheckpoint, match="no signature by"):
        Verifier(KEY.vkey).read(SIGNED.split(b"\n\n")[0] + b"\n\n" + other)


def test_a_checkpoint_of_another_log_is_refused() -> None:
    """The same key under another name is another log."""
    twin = Signer("example.com/twin", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    with pytest.raises(BadCheckpoint) as caught:
        Verifier(KEY.vkey).read(twin.sign(7, b"\x07" * 32))
    assert caught.value.code == "signature"


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"no blank line\n",
        SIGNED[:-1],
        SIGNED.replace(b"\n7\n", b"\n07\n"),
        SIGNED.replace(b"\xe2\x80\x94", b"-"),
        SIGNED + b"\n",
        b"\xff" + SIGNED,
        SIGNED.replace(b"\n7\n", b"\n7\r\n"),
        SIGNED + SIGNED.split(b"\n\n")[1] * 64,
        b"x" * 300_000,
        "o\n1\nAAAA\n\n\u2014 o AAAAAA==\n".encode(),
        "o\n1\nAAAA\n\n\u2014 o A\n".encode(),
    ],
)
def test_malformed_notes_are_refused(note: bytes) -> None:
    """What is no signed note raises, with no other exception."""
    with pytest.raises(BadCheckpoint):
        Verifier(KEY.vkey).read(note)


@pytest.mark.parametrize(
    "text", [b"o\n1\nAAAA\n", b"o\n01\n" + b"A" * 43 + b"=\n", b"\n1\n" + b"A" * 43 + b"=\n", b"o\n1\n"]
)
def test_malformed_checkpoints_are_refused(text: bytes) -> None:
    """A short root, a size with a leading zero, an empty origin or a missing line is no checkpoint."""
    with pytest.raises(BadCheckpoint):
        parse(text)


@pytest.mark.parametrize(
    "vkey", ["", "a+b", VKEY[:-1], VKEY.replace("530d", "530e"), "a b" + VKEY[15:], "example.com/foo+530d903a+AA=="]
)
def test_malformed_keys_are_refused(vkey: str) -> None:
    """A verifier key must be whole and its hash must fit."""
    with pytest.raises(BadCheckpoint) as caught:
        Verifier(vkey)
    assert caught.value.code == "key"


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u3000b", "a\nb"])
def test_a_log_has_a_plain_name(name: str) -> None:
    """Blanks and plus signs would break the signature line."""
    with pytest.raises(ValueError, match="neither blanks"):
        Signer(name, Ed25519PrivateKey.generate())


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    """First run makes a key that only its owner can read; the second run reads the same one."""
    path = tmp_path / "keys" / "log.key"
    first = signer(path, "log")
    assert path.stat().st_mode & 0o777 == 0o600
    assert signer(path, "log").vkey == first.vkey
    assert sorted(each.name for each in path.parent.iterdir()) == ["log.key"]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """A private key with a loose mode is not used, and the message says what to do."""
    path = tmp_path / "log.key"
    signer(path, "log")
    path.chmod(0o640)
    with pytest.raises(BadKey, match="chmod 600"):
        signer(path, "log")


def test_a_key_file_of_something_else_is_refused(tmp_path: Path) -> None:
    """Neither rubbish nor a key of another kind is taken for the log's key."""
    path = tmp_path / "log.key"
    path.write_text("rubbish")
    path.chmod(0o600)
    with pytest.raises(BadKey, match="Ed25519"):
        signer(path, "log")
