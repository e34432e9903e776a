"""Obligations -> edits."""

from gateway.transform.masking import CannotTransform, surviving, transform

__all__ = ["CannotTransform", "surviving", "transform"]
