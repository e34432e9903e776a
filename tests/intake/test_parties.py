"""Who is sending: certificate, token and network must name one party."""

import base64
from dataclasses import replace
from hashlib import sha256
from ipaddress import ip_network

import pytest

from gateway.intake.parties import CONFLICT, Directory, Identity, tokens_in
from gateway.rulebook.book import Member
from gateway.vocabulary import STRANGER, Jurisdiction, Party, Proof
from tests.given import shipped

ALPHA = Member(
    Party("alpha", Jurisdiction.CN),
    hosts=("alpha.example",),
    certificates=("CN=alpha",),
    tokens=(sha256(b"token-a").hexdigest(), sha256(b"older-a").hexdigest()),
    networks=(ip_network("10.1.0.0/16"), ip_network("10.9.0.0/16")),
)
BETA = Member(
    Party("beta", Jurisdiction.HK),
    certificates=("CN=beta",),
    tokens=(sha256(b"token-b").hexdigest(),),
    networks=(ip_network("10.2.0.0/16"), ip_network("10.9.0.0/16"), ip_network("fd00::/8")),
)
BOOK = replace(shipped(), members={"alpha": ALPHA, "beta": BETA}, entries={})


def who(
    subject: str = "", tokens: tuple[str, ...] = (), address: str = "192.0.2.1"
) -> tuple[str, Proof, tuple[str, ...]]:
    """Id, proof and notices."""
    found = Directory(BOOK).sender(subject, tokens, address)
    return found.party.id, found.party.proof, found.notices


@pytest.mark.parametrize(
    ("proofs", "expected"),
    [
        ({}, ("", Proof.NONE, ())),
        ({"subject": "CN=alpha"}, ("alpha", Proof.MTLS, ())),
        ({"tokens": ("token-a",)}, ("alpha", Proof.TOKEN, ())),
        ({"tokens": ("older-a",)}, ("alpha", Proof.TOKEN, ())),
        ({"tokens": ("token-a", "older-a")}, ("alpha", Proof.TOKEN, ())),
        ({"address": "10.1.2.3"}, ("alpha", Proof.NETWORK, ())),
        ({"address": "::ffff:10.2.0.1"}, ("beta", Proof.NETWORK, ())),
        ({"address": "fd00::1"}, ("beta", Proof.NETWORK, ())),
        ({"subject": "CN=alpha", "tokens": ("token-a",), "address": "10.1.0.1"}, ("alpha", Proof.MTLS, ())),
        ({"address": "10.9.0.1"}, ("", Proof.NONE, (CONFLICT,))),
        ({"address": "10.9.0.1", "tokens": ("token-b",)}, ("beta", Proof.TOKEN, ())),
        ({"subject": "CN=alpha", "tokens": ("token-b",)}, ("", Proof.NONE, (CONFLICT,))),
        ({"tokens": ("token-a", "token-b")}, ("", Proof.NONE, (CONFLICT,))),
        ({"tokens": ("token-a",), "address": "10.2.0.1"}, ("", Proof.NONE, (CONFLICT,))),
        ({"tokens": ("wrong",), "address": "10.1.0.1"}, ("", Proof.NONE, (CONFLICT,))),
        ({"subject": "CN=nobody", "tokens": ("token-a",)}, ("", Proof.NONE, (CONFLICT,))),
        ({"tokens": ("wrong",)}, ("", Proof.NONE, ())),
        ({"tokens": ("",)}, ("", Proof.NONE, ())),
        ({"subject": "CN=nobody"}, ("", Proof.NONE, ())),
        ({"address": "not an address"}, ("", Proof.NONE, ())),
    ],
)
def test_proofs_lead_to_one_party_or_to_none(proofs: dict[str, object], expected: tuple[object, ...]) -> None:
    """The strongest proof is told where all agree; a contradiction is noticed."""
    assert who(**proofs) == expected  # type: ignore[arg-type]


def test_the_recipient_is_whose_system_the_host_is() -> None:
    """A host of a member names it, with the host as proof; any other host is a stranger's."""
    assert Directory(BOOK).recipient("alpha.example") == replace(ALPHA.party, proof=Proof.HOST)
    assert Directory(BOOK).recipient("beta.example") == STRANGER


@pytest.mark.parametrize(
    ("name", "value", "token"),
    [
        (b"X-Kouan-Token", b"secret", "secret"),
        (b"x-kouan-token", b"secret", "secret"),
        (b"Proxy-Authorization", b"Bearer secret", "secret"),
        (b"Proxy-Authorization", b"bearer  secret", "secret"),
        (b"Proxy-Authorization", b"Basic " + base64.b64encode(b"zhuhai:secret"), "secret"),
        (b"Proxy-Authorization", b"Basic " + base64.b64encode(b"secret"), ""),
        (b"Proxy-Authorization", b"Basic !!!", ""),
        (b"Proxy-Authorization", b"Digest username=x", ""),
    ],
)
def test_tokens_are_read_where_they_may_stand(name: bytes, value: bytes, token: str) -> None:
    """The token header, Bearer, and the password of Basic; a credential that cannot be read is nobody's token."""
    assert tokens_in(((name, value),)) == (token,)


def test_authorization_is_for_the_upstream() -> None:
    """Authorization is not addressed to the gateway."""
    assert tokens_in(((b"Authorization", b"Bearer secret"),)) == ()


def test_an_identity_of_nothing_is_a_stranger() -> None:
    """The zero value is nobody."""
    assert Identity() == Identity(STRANGER, ())
