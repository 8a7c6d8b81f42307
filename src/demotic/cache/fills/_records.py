"""From a function's results to records and back, counting and telling what happens on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from demotic.cache._counters import HOOKS, Counters, Event, Happening, Hook, tell
from demotic.cache._errors import Unreadable, Unstorable
from demotic.cache._log import log
from demotic.cache.backends._interface import Loaded
from demotic.cache.fills._failures import Negative, dump_failure, load_failure
from demotic.cache.fills._freshness import Freshness
from demotic.cache.values import NOT_KEPT, ByReference, Kind, Record, Serializer, immutable

_MOST_WARNINGS = 100


class Call(NamedTuple):
    """One call: its key, the scopes it is invalidated by, and how to compute it."""

    key: str
    scopes: tuple[str, ...]
    run: Callable[[], Any]


class Missing:
    """Stands for no value, where None may be one."""

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING = Missing()


class Records:
    """The records of one function. ``shared`` tells whether they leave this process, ``now`` is the backend's clock."""

    __slots__ = ("counters", "freshness", "function", "hooks", "negative", "now", "serializer", "shared", "warned")

    def __init__(
        self,
        function: str,
        shared: bool,
        now: Callable[[], float],
        serializer: Serializer,
        freshness: Freshness,
        negative: Negative,
        counters: Counters,
        hooks: list[Hook],
    ) -> None:
        self.function = function
        self.shared = shared
        self.now = now
        self.serializer = serializer
        self.freshness = freshness
        self.negative = negative
        self.counters = counters
        self.hooks = hooks
        self.warned: set[str] = set()

    def again(self, record: Record | None, key: str, value: Any) -> Callable[[], Any]:
        if record is None or record.kept is not NOT_KEPT:
            return lambda: value
        return lambda: self.serializer.loads(record.payload, key)

    def of_value(self, value: Any, loaded: Loaded, call: Call, created: float, cost: float) -> Record | None:
        """Return the record of a value, or None if it cannot be stored as it is."""
        record = Record(Kind.VALUE, b"", created, cost=cost, versions=loaded.versions, born=loaded.born)
        record.scopes = call.scopes
        if not self.shared and (immutable(value) or isinstance(self.serializer, ByReference)):
            record.kept = value
            return record
        try:
            record.payload = self.serializer.dumps(value, call.key)
        except Unstorable as error:
            self.note("unstorable", call.key)
            self.warn(f"a result of {self.function} is not cached: {error}")
            return None
        return record

    def of_error(self, error: Exception, loaded: Loaded, call: Call, created: float) -> Record | None:
        try:
            payload = dump_failure(error)
        except Unstorable as reason:
            self.warn(f"{type(error).__name__} of {self.function} is not cached: {reason}")
            return None
        record = Record(Kind.FAILURE, payload, created, versions=loaded.versions, born=loaded.born)
        record.scopes = call.scopes
        return record

    def fresh(self, loaded: Loaded, key: str) -> Any:
        """Return the value that was found, if it may be used, or MISSING. Raises a kept exception."""
        record = loaded.record
        if loaded.unreadable:
            self.note("unreadable", key)
        if record is None or not loaded.valid or record.kind == Kind.FILLING:
            return MISSING
        if not self.freshness.is_fresh(record, self.now()):
            return MISSING
        if record.kind == Kind.FAILURE:
            return self._raise(record, key)
        value = self.value_of(record, key)
        if value is not MISSING:
            self.hit(record, key)
        return value

    def hit(self, record: Record, key: str) -> None:
        """Count a hit."""
        self.count_hit(key, len(record.payload), record.cost)

    def count_hit(self, key: str, size: int, cost: float) -> None:
        """Count a hit of so many bytes that saved so many seconds."""
        counters = self.counters
        counters.hits += 1
        counters.seconds_saved += cost
        counters.bytes_read += size
        if self.hooks or HOOKS:
            self._tell("hit", key)

    def _raise(self, record: Record, key: str) -> Any:
        try:
            error = load_failure(record.payload, self.negative)
        except Unreadable:
            self.note("unreadable", key)
            return MISSING
        self.counters.hits += 1
        self.note("negative", key)
        raise error

    def error_of(self, record: Record) -> Exception | None:
        """Return the exception of a record; None if it cannot be read."""
        try:
            return load_failure(record.payload, self.negative)
        except Unreadable:
            return None

    def value_of(self, record: Record, key: str) -> Any:
        """Return the value of a record, or MISSING if it cannot be read."""
        if record.kept is not NOT_KEPT:
            return record.kept
        try:
            return self.serializer.loads(record.payload, key)
        except Unreadable:
            self.note("unreadable", key)
            return MISSING

    def note(self, what: Happening, key: str | None) -> None:
        name = _COUNTED[what]
        setattr(self.counters, name, getattr(self.counters, name) + 1)
        if self.hooks or HOOKS:
            self._tell(what, key)

    def _tell(self, what: Happening, key: str | None) -> None:
        tell([*self.hooks, *HOOKS], Event(what, self.function, key))

    def warn(self, text: str) -> None:
        """Log a warning, each only once."""
        if text not in self.warned and len(self.warned) < 100:
            self.warned.add(text)
            log().warning("%s", text)


_COUNTED: dict[Happening, str] = {
    "hit": "hits",
    "miss": "misses",
    "joined": "joined",
    "stale": "stale",
    "negative": "negative",
    "refreshed": "refreshed",
    "stored": "stored",
    "discarded": "discarded",
    "unreadable": "unreadable",
    "unstorable": "unstorable",
    "unreachable": "unreachable",
    "error": "errors",
    "invalidated": "invalidated",
}
