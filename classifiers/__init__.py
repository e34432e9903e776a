"""What things are: one recogniser a ``.yaml``, and beside it, where it needs one, its check or finder a ``.py``.

Every check is one function, ``validate(text) -> bool``: it takes the text as matched (blanks, hyphens, dots and
brackets included, letters in either case) and tells whether the number adds up. It answers False for whatever it
does not understand. A finder is for what no expression describes, such as names: see ``Finder``. Rule files name
both by their keys in ``CHECKS`` and ``FINDERS``; nothing else can be called from YAML.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

from classifiers.cn import cnaps, orgcode, ric, uscc
from classifiers.device import imei
from classifiers.finance import card, iban
from classifiers.hk import hkid
from classifiers.marks import banner
from classifiers.organisation import organisation
from classifiers.person import han_name, latin_name
from classifiers.place import han_address, latin_address
from classifiers.secrets import jwt
from classifiers.vehicle import vin_checked


class Finder(Protocol):
    """A module that finds what no expression describes. All it does takes time linear in the text."""

    SCREEN: str
    """An RE2 expression that hits every text in which ``find`` finds something."""

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start, end (code points) and kind; ``text`` is values, a line each, and nothing goes over a line."""

    def fits(self, value: str) -> bool:
        """Tell whether a whole value could be it, where the name of its field says so."""


CHECKS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "cn.cnaps": cnaps.validate,
        "cn.orgcode": orgcode.validate,
        "cn.ric": ric.validate,
        "cn.uscc": uscc.validate,
        "device.imei": imei.validate,
        "finance.card": card.validate,
        "finance.iban": iban.validate,
        "hk.hkid": hkid.validate,
        "secrets.jwt": jwt.validate,
        "vehicle.vin_checked": vin_checked.validate,
    }
)
"""All check functions that a recogniser may name."""

FINDERS: Mapping[str, Finder] = MappingProxyType(
    {
        "marks.hong_kong": banner.HONG_KONG,
        "marks.internal": banner.INTERNAL,
        "marks.macao": banner.MACAO,
        "marks.state_secret": banner.STATE_SECRET,
        "marks.work_secret": banner.WORK_SECRET,
        "organisation.organisation": organisation,
        "person.han_name": han_name,
        "person.latin_name": latin_name,
        "place.han_address": han_address,
        "place.latin_address": latin_address,
    }
)
"""All finders that a recogniser may name."""

__all__ = ["CHECKS", "FINDERS", "Finder"]
