"""Proofs as text: that an entry is in the log (C2SP tlog-proof), and that one checkpoint extends another.

A receipt is a tlog-proof whose extra data are the entry itself, so that one file suffices. A proof of consistency is
written as a witness is asked for its cosignature (C2SP tlog-witness, add-checkpoint). Needs neighbours of ``verify``
alone: whoever holds a receipt can take these files home.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .approval import COSIGNATURE
from .checkpoint import BadCheckpoint, Checkpoint, Verifier, is_name, key_id, split_note, unbase64
from .tree import EMPTY_ROOT, HASH_SIZE, extends, includes, leaf_hash

PROOF = b"c2sp.org/tlog-proof@v1\n"
"""How every such file begins."""
MOST_HASHES = 63
"""A log has at most 2^63 - 1 entries, so no proof is longer (tlog-witness states the same bound)."""
MOST_BYTES = 16 * 1024 * 1024
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_STAMP = 8


class BadProof(ValueError):
    """A proof that is malformed, or proves nothing of this log. ``code`` says which."""

    def __init__(self, code: str, text: str) -> None:
        """``code`` is one of malformed, checkpoint, cosignature, inclusion, consistency."""
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Proof:
    """Entry number ``index`` is in the tree of ``checkpoint``; ``extra`` is the entry, in a receipt of ours."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def text(self) -> bytes:
        """Return the file."""
        extra = [] if self.extra is None else [f"extra {b64encode(self.extra).decode()}"]
        lines = [*extra, f"index {self.index}", *(b64encode(each).decode() for each in self.hashes), "", ""]
        return PROOF + "\n".join(lines).encode() + self.checkpoint


@dataclass(frozen=True, slots=True)
class Consistency:
    """The tree of ``checkpoint`` begins with the tree of the first ``old`` entries."""

    old: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes

    def text(self) -> bytes:
        """Return it as the body of an add-checkpoint request."""
        lines = [f"old {self.old}", *(b64encode(each).decode() for each in self.hashes), "", ""]
        return "\n".join(lines).encode() + self.checkpoint


def parse_proof(data: bytes) -> Proof:
    """Read a tlog-proof. Raises ``BadProof`` with code ``malformed``."""
    if not data.startswith(PROOF):
        raise BadProof("malformed", "no tlog-proof: the first line is another")
    lines, checkpoint = _parts(data[len(PROOF) :])
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = _bytes(lines.pop(0)[6:])
    return Proof(_number(lines, "index "), _hashes(lines[1:]), checkpoint, extra)


def parse_consistency(data: bytes) -> Consistency:
    """Read what ``Consistency.text`` wrote. Raises ``BadProof`` with code ``malformed``."""
    lines, checkpoint = _parts(data)
    return Consistency(_number(lines, "old "), _hashes(lines[1:]), checkpoint)


def _parts(data: bytes) -> tuple[list[str], bytes]:
    if len(data) > MOST_BYTES:
        raise BadProof("malformed", f"more than {MOST_BYTES} bytes")
    head, blank, checkpoint = data.partition(b"\n\n")
    if not blank or not head.isascii():
        raise BadProof("malformed", "no blank line before the checkpoint, or no plain text above it")
    return head.decode("ascii").split("\n"), checkpoint


def _number(lines: Sequence[str], word: str) -> int:
    found = lines[0] if lines else ""
    if not found.startswith(word) or not _NUMBER.fullmatch(found[len(word) :]):
        raise BadProof("malformed", f"no line `{word}NUMBER` where there must be one")
    return int(found[len(word) :])


def _bytes(text: str) -> bytes:
    try:
        return unbase64(text)
    except BadCheckpoint as fault:
        raise BadProof("malformed", str(fault)) from None


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    found = tuple(map(_bytes, lines))
    if len(found) > MOST_HASHES or any(len(each) != HASH_SIZE for each in found):
        raise BadProof("malformed", f"a hash is not of {HASH_SIZE} bytes, or there are more than {MOST_HASHES}")
    return found


