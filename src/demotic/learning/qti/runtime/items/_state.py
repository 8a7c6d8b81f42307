"""The state of an item session: a value that never changes, from which each step makes another.

It holds everything that the rest of the session depends on, chance and time included, so that a session can be stored
as JSON between two steps, and replayed from its log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from demotic.learning.qti.runtime._errors import ValueFault
from demotic.learning.qti.runtime.values import Optional, from_json, to_json

__all__ = ["ItemState", "Status"]

Status = Literal["begun", "interacting", "suspended", "ended"]
_FORM = 1


@dataclass(frozen=True, slots=True)
class ItemState:
    """An item session at one moment.

    `status` is `begun` (no attempt is open), `interacting` (one is), `suspended` (`trying` tells whether one is open
    meanwhile) or `ended`. `values` has every variable: template variables, responses as last submitted, outcomes, and
    the built-in `numAttempts`, `duration` and `completionStatus`. `draft` has the responses given since then, `raw` the
    text of those that are no value of their type, and `invalid` says of each response that the interaction does not
    allow why. `corrects` and `defaults` are what template processing has set, `orders` the choices of each shuffled
    interaction. `problems` says which rules failed in the last run of processing. `random` is the state of chance,
    `seconds` the time spent, and `since` the moment from which on it counts (None while it does not).
    """

    status: Status
    values: Mapping[str, Optional]
    trying: bool = False
    draft: Mapping[str, Optional] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)
    invalid: Mapping[str, str] = field(default_factory=dict)
    corrects: Mapping[str, Optional] = field(default_factory=dict)
    defaults: Mapping[str, Optional] = field(default_factory=dict)
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    random: int = 0
    seconds: float = 0.0
    since: float | None = None

    def __getitem__(self, name: str) -> Optional:
        """Return a variable's value. Raises `KeyError` for a name that nothing has."""
        return self.values[name]

    def changed(self, **changes: Any) -> ItemState:
        """Return the same state with other fields."""
        return replace(self, **changes)

    @property
    def responses(self) -> Mapping[str, Optional]:
        """All variables as the candidate sees them: what was submitted, and what was given since."""
        return {**self.values, **self.draft}

    def to_json(self) -> dict[str, Any]:
        """Return the state as what JSON can hold."""
        return {
            "form": _FORM,
            "status": self.status,
            "trying": self.trying,
            "values": _all_to_json(self.values),
            "draft": _all_to_json(self.draft),
            "raw": dict(self.raw),
            "invalid": dict(self.invalid),
            "corrects": _all_to_json(self.corrects),
            "defaults": _all_to_json(self.defaults),
            "orders": {name: list(order) for name, order in self.orders.items()},
            "problems": list(self.problems),
            "random": str(self.random),  # 64 bits are more than every reader of JSON keeps
            "seconds": self.seconds,
            "since": self.since,
        }

    @classmethod
    def from_json(cls, data: Any) -> ItemState:
        """Return the state that `to_json` made this of. Raises `ValueFault` for anything else."""
        if not isinstance(data, dict) or data.get("form") != _FORM:
            raise ValueFault("this is no state of an item session", hint="what ItemState.to_json returned")
        try:
            return cls(
                status=_known(data["status"]),
                values=_all_from_json(data["values"]),
                trying=bool(data["trying"]),
                draft=_all_from_json(data["draft"]),
                raw=_texts(data["raw"]),
                invalid=_texts(data["invalid"]),
                corrects=_all_from_json(data["corrects"]),
                defaults=_all_from_json(data["defaults"]),
                orders={name: tuple(map(str, order)) for name, order in data["orders"].items()},
                problems=tuple(map(str, data["problems"])),
                random=int(data["random"]),
                seconds=float(data["seconds"]),
                since=None if data["since"] is None else float(data["since"]),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueFault(f"the state of an item session is damaged: {error!r}") from None


def _known(status: Any) -> Status:
    if status not in ("begun", "interacting", "suspended", "ended"):
        raise ValueFault(f"{status!r} is no status of an item session")
    return status  # type: ignore[no-any-return]


def _texts(data: Any) -> dict[str, str]:
    return {str(name): str(text) for name, text in data.items()}


def _all_to_json(values: Mapping[str, Optional]) -> dict[str, Any]:
    return {name: to_json(value) for name, value in values.items()}


def _all_from_json(data: Any) -> dict[str, Optional]:
    return {str(name): from_json(value) for name, value in data.items()}
