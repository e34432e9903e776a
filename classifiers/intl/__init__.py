"""Identifiers that belong to no one place."""
