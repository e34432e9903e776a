"""``approvals.yaml`` and the notes in ``approvals/``: what stands beside the rules and is no part of their digest."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from gateway.ledger.approval import (
    OFFICERS,
    BadOfficers,
    Change,
    Officer,
    Officers,
    officers_from_record,
)
from gateway.ledger.checkpoint import MOST_BYTES
from gateway.rulebook.document import Faulty, Problem
from gateway.rulebook.strict_yaml import parse

FILE = "approvals.yaml"
NOTES = "approvals"
DEFAULT_REQUIRED = 2
_LIKELY = frozenset({"approvals.yaml", "approvals.yml", "approval.yaml", "approval.yml"})


@dataclass(frozen=True, slots=True)
class Papers:
    """What the folder says of approvals. ``officers`` is None where nobody need sign."""

    officers: Officers | None = None
    digest: str = ""
    """SHA-256 of ``approvals.yaml``; "" where there is none."""
    notes: Mapping[str, bytes] = field(default_factory=dict)
    """Signed notes by file name."""

    def note(self, change: Change) -> bytes:
        """Return the note that is to bear the signatures for ``change``."""
        return self.notes.get(note_name(change), b"")

    def record(self) -> dict[str, Any]:
        """The papers as plain JSON, for another process."""
        return {
            "officers": None if self.officers is None else self.officers.record(),
            "digest": self.digest,
            "notes": {name: b64encode(data).decode() for name, data in self.notes.items()},
        }


def papers_from_record(record: Mapping[str, Any]) -> Papers:
    """Read what ``record`` wrote."""
    told = record["officers"]
    officers = None if told is None else officers_from_record(told)
    return Papers(officers, record["digest"], {name: b64decode(text) for name, text in record["notes"].items()})


def note_name(change: Change) -> str:
    """Name of the file in ``approvals/`` that bears the signatures for ``change``."""
    return f"{'officers-' if change.context == OFFICERS else ''}{change.new}.note"


def read_officers(data: bytes) -> Officers:
    """Read the bytes of ``approvals.yaml``. Raises ``Faulty`` with every problem."""
    document = parse(FILE, data, "approvals")
    rows = document.data["officers"]
    members = [Officer(row["key"], row["role"]) for row in rows]
    problems = []
    for index, each in enumerate(members):
        try:
            each.public()
        except BadOfficers as fault:
            problems.append(document.problem(("officers", index, "key"), str(fault), "paste the whole line again"))
    if not problems:
        try:
            return Officers(document.data.get("required", DEFAULT_REQUIRED), tuple(members))
        except BadOfficers as fault:
            problems.append(document.problem(("officers",), str(fault), "mend the list of officers, or 'required'"))
    raise Faulty(problems)


def read_papers(root: Path) -> Papers:
    """Read what stands in ``root``. Raises ``Faulty``: a file that cannot be read must not turn approvals off."""
    stray = [each.name for each in root.glob("[aA]*.[yY]*") if each.name.lower() in _LIKELY and each.name != FILE]
    if stray:
        raise Faulty([Problem(stray[0], 1, 1, "this would be passed over without a word", f"name it {FILE}")])
    try:
        data = (root / FILE).read_bytes()
    except FileNotFoundError:
        if (root / FILE).is_symlink():
            raise _unreadable(FILE, "the link leads nowhere") from None
        return Papers(notes=_notes(root))
    except OSError as fault:
        raise _unreadable(FILE, f"the file cannot be read ({fault.strerror})") from None
    return Papers(read_officers(data), sha256(data).hexdigest(), _notes(root))


def _notes(root: Path) -> dict[str, bytes]:
    """Notes that can be read; one that cannot is as one that is not signed."""
    found: dict[str, bytes] = {}
    try:
        for path in sorted((root / NOTES).glob("*.note")):
            with path.open("rb") as file:
                found[path.name] = file.read(MOST_BYTES + 1)
    except OSError:
        return found
    return found


def _unreadable(name: str, fault: str) -> Faulty:
    return Faulty([Problem(name, 1, 1, fault, "let the gateway's user read it")])
