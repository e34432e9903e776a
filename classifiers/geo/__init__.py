"""Places on the ground."""
