"""How certain a finding is: the rules, in the order in which they apply.

Certainty has three steps: POSSIBLE, LIKELY, CERTAIN. Below POSSIBLE there is no finding.

1. A written form starts at the step that its recogniser states under ``alone`` (``none`` is below POSSIBLE).
2. A check digit that fits raises by one step. One that does not fit leaves no finding, unless the name of the field
   says that the number is one: then rule 6 holds. A check that broke down counts as none and is named in the evidence.
3. The name of the field, where it is one of the recogniser's labels, raises by two steps, and to LIKELY at least.
4. A context word near by raises by one step, and to LIKELY at least. Beside a label it adds nothing. Near by means
   within 40 characters before or 12 after, in the same value, on the same line, with no other number between. A label
   written before it with a colon or the like between does the same, and so does a finding of the same record, LIKELY by
   itself, that the recogniser names under ``beside``.
5. A number that touches a decimal point with digits beyond it is lowered by one step, unless rule 3 or 4 applied.
6. With a label and a check digit that does not fit, the certainty is one step lower than the label alone would give,
   at least POSSIBLE and at most LIKELY: a number mistyped or issued by rules unknown here is still somebody's.

7. Where a recogniser takes any value, what stands in a field with one of its labels is LIKELY, whatever it looks like.
8. A whole value that its check digit shows to be one thing, in a field whose name says that it is another or no
   identifier at all, is also a finding of the recogniser that takes no value (``value: none``), and LIKELY.

Evidence codes: ``pattern:<name>``, ``check_digit``, ``check_failed``, ``check_unknown``, ``label``, ``context``,
``beside``, ``value``, ``looks_like:<recogniser>``, ``decimal``.
No register is ever consulted, so none can make a finding disappear.
"""

from __future__ import annotations

from gateway.vocabulary import Certainty


def judge(
    alone: Certainty | None, checked: bool | None, *, label: bool, context: bool, decimal: bool
) -> tuple[Certainty | None, tuple[str, ...]]:
    """Apply the rules to one match. ``checked`` is None where there is no check digit. None: no finding."""
    step = int(alone or 0)
    if checked is False:
        if not label:
            return None, ()
        step = max(step + 2, Certainty.LIKELY) - 1
        return Certainty(min(step, Certainty.LIKELY)), ("check_failed", "label")
    evidence: list[str] = []
    if checked:
        step += 1
        evidence.append("check_digit")
    if label:
        step = max(step + 2, Certainty.LIKELY)
        evidence.append("label")
    elif context:
        step = raised(step)
        evidence.append("context")
    elif decimal:
        step -= 1
        evidence.append("decimal")
    if step < Certainty.POSSIBLE:
        return None, ()
    return Certainty(min(step, Certainty.CERTAIN)), tuple(evidence)


def raised(step: int | None) -> Certainty:
    """Raise by one step, and to LIKELY at least (rule 4)."""
    return Certainty(min(max((step or 0) + 1, Certainty.LIKELY), Certainty.CERTAIN))
