"""The forms that OData v4 has for changes: what `demotic.protocols.odata.common.changes` asks of a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from demotic.errors import InvalidInput
from demotic.model import EntityType, Property, StructuredType
from demotic.protocols.odata.common import read_json
from demotic.protocols.odata.common.changes import Dialect, Resolve
from demotic.protocols.odata.v4._payload import Reader, expansion, native
from demotic.service import Entity, Representation, entity_tag
from demotic.syntax.http import Request

_FORMS = (Representation.JSON, Representation.JSON_EXACT)


class DialectV4(Dialect):
    """OData JSON Format 4.01."""

    upserts = True

    def body(self, request: Request, most: int) -> dict[str, Any]:
        """Return the JSON object that is a request's body."""
        return read_json(request, most)

    def entity(
        self, kind: EntityType, given: Mapping[str, Any], resolve: Resolve, *, existing: bool = False
    ) -> dict[str, object]:
        """Return the values of an entity by name, references as `Ref`, new entities as mappings."""
        return Reader(resolve, existing).entity(kind, given)

    def value(self, item: Property, given: Mapping[str, Any]) -> Any:
        """Return the value of a property: ``{"value": …}``, or for a complex one the object itself."""
        shown = {name: value for name, value in given.items() if not name.startswith("@")}
        if isinstance(item.type, StructuredType) and not item.collection:
            return native(item, dict(given), item.name)
        if set(shown) != {"value"}:
            raise InvalidInput(f"{item.name} is written as one value", target=item.name, hint='send {"value": …}')
        return native(item, shown["value"], item.name)

    def reference(self, given: Mapping[str, Any]) -> str:
        """Return the URL in ``{"@id": URL}``."""
        url = next((given[name] for name in ("@odata.id", "@id") if name in given), None)
        if not isinstance(url, str):
            raise InvalidInput("the body refers to no entity", target="@id", hint='send {"@id": URL}')
        return url

    def reference_list(self, given: Mapping[str, Any]) -> Sequence[str]:
        """Return the URLs in ``{"value": [{"@id": URL}, …]}``."""
        items = given.get("value")
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise InvalidInput(
                "the body is no collection of references", target="value", hint='send {"value": [{"@id": URL}]}'
            )
        return [self.reference(item) for item in items]

    def raw(self, item: Property, text: str) -> object:
        """Return the value for a raw text; enumerations have the names of their members, or numbers."""
        primitive = item.primitive
        assert primitive is not None
        return text if item.type is not primitive and not text.lstrip("-").isdecimal() else primitive.parse(text)

    def tags(self, entity: Entity) -> Sequence[str]:
        """Return the entity tags that callers may know a state by: one for each form of numbers."""
        return [entity_tag(entity.type, entity, form) for form in _FORMS]

    def expansion(self, kind: EntityType, values: Mapping[str, object]) -> str:
        """Return the ``$expand`` that shows what was inserted below an entity (Protocol 4.01, section 11.4.2.2)."""
        return expansion(kind, values)
