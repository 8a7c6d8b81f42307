"""The state of a test session: a value that never changes, from which each step makes another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from demotic.learning.qti.runtime._errors import ValueFault
from demotic.learning.qti.runtime.assessments._form import Entry, Form
from demotic.learning.qti.runtime.items import ItemState
from demotic.learning.qti.runtime.values import Optional, from_json, to_json

__all__ = ["TestState", "TestStatus"]

TestStatus = Literal["interacting", "suspended", "ended"]
_FORM = 1


@dataclass(frozen=True, slots=True)
class TestState:
    """A test session at one moment.

    `form` has the items of each part, in order. `part` and `item` tell where the candidate is (None between parts and
    after the end); `values` holds the variables of the test, `items` the sessions of those items that have one, by
    their names in the form. `presented` names the items shown so far, `done` the parts that have ended. `seconds` is
    the time spent, by the identifiers of the test's parts and sections, and under "" in all; `since` the moment from
    which on it counts. `problems` says which rules failed in the last run of processing. `time` says how limits of time
    are lengthened for this candidate: a factor and seconds to add, None for no limits.
    """

    __test__ = False

    status: TestStatus
    form: Form
    values: Mapping[str, Optional]
    part: int | None = None
    item: str | None = None
    items: Mapping[str, ItemState] = field(default_factory=dict)
    presented: tuple[str, ...] = ()
    done: tuple[int, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    since: float | None = None
    random: int = 0
    problems: tuple[str, ...] = ()
    time: tuple[float, float] | None = (1.0, 0.0)

    def __getitem__(self, name: str) -> Optional:
        """Return the value of a variable: of the test, or of an item as `ITEM.VARIABLE`. Raises `KeyError`."""
        if name in self.values:
            return self.values[name]
        item, dot, variable = name.rpartition(".")
        if dot and item in self.items:
            return self.items[item][variable]
        raise KeyError(name)

    def changed(self, **changes: Any) -> TestState:
        """Return the same state with other fields."""
        return replace(self, **changes)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The items of the part where the candidate is."""
        return () if self.part is None else self.form[self.part]

    def to_json(self) -> dict[str, Any]:
        """Return the state as what JSON can hold."""
        return {
            "form": _FORM,
            "status": self.status,
            "entries": [[list(entry) for entry in part] for part in self.form],
            "values": {name: to_json(value) for name, value in self.values.items()},
            "part": self.part,
            "item": self.item,
            "items": {name: state.to_json() for name, state in self.items.items()},
            "presented": list(self.presented),
            "done": list(self.done),
            "seconds": dict(self.seconds),
            "since": self.since,
            "random": str(self.random),
            "problems": list(self.problems),
            "time": None if self.time is None else list(self.time),
        }

    @classmethod
    def from_json(cls, data: Any) -> TestState:
        """Return the state that `to_json` made this of. Raises `ValueFault` for anything else."""
        if not isinstance(data, dict) or data.get("form") != _FORM or "entries" not in data:
            raise ValueFault("this is no state of a test session", hint="what TestState.to_json returned")
        try:
            if data["status"] not in ("interacting", "suspended", "ended"):
                raise ValueFault(f"{data['status']!r} is no status of a test session")
            return cls(
                status=data["status"],
                form=tuple(tuple(Entry(str(one), str(two)) for one, two in part) for part in data["entries"]),
                values={str(name): from_json(value) for name, value in data["values"].items()},
                part=None if data["part"] is None else int(data["part"]),
                item=None if data["item"] is None else str(data["item"]),
                items={str(name): ItemState.from_json(state) for name, state in data["items"].items()},
                presented=tuple(map(str, data["presented"])),
                done=tuple(map(int, data["done"])),
                seconds={str(name): float(seconds) for name, seconds in data["seconds"].items()},
                since=None if data["since"] is None else float(data["since"]),
                random=int(data["random"]),
                problems=tuple(map(str, data["problems"])),
                time=_time(data.get("time", (1.0, 0.0))),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueFault(f"the state of a test session is damaged: {error!r}") from None


def _time(data: Any) -> tuple[float, float] | None:
    if data is None:
        return None
    factor, more = map(float, data)
    return factor, more
