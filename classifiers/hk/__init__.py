"""Identifiers issued in Hong Kong."""
