"""Structured text: every corner of JSON, XML, HTML, YAML, tables, multipart, mail, HL7 and their kin."""

from __future__ import annotations

import base64
import json

from gateway.vocabulary import Unread
from tests.evasions.case import BIR, EMAIL, HKID, JSON, PHONE, RIC, hidden, sealed

_XML, _HTML, _YAML, _CSV = "application/xml", "text/html; charset=utf-8", "application/yaml", "text/csv; charset=utf-8"
_FORM = "application/x-www-form-urlencoded"
_NDJSON, _SEQUENCE = "application/x-ndjson", "application/json-seq"
_NUMERIC = "".join(f"&#{ord(each)};" for each in RIC)

OBJECTS = (
    hidden("a string", f'{{"a": {{"b": ["x", "{RIC}"]}}}}', JSON, "json:/a/b/1"),
    hidden("a number", f'{{"n": {RIC}}}', JSON, "json:/n"),
    hidden("a name", f'{{"{RIC}": 1}}', JSON, f"json:/{RIC}/~key"),
    hidden("a name with a slash and a tilde", f'{{"a/b~": "{RIC}"}}', JSON, "json:/a~1b~0"),
    hidden("a bare string", f'"{RIC}"', JSON, "json:"),
    hidden("the first of two equal names", f'{{"a": "{RIC}", "a": "x"}}', JSON, "json:/a"),
    hidden("a phone by its label alone", '{"mobileNo": "61234567"}', JSON, "json:/mobileNo", "61234567"),
    hidden("a card by its label in Chinese", f'{{"澳門居民身份證": "{BIR[:7]}8"}}', JSON, "json:/澳門居民身份證",
           f"{BIR[:7]}8", id=BIR),
    hidden("under a vendor's media type", f'{{"id": "{RIC}"}}', "application/vnd.house+json", "json:/id"),
    hidden("as FHIR", json.dumps({"resourceType": "Patient", "identifier": [{"value": RIC}]}), "application/fhir+json",
           "json:/identifier/0/value"),
    hidden("under no media type", f'{{"id": "{RIC}"}}', "", "json:/id"),
    hidden("declared as octets", f'{{"id": "{RIC}"}}', "application/octet-stream", "json:/id"),
    hidden("declared as plain text", f'{{"id": "{RIC}"}}', "text/plain", "json:/id"),
    hidden("json in many lines", f'{{"n":1}}\n{{"id":"{RIC}"}}\n', _NDJSON, "ndjson:/1/id"),
    hidden("a sequence of json", f'\x1e{{"n":1}}\n\x1e{{"id":"{RIC}"}}\n', _SEQUENCE, "json-seq:/1/id"),
    hidden("the variables of a query", json.dumps({"query": "{ a }", "variables": {"id": RIC}}), JSON,
           "json:/variables/id"),
    hidden("an argument of GraphQL", f'query {{ person(id: "{RIC}") {{ name }} }}', "application/graphql",
           "graphql:/person/id"),
    hidden("GraphQL in a string", json.dumps({"query": f'query Q {{ person(id: "{RIC}") {{ name }} }}'}), JSON,
           "json:/query!graphql:/person/id"),
    sealed("json that ends early", b'{"id": "4401051', JSON, Unread.MALFORMED, "body"),
    sealed("json that is too deep", b"[" * 100 + b"]" * 100, JSON, Unread.TOO_DEEP, "body"),
    sealed("too many values", b"[" + b"1," * 200_001 + b"1]", JSON, Unread.TOO_MANY, "body"),
)  # fmt: skip

