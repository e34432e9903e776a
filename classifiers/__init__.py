"""What things are: one recogniser a ``.yaml``, and beside it, where the number has one, its check digit a ``.py``.

Every check is one function, ``validate(text) -> bool``: it takes the text as matched (blanks, hyphens, dots and
brackets included, letters in either case) and tells whether the number adds up. It answers False for whatever it
does not understand. Rule files name a check by its key in ``CHECKS``; nothing else can be called from YAML.
Standard library only.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from classifiers.cn import cnaps, orgcode, ric, uscc
from classifiers.device import imei
from classifiers.finance import card, iban
from classifiers.hk import hkid
from classifiers.secrets import jwt
from classifiers.vehicle import vin_checked

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

__all__ = ["CHECKS"]
