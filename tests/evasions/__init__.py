"""Hidden identifiers and harmless look-alikes: what a careless or hostile sender may write, and what must be seen."""
