"""The rules of certainty, one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.classify.certainty import judge
from gateway.vocabulary import Certainty

P, L, C = Certainty.POSSIBLE, Certainty.LIKELY, Certainty.CERTAIN
ALONE = st.sampled_from([None, P, L, C])


@pytest.mark.parametrize(
    ("alone", "checked", "label", "context", "decimal", "expected"),
    [
        (None, None, False, False, False, None),
        (P, None, False, False, False, P),
        (None, True, False, False, False, P),
        (L, True, False, False, False, C),
        (L, False, False, False, False, None),
        (L, False, False, True, False, None),
        (L, False, True, False, False, L),
        (None, False, True, False, False, P),
        (None, None, True, False, False, L),
        (P, None, True, False, False, C),
        (None, None, False, True, False, L),
        (L, None, False, True, False, C),
        (L, None, False, False, True, P),
        (P, None, False, False, True, None),
        (L, None, True, False, True, C),
    ],
)
def test_rule(
    alone: Certainty | None, checked: bool | None, label: bool, context: bool, decimal: bool, expected: Certainty | None
) -> None:
    """Each rule of the docstring gives the step that it states."""
    assert judge(alone, checked, label=label, context=context, decimal=decimal)[0] == expected


@given(ALONE, st.sampled_from([True, None]), st.booleans(), st.booleans(), st.booleans())
def test_more_evidence_never_lowers(
    alone: Certainty | None, checked: bool | None, label: bool, context: bool, decimal: bool
) -> None:
    """A check digit that fits, a label or a context word never make a finding less certain."""
    plain = judge(alone, checked, label=label, context=context, decimal=decimal)[0] or 0
    assert (judge(alone, True, label=label, context=context, decimal=decimal)[0] or 0) >= plain
    assert (judge(alone, checked, label=True, context=context, decimal=decimal)[0] or 0) >= plain
    assert (judge(alone, checked, label=label, context=True, decimal=decimal)[0] or 0) >= plain


@given(ALONE, st.booleans(), st.booleans(), st.booleans())
def test_failed_check_is_never_certain(alone: Certainty | None, label: bool, context: bool, decimal: bool) -> None:
    """A check digit that does not fit leaves nothing CERTAIN, whatever else speaks for it."""
    certainty, _ = judge(alone, False, label=label, context=context, decimal=decimal)
    assert certainty in (None, P, L)
