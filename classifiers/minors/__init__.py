"""Children under fourteen."""
