"""What can be wrong with a question that follows its grammar.

InvalidInput
├── UnknownName         a property, function or type that is not there
├── TypeMismatch        operands or arguments whose types do not go together
├── NotApplicable       an option that the addressed resource does not take
├── KeyMismatch         a key with other parts or types than the entity type's
└── InvalidContinuation a skip token that this query did not give out
NotFound
└── UnknownResource     a path that leads nowhere
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from demotic.errors import InvalidInput, NotFound

_MOST_LISTED = 12


class UnknownName(InvalidInput):
    """A property, function or type that is not there."""

    code = "UnknownName"


class TypeMismatch(InvalidInput):
    """Operands or arguments whose types do not go together."""

    code = "TypeMismatch"


class NotApplicable(InvalidInput):
    """An option that the addressed resource does not take."""

    code = "NotApplicable"


class KeyMismatch(InvalidInput):
    """A key with other parts or types than the entity type's."""

    code = "KeyMismatch"


class InvalidContinuation(InvalidInput):
    """A skip token that this query did not give out."""

    code = "InvalidContinuation"


class UnknownResource(NotFound):
    """A path that leads nowhere."""

    code = "UnknownResource"


def choices(name: str, names: Iterable[str]) -> str:
    """Return a hint: the name probably meant, or else what there is."""
    known = list(names)
    folded = {other.lower(): other for other in known}
    near = [folded[name.lower()]] if name.lower() in folded else get_close_matches(name, known, 1)
    if near:
        return f"did you mean {near[0]}?"
    if not known:
        return "there are none"
    more = ", ..." if len(known) > _MOST_LISTED else ""
    return f"there are {', '.join(sorted(known)[:_MOST_LISTED])}{more}"
