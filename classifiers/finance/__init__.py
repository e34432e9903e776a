"""Identifiers of accounts and cards."""
