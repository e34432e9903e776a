"""The words of the house: every code and parameter in the four languages.

``SENTENCES`` say what happened, ``REMEDIES`` what to do about it, ``CLAUSES`` add what a parameter tells, and
``VALUES`` name values that are codes. Braces stand for parameters. Local terms differ on purpose: personal information
is 个人信息 in the mainland, 個人資料 in Hong Kong and Macao, dados pessoais in Portuguese.
"""

from __future__ import annotations

from gateway.decide.words.clauses import CLAUSES, VALUES
from gateway.decide.words.door import DOOR
from gateway.decide.words.sentences import OTHER_REMEDIES, OTHER_SENTENCES
from gateway.vocabulary import Wording

__all__ = ["CLAUSES", "REMEDIES", "SENTENCES", "UNKNOWN", "VALUES"]

SENTENCES: dict[str, Wording] = {**OTHER_SENTENCES, **{code: said for code, (said, _) in DOOR.items()}}
REMEDIES: dict[str, Wording] = {**OTHER_REMEDIES, **{code: remedy for code, (_, remedy) in DOOR.items()}}

UNKNOWN = "house.unknown"
"""The code that stands in for one that has no words."""
