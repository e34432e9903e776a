"""Standing (累计数量 / 累計數量): how many people each exporter has sent data of, exactly, and under which bounds.

Counts live in tables beside the ledger's entries and change in the transaction that writes the entry.
"""

from gateway.headcount.chain import Broken, Chain
from gateway.headcount.counting import NOBODY, Cargo, Count, is_counted
from gateway.headcount.erasing import TooEarly, forget
from gateway.headcount.key import BadFingerprintKey, fingerprint_key
from gateway.headcount.limits import Limit, limits_of
from gateway.headcount.overview import Line, overview
from gateway.headcount.scopes import holder, plan_of
from gateway.headcount.tables import Row, rows

__all__ = [
    "NOBODY",
    "BadFingerprintKey",
    "Broken",
    "Cargo",
    "Chain",
    "Count",
    "Limit",
    "Line",
    "Row",
    "TooEarly",
    "fingerprint_key",
    "forget",
    "holder",
    "is_counted",
    "limits_of",
    "overview",
    "plan_of",
    "rows",
]
