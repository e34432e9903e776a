"""Content of communications and address books."""
