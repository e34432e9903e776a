"""Files -> one frozen, digested Rulebook."""

from gateway.rulebook.load import digest, from_files, load

__all__ = ["digest", "from_files", "load"]
