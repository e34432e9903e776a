"""Bytes -> segments and opaque parts, and edits back into bytes."""

from gateway.decode.message import IN_PROCESS, decode, rebuild, slow
from gateway.decode.splicing import Unwritable
from gateway.decode.walk import Apart

__all__ = ["IN_PROCESS", "Apart", "Unwritable", "decode", "rebuild", "slow"]
