"""Keeps mitmproxy from importing its forty addons, and with them a web server, LDAP and a query language.

``mitmproxy/addons/__init__.py`` imports every addon there is. A package of the same name and place without that file
lets the few that are needed be imported by themselves: half the time to start, and less code in the process.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from types import ModuleType

import mitmproxy

if "mitmproxy.addons" not in sys.modules:
    _package = ModuleType("mitmproxy.addons", __doc__)
    _package.__path__ = [str(Path(mitmproxy.__file__ or "").parent / "addons")]
    sys.modules["mitmproxy.addons"] = _package

with warnings.catch_warnings():  # of mitmproxy about pyparsing, at import only
    warnings.simplefilter("ignore", DeprecationWarning)
    import mitmproxy.command
