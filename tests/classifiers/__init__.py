"""Tests of the recognisers that ship with the house."""