MARKUP = (
    hidden("the text of an element", f"<a><id>{RIC}</id></a>", _XML, "xml:/a/id"),
    hidden("an attribute", f'<a><p id="{RIC}"/></a>', _XML, "xml:/a/p/@id"),
    hidden("CDATA", f"<a><id><![CDATA[{RIC}]]></id></a>", _XML, "xml:/a/id"),
    hidden("half in CDATA", f"<a><id>{RIC[:9]}<![CDATA[{RIC[9:]}]]></id></a>", _XML, "xml:/a/id",
           written=f"{RIC[:9]}<![CDATA[{RIC[9:]}"),
    hidden("a comment", f"<a><!-- {RIC} --></a>", _XML, "xml:/a/~comment"),
    hidden("cut by a comment", f"<a><id>{RIC[:9]}<!-- x -->{RIC[9:]}</id></a>", _XML, "xml:/a/id",
           written=f"{RIC[:9]}<!-- x -->{RIC[9:]}"),
    hidden("numeric references", f"<a><id>{_NUMERIC}</id></a>", _XML, "xml:/a/id", written=_NUMERIC),
    hidden("one numeric reference", f"<a><id>&#52;{RIC[1:]}</id></a>", _XML, "xml:/a/id", written=f"&#52;{RIC[1:]}"),
    hidden("a processing instruction", f"<a><?note {RIC}?></a>", _XML, "xml:/a/~instruction"),
    hidden("the name of an element", f"<a><n.{RIC}/></a>", _XML, f"xml:/a/n.{RIC}/~key"),
    hidden("a namespace", f'<a xmlns:p="urn:id:{RIC}"/>', _XML, "xml:/a/@p"),
    hidden("an envelope of SOAP", '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><id>'
           f"{RIC}</id></s:Body></s:Envelope>", "text/xml", "xml:/Envelope/Body/id"),
    hidden("xml in another charset", f'<?xml version="1.0" encoding="gb18030"?><号>{RIC}</号>'.encode("gb18030"), _XML,
           "xml:/号"),
    hidden("the text of a page", f"<html><body><p>号码 {RIC}</p></body></html>", _HTML, "html:/p[1]"),
    hidden("inline tags", f"<html><body><p>{RIC[:6]}<b>{RIC[6:14]}</b>{RIC[14:]}</p></body></html>", _HTML,
           "html:/p[1]", written=f"{RIC[:6]}<b>{RIC[6:14]}</b>{RIC[14:]}"),
    hidden("an attribute of a page", f'<html><body><input value="{RIC}"></body></html>', _HTML,
           "html:/input[1]/@value"),
    hidden("a comment of a page", f"<html><body><!-- {RIC} --></body></html>", _HTML, "html:/~comment"),
    hidden("a script", f'<html><script>var id = "{RIC}";</script></html>', _HTML, "html:/script[1]"),
    hidden("references of a page", f"<html><body>{_NUMERIC}</body></html>", _HTML, "html:/body[1]", written=_NUMERIC),
    sealed("an external entity", b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', _XML,
           Unread.MALFORMED, "body"),
    sealed("entities that grow", b'<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>', _XML,
           Unread.MALFORMED, "body"),
)  # fmt: skip

_BOUNDARY = "----frontier"
_MULTIPART = f'multipart/form-data; boundary="{_BOUNDARY}"'


def _parts(*parts: tuple[str, str]) -> str:
    return "".join(f"--{_BOUNDARY}\r\n{head}\r\n\r\n{body}\r\n" for head, body in parts) + f"--{_BOUNDARY}--\r\n"


_MAIL = "From: clerk@a.example\r\nTo: office@b.example\r\n"
_B64 = base64.b64encode(f"resident {RIC} moved".encode()).decode()
_DISPOSITION = "Content-Disposition: form-data; name="

