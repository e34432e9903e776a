"""Parsers that are native or slow, in processes that can be killed: a hang or a crash costs one opaque part."""

from gateway.sandbox.pool import Sandbox

__all__ = ["Sandbox"]
