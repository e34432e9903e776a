"""Secrets of systems and of states: never let across, whatever an entry says."""
