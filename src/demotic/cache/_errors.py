"""What can go wrong with caching: mistakes in a program, and a cache that cannot be reached.

InvalidInput
├── UnkeyableArgument  a call's arguments cannot be written as a key
├── WrongCacheUse      an option or a decorated thing that does not go together with caching
└── UnknownFunction    no cached function has this name
Unavailable
└── CacheUnreachable   the cache server does not answer; decorated functions never let it out
InternalFault
├── Unreadable         what the cache returned is no value that this program wrote
└── Unstorable         a value that would not come back from the cache as it went in
"""

from __future__ import annotations

from demotic.errors import InternalFault, InvalidInput, NotFound, Unavailable


class UnkeyableArgument(InvalidInput, TypeError):
    """An argument has no stable form to make a key from. Also a TypeError."""

    code = "UnkeyableArgument"


class WrongCacheUse(InvalidInput):
    """An option, or a thing to decorate, does not go together with caching."""

    code = "WrongCacheUse"


class UnknownFunction(NotFound, LookupError):
    """No cached function has this name. Also a LookupError."""

    code = "UnknownFunction"


class CacheUnreachable(Unavailable):
    """The cache server does not answer. Decorated functions run without it and never raise this."""

    code = "CacheUnreachable"


class Unreadable(InternalFault):
    """What the cache returned is no value that this program wrote: a miss, which is counted."""

    code = "UnreadableCacheValue"


class Unstorable(InternalFault):
    """A value would not come back from the cache as it went in, so it is not stored."""

    code = "UnstorableValue"