class Cosigner:
    """A witness's public key under its name: a timestamped Ed25519 signature (C2SP tlog-cosignature, type 0x04)."""

    def __init__(self, vkey: str) -> None:
        """Read ``name+hash+base64``. Raises ``BadCheckpoint`` with code ``key``."""
        self.vkey = vkey.strip()
        self.name, _, rest = self.vkey.partition("+")
        digest, _, encoded = rest.partition("+")
        try:
            data = unbase64(encoded)
        except BadCheckpoint:
            data = b""
        if not is_name(self.name) or data[:1] != COSIGNATURE or len(data) != 33:
            raise BadCheckpoint("key", "a witness's key is name+hash+base64 of an Ed25519 key of type 4")
        self.key_id = key_id(self.name, data[1:], COSIGNATURE)
        if digest != self.key_id.hex():
            raise BadCheckpoint("key", "the hash in the witness's key is not that of its name and key")
        self._public = Ed25519PublicKey.from_public_bytes(data[1:])

    def time(self, note: bytes) -> int:
        """Return when this witness cosigned ``note``, in POSIX seconds by its clock.

        Raises ``BadProof`` with code ``cosignature`` where it did not, or where what stands there is not its signature.
        """
        text, signatures = split_note(note)
        ours = [each.value for each in signatures if each.name == self.name and each.key_id == self.key_id]
        if len(ours) != 1 or len(ours[0]) != _STAMP + 64:
            raise BadProof("cosignature", f"no cosignature by {self.name}+{self.key_id.hex()}")
        seconds = int.from_bytes(ours[0][:_STAMP], "big")
        try:
            self._public.verify(ours[0][_STAMP:], f"cosignature/v1\ntime {seconds}\n".encode() + text)
        except InvalidSignature:
            raise BadProof("cosignature", f"the cosignature of {self.name} is not of this checkpoint") from None
        return seconds


@dataclass(frozen=True, slots=True)
class Shown:
    """What a receipt proves: this entry, at this index, under this checkpoint, cosigned at these times by witnesses."""

    index: int
    entry: bytes
    checkpoint: Checkpoint
    witnessed: tuple[tuple[str, int], ...]


def check_receipt(
    data: bytes, verifier: Verifier, witnesses: Sequence[Cosigner] = (), *, entry: bytes | None = None
) -> Shown:
    """Prove a receipt offline. ``witnesses`` must all have cosigned; ``entry`` is the one that it must be about.

    Without ``entry`` it is the one in the file. Raises ``BadProof``.
    """
    proof = parse_proof(data)
    found = _checkpoint(proof.checkpoint, verifier)
    witnessed = tuple((each.name, each.time(proof.checkpoint)) for each in witnesses)
    if proof.extra is None and entry is None:
        raise BadProof("malformed", "the file holds no entry, and none was given beside it")
    about = proof.extra if entry is None else entry
    assert about is not None  # noqa: S101 - one of the two is there
    if proof.extra is not None and about != proof.extra:
        raise BadProof("inclusion", "the receipt is of another entry")
    if not includes(leaf_hash(about), proof.index, found.size, proof.hashes, found.root):
        raise BadProof(
            "inclusion", f"the proof does not show this entry at index {proof.index} of {found.size} entries"
        )
    return Shown(proof.index, about, found, witnessed)


def check_consistency(
    data: bytes, older: bytes, verifier: Verifier, witnesses: Sequence[Cosigner] = ()
) -> tuple[Checkpoint, Checkpoint]:
    """Prove that the checkpoint in ``data`` extends ``older``, one that was kept; ``witnesses`` must all have cosigned.

    Raises ``BadProof``.
    """
    proof = parse_consistency(data)
    before, after = _checkpoint(older, verifier), _checkpoint(proof.checkpoint, verifier)
    for each in witnesses:
        each.time(proof.checkpoint)
    if before.size != proof.old:
        raise BadProof("consistency", f"the proof is from {proof.old} entries on, the checkpoint is of {before.size}")
    if not consistent(before, after, proof.hashes):
        raise BadProof("consistency", f"{after.size} entries do not begin with the {before.size} that were signed")
    return before, after


def consistent(before: Checkpoint, after: Checkpoint, hashes: Sequence[bytes]) -> bool:
    """Whether ``hashes`` prove that ``after`` extends ``before``; a tree without entries every tree extends."""
    if before.size == 0:
        return not hashes and before.root == EMPTY_ROOT
    return extends(before.size, after.size, before.root, after.root, hashes)


def _checkpoint(note: bytes, verifier: Verifier) -> Checkpoint:
    try:
        return verifier.read(note)
    except BadCheckpoint as fault:
        raise BadProof("checkpoint", f"the checkpoint: {fault}") from None
