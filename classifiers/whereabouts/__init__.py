"""Tracks, tickets, border crossings, lodging."""
