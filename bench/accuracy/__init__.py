"""Precision and recall of what ships, on a synthetic corpus in four languages, and false alarms on harmless text."""
