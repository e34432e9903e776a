"""max_bytes: of a body as it is sent, and as it is once its codings are undone."""

import gzip
from dataclasses import replace

import pytest

from gateway.decide.dataset.conforming import conforms
from gateway.decode import decode
from gateway.vocabulary import Limits
from tests.decide.payloads import CSV, JSON, MULTIPART, PEOPLE, dataset, sent

SMALL = f"max_bytes: 300\n{PEOPLE}"
MEMBER = '--B\r\nContent-Disposition: form-data; name="people"\r\nContent-Type: application/json\r\n\r\n'


def codes(body: str, media_type: str, *, coded: bool = True) -> set[str]:
    """The codes of the violations of a body in gzip."""
    data = gzip.compress(body.encode()) if coded else body.encode()
    transfer = sent(data, media_type)
    headers = (*transfer.envelope.headers, *(((b"content-encoding", b"gzip"),) if coded else ()))
    transfer = replace(transfer, envelope=replace(transfer.envelope, headers=headers))
    content = decode(transfer, Limits())
    return {each.code for each in conforms(content, dataset(SMALL), size=len(data))}


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (JSON, '{"people": [{"name": "陳"}]%s}'),
        (CSV, "name,age\na,5\nb,6%s\n"),
        (MULTIPART, f'{MEMBER}[{{"name": "ann"}}%s]\r\n--B--\r\n'),
    ],
)
def test_a_body_in_a_coding_is_measured_without_it(media_type: str, body: str) -> None:
    """Blanks that gzip makes small are bytes all the same."""
    assert codes(body % "", media_type) == set()
    assert codes(body % (" " * 400), media_type) >= {"body.too_large"}
    assert codes(body % (" " * 400), media_type, coded=False) >= {"body.too_large"}
