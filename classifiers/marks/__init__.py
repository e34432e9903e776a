"""Marks of secrecy: in the place of a mark, never the words in a sentence."""
