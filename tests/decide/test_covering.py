"""What a record without paths still tells about which entries would have covered a transfer."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gateway.decide.cases import facts_of_case
from gateway.decide.covering import Trail, template, would_cover
from gateway.decide.routes import Routes
from gateway.rulebook.book import Endpoint, Entry, Validity
from gateway.rulebook.policy import Case
from gateway.vocabulary import Envelope, Facts, Leg, State, Transfer, Verdict
from tests.given import NOON, shipped

_STEP = st.sampled_from(("a", "b", "{x}"))
_PATH = st.lists(_STEP, min_size=1, max_size=3).map(lambda steps: "/" + "/".join(steps))
_TEMPLATE = _PATH | _PATH.map(lambda path: f"{path}/")
_PATHS = st.lists(_TEMPLATE, min_size=1, max_size=3, unique=True).map(tuple)
_SENT = _PATH.map(lambda path: path.replace("{x}", "c")) | _PATH.map(lambda path: path.replace("{x}", "c") + "/")
_FLOWS = st.sampled_from((("one", "other"), ("other", "one"), ("one", "third")))
_METHODS = st.sampled_from((frozenset({"POST"}), frozenset({"GET"}), frozenset({"GET", "POST"})))
_ENTRIES = st.lists(st.tuples(_PATHS, _FLOWS, _METHODS), min_size=1, max_size=3)


def entry(name: str, paths: tuple[str, ...], flow: tuple[str, str], methods: frozenset[str]) -> Entry:
    """An entry with one endpoint."""
    return Entry(
        id=name,
        title={"en": name},
        exporter=flow[0],
        recipient=flow[1],
        carried_in=Leg.REQUEST,
        endpoints=(Endpoint("case.example", 443, methods, paths, frozenset({"application/json"})),),
        categories=frozenset(),
        purpose="test",
        basis="",
        counterflow=frozenset(),
        counterflow_basis="",
        validity=Validity(NOON.date(), NOON.date()),
        owner="somebody",
        reviewer="somebody else",
    )


def recorded(entries: dict[str, Entry], path: str) -> Facts:
    """The facts of a POST from one to other that a record would have: covering and near entries, and no path."""
    facts = facts_of_case(Case("", {"exporter.id": "one", "recipient.id": "other"}, Verdict.DENY, False), shipped())
    envelope = Envelope("POST", "https", "case.example", 443, path.encode(), ())
    transfer = Transfer("t", NOON, Leg.REQUEST, facts.exporter, facts.recipient, envelope, b"{}", State.COMPLETE)
    covering, near = Routes(replace(shipped(), entries=entries)).match(transfer, "application/json")
    return replace(facts, covering=covering, near=near)


@given(old=_ENTRIES, new=st.tuples(_PATHS, _FLOWS, _METHODS), path=_SENT)
def test_what_is_told_about_a_path_is_true(
    old: list[tuple[tuple[str, ...], tuple[str, str], frozenset[str]]],
    new: tuple[tuple[str, ...], tuple[str, str], frozenset[str]],
    path: str,
) -> None:
    """Whatever was recorded, a yes or a no about a new entry is what the path itself would have said."""
    entries = {f"e{number}": entry(f"e{number}", *made) for number, made in enumerate(old)}
    asked = entry("new", *new)
    facts = recorded(entries, path)
    answer = would_cover(asked, facts, Trail(facts, entries))
    assert answer is None or answer is ("new" in recorded({"new": asked}, path).covering)


def test_a_path_without_braces_is_known_from_the_entry_that_covered_it() -> None:
    """One template without braces tells the whole path; so does an entry that missed by the method only."""
    for methods in (frozenset({"POST"}), frozenset({"GET"})):
        entries = {"e": entry("e", ("/a/b",), ("one", "other"), methods)}
        trail = Trail(recorded(entries, "/a/b"), entries)
        assert trail.fits([template("/a/{x}")]) is True
        assert trail.fits([template("/b/{x}")]) is False


def test_a_path_that_nobody_knew_stays_unknown() -> None:
    """A path that fitted no entry may be anything but what they have."""
    entries = {"e": entry("e", ("/a/{x}",), ("one", "other"), frozenset({"POST"}))}
    trail = Trail(recorded(entries, "/b"), entries)
    assert trail.fits([template("/a/b")]) is False
    assert trail.fits([template("/b")]) is None