MESSAGES = (
    hidden("a field of a form", f"a=1&id={RIC}", _FORM, "form:/id"),
    hidden("the name of a field", f"a=1&{RIC}=x", _FORM, f"form:/{RIC}/~key"),
    hidden("a field of a multipart form", _parts((f'{_DISPOSITION}"id"', RIC)), _MULTIPART, "multipart:/id!text:"),
    hidden("a file of a multipart form", _parts((f'{_DISPOSITION}"f"; filename="a.json"\r\nContent-Type: {JSON}',
           f'{{"id":"{RIC}"}}')), _MULTIPART, "multipart:/f!json:/id"),
    hidden("the name of a file", _parts((f'{_DISPOSITION}"f"; filename="{RIC}.txt"', "x")), _MULTIPART,
           "multipart:/0/header/content-disposition"),
    hidden("a header of a part", _parts((f'{_DISPOSITION}"f"\r\nX-Note: {RIC}', "x")), _MULTIPART,
           "multipart:/0/header/x-note"),
    hidden("before the first part", f"{RIC}\r\n" + _parts((f'{_DISPOSITION}"f"', "x")), _MULTIPART,
           "multipart:/~0preamble!text:"),
    hidden("a part in base64", _parts((f'{_DISPOSITION}"f"\r\nContent-Transfer-Encoding: base64', _B64)), _MULTIPART,
           "multipart:/f!text:"),
    hidden("the subject of a mail", f"{_MAIL}Subject: {RIC}\r\n\r\nhello\r\n", "message/rfc822",
           "mail:/header/subject"),
    hidden("an encoded subject", f"{_MAIL}Subject: =?utf-8?B?{_B64}?=\r\n\r\nhello\r\n", "message/rfc822",
           "mail:/header/subject/~words"),
    hidden("the body of a mail", f"{_MAIL}Subject: x\r\n\r\nnumber {RIC}\r\n", "message/rfc822", "mail:/body!text:"),
    hidden("a mail in quoted-printable", f"{_MAIL}Content-Transfer-Encoding: quoted-printable\r\n\r\n"
           + "".join(f"={byte:02X}" for byte in RIC.encode()) + "\r\n", "message/rfc822", "mail:/body!text:"),
    hidden("an attachment",
           f"{_MAIL}Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n"
           f"Content-Transfer-Encoding: base64\r\n\r\n{_B64}\r\n--x--\r\n", "message/rfc822",
           "mail:/body!multipart:/1!text:"),
    hidden("who a mail is from", f"From: {EMAIL}\r\nTo: office@b.example\r\nSubject: x\r\n\r\nhello\r\n",
           "message/rfc822",
           "mail:/header/from", EMAIL),
)  # fmt: skip

_HL7 = f"MSH|^~\\&|HIS|SZ|EMR|HK|20261120120000||ADT^A01|1|P|2.5\rPID|1||{HKID}^^^HK^ID||CHAN^TAI MAN||19900307|M\r"

TABLES = (
    hidden("a cell", f"name,id\nchan,{RIC}\n", _CSV, "csv:/2/id"),
    hidden("a cell in quotes", f'name,id\n"chan, tai",  "{RIC}"\n', _CSV, "csv:/2/id"),
    hidden("a table with semicolons", f"name;id;n\nchan;{RIC};3\n", _CSV, "csv:/2/id"),
    hidden("a table with tabs", f"name\tid\nchan\t{RIC}\n", "text/tab-separated-values", "csv:/2/id"),
    hidden("a table with bars", f"name|id|n\nchan|{RIC}|3\nlee|2|4\n", _CSV, "csv:/2/id"),
    hidden("the head of a column", f"name,{RIC}\nchan,1\n", _CSV, "csv:/1/2"),
    hidden("a phone under its column", "姓名,手机号\n陈,61234567\n", _CSV, "csv:/2/手机号", "61234567"),
    hidden("a value of yaml", f"people:\n  - id: '{RIC}'\n", _YAML, "yaml:/people/0/id"),
    hidden("a comment of yaml", f"a: 1 # {RIC}\n", _YAML, "yaml:/~comment"),
    hidden("a key of yaml", f"'{RIC}': 1\n", _YAML, f"yaml:/{RIC}/~key"),
    hidden("a number of yaml", f"id: {RIC}\nn: 1\n", _YAML, "yaml:/id"),
    hidden("an HL7 field", _HL7, "application/hl7-v2", "hl7:/PID/3/1", HKID),
    hidden("an HL7 note", f"{_HL7}NTE|1||call {PHONE}\r", "application/hl7-v2", "hl7:/NTE/3", PHONE),
    hidden("an event", f'event: add\ndata: {{"id":"{RIC}"}}\n\n', "text/event-stream", "events:/0/data!json:/id"),
    hidden("an event over two lines", f'data: {{"id":\ndata: "{RIC}"}}\n\n', "text/event-stream",
           "events:/0/data!json:/id"),
    hidden("a comment between events", f": {RIC}\n\ndata: x\n\n", "text/event-stream", "events:/0/~comment"),
)  # fmt: skip
