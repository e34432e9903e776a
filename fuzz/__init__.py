"""Fuzzing of ``decode``: a corpus of sound documents, and a target that looks for what must not happen."""
