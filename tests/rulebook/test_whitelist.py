"""The whitelist: what an officer can get wrong is told when the rules are read, with place, fault and fix."""

import re
from functools import cache
from ipaddress import ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.rulebook.addresses import Unfit, host
from gateway.rulebook.book import Category, Entry
from gateway.rulebook.document import Faulty
from gateway.rulebook.flows import covers, overlap
from gateway.rulebook.instruments import Law, read_law
from gateway.rulebook.recognisers import read_categories
from gateway.rulebook.strict_yaml import parse
from gateway.rulebook.whitelist import Whitelist, read_whitelist
from gateway.vocabulary import Jurisdiction, Leg
from tests.rulebook.broken import Broken, apply, assert_told, broken
from tests.rulebook.sound import ROOT, SOUND

SHIPPED = (ROOT / "whitelist.yaml").read_text(encoding="utf-8")
AGAIN = SOUND[SOUND.index("  - id: applications") :]
"""The entry once more."""
END = "    fields: [name, phone]\n"


def again(**changes: str) -> str:
    """The entry once more, below the first, with some lines written otherwise."""
    text = AGAIN
    for old, new in changes.items():
        text = re.sub(rf"(?m)^(\s+(?:- )?){old}: .*$", rf"\g<1>{new}", text, count=1)
    return END + text


