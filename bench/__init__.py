"""Benchmarks: each prints a ratio against a baseline measured in the same run, and none is a timed test."""
