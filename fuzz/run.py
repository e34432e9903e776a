"""One run of atheris: ``python -m fuzz.run NAMES FOUND OPTION ...``, started by ``python -m fuzz``.

The last byte of an input chooses how it is declared, the others are the body: so a sound document stays one.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["gateway.decode"]):
    from fuzz.target import check
from fuzz.samples import CORPUS, TYPES
from gateway.sandbox import Sandbox

UNDECLARED = "undeclared"


def declarations(names: list[str]) -> list[tuple[str, str]]:
    """Return what inputs may be declared to be: formats by name, with their types, and nothing."""
    return [*((name, TYPES[name]) for name in names), (UNDECLARED, "")]


def main() -> None:
    """Fuzz until the time is over or something is found, which is kept."""
    names, found = sys.argv[1].split(","), Path(sys.argv[2])
    choices = declarations(names)
    sandbox = Sandbox(1)

    def one(data: bytes) -> None:
        if not data:
            return
        body = data[:-1]
        name, type = choices[data[-1] % len(choices)]
        try:
            check(body, type, sandbox)
        except Exception as fault:
            kept = found / f"{name}-{hashlib.sha256(body).hexdigest()[:12]}"
            kept.write_bytes(body)
            sys.stderr.write(f"fuzz: {fault!r}\n")
            raise

    with tempfile.TemporaryDirectory() as seeds:
        for index, (name, _) in enumerate(choices[:-1]):
            for file in sorted((CORPUS / name).iterdir()):
                for choice in (index, len(choices) - 1):
                    (Path(seeds) / f"{name}-{file.name}-{choice}").write_bytes(file.read_bytes() + bytes([choice]))
        # What it learns is written to the first folder, what stands in the others is read.
        learnt = found / "learnt" / (names[0] if len(names) == 1 else "all")
        learnt.mkdir(parents=True, exist_ok=True)
        atheris.Setup([sys.argv[0], *sys.argv[3:], str(learnt), seeds], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
