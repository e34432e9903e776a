"""An endpoint says what its Protocol Buffers mean: fields are then known by their names, and nothing is read less."""

from __future__ import annotations

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorSet

from gateway.decide import schema_of
from gateway.pipeline import judge
from gateway.rulebook import from_files
from gateway.rulebook.book import Rulebook
from gateway.rulebook.document import Faulty
from gateway.vocabulary import Leg, Limits, Standing, Transfer
from tests.given import shipped, transfer

BIR = "12345678"
ENDPOINT = "        paths: [/v1/applications]\n        media_types: [application/json]"
CALL = "/counter.v1.Counter/Apply"


def descriptors() -> bytes:
    """A counter that takes an application and gives a receipt, as protoc would describe it."""
    made = FileDescriptorSet()
    file = made.file.add(name="counter.proto", package="counter.v1")
    for name, field in (("Application", "bir"), ("Receipt", "mobile")):
        message = file.message_type.add(name=name)
        message.field.add(
            name=field, number=1, type=FieldDescriptorProto.TYPE_STRING, label=FieldDescriptorProto.LABEL_OPTIONAL
        )
    service = file.service.add(name="Counter")
    service.method.add(name="Apply", input_type=".counter.v1.Application", output_type=".counter.v1.Receipt")
    return made.SerializeToString()


def rulebook(said: str, path: str = CALL, data: bytes | None = None) -> Rulebook:
    """The rules in the box, with an endpoint of Protocol Buffers that says ``said`` of them."""
    files = dict(shipped().files)
    types = "application/grpc, application/x-protobuf"
    endpoint = f"        paths: [{path}]\n        media_types: [{types}]\n        protobuf: {said}"
    files["whitelist.yaml"] = files["whitelist.yaml"].decode().replace(ENDPOINT, endpoint, 1).encode()
    files["descriptors/counter.binpb"] = descriptors() if data is None else data
    return from_files(files)


def sent(text: str, type: str, leg: Leg = Leg.REQUEST) -> Transfer:
    """A message whose first field is ``text``."""
    message = bytes([10, len(text)]) + text.encode()
    body = b"\0" + len(message).to_bytes(4) + message if type == "application/grpc" else message
    return transfer(body, target=CALL.encode(), headers={"content-type": type}, leg=leg)


def places(transfer: Transfer, rules: Rulebook) -> list[str]:
    """Where something is found in the body."""
    judged = judge(transfer, rules, Standing(), Limits())
    return [each.segment.where for each in judged.findings.items if "protobuf:" in each.segment.where]


NAMED = "{descriptors: descriptors/counter.binpb, request: counter.v1.Application, response: counter.v1.Receipt}"
BY_PATH = "{descriptors: descriptors/counter.binpb}"


@pytest.mark.parametrize(
    ("said", "type", "where"),
    [
        (NAMED, "application/x-protobuf", "protobuf:/bir"),
        (BY_PATH, "application/x-protobuf", "protobuf:/bir"),
        (BY_PATH, "application/grpc", "grpc:/0!protobuf:/bir"),
    ],
)
def test_a_field_is_known_by_its_name(said: str, type: str, where: str) -> None:
    """Eight digits are an identity number where the field is called so; messages are named, or known by the call."""
    assert places(sent(BIR, type), rulebook(said)) == [where]
    assert places(sent(BIR, type), shipped()) == []


def test_each_leg_has_its_message() -> None:
    """A response is read as what the call gives, and not as what it takes."""
    back = sent("66123456", "application/grpc", Leg.RESPONSE)
    assert schema_of(back, rulebook(BY_PATH)) == (descriptors(), "counter.v1.Receipt")


def test_what_is_not_described_is_read_all_the_same() -> None:
    """Another field than the schema knows hides nothing."""
    body = bytes([26, 18]) + b"440105199003071016"
    hidden = transfer(body, target=CALL.encode(), headers={"content-type": "application/x-protobuf"})
    assert places(hidden, rulebook(NAMED)) == ["protobuf:/3"]


@pytest.mark.parametrize(
    ("said", "data", "fault"),
    [
        ("{descriptors: descriptors/other.binpb}", None, "no set 'descriptors/other.binpb'"),
        (
            "{descriptors: descriptors/counter.binpb, request: counter.v1.Aplication}",
            None,
            "the set describes no message 'counter.v1.Aplication'",
        ),
        ("{descriptors: descriptors/counter.binpb}", b"\xff\xff", "this is no set of file descriptors"),
        ("{descriptors: descriptors/counter.binpb}", b"", "this set describes no message"),
    ],
)
def test_a_wrong_name_and_a_broken_set_are_told(said: str, data: bytes | None, fault: str) -> None:
    """With the file and the line; a rulebook with either does not load."""
    with pytest.raises(Faulty) as told:
        rulebook(said, data=data)
    assert fault in [problem.fault for problem in told.value.problems]


def test_the_digest_covers_what_messages_mean() -> None:
    """Another set is another rulebook."""
    more = descriptors() + descriptors().replace(b"mobile", b"remark")
    assert rulebook(BY_PATH).digest != rulebook(BY_PATH, data=more).digest
