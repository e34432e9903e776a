"""Biometric data: templates, features and images of parts of the body."""
