"""Bytes -> segments and opaque parts, and edits back into bytes."""

from gateway.decode.message import decode, rebuild
from gateway.decode.splicing import Unwritable

__all__ = ["Unwritable", "decode", "rebuild"]
