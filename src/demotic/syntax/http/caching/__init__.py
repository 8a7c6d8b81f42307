"""What caches go by (RFC 9111): `Cache-Control`, `Vary`, ages and freshness. All functions of their arguments."""

from demotic.syntax.http.caching._cache_control import (
    CacheControl,
    parse_cache_control,
)
from demotic.syntax.http.caching._freshness import (
    HEURISTICALLY_CACHEABLE,
    KeptResponse,
    Use,
    current_age,
    freshness_lifetime,
    judge,
    read_control,
)
from demotic.syntax.http.caching._seconds import (
    LONGEST,
    format_seconds,
    parse_seconds,
)
from demotic.syntax.http.caching._storing import (
    freshened,
    invalidates,
    kept_fields,
    may_store,
    validation_fields,
)
from demotic.syntax.http.caching._vary import (
    Vary,
    parse_vary,
)

__all__ = [
    "HEURISTICALLY_CACHEABLE",
    "LONGEST",
    "CacheControl",
    "KeptResponse",
    "Use",
    "Vary",
    "current_age",
    "format_seconds",
    "freshened",
    "freshness_lifetime",
    "invalidates",
    "judge",
    "kept_fields",
    "may_store",
    "parse_cache_control",
    "parse_seconds",
    "parse_vary",
    "read_control",
    "validation_fields",
]
