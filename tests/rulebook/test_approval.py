"""Attacks on approvals: every way that was thought of to bring rules, or other officers, into force unsigned."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.approvals import (
    BadOfficerKey,
    Papers,
    load_key,
    new_key,
    note_name,
    read_officers,
    read_papers,
    settle_book,
    settle_officers,
)
from gateway.ledger.approval import (
    COSIGNATURE,
    BadOfficers,
    Change,
    History,
    Officer,
    Officers,
    public_line,
    sign,
    signed_by,
)
from gateway.ledger.checkpoint import Signature, key_id
from gateway.rulebook.document import Faulty

OLD, NEW, OTHER = "a" * 64, "b" * 64, "c" * 64
KEYS = {
    name: Ed25519PrivateKey.from_private_bytes(bytes([n] * 32)) for n, name in enumerate(("lam", "ho", "wu", "eve"))
}
NOW = 1_795_000_000


def line(name: str) -> str:
    """The public line of a person."""
    return public_line(name, KEYS[name].public_key().public_bytes_raw())


def officers(required: int = 2, **roles: str) -> Officers:
    """Officers by name and role."""
    roles = roles or {"lam": "owner", "ho": "reviewer", "wu": "reviewer"}
    return Officers(required, tuple(Officer(line(name), role) for name, role in roles.items()))


def note(change: Change, *names: str) -> bytes:
    """A note that ``names`` signed."""
    text = change.text()
    return text + b"\n" + b"".join(sign(text, name, KEYS[name], NOW) for name in names)


def papers(held: Officers | None, *notes: tuple[Change, Iterable[str]]) -> Papers:
    """What stands in a folder."""
    return Papers(held, "d" * 64, {note_name(change): note(change, *names) for change, names in notes})


def governed(by: Officers | None = None) -> History:
    """A history in which officers put OLD into force."""
    history = History()
    held = by or officers()
    assert history.take(1, {"kind": "officers", "officers": held.record(), "note": "", "override": ""}) == ""
    signed = note(history.book_change(OLD), "lam", "ho").decode()
    assert history.take(2, {"kind": "approval", "rulebook": OLD, "note": signed}) == ""
    assert history.take(3, {"kind": "rulebook", "rulebook": OLD}) == ""
    return history


def test_two_people_put_a_rulebook_into_force() -> None:
    """With an owner and a reviewer it goes live, and the history takes it in without a fault."""
    history = governed()
    ruling = settle_book(history, papers(officers(), (history.book_change(NEW), ("lam", "ho"))), NEW)
    assert ruling.lacking == ""
    assert [each.name for each in ruling.signed] == ["lam", "ho"]
    assert history.take(4, {"kind": "approval", **ruling.fields}) == ""
    assert history.take(5, {"kind": "rulebook", "rulebook": NEW}) == ""
    assert (history.book, history.since, history.needs_approval(NEW)) == (NEW, 5, False)


@pytest.mark.parametrize(
    "names",
    [(), ("lam",), ("ho",), ("lam", "lam"), ("ho", "ho", "ho"), ("lam", "eve"), ("eve",)],
    ids=["nobody", "owner", "reviewer", "owner-twice", "reviewer-thrice", "stranger-beside", "stranger"],
)
def test_too_few_signatures_leave_the_old_rules(names: tuple[str, ...]) -> None:
    """One person is one person, however often; a stranger is nobody."""
    history = governed()
    ruling = settle_book(history, papers(officers(), (history.book_change(NEW), names)), NEW)
    assert ruling.lacking
    assert ruling.fields == {}
    assert history.take(4, {"kind": "rulebook", "rulebook": NEW}) == "in force without approval"


def test_owners_alone_never_suffice() -> None:
    """Two owners are two people, and yet nobody but owners."""
    held = officers(lam="owner", ho="owner", wu="reviewer")
    history = History(officers=held, officers_since=1, book=OLD, since=3)
    ruling = settle_book(history, papers(held, (history.book_change(NEW), ("lam", "ho"))), NEW)
    assert ruling.lacking == "1 more of wu, of them at least one reviewer"


def test_a_note_for_other_rules_does_not_count() -> None:
    """A note renamed to another digest still speaks of its own."""
    history = governed()
    change = history.book_change(OTHER)
    renamed = Papers(officers(), "", {note_name(history.book_change(NEW)): note(change, "lam", "ho")})
    assert settle_book(history, renamed, NEW).lacking


def test_an_old_approval_does_not_bring_old_rules_back() -> None:
    """OLD was approved once, with a note that lies there still; after NEW it needs another one."""
    history = governed()
    first = note(Change("kouan.rulebook-approval/v1", OLD, "none", -1), "lam", "ho")
    swap = note(history.book_change(NEW), "lam", "ho")
    history.take(4, {"kind": "approval", "rulebook": NEW, "note": swap.decode()})
    history.take(5, {"kind": "rulebook", "rulebook": NEW})
    assert settle_book(history, Papers(officers(), "", {f"{OLD}.note": first}), OLD).lacking
    back = note(history.book_change(OLD), "lam", "ho")
    history.take(6, {"kind": "approval", "rulebook": OLD, "note": back.decode()})
    assert history.take(7, {"kind": "rulebook", "rulebook": OLD}) == ""
    again = Papers(officers(), "", {f"{NEW}.note": swap})
    assert settle_book(history, again, NEW).lacking, "the same swap, signed once, would happen a second time"


def test_signatures_over_another_time_or_text_do_not_count() -> None:
    """The time is signed, the context is signed, and a bare signature of the same key is of another type."""
    history = governed()
    change = history.book_change(NEW)
    text = change.text()
    good = sign(text, "ho", KEYS["ho"], NOW)
    assert [each.at for each in signed_by(text + b"\n" + good, text, officers())] == [NOW]
    later = (NOW + 1).to_bytes(8, "big") + KEYS["ho"].sign(f"cosignature/v1\ntime {NOW}\n".encode() + text)
    forged = Signature("ho", key_id("ho", KEYS["ho"].public_key().public_bytes_raw(), COSIGNATURE), later).line()
    plain = Signature("ho", key_id("ho", KEYS["ho"].public_key().public_bytes_raw()), KEYS["ho"].sign(text)).line()
    other = sign(history.officers_change(None).text(), "ho", KEYS["ho"], NOW)
    for bad in (forged, plain, other, good.replace(b"ho", b"wu")):
        assert signed_by(text + b"\n" + bad, text, officers()) == ()


@pytest.mark.parametrize("junk", [b"", b"\n\n", b"\xff", b"new\n\n\xe2\x80\x94 ho AAAA\n", b"x" * 300_000])
def test_what_is_no_note_counts_for_nothing(junk: bytes) -> None:
    """Garbage in approvals/ is as no note at all."""
    history = governed()
    assert settle_book(history, Papers(officers(), "", {f"{NEW}.note": junk}), NEW).lacking


def test_approvals_are_not_turned_off_by_taking_the_file_away() -> None:
    """Without approvals.yaml the officers stay; with the signatures of the former ones they go."""
    history = governed()
    assert settle_officers(history, papers(None)).lacking
    change = history.officers_change(None)
    ruling = settle_officers(history, papers(None, (change, ("lam", "wu"))))
    assert (ruling.lacking, ruling.fields["officers"]) == ("", None)
    assert history.take(4, {"kind": "officers", **ruling.fields}) == ""
    assert not history.needs_approval(NEW)


def test_officers_are_not_exchanged_by_themselves() -> None:
    """New officers cannot sign for their own appointment, be it that one of the former helps."""
    history = governed()
    eves = officers(1, eve="reviewer")
    change = history.officers_change(eves)
    for names in ((), ("eve",), ("eve", "ho"), ("lam",)):
        assert settle_officers(history, papers(eves, (change, names))).lacking
    assert settle_officers(history, papers(eves, (change, ("lam", "ho")))).lacking == ""


def test_fewer_signatures_are_a_change_of_officers() -> None:
    """'required: 1' in the file is signed for like any exchange of keys."""
    history = governed()
    weaker = officers(1)
    assert settle_officers(history, papers(weaker)).lacking
    ruling = settle_book(history, papers(weaker, (history.book_change(NEW), ("ho",))), NEW)
    assert ruling.lacking, "the officers in force decide, not those in the file"


def test_an_override_opens_one_door_once() -> None:
    """It names the change by a token, bears a reason, is recorded; other rules need the new officers from then on."""
    history = governed()
    eves = officers(1, eve="reviewer")
    token = history.officers_change(eves).token
    for useless in ("", token, f"{token}: ", "0" * 16 + ": lost keys", f"{history.officers_change(None).token}: lost"):
        assert settle_officers(history, papers(eves), useless).lacking
    ruling = settle_officers(history, papers(eves), f"{token}: keys were lost in the flood")
    assert ruling.fields["override"] == "keys were lost in the flood"
    assert history.take(4, {"kind": "officers", **ruling.fields}) == ""
    assert history.overrides == [4]
    assert (history.needs_approval(OLD), history.needs_approval(NEW)) == (False, True)
    back = settle_officers(history, papers(officers()), f"{token}: keys were lost in the flood")
    assert back.lacking, "the same words, left in a settings file, do not open another door"


def test_a_ledger_with_forged_entries_is_told() -> None:
    """What the gate would not have let through, the verifier does not believe either."""
    history = governed()
    weaker = {"kind": "officers", "officers": officers(1).record(), "note": "", "override": ""}
    assert "without the signatures of the former" in governed().take(4, weaker)
    one = note(history.book_change(NEW), "lam").decode()
    assert "do not suffice" in governed().take(4, {"kind": "approval", "rulebook": NEW, "note": one})
    assert "never put into force" in governed().take(4, {"kind": "decision", "rulebook": NEW})
    assert governed().take(4, {"kind": "decision", "rulebook": OLD}) == ""
    assert "malformed" in governed().take(4, {**weaker, "officers": {"required": 2}})


def test_rules_in_force_before_officers_need_their_signatures() -> None:
    """Turning approvals on does not approve what happens to be there."""
    history = History()
    history.take(1, {"kind": "rulebook", "rulebook": OLD})
    ruling = settle_officers(history, papers(officers()))
    history.take(2, {"kind": "officers", **ruling.fields})
    assert history.needs_approval(OLD)
    assert history.take(3, {"kind": "decision", "rulebook": OLD}) == "", "it goes on judging until it is followed"
    assert history.take(4, {"kind": "rulebook", "rulebook": OLD}) == "in force without approval"


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([("lam", "owner")], "2 must sign, and there are 1 officers"),
        ([("lam", "owner"), ("ho", "owner")], "nobody is reviewer"),
        ([("lam", "owner"), ("lam", "reviewer")], "two officers have one name"),
    ],
)
def test_officers_that_cannot_work_are_refused(rows: list[tuple[str, str]], fault: str) -> None:
    """Too few, only owners, the same name twice."""
    with pytest.raises(BadOfficers, match=fault):
        Officers(2, tuple(Officer(line(name), role) for name, role in rows))


def test_one_key_under_two_names_is_one_person() -> None:
    """Otherwise one person would count as two."""
    twin = public_line("twin", KEYS["ho"].public_key().public_bytes_raw())
    with pytest.raises(BadOfficers, match="one key"):
        Officers(2, (Officer(line("ho"), "reviewer"), Officer(twin, "reviewer")))


FILE = """# yaml-language-server: $schema=gateway/rulebook/schemas/approvals.json
officers:
  - key: {one}
    role: owner
  - key: {two}
    role: reviewer
