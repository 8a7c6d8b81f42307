"""The keys that go to a server: the namespace, a colon, and the key if a server can take it, else its hash."""

from __future__ import annotations

import re

from demotic.cache._errors import WrongCacheUse
from demotic.cache.backends._interface import checked_key

# memcached takes at most 250 bytes without blanks and controls (protocol.txt, "Keys"); braces would choose the slot of
# a Redis cluster (Redis cluster specification, "Hash tags").
_PLAIN = re.compile(r"[!-\"$-z|~][!-z|~]{0,149}")
_NAMESPACE = re.compile(r"[A-Za-z0-9_.-]{1,60}")


def checked_namespace(namespace: str) -> str:
    """Return a namespace. Raises `WrongCacheUse` for one that servers would not take."""
    if isinstance(namespace, str) and _NAMESPACE.fullmatch(namespace):
        return namespace
    raise WrongCacheUse(
        f"{namespace!r} is no namespace", target="namespace", hint="1 to 60 letters, digits, dots, dashes, underscores"
    )


def server_key(namespace: str, key: str) -> str:
    """Return the key that a server is given. Raises `WrongCacheUse` unless the key is text."""
    if _PLAIN.fullmatch(checked_key(key)):
        return f"{namespace}:{key}"
    from hashlib import blake2b

    return f"{namespace}:#{blake2b(key.encode('utf-8', 'surrogatepass'), digest_size=20).hexdigest()}"
