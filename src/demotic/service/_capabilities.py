"""What a service offers, said in its metadata: the vocabularies Org.OData.Capabilities.V1 and Org.OData.Core.V1.

Only what differs from what the vocabulary takes for granted is said, and lists that clients choose by.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from demotic.model import Annotation, EntityContainer, EntitySet, Include, Model, Record, Reference, Schema
from demotic.query import FUNCTIONS
from demotic.service._service import Service

CAPABILITIES: Final = "Org.OData.Capabilities.V1"
CORE: Final = "Org.OData.Core.V1"
_VOCABULARIES: Final = "https://oasis-tcs.github.io/odata-vocabularies/vocabularies"
_ALIASES: Final = {CORE: "Core", CAPABILITIES: "Capabilities"}
_RESTRICTIONS: Final = {
    "insert": ("InsertRestrictions", "Insertable"),
    "update": ("UpdateRestrictions", "Updatable"),
    "delete": ("DeleteRestrictions", "Deletable"),
}
_LACKING: Final = {"filter": ("FilterRestrictions", "Filterable"), "orderby": ("SortRestrictions", "Sortable")}


def described(service: Service) -> Model:
    """Return the model of a service with annotations that say what the service offers; the model itself stays."""
    model = service.model
    found = model.container
    if found is None:
        return model
    sets = {name: _restricted(service, item) for name, item in found.sets.items()}
    model = callable_model(service)
    assert model.container is not None
    container = replace(model.container, sets=sets, annotations=[*found.annotations, *_of_container(service, found)])
    schemas = {
        name: replace(schema, container=container) if schema.container is model.container else schema
        for name, schema in model.schemas.items()
    }
    taken = {item.alias for reference in model.references for item in reference.includes}
    known = {item.namespace for reference in model.references for item in reference.includes}
    taken |= {schema.alias for schema in schemas.values()}
    more = [
        Reference(f"{_VOCABULARIES}/{name}.xml", (Include(name, None if alias in taken else alias),))
        for name, alias in _ALIASES.items()
        if name not in known
    ]
    return replace(model, schemas=schemas, references=[*model.references, *more])


def callable_model(service: Service) -> Model:
    """Return the model of a service with the operations that who is asking may call; all where none is offered."""
    model, offer = service.model, service.offer
    found = model.container
    if offer is None or offer.granted is None or found is None:
        return model
    schemas: dict[str, Schema] = {}
    for name, schema in model.schemas.items():
        shown = {key: [item for item in items if offer.allows(item)] for key, items in schema.operations.items()}
        schemas[name] = replace(schema, operations={key: items for key, items in shown.items() if items})
    imports = {name: item for name, item in found.imports.items() if item.operation in offer.granted}
    for name, schema in model.schemas.items():
        if schema.container is found:
            schemas[name].container = replace(found, imports=imports)
    return replace(model, schemas=schemas)


def _of_container(service: Service, container: EntityContainer) -> list[Annotation]:
    functions: list[object] = [name for name, function in FUNCTIONS.items() if not function.operator]
    stated: dict[str, object] = {
        f"{CORE}.ODataVersions": "4.0 4.01",
        f"{CAPABILITIES}.FilterFunctions": sorted(map(str, functions)),
    }
    if service.key_as_segment:
        stated[f"{CAPABILITIES}.KeyAsSegmentSupported"] = True
    said = {item.term for item in container.annotations}
    return [Annotation(term, value) for term, value in stated.items() if term not in said]


def _restricted(service: Service, entity_set: EntitySet) -> EntitySet:
    """Return a set with what cannot be done with it."""
    said = {item.term for item in entity_set.annotations}
    lacking = service.store.lacks(entity_set)
    refused = [term for operation, term in _RESTRICTIONS.items() if not service.offers(entity_set, operation)]
    refused += [term for option, term in _LACKING.items() if option in lacking]
    more = [
        Annotation(f"{CAPABILITIES}.{term}", Record({name: False}))
        for term, name in refused
        if f"{CAPABILITIES}.{term}" not in said
    ]
    return replace(entity_set, annotations=[*entity_set.annotations, *more]) if more else entity_set
