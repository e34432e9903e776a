"""Rulebooks of any size, as files: what a data exchange with so many flows and demands would have."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CATEGORIES = ("pi.name", "pi.contact.phone", "pi.contact.email", "pi.birthdate", "pi.id.mo.bir", "pi.id.cn.ric")
KINDS = ("gba_sc_mo", "cn_sc", "cert", "cac_assessment")
ENTRIES_OF_A_PARTY = 20
_WORDS = "{en: %s, zh-Hans: 条目, zh-Hant: 條目, pt: %s}"


def _party(number: int) -> str:
    return (
        f"  - {{id: exporter-{number}, name: Exporter {number}, jurisdiction: CN, city: Zhuhai, "
        f'identities: {{certificates: ["CN=exporter-{number}.example,O=Exporter {number},C=CN"]}}}}\n'
        f"  - {{id: recipient-{number}, name: Recipient {number}, jurisdiction: MO, city: Macao, "
        f"hosts: [r{number}.example]}}\n"
    )


def _basis(number: int) -> str:
    return (
        f"  - {{id: basis-{number}, kind: gba_sc_mo, title: {_WORDS % ('Basis', 'Base')}, "
        f"reference: GD-{number}, exporter: exporter-{number}, recipients: [recipient-{number}], "
        f"categories: [{', '.join(CATEGORIES)}], valid: {{since: 2026-01-01, until: 2027-12-31}}, "
        f"assessment: PIA-{number} of 2025-12-01, assessed: 2025-12-01, effective: 2026-01-01, filed: 2026-01-05}}\n"
    )


def _entry(number: int) -> str:
    party = number // ENTRIES_OF_A_PARTY
    return (
        f"  - {{id: entry-{number}, title: {_WORDS % ('Entry', 'Entrada')}, exporter: exporter-{party}, "
        f"recipient: recipient-{party}, carried_in: request, "
        f"endpoints: [{{host: r{party}.example, methods: [POST], paths: ['/v1/service-{number}/{{id}}'], "
        f"media_types: [application/json]}}], categories: [{', '.join(CATEGORIES[: 2 + number % 4])}], "
        f"purpose: Service {number}, basis: basis-{party}, counterflow: none, "
        f"valid: {{since: 2026-01-01, until: 2027-06-30}}, owner: Data office, reviewer: Legal office, "
        f"matter: matter-{number}, consent: 'batch:CONSENT-{number}', retention: {{days: 180}}, "
        f"obligations: [{{mask: pi.contact.phone, keep_last: 4}}]}}\n"
    )


def whitelist(entries: int) -> bytes:
    """Return a whitelist of so many entries, of a party for every twenty."""
    parties = range(-(-entries // ENTRIES_OF_A_PARTY))
    return (
        "# yaml-language-server: $schema=gateway/rulebook/schemas/whitelist.json\n"
        "contact: Data office, office@kouan.example\n"
        f"parties:\n{''.join(map(_party, parties))}"
        f"bases:\n{''.join(map(_basis, parties))}"
        f"entries:\n{''.join(map(_entry, range(entries)))}"
    ).encode()


def _when(number: int) -> tuple[str, str]:
    """A condition, and a case at which it speaks."""
    category, kind = CATEGORIES[number % len(CATEGORIES)], KINDS[number % len(KINDS)]
    exporter, recipient = f"exporter.id: exporter-{number}", f"recipient.id: recipient-{number}"
    return (
        (f"{{entry.matter: matter-{number}, finding: {{of: [{category}]}}}}", f"entry.matter: matter-{number}"),
        (f"{{{exporter}, individuals: {{at_least: 100}}}}", f"{exporter}, individuals: 100"),
        (f"{{entry.purpose: Purpose {number}, hour: {{less_than: 6}}}}", f"entry.purpose: Purpose {number}, hour: 3"),
        (f"{{basis.kind: [{kind}], {recipient}}}", f"basis.kind: {kind}, {recipient}"),
        (f"{{host: h{number}.example, size: {{more_than: 100000}}}}", f"host: h{number}.example, size: 100001"),
    )[number % 5]


def policy(number: int) -> bytes:
    """Return a policy of its own with two cases."""
    when, given = _when(number)
    if "finding" in when:
        listed = "[pi.name, pi.contact, pi.birthdate, pi.id]"
        found = CATEGORIES[number % len(CATEGORIES)]
        given += f", findings: [{{category: {found}}}], entry_lists: {listed}, basis_lists: {listed}"
    words = _WORDS % (f"Demand {number}", f"Exigência {number}")
    return (
        "# yaml-language-server: $schema=../gateway/rulebook/schemas/policy.json\n"
        f"id: demand-{number}\nbecause: {words}\ncite: House rule\nwhen: {when}\nthen: hold\nremedy: {words}\ncases:\n"
        f"  - {{title: It speaks, given: {{{given}}}, expect: hold, speaks: true}}\n"
        "  - {title: It is silent, given: {}, expect: permit, speaks: false}\n"
    ).encode()


def shipped() -> dict[str, bytes]:
    """Return the rule files in the box, but for the whitelist and what only the demo's whitelist names."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in ("classifiers", "policies")
        for path in (ROOT / folder).rglob("*.yaml")
    }


def files(entries: int, policies: int) -> dict[str, bytes]:
    """Return the files of a rulebook with so many entries and policies, those in the box among them."""
    made = shipped()
    own = sum(name.startswith("policies/") and not name.startswith("policies/law/") for name in made)
    made |= {f"policies/demand-{number}.yaml": policy(number) for number in range(max(0, policies - own))}
    return made | {"whitelist.yaml": whitelist(entries)}
