"""Important data, government matters and proofs."""
