"""Check digits: the published examples, an independent oracle, and that none of them ever raises."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import uscc as oracle_uscc
from stdnum.iso7064 import mod_11_2

import classifiers
from classifiers import CHECKS

MODULES = sorted(
    name
    for _, name, package in pkgutil.walk_packages(classifiers.__path__, "classifiers.")
    if not package and hasattr(importlib.import_module(name), "validate")
)
DIGITS = st.text("0123456789", min_size=1)


@pytest.mark.parametrize("name", MODULES)
def test_doctests(name: str) -> None:
    """The examples in the docstring of each check digit hold."""
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted >= 3
    assert result.failed == 0


def test_registry_holds_every_module() -> None:
    """Each check beside a recogniser is in the registry, under the name of its place and number."""
    assert {f"classifiers.{name}" for name in CHECKS} == set(MODULES)


@pytest.mark.parametrize("name", sorted(CHECKS))
@given(text=st.text() | DIGITS | st.text("0123456789XA()- .", max_size=24))
def test_never_raises(name: str, text: str) -> None:
    """A check answers True or False whatever it is given."""
    assert CHECKS[name](text) in (True, False)


@given(
    region=st.integers(100000, 659999),
    born=st.dates(min_value=date(1900, 1, 1)).filter(lambda day: day.year < 2100),
    sequence=st.integers(0, 999),
)
def test_resident_number_agrees_with_oracle(region: int, born: object, sequence: int) -> None:
    """ISO 7064 MOD 11-2 as python-stdnum computes it gives the one character that fits."""
    head = f"{region}{born:%Y%m%d}{sequence:03}"
    fitting = [character for character in "0123456789X" if CHECKS["cn.ric"](head + character)]
    assert fitting == [mod_11_2.calc_check_digit(head)]


@given(st.text("0123456789", min_size=14, max_size=17))
def test_card_agrees_with_oracle(digits: str) -> None:
    """Within the UnionPay range, the one digit that fits is Luhn's as python-stdnum computes it."""
    head = "62" + digits[:-1]
    fitting = [digit for digit in "0123456789" if CHECKS["finance.card"](head + digit)]
    assert fitting == [luhn.calc_check_digit(head)]


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9))
def test_credit_code_agrees_with_oracle(organisation: str) -> None:
    """The one character that fits a credit code is that of python-stdnum."""
    head = "91440300" + organisation
    fitting = [character for character in "0123456789ABCDEFGHJKLMNPQRTUWXY" if CHECKS["cn.uscc"](head + character)]
    assert fitting == [oracle_uscc.calc_check_digit(head)]


@given(letters=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=2), digits=st.integers(0, 999999))
def test_hong_kong_number_has_one_check_digit(letters: str, digits: int) -> None:
    """For each letters and digits exactly one of 0-9 and A fits, with or without brackets."""
    fitting = [check for check in "0123456789A" if CHECKS["hk.hkid"](f"{letters}{digits:06}({check})")]
    assert len(fitting) == 1
    assert CHECKS["hk.hkid"](f"{letters.lower()}{digits:06}{fitting[0].lower()}")
