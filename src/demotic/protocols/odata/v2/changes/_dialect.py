"""The forms that OData v2 has for changes: what `demotic.protocols.odata.common.changes` asks of a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from demotic.errors import InvalidInput, Unsupported
from demotic.model import BOOLEAN, EntitySet, EntityType, NavigationProperty, Property
from demotic.model.v2 import OPTIMISTIC_CONCURRENCY, Projection
from demotic.protocols.odata.common import read_json
from demotic.protocols.odata.common.changes import Dialect, Resolve
from demotic.protocols.odata.v2._rows import Tags
from demotic.protocols.odata.v2._values import read_value, reader
from demotic.query import UnknownName, choices
from demotic.service import TYPE_KEYS, Entity, Ref, heir_called, is_computed, is_immutable
from demotic.syntax.http import Request

_METADATA = "__metadata"
_DEFERRED = "__deferred"


class DialectV2(Dialect):
    """Verbose JSON ([MS-ODATA], section 2.2.6.3)."""

    def __init__(self, projection: Projection) -> None:
        self._projection = projection
        self.tag = Tags(projection)

    def body(self, request: Request, most: int) -> dict[str, Any]:
        """Return the object that is a request's body; clients may put it into ``d``, as answers have it."""
        given = read_json(request, most)
        inner = given.get("d")
        return inner if set(given) == {"d"} and isinstance(inner, dict) else given

    def entity(
        self, kind: EntityType, given: Mapping[str, Any], resolve: Resolve, *, existing: bool = False
    ) -> dict[str, object]:
        """Return the values of an entity by name, references as `Ref`, new entities as mappings."""
        return _Reader(self._projection, resolve, existing).entity(kind, given, "")

    def value(self, item: Property, given: Mapping[str, Any]) -> Any:
        """Return the value of a property: ``{"Name": value}``."""
        if set(given) != {item.name}:
            raise InvalidInput(
                f"the body has no {item.name} alone", target=item.name, hint=f'send {{"{item.name}": …}}'
            )
        return read_value(item, given[item.name], item.name, self._projection)

    def reference(self, given: Mapping[str, Any]) -> str:
        """Return the URL in ``{"uri": URL}``."""
        url = given.get("uri")
        if not isinstance(url, str):
            raise InvalidInput("the body refers to no entity", target="uri", hint='send {"uri": URL}')
        return url

    def raw(self, item: Property, text: str) -> object:
        """Return the value for a raw text."""
        return item.primitive.parse(text) if item.primitive is BOOLEAN else reader(item)(text)

    def tags(self, entity: Entity) -> Sequence[str]:
        """Return the entity tag that callers know a state by."""
        return [self.tag(entity)]

    def demands(self, entity_set: EntitySet) -> bool:
        """Whether the set says that its entities change only in states that are known: it has concurrency tokens."""
        return any(item.term == OPTIMISTIC_CONCURRENCY for item in entity_set.annotations)


class _Reader:
    """Reads the objects of one body. ``existing`` says that the entity is there already."""

    def __init__(self, projection: Projection, resolve: Resolve, existing: bool) -> None:
        self._projection = projection
        self._resolve = resolve
        self._existing = existing

    def entity(self, kind: EntityType, given: Mapping[str, Any], path: str) -> dict[str, object]:
        """Return the values of an entity by name."""
        declared, kind = kind, self._kind(kind, given, path)
        properties, navigation = self._projection.properties(kind), self._projection.navigation(kind)
        values: dict[str, object] = {} if kind is declared else {TYPE_KEYS[0]: kind}
        for name, value in given.items():
            if name == _METADATA:
                continue
            if name in properties:
                if not self._is_passed_over(kind, properties[name]):
                    values[name] = read_value(properties[name], value, path + name, self._projection)
            elif name in navigation:
                self._navigate(navigation[name], value, path + name, values)
            else:
                known = [*properties, *navigation]
                raise UnknownName(
                    f"{kind.qualified_name} has no property {name}", target=path + name, hint=choices(name, known)
                )
        return values

    def _kind(self, kind: EntityType, given: Mapping[str, Any], path: str) -> EntityType:
        """Return the type that an entity says it is of, in ``__metadata``. Raises InvalidInput for no type of it."""
        about = given.get(_METADATA, {})
        if not isinstance(about, dict):
            raise InvalidInput(f"{path}__metadata takes an object", target=f"{path}__metadata")
        said = about.get("type")
        if not isinstance(said, str):
            return kind
        try:
            return heir_called(self._resolve.model, kind, said)
        except InvalidInput as fault:
            raise InvalidInput(fault.message, target=f"{path}__metadata", hint=fault.hint) from None

    def _is_passed_over(self, kind: EntityType, item: Property) -> bool:
        return is_computed(item) or (self._existing and (item in kind.key or is_immutable(item)))

    def _navigate(self, way: NavigationProperty, value: object, path: str, values: dict[str, object]) -> None:
        if way.collection:
            if _is_deferred(value):
                return  # as it came from a reader: it says nothing about what is linked
            values[way.name] = [self._one(way, part, f"{path}[{n}]") for n, part in enumerate(self._parts(value, path))]
        elif value is None:
            values[way.name] = None
        elif not (_is_deferred(value) and self._leads_back(value)):
            values[way.name] = self._one(way, value, path)

    def _leads_back(self, value: Any) -> bool:
        """Whether a deferred link is that of a navigation property, as it came from a reader, and no entity's URL."""
        uri = value[_DEFERRED].get("uri") if isinstance(value[_DEFERRED], dict) else None
        return isinstance(uri, str) and not uri.rstrip().endswith(")")

    def _parts(self, value: object, path: str) -> list[object]:
        if isinstance(value, dict) and isinstance(value.get("results"), list):
            value = value["results"]
        if not isinstance(value, list):
            raise InvalidInput(f"{path} leads to many: it takes a list", target=path)
        if self._existing:
            raise Unsupported(
                f"{path}: a whole collection is not replaced", target=path, hint="add and remove by $links"
            )
        return value

    def _one(self, way: NavigationProperty, value: object, path: str) -> object:
        if not isinstance(value, dict):
            raise InvalidInput(f"{path} takes an object", target=path, hint='{"__metadata":{"uri":URL}} for a link')
        if _is_deferred(value):
            return self._link(way, value[_DEFERRED], path)
        about = value.get(_METADATA)
        if isinstance(about, dict) and "uri" in about and len(value) == 1:
            return self._link(way, about, path)
        # With values of its own it is a new entity, wherever they were copied from.
        return _Reader(self._projection, self._resolve, False).entity(way.target, value, f"{path}/")

    def _link(self, way: NavigationProperty, about: object, path: str) -> Ref:
        uri = about.get("uri") if isinstance(about, dict) else None
        if not isinstance(uri, str):
            raise InvalidInput(f"{path} takes the URL of an entity", target=path)
        return self._resolve(uri, way.target)


def _is_deferred(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {_DEFERRED}