WAYS = [
    broken("an id twice among parties", "- id: counter", "- id: §portal", "the id 'portal' is taken, on line 4"),
    broken(
        "an entry's exporter unknown",
        "exporter: portal\n    recipient: counter",
        "exporter: §porta1\n    recipient: counter",
        "there is no party 'porta1'",
        "name one of: clinic, counter, portal",
    ),
    broken(
        "a basis that is not there", "basis: contract", "basis: §contrast", "there is no basis 'contrast'", "figures"
    ),
    broken(
        "a category that is not there",
        "[pi.name, pi.contact.phone]",
        "[pi.name, §pi.contact.fone]",
        "there is no category 'pi.contact.fone'",
        "did you mean 'pi.contact.phone'?",
    ),
    broken("a WebSocket that is not a yes", "[POST]", "[POST]\n        websocket: §also", "write true or false"),
    broken(
        "a WebSocket without GET",
        "[POST]",
        "[POST]\n        websocket: §true",
        "begins with a GET, which 'methods' does not list",
        "add GET",
    ),
    broken(
        "a category that covers all",
        "[pi.name, pi.contact.phone]",
        "[pi.name, §pi, pi.contact.phone]",
        "covers too much",
    ),
    broken(
        "a secret category",
        "[pi.name, pi.contact.phone]",
        "[pi.name, §pi.auth.password, pi.contact.phone]",
        "never crosses",
    ),
    broken("an empty list of categories", "[pi.name, pi.contact.phone]", "§[]", "an empty list would mean"),
    broken("an empty list of paths", '[/v1/applications, "/v1/applications/{id}"]', "§[]", "an empty list would mean"),
    broken("a host that belongs to nobody", "- host: counter.example", "- host: §other.example", "belongs to no party"),
    broken(
        "a host that belongs to another",
        "- host: counter.example",
        "- host: §clinic.example",
        "belongs to clinic, but the recipient is counter",
    ),
    broken(
        "the wrong leg",
        "carried_in: request\n    endpoints:\n      - host: ",
        "carried_in: response\n    endpoints:\n      - host: §",
        "belongs to counter, but the exporter is portal",
        "carried_in",
    ),
    broken("every host", "- host: counter.example", '- host: §"*"', "more than one host", "exactly"),
    broken("every host of a domain", "hosts: [clinic.example]", 'hosts: [§"*.example"]', "more than one host"),
    broken("a domain for a host", "hosts: [clinic.example]", "hosts: [§.example]", "more than one host"),
    broken("a port in a host", "hosts: [clinic.example]", 'hosts: [§"clinic.example:443"]', "more than a host"),
    broken("a URL for a host", "hosts: [clinic.example]", "hosts: [§https://clinic.example/]", "more than a host"),
    broken("capitals in a host", "hosts: [clinic.example]", "hosts: [§Clinic.example]", "write 'clinic.example'"),
    broken(
        "a dot at the end of a host", "hosts: [clinic.example]", "hosts: [§clinic.example.]", "write 'clinic.example'"
    ),
    broken("a host in Han characters", "hosts: [clinic.example]", "hosts: [§診所.example]", "write 'xn--"),
    broken("a letter that only looks Latin", "hosts: [clinic.example]", "hosts: [§сlinic.example]", "write 'xn--"),
    broken("an octal address", "hosts: [clinic.example]", "hosts: [§0177.0.0.1]", "no plain IPv4", "four decimal"),
    broken("a hexadecimal address", "hosts: [clinic.example]", 'hosts: [§"0x7f000001"]', "no plain IPv4"),
    broken("a short address", "hosts: [clinic.example]", 'hosts: [§"127.1"]', "no plain IPv4"),
    broken("an address as one number", "hosts: [clinic.example]", 'hosts: [§"2130706433"]', "no plain IPv4"),
    broken("any address", "hosts: [clinic.example]", "hosts: [§0.0.0.0]", "not the address of one host"),
    broken("a long IPv6 address", "hosts: [clinic.example]", 'hosts: [§"2001:DB8:0::1"]', "write '2001:db8::1'"),
    broken("IPv4 within IPv6", "hosts: [clinic.example]", 'hosts: [§"::ffff:127.0.0.1"]', "write '127.0.0.1'"),
    broken(
        "a host of two parties",
        "hosts: [clinic.example]",
        "hosts: [§counter.example]",
        "this is counter's too",
        "one party",
    ),
    broken(
        "networks of two parties overlap",
        "networks: [10.2.0.0/16]",
        "networks: §[10.1.9.0/24]",
        "overlaps a network of portal",
    ),
    broken("everywhere is a network", "networks: [10.2.0.0/16]", "networks: [§0.0.0.0/0]", "so broad"),
    broken("no network", "networks: [10.2.0.0/16]", "networks: [§10.2.0.0/33]", "no IP network"),
    broken("bits beyond the prefix", "networks: [10.2.0.0/16]", "networks: [§10.2.0.1/16]", "write '10.2.0.0/16'"),
    broken(
        "a public address permitted as private", "addresses: [10.2.0.0/24]", "addresses: [§8.8.8.0/24]", "not a private"
    ),
    broken(
        "the token of nobody",
        "864c519db7f7a71adf8cd1ad238d9c3fc57e7e1f9fd6463afe1bd39e5617489f",
        "§e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "SHA-256 of nothing",
    ),
    broken(
        "a token in the clear",
        "864c519db7f7a71adf8cd1ad238d9c3fc57e7e1f9fd6463afe1bd39e5617489f",
        "§demo-macao",
        "64 small hex digits",
        "sha256sum",
    ),
    broken(
        "a certificate's subject that is none", '"CN=portal.example,O=Portal,C=CN"', '§"portal.example"', "no subject"
    ),
    broken(
        "a subject in another spelling",
        '"CN=portal.example,O=Portal,C=CN"',
        '§"CN=portal.example, O=Portal, C=CN"',
        "write 'CN=portal.example,O=Portal,C=CN'",
    ),
    broken(
        "an empty list of proofs",
        'certificates: ["CN=portal.example,O=Portal,C=CN"]',
        "certificates: §[]",
        "empty list",
    ),
    broken(
        "a day that is none", "valid: {since: 2026-01-01", "valid: {since: §2026-02-30", "there is no day 2026-02-30"
    ),
    broken("a day written otherwise", "valid: {since: 2026-01-01", "valid: {since: §01/02/2026", "write a day such as"),
    broken(
        "the last day before the first", "until: 2026-12-31", "until: §2025-12-31", "lies before the first", "exchange"
    ),
    broken("owner and reviewer the same", "reviewer: Ben", "reviewer: §ada", "the same", "another person"),
    broken(
        "a contract for Macao used to Hong Kong",
        "recipients: [counter]",
        "recipients: [counter, §clinic]",
        "gba_sc_mo carries nothing from CN to HK",
    ),
    broken(
        "nothing personal, but categories",
        "categories: none",
        "categories: §[pi.name]",
        "ex_no_pi carries nothing personal",
    ),
    broken(
        "beyond the basis",
        "[pi.name, pi.contact.phone]",
        "[pi.name, §pi.health.exam, pi.contact.phone]",
        "'pi.health.exam' goes beyond the basis 'contract', whitelist.yaml:25",
    ),
    broken(
        "a mask for what does not pass", "mask: pi.contact.phone", "mask: §pi.contact.email", "does not let it through"
    ),
    broken(
        "a counterflow without basis", "counterflow: none", "counterflow: §{categories: [pi.name]}", "lacks 'basis'"
    ),
    broken("a path without slash", '[/v1/applications, "', '[§v1/applications, "', "write '/v1/applications'"),
    broken("a path with a query", '[/v1/applications, "', '[§/v1/applications?x=1, "', "query"),
    broken("a path with an empty step", '[/v1/applications, "', '[§/v1//applications, "', "empty step"),
    broken("a path that climbs", '[/v1/applications, "', '[§/v1/../applications, "', "step of dots"),
    broken("a path with a star", '[/v1/applications, "', '[§/v1/*, "', "wildcard", "{id}"),
    broken("an escaped slash in a path", '[/v1/applications, "', '[§/v1%2Fapplications, "', "RFC 3986"),
    broken("half a step in braces", '"/v1/applications/{id}"', '§"/v1/applications/{id}.json"', "ambiguous"),
    broken("one name for two steps", '"/v1/applications/{id}"', '§"/v1/{id}/{id}"', "one name twice"),
    broken("a path of braces only", '"/v1/applications/{id}"', '§"/{a}/{b}"', "any path of its length"),
    broken("two templates for one path", '"/v1/applications/{id}"', '§"/v1/{what}"', "ambiguous: one path fits both"),
    broken("a word for a list of categories", "[pi.name, pi.contact.phone]", "§pi.name", "write none, or a list"),
    broken("a number for categories", "[pi.name, pi.contact.phone]", "§5", "the number 5", "none where nothing"),
    broken("port zero", "        methods:", "        port: §0\n        methods:", "write 1 or more"),
    broken("a port too high", "        methods:", "        port: §65536\n        methods:", "write 65535 or less"),
    broken("a mask that masks nothing", "keep_last: 4", "keep_last: §12", "write 8 or less"),
    broken("no office to ask", "contact: Data office", 'contact: §""', "at least 3 characters"),
    broken("identities without any", "hosts: [clinic.example]", "identities: §{}", "'identities' is empty"),
    broken("a trait that law does not know", "city: Macao", "city: Macao\n    traits: [§state_orga]", "'state_organ'?"),
    broken("an id in capitals", "- id: applications", "- id: §Applications", "small letters"),
    broken("an IPv6 address that is none", "hosts: [clinic.example]", 'hosts: [§"2001::db8::1"]', "no IPv6 address"),
    broken("every IPv6 host", "hosts: [clinic.example]", 'hosts: [§"::"]', "not the address of one host"),
    broken("a name with a blank", "hosts: [clinic.example]", "hosts: [§clinic example]", "no host name"),
    broken("any media type", "[application/json]", '[§"*/*"]', "one media type"),
    broken("a method that opens a tunnel", "[POST]", "[§CONNECT]", "expected one of"),
    broken("a duplicate of an entry", END, again(id="id: §copy"), "permits nothing that 'applications'", "delete it"),
]


