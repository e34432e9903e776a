"""Criminal records and suspicion."""
