"""A model to CSDL JSON.

OData CSDL JSON 4.01, sections 3 to 13. Member names starting with `$` are the document's own words; everything else is
a name of the model. Names are written with the aliases that the model declares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import msgspec

from demotic.model._schema import (
    EntityContainer,
    EntitySet,
    Model,
    OperationImport,
    Reference,
    Schema,
    Singleton,
)
from demotic.model._schema_children import (
    SCALE_VARIABLE,
    EntityType,
    EnumType,
    Facets,
    NavigationProperty,
    Operation,
    Parameter,
    Property,
    ReturnType,
    SchemaType,
    StructuredType,
    Term,
    TypeDefinition,
    ValueType,
)
from demotic.model._types import DATE_TIME_OFFSET, DECIMAL, STRING, PrimitiveType
from demotic.model.csdl._json_annotations import JsonAnnotations, parsed
from demotic.model.csdl._shared import (
    binding_refs,
    constraint_refs,
    import_set,
    in_version,
    key_refs,
    names_of,
    partner_ref,
    scale_in,
)

Json: TypeAlias = dict[str, object]

# The vocabularies of OASIS are published in both forms side by side.
_VOCABULARIES: Final = "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/"


def write_document(model: Model) -> bytes:
    """Return the model as a CSDL JSON document in UTF-8."""
    return msgspec.json.Encoder(decimal_format="number").encode(document_of(model))


def document_of(model: Model) -> Json:
    """Return the model as the object that is encoded; numbers may be `Decimal`."""
    model = model if model.version in ("4.0", "4.01") else in_version(model, "4.01")
    return _Writer(model).document(model)


class _Writer:
    """One method per kind of model object; each returns its JSON object."""

    def __init__(self, model: Model) -> None:
        self._names = names_of(model)
        self._version = model.version
        self._annotated = JsonAnnotations(model, self._names).members

    def document(self, model: Model) -> Json:
        owner = next((schema for schema in model.schemas.values() if schema.container is not None), None)
        container = owner.container if owner is not None else None
        return _given(
            {
                "$Version": model.version,
                "$EntityContainer": f"{owner.namespace}.{container.name}" if owner and container else None,
                "$Reference": {_json_uri(item.uri): self._reference(item) for item in model.references} or None,
                **{schema.namespace: self._schema(schema) for schema in model.schemas.values()},
            }
        )

    def _reference(self, reference: Reference) -> Json:
        includes = [
            _given({"$Namespace": item.namespace, "$Alias": item.alias}) | self._annotated(item.annotations)
            for item in reference.includes
        ]
        include_annotations = [
            _given(
                {
                    "$TermNamespace": item.term_namespace,
                    "$Qualifier": item.qualifier,
                    "$TargetNamespace": item.target_namespace,
                }
            )
            for item in reference.include_annotations
        ]
        members = {"$Include": includes or None, "$IncludeAnnotations": include_annotations or None}
        return _given(members) | self._annotated(reference.annotations)

    def _schema(self, schema: Schema) -> Json:
        container = schema.container
        external = {
            self._names.shorten(target): self._annotated(items) for target, items in schema.external_annotations.items()
        }
        return {
            **_given({"$Alias": schema.alias}),
            **{name: self._type(item) for name, item in schema.types.items()},
            **{name: [self._operation(item) for item in items] for name, items in schema.operations.items()},
            **{name: self._term(item) for name, item in schema.terms.items()},
            **({} if container is None else {container.name: self._container(container)}),
            **_given({"$Annotations": external or None}),
            **self._annotated(schema.annotations),
        }

    # --- types

    def _type(self, kind: SchemaType) -> Json:
        if isinstance(kind, EnumType):
            return self._enum(kind)
        if isinstance(kind, TypeDefinition):
            members = {"$Kind": "TypeDefinition", "$UnderlyingType": kind.underlying.qualified_name}
            measured = DECIMAL if kind.underlying is DECIMAL else kind
            return members | _facets(kind.facets, measured, self._version) | self._annotated(kind.annotations)
        return self._structured(kind)

    def _enum(self, kind: EnumType) -> Json:
        result = _given(
            {
                "$Kind": "EnumType",
                "$UnderlyingType": None if kind.underlying.name == "Int32" else kind.underlying.qualified_name,
                "$IsFlags": kind.is_flags or None,
            }
        )
        for name, value in kind.members.items():
            result[name] = value
            result |= self._annotated(kind.member_annotations.get(name, []), name)
        return result | self._annotated(kind.annotations)

    def _structured(self, kind: StructuredType) -> Json:
        entity = isinstance(kind, EntityType)
        return {
            **_given(
                {
                    "$Kind": "EntityType" if entity else "ComplexType",
                    "$BaseType": None if kind.base is None else self._names.shorten(kind.base.qualified_name),
                    "$Abstract": kind.abstract or None,
                    "$OpenType": kind.open or None,
                    "$HasStream": (isinstance(kind, EntityType) and kind.has_stream) or None,
                    "$Key": self._key(kind) if isinstance(kind, EntityType) else None,
                }
            ),
            **{name: self._property(item) for name, item in kind.properties.items()},
            **{name: self._navigation(item) for name, item in kind.navigation.items()},
            **self._annotated(kind.annotations),
        }

    def _key(self, kind: EntityType) -> list[object] | None:
        refs = [(self._names.shorten(path), alias) for path, alias in key_refs(kind)]
        return [path if alias is None else {alias: path} for path, alias in refs] or None

    def _property(self, item: Property) -> Json:
        default = None if item.default is None else _default(item.type, item.default)
        return self._typed(item) | _given({"$DefaultValue": default}) | self._annotated(item.annotations)

    def _navigation(self, item: NavigationProperty) -> Json:
        partner = partner_ref(item)
        constraints: Json = {}
        for own, theirs in constraint_refs(item):
            constraints[self._names.shorten(own)] = self._names.shorten(theirs)
            constraints |= self._annotated(item.constraint_annotations.get(own, []), self._names.shorten(own))
        members = {
            "$Kind": "NavigationProperty",
            "$Collection": item.collection or None,
            "$Type": self._names.shorten(item.target.qualified_name),
            "$Nullable": (item.nullable and not item.collection) or None,
            "$Partner": None if partner is None else self._names.shorten(partner),
            "$ContainsTarget": item.contains_target or None,
            "$ReferentialConstraint": constraints or None,
            "$OnDelete": item.on_delete,
        }
        on_delete = self._annotated(item.on_delete_annotations, "$OnDelete")
        return _given(members) | on_delete | self._annotated(item.annotations)

    def _typed(self, item: Property | Parameter | ReturnType | Term) -> Json:
        members = {
            "$Collection": item.collection or None,
            "$Type": None if item.type is STRING else self._names.shorten(item.type.qualified_name),
            "$Nullable": item.nullable or None,
        }
        return _given(members) | _facets(item.facets, item.type, self._version)

    # --- operations and terms

    def _operation(self, item: Operation) -> Json:
        path = item.entity_set_path
        parameters = [
            {"$Name": p.name} | self._typed(p) | self._annotated(p.annotations) for p in item.parameters.values()
        ]
        returns = item.returns
        members = {
            "$Kind": item.kind,
            "$EntitySetPath": None if path is None else self._names.shorten(path),
            "$IsBound": item.bound or None,
            "$IsComposable": item.composable or None,
            "$Parameter": parameters or None,
            "$ReturnType": None if returns is None else self._typed(returns) | self._annotated(returns.annotations),
        }
        return _given(members) | self._annotated(item.annotations)

    def _term(self, item: Term) -> Json:
        members = {
            "$DefaultValue": None if item.default is None else _default(item.type, item.default),
            "$AppliesTo": list(item.applies_to) or None,
            "$BaseTerm": None if item.base is None else self._names.shorten(item.base),
        }
        return {"$Kind": "Term"} | self._typed(item) | _given(members) | self._annotated(item.annotations)

    # --- containers

    def _container(self, container: EntityContainer) -> Json:
        extends = container.extends
        return {
            "$Kind": "EntityContainer",
            **_given({"$Extends": None if extends is None else self._names.shorten(extends)}),
            **{name: self._set(item) for name, item in container.sets.items()},
            **{name: self._singleton(item) for name, item in container.singletons.items()},
            **{name: self._import(item) for name, item in container.imports.items()},
            **self._annotated(container.annotations),
        }

    def _set(self, item: EntitySet) -> Json:
        members = {
            "$Collection": True,
            "$Type": self._names.shorten(item.type.qualified_name),
            "$IncludeInServiceDocument": None if item.in_service_document else False,
        }
        return _given(members) | self._bindings(item) | self._annotated(item.annotations)

    def _singleton(self, item: Singleton) -> Json:
        members = {"$Type": self._names.shorten(item.type.qualified_name), "$Nullable": item.nullable or None}
        return _given(members) | self._bindings(item) | self._annotated(item.annotations)

    def _bindings(self, item: EntitySet | Singleton) -> Json:
        bindings = {self._names.shorten(path): self._names.shorten(target) for path, target in binding_refs(item)}
        return _given({"$NavigationPropertyBinding": bindings or None})

    def _import(self, item: OperationImport) -> Json:
        target = import_set(item)
        members = {
            f"${item.kind}": self._names.shorten(item.operation),
            "$EntitySet": None if target is None else self._names.shorten(target),
            "$IncludeInServiceDocument": item.in_service_document or None,
        }
        return _given(members) | self._annotated(item.annotations)


def _given(members: Mapping[str, object]) -> Json:
    return {name: value for name, value in members.items() if value is not None}


def _json_uri(uri: str) -> str:
    return f"{uri[:-4]}.json" if uri.startswith(_VOCABULARIES) and uri.endswith(".xml") else uri


def _facets(facets: Facets, kind: object, version: str) -> Json:
    """Return the facets as members. An unlimited length and a variable scale are said by saying nothing, while the
    scale and the fractional seconds that XML leaves out are 0 (sections 7.2.2 to 7.2.4)."""
    scale, precision = scale_in(version, facets.scale), facets.precision
    if kind is DATE_TIME_OFFSET and precision is None:
        precision = 0
    if kind is DECIMAL:
        scale = 0 if scale is None else None if scale == SCALE_VARIABLE else scale
    return _given(
        {
            "$MaxLength": None if facets.max_length == -1 else facets.max_length,
            "$Precision": precision,
            "$Scale": scale,
            "$Unicode": None if facets.unicode else False,
            "$SRID": facets.srid,
        }
    )


def _default(kind: ValueType | EntityType, text: str) -> object:
    """Return a default value as JSON has values of its type (section 7.2.7)."""
    primitive = kind if isinstance(kind, PrimitiveType) else None
    if isinstance(kind, TypeDefinition):
        primitive = kind.underlying
    return text if primitive is None else parsed(primitive, text)
