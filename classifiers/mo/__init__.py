"""Identifiers issued in Macao."""
