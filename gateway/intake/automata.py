"""Where the supervisor and its workers keep the compiled recognisers."""

from __future__ import annotations

import os

from gateway.rulebook.kept import KeptFiles, kept_for
from gateway.settings import Settings


def automata(settings: Settings) -> KeptFiles:
    """Return where the compiled recognisers of this gateway are kept."""
    return kept_for(os.environ, settings.state_dir / "automata")
