"""How long a value is good: fresh, worth refreshing, of use when the function fails, gone.

    created ──────── refresh_at ──────── expires_at ──────── kept no longer
             fresh               fresh, and            only if the
                                 one caller refreshes  function fails

With ``early``, one caller recomputes a value shortly before it expires, the sooner the longer computing takes, at
random, so that many do not find it expired at once (A. Vattani, F. Chierichetti, K. Lowenstein, "Optimal
Probabilistic Cache Stampede Prevention", VLDB 2015, algorithm XFetch; ``early`` is its beta).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from demotic.cache._errors import WrongCacheUse
from demotic.cache.backends._interface import checked_ttl
from demotic.cache.values import Kind, Record

# Clocks of several machines differ; a record from further in the future than this was made before a clock was set back.
SKEW = 10.0
# -log of the smallest chance that is worth a random number: below it, nothing is recomputed early.
_LARGEST_DRAW = 20.8


def _draw() -> float:
    from random import random  # loads OpenSSL, which a program that only imports this need not wait for

    return random()


class Freshness:
    """The times of one function's values, in seconds; None for no end.

    ``jitter`` shortens each value's ttl by up to this fraction, so that what was computed together does not expire
    together. ``lease`` bounds how long other processes wait for one that may have died, ``patience`` how long any
    caller waits for another before it computes for itself.
    """

    __slots__ = ("draw", "early", "jitter", "lease", "patience", "soft_ttl", "stale_on_error", "ttl")

    def __init__(
        self,
        ttl: float | None = None,
        soft_ttl: float | None = None,
        stale_on_error: float = 0.0,
        jitter: float = 0.0,
        early: float = 0.0,
        lease: float = 30.0,
        patience: float = 30.0,
        draw: Callable[[], float] = _draw,
    ) -> None:
        self.ttl = ttl
        self.soft_ttl = soft_ttl
        self.stale_on_error = stale_on_error
        self.jitter = jitter
        self.early = early
        self.lease = lease
        self.patience = patience
        self.draw = draw
        self._check()

    def _check(self) -> None:
        checked_ttl(self.ttl)
        checked_ttl(self.soft_ttl)
        for name in ("lease", "patience"):
            if checked_ttl(getattr(self, name)) is None:
                raise WrongCacheUse(f"{name} has no end", target=name, hint="seconds above 0")
        if not 0 <= self.jitter < 1:
            raise WrongCacheUse(f"jitter is {self.jitter!r}", target="jitter", hint="a fraction from 0 to below 1")
        if not (self.early >= 0 and self.stale_on_error >= 0):
            raise WrongCacheUse("early and stale_on_error are not negative", target="early")
        if self.ttl is None:
            for name in ("jitter", "early", "stale_on_error"):
                if getattr(self, name):
                    raise WrongCacheUse(f"{name} goes with a ttl, and there is none", target=name, hint="ttl=seconds")
        if self.soft_ttl is not None and self.ttl is not None and self.soft_ttl >= self.ttl:
            raise WrongCacheUse("soft_ttl is not shorter than ttl", target="soft_ttl")

    def stamp(self, record: Record, ttl: float | None) -> float | None:
        """Set a record's times, for this ttl; return for how long after its creation it is to be kept."""
        if ttl is None:
            record.refresh_at = math.inf if self.soft_ttl is None else record.created + self.soft_ttl
            record.certain_until = record.refresh_at
            return None
        lasting = ttl * (1 - self.jitter * self.draw()) if self.jitter else ttl
        record.expires_at = record.created + lasting
        if record.kind != Kind.VALUE:
            return lasting
        if self.soft_ttl is not None:
            record.refresh_at = record.created + min(self.soft_ttl, lasting)
        early_from = record.expires_at - self.early * record.cost * _LARGEST_DRAW
        record.certain_until = min(record.refresh_at, early_from)
        return lasting + self.stale_on_error

    def is_fresh(self, record: Record, now: float) -> bool:
        """Return whether a record may be used as it is."""
        return record.created - SKEW <= now < record.expires_at

    def is_usable(self, record: Record, now: float) -> bool:
        """Return whether a record may be used where the function fails."""
        return record.created - SKEW <= now < record.expires_at + self.stale_on_error

    def wants_refresh(self, record: Record, now: float) -> bool:
        """Return whether this caller should have a fresh record refreshed."""
        if now >= record.refresh_at:
            return True
        if not self.early or record.expires_at == math.inf:
            return False
        return now - record.cost * self.early * math.log(1 - self.draw()) >= record.expires_at
