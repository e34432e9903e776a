"""Addresses and accounts on networks."""