"""


def test_the_file_is_read_and_faults_have_a_line() -> None:
    """Two must sign where nothing is said; a key with a slip is told by file and line."""
    good = FILE.format(one=line("lam"), two=line("ho"))
    assert read_officers(good.encode()) == officers(2, lam="owner", ho="reviewer")
    with pytest.raises(Faulty, match=r"approvals\.yaml:5:\d+: ho: not a line that"):
        read_officers(good.replace(line("ho"), line("ho")[:-6] + "AAAAA=").encode())
    plain = f"ho+{'0' * 8}+{b64encode(b'1' * 33).decode()}"
    with pytest.raises(Faulty, match=r"approvals\.yaml:5"):
        read_officers(good.replace(line("ho"), plain).encode())


@pytest.mark.parametrize("name", ["approvals.yml", "Approvals.yaml", "approval.yaml"])
def test_a_file_of_nearly_the_name_is_not_passed_over(tmp_path: Path, name: str) -> None:
    """Whoever meant to turn approvals on must hear that they are off."""
    (tmp_path / name).write_text("officers: []\n")
    with pytest.raises(Faulty, match=r"name it approvals\.yaml"):
        read_papers(tmp_path)


def test_a_file_that_cannot_be_read_is_not_a_file_that_is_absent(tmp_path: Path) -> None:
    """A folder or a dead link of that name is a fault."""
    (tmp_path / "approvals.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Faulty, match="leads nowhere"):
        read_papers(tmp_path)
    (tmp_path / "approvals.yaml").unlink()
    (tmp_path / "approvals.yaml").mkdir()
    with pytest.raises(Faulty, match="cannot be read"):
        read_papers(tmp_path)


def test_a_private_key_is_encrypted_private_and_never_overwritten(tmp_path: Path) -> None:
    """Its file says nothing without the passphrase, is for its owner alone, and stays."""
    path = tmp_path / "ho.pem"
    told = new_key(path, "ho", "correct horse battery")
    assert b"ENCRYPTED" in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert public_line("ho", load_key(path, "correct horse battery").public_key().public_bytes_raw()) == told
    with pytest.raises(BadOfficerKey, match="another passphrase"):
        load_key(path, "correct horse batterz")
    with pytest.raises(BadOfficerKey, match="never overwritten"):
        new_key(path, "ho", "correct horse battery")
    for name, words in (("h o", "correct horse battery"), ("ho+", "correct horse battery"), ("ho", "short")):
        with pytest.raises(BadOfficerKey):
            new_key(tmp_path / "other.pem", name, words)
