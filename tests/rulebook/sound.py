"""A small whitelist in which nothing is wrong."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
"""Where the rules in the box lie."""

SOUND = """\
# yaml-language-server: $schema=gateway/rulebook/schemas/whitelist.json
contact: Data office
parties:
  - id: portal
    name: Portal
    jurisdiction: CN
    city: Zhuhai
    identities:
      certificates: ["CN=portal.example,O=Portal,C=CN"]
      networks: [10.1.0.0/16]
  - id: counter
    name: Counter
    jurisdiction: MO
    city: Macao
    hosts: [counter.example]
    identities:
      tokens_sha256: [864c519db7f7a71adf8cd1ad238d9c3fc57e7e1f9fd6463afe1bd39e5617489f]
      networks: [10.2.0.0/16]
  - id: clinic
    name: Clinic
    jurisdiction: HK
    city: Hong Kong
    hosts: [clinic.example]
bases:
  - id: contract
    kind: gba_sc_mo
    title: {en: Contract, zh-Hans: 合同, zh-Hant: 合同, pt: Contrato}
    reference: GD-1
    exporter: portal
    recipients: [counter]
    categories: [pi.name, pi.contact]
    valid: {since: 2026-01-01, until: 2026-12-31}
    assessment: PIA-1
    assessed: 2025-12-01
    effective: 2026-01-01
    filed: 2026-01-09
  - id: figures
    kind: ex_no_pi
    title: {en: Figures, zh-Hans: 数字, zh-Hant: 數字, pt: Dados}
    reference: Memorandum 1
    exporter: portal
    recipients: [counter]
    categories: none
    valid: {since: 2026-01-01, until: 2026-12-31}
entries:
  - id: applications
    title: {en: Applications, zh-Hans: 申请, zh-Hant: 申請, pt: Pedidos}
    exporter: portal
    recipient: counter
    carried_in: request
    endpoints:
      - host: counter.example
        methods: [POST]
        paths: [/v1/applications, "/v1/applications/{id}"]
        media_types: [application/json]
        addresses: [10.2.0.0/24]
    categories: [pi.name, pi.contact.phone]
    purpose: Applications
    basis: contract
    counterflow: none
    valid: {since: 2026-01-01, until: 2026-12-31}
    owner: Ada
    reviewer: Ben
    obligations:
      - {mask: pi.contact.phone, keep_last: 4}
    fields: [name, phone]
"""
