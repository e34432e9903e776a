"""Identifiers of vehicles."""
