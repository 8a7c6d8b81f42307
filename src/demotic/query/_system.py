"""The names of the system query options: which there are, and where each may stand.

What an option's value may say is not decided here. OData URL Conventions 4.01, section 5.1; Protocol 4.01,
section 11.2.6; Temporal Data 4.0, section 4 (its options always have their dollar sign). Names are read without regard
to case, and the dollar sign may be left out (4.01).
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from demotic.errors import InvalidInput

NESTED_COUNT: Final = frozenset(("filter", "search"))
NESTED_REF: Final = NESTED_COUNT | {"orderby", "skip", "top", "count"}
NESTED_SELECT: Final = NESTED_REF | {"compute", "select"}
TEMPORAL: Final = {"$at": "at", "$from": "from", "$to": "to", "$toinclusive": "toInclusive"}
NESTED_EXPAND: Final = NESTED_SELECT | {"apply", "expand", "levels", *TEMPORAL}
NESTED_STAR: Final = frozenset(("levels",))
TOP_LEVEL: Final = (NESTED_EXPAND - NESTED_STAR) | {
    "deltatoken",
    "format",
    "id",
    "index",
    "schemaversion",
    "skiptoken",
}
"""The options that may stand in a request's query; the sets above may stand in parentheses after an item."""

ALL: Final = TOP_LEVEL | NESTED_EXPAND

_LONGEST_COMPARED: Final = 64


class UnknownOption(InvalidInput):
    """There is no such query option, or not in this place."""

    code = "UnknownQueryOption"


class RepeatedOption(InvalidInput):
    """A query option is given more than once."""

    code = "RepeatedQueryOption"


def is_system_option(name: str) -> bool:
    """Whether the name is, or with its dollar sign means to be, that of a system query option."""
    return name.startswith("$") or name.lower() in ALL


def system_option(name: str, allowed: frozenset[str]) -> str:
    """Return the bare lower-case name of a system query option.

    Raises `UnknownOption` if there is none of that name, or it may not stand here.
    """
    folded = name.lower()
    bare = folded if folded in TEMPORAL else folded.removeprefix("$")
    if bare in allowed:
        return bare
    if bare in ALL:
        place = "nested in $expand" if bare in NESTED_EXPAND else "at the top level of a query"
        shown = f"${bare.removeprefix('$')}"
        raise UnknownOption(f"{shown} is not allowed here", target=shown, hint=f"it may stand {place}")
    raise UnknownOption(f"there is no query option {name}", target=name, hint=_nearest(bare, allowed))


def _nearest(name: str, allowed: frozenset[str]) -> str:
    if len(name) <= _LONGEST_COMPARED and (near := get_close_matches(name, sorted(allowed), n=1)):
        return f"did you mean ${near[0]}?"
    return "custom options have names without a dollar sign"


def once(name: str, seen: set[str]) -> None:
    """Note an option as given; raise `RepeatedOption` if it was given before."""
    if name in seen:
        raise RepeatedOption(f"{name} is given more than once", target=name)
    seen.add(name)
