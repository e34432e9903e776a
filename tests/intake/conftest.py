"""mitmproxy's own libraries warn about each other while they are imported; nothing after that may."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import mitmproxy.addons  # noqa: F401
