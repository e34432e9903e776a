"""Kouan (口岸): a whitelist proxy for data that cross between mainland China, Hong Kong and Macao."""

__version__ = "0.1.0"
