"""Tests of the room that classifies."""
