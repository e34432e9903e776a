"""JSON Web Token (访问令牌): three stretches of base64url with dots between, the first a JSON object that has ``alg``.

Source: RFC 7519, section 3; RFC 7515, section 4.1.1.

>>> validate("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJsaSJ9.AAAAAAAAAAAAAAAAAAAAAA")
True
>>> validate("eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiJsaSJ9.AAAAAAAAAAAAAAAAAAAAAA")  # a header without alg
False
>>> validate("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJsaSJ9")
False
>>> validate("eyJhbGciOiJIUzI1N.eyJzdWIiOiJsaSJ9.AAAA")
False
"""

import json
from base64 import urlsafe_b64decode

_LONGEST_HEADER = 8192


def validate(text: str) -> bool:
    """Tell whether the header is a JSON object that names an algorithm."""
    header, _, rest = text.partition(".")
    if rest.count(".") < 1 or len(header) > _LONGEST_HEADER:
        return False
    try:
        members = json.loads(urlsafe_b64decode(header + "=" * (-len(header) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(members, dict) and "alg" in members
