"""What presidio's entities are called here.

An entity is looked up in what the caller says, then in the table below; and where its name in lower case is a category
of ours (``supported_entity: PI.NAME``), it is that. A foreign number goes to the nearest category that a statute names:
the number of a person's document to ``pi.id``, that of a company to ``org``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType


class PresidioFault(ValueError):
    """What keeps presidio's recognisers or models from being used, where, and what to do about it."""


def _entities(table: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({entity: category for category, names in table.items() for entity in names.split()})


CATEGORIES: Mapping[str, str] = _entities(
    {
        "pi.name": "PERSON",
        "pi.age": "AGE",
        # Nationality, religion or politics: which of them is not said, so that the most sensitive one holds.
        "pi.belief": "NRP",
        "pi.contact.phone": "PHONE_NUMBER PHONE ZA_MOBILE_NUMBER ZA_TELEPHONE_NUMBER",
        "pi.contact.email": "EMAIL_ADDRESS EMAIL",
        "pi.contact.address": "LOCATION ADDRESS ZIP ZIP_CODE CA_POSTAL_CODE DE_PLZ UK_POSTCODE",
        "pi.id": (
            "ID AU_TFN CA_SIN DE_FUEHRERSCHEIN DE_ID_CARD DE_PASSPORT DE_SOCIAL_SECURITY DE_TAX_ID DE_TAX_NUMBER "
            "ES_NIE ES_NIF ES_PASSPORT FI_PERSONAL_IDENTITY_CODE IN_AADHAAR IN_PAN IN_PASSPORT IN_VOTER "
            "IT_DRIVER_LICENSE IT_FISCAL_CODE IT_IDENTITY_CARD IT_PASSPORT KR_DRIVER_LICENSE KR_FRN KR_PASSPORT "
            "KR_RRN NG_NIN PH_PASSPORT PH_TIN PH_UMID PL_PESEL SE_PERSONNUMMER SG_NRIC_FIN TH_TNIN TR_NATIONAL_ID "
            "UK_DRIVING_LICENCE UK_NINO UK_PASSPORT US_DRIVER_LICENSE US_ITIN US_PASSPORT US_SSN "
            "ZA_DRIVER_LICENSE ZA_ID_NUMBER ZA_INCOME_TAX_NUMBER ZA_PASSPORT ZA_TRAFFIC_REGISTER_NUMBER"
        ),
        "pi.health": "AU_MEDICARE DE_HEALTH_INSURANCE UK_NHS US_HEALTH_INSURANCE_MEMBER_ID US_MBI",
        "pi.health.insurance_claim": "US_CLAIM_NUMBER US_PRIOR_AUTHORIZATION_NUMBER",
        "pi.health.medication": "US_PRESCRIPTION_NUMBER",
        "pi.health.visit": "US_REFERRAL_NUMBER",
        "pi.qualification": "DE_LANR MEDICAL_LICENSE US_NPI",
        "pi.fin.card": "CREDIT_CARD",
        "pi.fin.account": "CRYPTO IBAN_CODE US_BANK_NUMBER",
        "pi.net.ip": "IP_ADDRESS",
        "pi.device.mac": "MAC_ADDRESS",
        "pi.vehicle.plate": (
            "DE_KFZ IN_VEHICLE_REGISTRATION NG_VEHICLE_REGISTRATION TR_LICENSE_PLATE UK_VEHICLE_REGISTRATION "
            "ZA_LICENSE_PLATE"
        ),
        "org": (
            "ABA_ROUTING_NUMBER AU_ABN AU_ACN DE_BSNR DE_HANDELSREGISTER DE_VAT_ID IN_GSTIN IT_VAT_CODE KR_BRN "
            "ORGANIZATION SE_ORGANISATIONSNUMMER SG_UEN US_PROVIDER_TAX_ID ZA_COMPANY_REGISTRATION ZA_VAT_NUMBER"
        ),
        # Nothing about a person by themselves.
        "": "DATE_TIME TITLE URL UUID",
    }
)
"""Category of each entity; "" for one that is not asked for."""


def mapped(
    entities: Iterable[str], told: Mapping[str, str], known: Collection[str], *, listed: bool = True
) -> dict[str, str]:
    """Return the category of each entity that has one; ``told`` goes before the table, and "" leaves an entity out.

    ``known`` are the categories that there are. Raises PresidioFault for an entity without category, unless it is not
    ``listed`` (then it is left out), and for a category that there is not.
    """
    found: dict[str, str] = {}
    for entity in sorted(set(entities)):
        category = told.get(entity, CATEGORIES.get(entity))
        if category is None and entity.lower() in known:
            category = entity.lower()
        if category is None and not listed:
            continue
        if category is None:
            fix = f'say which one it is, as {entity}=CATEGORY, or leave it out, as {entity}=""'
            raise PresidioFault(f"the entity {entity} has no category; {fix}; {_there_are(known)}")
        if category and category not in known:
            raise PresidioFault(f"{entity} is mapped to {category}, which is none; {_there_are(known)}")
        if category:
            found[entity] = category
    return found


def _there_are(known: Collection[str]) -> str:
    return f"the categories are: {', '.join(sorted(known))}"