@cache
def categories() -> dict[str, Category]:
    """The taxonomy in the box."""
    name = "classifiers/categories.yaml"
    return read_categories(parse(name, (ROOT / name).read_bytes(), "categories"))


@cache
def law() -> Law:
    """The instruments in the box."""
    name = "policies/law/instruments.yaml"
    return read_law(parse(name, (ROOT / name).read_bytes(), "instruments"))


def read(text: str) -> Whitelist:
    """Read a whitelist that is given as text."""
    return read_whitelist(parse("whitelist.yaml", text.encode(), "whitelist"), categories(), law=law())


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.sentence)
def test_tells_place_fault_and_fix(way: Broken) -> None:
    """Each way of being broken is told once, at its place, with what to do."""
    text, place = apply(SOUND, way)
    with pytest.raises(Faulty) as caught:
        read(text)
    assert_told(caught.value.problems, way, place)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            SOUND.replace("kind: gba_sc_mo", "kind: gba_sc_hk"),
            ["30:18: gba_sc_hk carries nothing from CN to MO"],
        ),
        (
            SOUND.replace("    assessment: PIA-1\n", ""),
            ["25:9: the basis 'contract' has no impact assessment (PIPL arts. 55-56)"],
        ),
        (
            SOUND.replace("[pi.name, pi.contact]", "none"),
            [
                "31:17: the basis lists no categories",
                "57:18: 'pi.name' goes beyond the basis 'contract', whitelist.yaml:25",
                "57:27: 'pi.contact.phone' goes beyond the basis 'contract', whitelist.yaml:25",
            ],
        ),
        (
            re.sub(r"    identities:\n      certificates.*\n.*\n", "", SOUND),
            ["45:15: portal opens the connection here, but nobody can prove to be portal"],
        ),
        (
            SOUND.replace("counterflow: none", "counterflow: {categories: [pi.name], basis: contract}"),
            [
                "60:49: the basis 'contract' was filed for the exporter portal, not for counter",
                "60:49: the basis 'contract' does not name the recipient portal",
            ],
        ),
        (
            SOUND.replace("recipient: counter", "recipient: clinic"),
            [
                "52:15: the host 'counter.example' belongs to counter, but the recipient is clinic",
                "59:12: the basis 'contract' does not name the recipient clinic",
            ],
        ),
        (
            SOUND.replace("jurisdiction: MO", "jurisdiction: CN"),
            [
                "30:18: gba_sc_mo carries nothing from CN to CN",
                "42:18: ex_no_pi carries nothing from CN to CN",
                "49:16: exporter and recipient are both in CN: no border lies between",
            ],
        ),
    ],
    ids=["wrong contract", "no assessment", "empty annex", "no identities", "counterflow", "recipient", "same side"],
)
def test_tells_all_that_follows(text: str, told: list[str]) -> None:
    """A fault that shows in several places is told in each."""
    with pytest.raises(Faulty) as caught:
        read(text)
    assert sorted(f"{p.line}:{p.column}: {p.fault}" for p in caught.value.problems) == sorted(told)


