"""An attribute of a class, taken apart: its Python type, whether it is optional or a list, and its markers."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from demotic.model import _declarations as say
from demotic.model._annotations import Annotation
from demotic.model._errors import DeclarationError
from demotic.model._schema_children import NO_FACETS, Facets, TypeDefinition
from demotic.model._types import PrimitiveType

_FACETS: Final[Mapping[type, tuple[str, str]]] = {
    say.MaxLength: ("max_length", "length"),
    say.Precision: ("precision", "digits"),
    say.Scale: ("scale", "digits"),
    say.Unicode: ("unicode", "allowed"),
    say.Srid: ("srid", "srid"),
}
OF_PROPERTIES: Final = (*_FACETS, say.Default, PrimitiveType, TypeDefinition)
OF_NAVIGATION: Final = (say.Partner, say.On, say.OnDelete, say.Contained)
OF_BOTH: Final = (say.Name, Annotation)


class Attribute:
    """An attribute's annotation taken apart; ``lists`` are the types that mean many of something."""

    def __init__(self, hint: object, place: str, lists: tuple[object, ...] = (list,)) -> None:
        self.place = place
        self._lists = lists
        self.markers: list[object] = []
        self.nullable = False
        self.collection = False
        self.list_type: object = None
        self.python = self._peel(hint)

    def _peel(self, hint: object) -> object:
        """Take off markers, ``| None`` and ``list[...]`` and return what remains."""
        origin = get_origin(hint)
        if origin is Annotated:
            inner, *markers = get_args(hint)
            self.markers += markers
            return self._peel(inner)
        if origin in (Union, UnionType):
            rest = [item for item in get_args(hint) if item is not NoneType]
            if len(rest) != 1 or len(rest) == len(get_args(hint)):
                raise DeclarationError("a union of types", target=self.place, hint="only `X | None` is possible")
            self.nullable = True
            return self._peel(rest[0])
        if origin in self._lists:
            if self.collection or self.nullable:
                raise DeclarationError("a list in a list, or a list that may be None", target=self.place)
            self.collection, self.list_type = True, origin
            return self._peel(get_args(hint)[0])
        return hint

    def one(self, kind: type) -> Any:
        """Return the marker of a kind, or None."""
        found = [item for item in self.markers if isinstance(item, kind)]
        if len(found) > 1:
            raise DeclarationError(f"{kind.__name__} is given twice", target=self.place)
        return found[0] if found else None

    def allow(self, *kinds: type) -> None:
        """Raise for a marker that has no meaning here, rather than overlook it."""
        for marker in self.markers:
            if not isinstance(marker, (*kinds, *OF_BOTH)):
                known = ", ".join(sorted(kind.__name__ for kind in (*kinds, *OF_BOTH)))
                raise DeclarationError(f"{marker!r} says nothing here", target=self.place, hint=f"it may be {known}")

    def facets(self) -> Facets:
        values = {
            field: getattr(marker, attr)
            for kind, (field, attr) in _FACETS.items()
            if (marker := self.one(kind)) is not None
        }
        return Facets(**values) if values else NO_FACETS

    def annotations(self) -> list[Annotation]:
        return [item for item in self.markers if isinstance(item, Annotation)]
