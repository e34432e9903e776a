"""Payloads as a door would hand them over, and datasets made of a few lines."""

from datetime import datetime
from functools import cache

from gateway.decode import decode
from gateway.rulebook.book import Category
from gateway.rulebook.datasets import Dataset, read_dataset
from gateway.rulebook.recognisers import read_categories
from gateway.rulebook.strict_yaml import parse
from gateway.vocabulary import BEIJING, STRANGER, Content, Envelope, Leg, Limits, Transfer
from tests.given import ROOT

JSON = "application/json"
NDJSON = "application/x-ndjson"
CSV = "text/csv"
XML = "application/xml"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=B"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

PEOPLE = """\
record: /people/*
schema:
  type: object
  labels: [register]
  required: [people]
  properties:
    batch: {type: string, category: none, pattern: "^[a-z]{1,12}$"}
    people:
      type: array
      maxItems: 3
      items:
        type: object
        labels: [person]
        required: [name]
        properties:
          name: {type: string, category: pi.name, labels: [姓名], minLength: 1, maxLength: 20}
          age: {type: integer, category: pi.age, minimum: 0, maximum: 150}
          card: {type: string, category: pi.id.hk.hkid, labels: [證件號碼]}
          sex: {type: string, category: pi.sex, enum: [f, m]}
          member: {type: boolean, category: none}
          tags: {type: array, maxItems: 3, items: {type: string, category: none, maxLength: 8}}
          address:
            type: object
            required: [city]
            properties:
              city: {type: string, category: none, maxLength: 20}
"""

VERIFY = """\
max_bytes: 400
max_records: 1
schema:
  type: object
  required: [digest, doc_type, salt_id]
  properties:
    digest: {type: string, category: none, pattern: "^[0-9a-f]{64}$"}
    doc_type: {type: string, category: none, enum: [degree, licence]}
    doc_len: {type: integer, category: none, minimum: 1, maximum: 10000000}
    salt_id: {type: string, category: none, format: uuid}
    holds: {type: boolean, category: none}
"""
"""A route on which documents are verified and nothing else is said (DOMAIN 6.3)."""


@cache
def categories() -> dict[str, Category]:
    """The taxonomy in the box."""
    name = "classifiers/categories.yaml"
    return read_categories(parse(name, (ROOT / name).read_bytes(), "categories"))


def text_of(body: str, name: str = "tried") -> bytes:
    """A whole file of what differs from others."""
    return (
        "# yaml-language-server: $schema=../gateway/rulebook/schemas/dataset.json\n"
        f"id: {name}\ntitle: {{en: T, zh-Hans: 甲, zh-Hant: 甲, pt: T}}\n{body}"
    ).encode()


@cache
def dataset(body: str = PEOPLE) -> Dataset:
    """A dataset."""
    return read_dataset(parse("datasets/tried.yaml", text_of(body), "dataset"), categories())


def sent(body: bytes | str, media_type: str = JSON) -> Transfer:
    """A request with that body."""
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    envelope = Envelope("POST", "https", "h.example", 443, b"/v1?q=1", ((b"content-type", media_type.encode()),))
    at = datetime(2026, 11, 20, 12, tzinfo=BEIJING)
    return Transfer("t", at, Leg.REQUEST, STRANGER, STRANGER, envelope, data)


def read(body: bytes | str, media_type: str = JSON) -> Content:
    """What can be read of it."""
    return decode(sent(body, media_type), Limits())
