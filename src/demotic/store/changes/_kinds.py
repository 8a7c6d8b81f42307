"""Which type a new entity is to be of: what is said with its values, the set's own type otherwise.

The type is given by its name under ``@type`` (or ``@odata.type``, and as in JSON after a number sign).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from demotic.errors import InvalidInput
from demotic.model import Model, StructuredType
from demotic.query import choices

TYPE_KEYS: Final = ("@type", "@odata.type")
Structured = TypeVar("Structured", bound=StructuredType)


def without_type(given: Mapping[str, object]) -> Mapping[str, object]:
    """Return values without what tells their type."""
    if not any(key in given for key in TYPE_KEYS):
        return given
    return {name: value for name, value in given.items() if name not in TYPE_KEYS}


def kind_of_given(model: Model, base: Structured, given: Mapping[str, object]) -> Structured:
    """Return the type that values are said to be of, ``base`` if nothing is said. Raises InvalidInput for another."""
    said = next((given[key] for key in TYPE_KEYS if key in given), None) if isinstance(given, Mapping) else None
    return base if said is None else heir_called(model, base, said)


def heir_called(model: Model, base: Structured, said: object) -> Structured:
    """Return a type, or the one derived from it, that goes by a name. Raises InvalidInput if there is none such."""
    known = (base, *model.heirs(base))
    name = str(said).removeprefix("#")
    found = next((kind for kind in known if said is kind or name == kind.qualified_name), None)
    if found is None and isinstance(said, str) and "." in name:
        found = _by_alias(model, known, name)
    if found is None:
        raise InvalidInput(
            f"{said} is not the type of what is here",
            target="@type",
            hint=f"it is {base.qualified_name}"
            if len(known) == 1
            else choices(name, [kind.qualified_name for kind in known]),
        )
    return found


def ensure_concrete(model: Model, kind: StructuredType) -> None:
    """Raise InvalidInput for an abstract type: nothing is of that type alone."""
    if kind.abstract:
        heirs = [item.qualified_name for item in model.heirs(kind) if not item.abstract]
        raise InvalidInput(
            f"{kind.qualified_name} is abstract: what is inserted is of a type derived from it",
            target="@type",
            hint=f"say which: {', '.join(heirs)}" if heirs else "there is none",
        )


def _by_alias(model: Model, known: tuple[Structured, ...], name: str) -> Structured | None:
    namespace, _, last = name.rpartition(".")
    schema = next((item for item in model.schemas.values() if item.alias == namespace), None)
    return next((kind for kind in known if schema is not None and kind is schema.types.get(last)), None)
