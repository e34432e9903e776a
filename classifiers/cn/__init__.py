"""Identifiers issued in mainland China."""
