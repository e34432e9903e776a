"""Files -> one frozen, digested Rulebook."""
