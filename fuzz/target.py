"""Coverage-guided fuzzing with atheris: ``make fuzz SECONDS=60 FORMAT=zip`` (all formats where none is named).

Looks for what must not happen: an exception that leaves ``decode``, a part that cannot be read although it was judged,
a body that changes where nothing was edited, more time than a message of its size may take. What it finds is kept in
``fuzz/found``; give such a file to ``python -m fuzz.target FILE`` to see it again.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from fuzz.samples import CORPUS, TYPES
from gateway.decode import decode, rebuild
from gateway.vocabulary import BEIJING, STRANGER, Envelope, Leg, Limits, State, Transfer

LIMITS = Limits(seconds=2.0)
SLOWEST = 4.0
"""Seconds for a message of at most a MiB: its two, and what one reader takes beyond its last look at the clock."""


def transfer(data: bytes, type: str) -> Transfer:
    """Return a message with this body."""
    from datetime import datetime

    headers = ((b"Content-Type", type.encode()),) if type else ()
    envelope = Envelope("POST", "https", "a.example", 443, b"/", headers)
    return Transfer(
        "t", datetime(2026, 11, 20, tzinfo=BEIJING), Leg.REQUEST, STRANGER, STRANGER, envelope, data, State.COMPLETE
    )


def check(data: bytes, type: str) -> None:
    """Raise AssertionError, or what a reader raised, where something happened that must not."""
    message = transfer(data, type)
    begun = time.monotonic()
    content = decode(message, LIMITS)
    texts = [(part, segment) for part in content.parts for segment in part.segments]
    assert time.monotonic() - begun < SLOWEST, "too slow"
    for opaque in content.opaque:
        assert not opaque.detail.endswith("Error"), f"a reader raised {opaque.detail}"
    for part, segment in texts[:1000]:
        assert 0 <= segment.start <= segment.end <= len(part.text), "a value lies outside of its text"
        if segment.text and segment.marks is not None:
            start, end = segment.span(0, len(segment.text))
            assert 0 <= start <= end <= len(part.text), "a mark lies outside of its text"
    assert rebuild(message, content, ()) == data, "a body changed with no edit"


def main() -> None:
    """Fuzz, or show one file again: ``[--format NAME] [--seconds N]`` or ``FILE``."""
    arguments = sys.argv[1:]
    if arguments and not arguments[0].startswith("--"):
        for type in TYPES.values():
            check(Path(arguments[0]).read_bytes(), type)
        return
    given = dict(zip(arguments[::2], arguments[1::2], strict=True))
    names = [given["--format"]] if given.get("--format") else sorted(TYPES)
    found = Path(__file__).parent / "found"
    found.mkdir(exist_ok=True)
    import atheris

    types = [TYPES[name] for name in names]

    def one(data: bytes) -> None:
        if data:
            check(data[1:], types[data[0] % len(types)])

    folders = [str(CORPUS / name) for name in names]
    sys.stderr.write(f"fuzz: {', '.join(names)}; what is found is kept in {found}\n")
    options = [
        f"-max_total_time={given.get('--seconds', '60')}",
        f"-artifact_prefix={found}/",
        "-max_len=65536",
        "-timeout=10",
    ]
    # The first byte chooses the declaration, the rest is the body.
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], *options, str(found), *folders], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
