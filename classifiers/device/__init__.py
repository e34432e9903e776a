"""Identifiers of devices and of the people who carry them."""