def test_the_sound_one_is_sound() -> None:
    """What the broken ones are made from reads well, down to each value."""
    whitelist = read(SOUND)
    entry = whitelist.entries["applications"]
    assert entry.carried_in is Leg.REQUEST
    assert (entry.endpoints[0].host, entry.endpoints[0].port) == ("counter.example", 443)
    assert entry.endpoints[0].addresses == (ip_network("10.2.0.0/24"),)
    assert entry.source == "whitelist.yaml:46"
    assert [(duty.kind, duty.category, duty.keep_last) for duty in entry.obligations] == [
        ("mask", "pi.contact.phone", 4)
    ]
    assert whitelist.bases["figures"].categories == frozenset()
    assert whitelist.members["counter"].party.jurisdiction is Jurisdiction.MO


def test_the_shipped_one_loads() -> None:
    """The whitelist in the box is sound and holds the flows that the demo shows."""
    whitelist = read(SHIPPED)
    legs = {(entry.exporter, entry.recipient, entry.carried_in) for entry in whitelist.entries.values()}
    assert ("zhuhai-e-service", "macao-counter", Leg.REQUEST) in legs
    assert ("shenzhen-hospital", "hk-clinic", Leg.RESPONSE) in legs
    assert ("hk-clinic", "shenzhen-hospital", Leg.REQUEST) in legs


def entries(**changes: str) -> tuple[Entry, Entry]:
    """The sound entry, and the same with some lines written otherwise."""
    other = read(SOUND.replace(END, "").replace(AGAIN.replace(END, ""), again(**changes).removeprefix(END)))
    return read(SOUND).entries["applications"], next(iter(other.entries.values()))


def test_a_renewal_is_no_duplicate() -> None:
    """The same flow for later days neither hides the first nor is hidden by it."""
    one, later = entries(valid="valid: {since: 2026-12-31, until: 2027-12-31}")
    assert not covers(one, later)
    assert not covers(later, one)
    assert overlap(one, later)


def test_another_method_does_not_overlap() -> None:
    """Two entries between which a request can always tell do not overlap."""
    one, other = entries(methods="methods: [PUT]")
    assert not overlap(one, other)


def test_an_entry_without_websocket_does_not_cover_one_with_it() -> None:
    """What a WebSocket opens is more than what plain requests open."""
    one, other = entries(methods="methods: [POST, GET]\n        websocket: true")
    assert not covers(one, other)
    assert covers(other, one)


KEYS = [found.start(1) for found in re.finditer(r"(?m)^(?!#)[ -]*([a-z_]+):(?: |$)", SHIPPED)]
"""Where the keys of the shipped whitelist stand, those within braces left aside."""


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KEYS), st.sampled_from("qwxz_"), st.booleans())
def test_any_typo_in_a_key_is_told(at: int, letter: str, doubled: bool) -> None:
    """Whichever key of the shipped whitelist is mistyped, a problem names its line."""
    text = SHIPPED[:at] + letter + SHIPPED[at + (not doubled) :]
    with pytest.raises(Faulty) as caught:
        read(text)
    assert SHIPPED[:at].count("\n") + 1 in {problem.line for problem in caught.value.problems}


@given(st.from_regex(r"[0-9xXa-fA-F.:%\[\]*-]{1,20}", fullmatch=True))
def test_a_host_has_one_spelling(written: str) -> None:
    """Whatever passes as a host is in lower case, exact, and no number in disguise."""
    try:
        name = host(written)
    except Unfit:
        return
    assert name == written == written.lower()
    assert "*" not in name
    last = name.rpartition(".")[2]
    if ":" not in name and re.fullmatch("[0-9]+|0x[0-9a-f]*", last):
        assert re.fullmatch(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})", name)
