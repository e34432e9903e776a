"""What the supervisor tells a worker: its orders at the start, then words, a line each.

``prepare DIGEST``: build that rulebook, and answer ``prepared DIGEST`` or ``failed DIGEST``. ``adopt DIGEST``: judge by
it from now on. ``close CODE``: refuse everything for that reason. ``open``: judge again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from gateway.settings import Settings


def orders(settings: Settings, digest: str) -> bytes:
    """What a worker is told: settings, and the digest of the rulebook, which the ledger keeps."""
    return json.dumps({"settings": asdict(settings), "rulebook": digest}, default=str).encode() + b"\n"


def from_orders(line: bytes) -> tuple[Settings, str]:
    """Read what ``orders`` wrote."""
    told = json.loads(line)
    values: dict[str, Any] = told["settings"]
    for item in fields(Settings):
        if "Path" in str(item.type) and values[item.name] is not None:
            values[item.name] = Path(values[item.name])
    values["resolve"] = {host: (address, port) for host, (address, port) in values["resolve"].items()}
    return Settings(**values), told["rulebook"]
