"""Postal addresses of the mainland, Hong Kong and Macao, and plain ones of Great Britain, America and Portugal."""
