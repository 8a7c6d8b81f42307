"""What access rules may ask of who is asking: a name, roles and claims, each of a type.

A claim is one text unless another type is stated for it. What somebody's claim cannot be read as, they do not have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from demotic.errors import Forbidden, InvalidInput
from demotic.model import PRIMITIVES, STRING, PrimitiveType
from demotic.service.access._rules import RulesFault
from demotic.service.identity import Identity

_COLLECTION: Final = re.compile(r"Collection\((.+)\)")
MOST_CLAIMS: Final = 1024
"""How many claims one list may have; whoever has more is refused."""

SAMPLES: Final[Mapping[str, str]] = {
    "String": "'x'", "Byte": "1", "SByte": "1", "Int16": "1", "Int32": "1", "Int64": "1", "Decimal": "1.5",
    "Guid": "00000000-0000-0000-0000-000000000000", "Date": "2024-02-29", "DateTimeOffset": "2024-02-29T00:00:00Z",
}  # fmt: skip
"""The types that claims may have, each with a literal of it."""


@dataclass(frozen=True, slots=True)
class ClaimType:
    """The type of a claim, and whether there may be many."""

    type: PrimitiveType = STRING
    many: bool = False

    def values(self, identity: Identity, name: str) -> tuple[object, ...] | None:
        """Return somebody's claims of a name, native; ``None`` if there are none, or they are of another type."""
        if name == "name":
            return None if identity.name is None else (identity.name,)
        found: Any = sorted(identity.roles) if name == "roles" else identity.claims.get(name)
        listed = isinstance(found, (list, tuple, set, frozenset))
        if found is None or isinstance(found, dict) or (listed and not self.many):
            return None
        try:
            return tuple(self._native(item) for item in (found if listed else (found,)))
        except (InvalidInput, TypeError, ValueError):
            return None

    def size(self, identity: Identity, name: str) -> int | None:
        """Return how many claims of a name somebody counts as having: 0, or a power of two; ``None`` for none at all.

        Raises Forbidden for more than anybody may have.
        """
        values = self.values(identity, name)
        if values is None or not self.many:
            return None if values is None else 1
        if len(values) > MOST_CLAIMS:
            raise Forbidden(f"there are more than {MOST_CLAIMS} claims called {name}")
        return 1 << (len(values) - 1).bit_length() if values else 0

    def _native(self, item: object) -> object:
        if self.type is STRING:
            if not isinstance(item, str):
                raise InvalidInput("a claim that is no text")
            return item
        if isinstance(item, bool):
            raise InvalidInput("a claim that is no number")
        return self.type.parse(str(item))


TEXT: Final = ClaimType()
ROLES: Final = ClaimType(many=True)


def claim_types(stated: Mapping[str, str]) -> dict[str, ClaimType]:
    """Return the types of claims, those that everybody has included. Raises `RulesFault`."""
    found = {"name": TEXT, "roles": ROLES}
    for name, text in stated.items():
        place = f"claims.{name}"
        inner = _COLLECTION.fullmatch(text)
        short = (inner[1] if inner else text).removeprefix("Edm.")
        if name in found:
            raise RulesFault(
                f"{place}: $user/{name} has its own meaning", target=place, hint="call the claim otherwise"
            )
        if short not in SAMPLES:
            known = ", ".join(f"Edm.{item}" for item in SAMPLES)
            raise RulesFault(f"{place}: {text!r} is no type of a claim", target=place, hint=f"it is one of {known}")
        found[name] = ClaimType(PRIMITIVES[short], inner is not None)
    return found
