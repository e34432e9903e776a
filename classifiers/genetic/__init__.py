"""Genes of a person and human genetic resources."""
