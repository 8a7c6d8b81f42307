"""Containers as versions 1 to 3 write them: sets, association sets, function imports.

[MC-CSDL], sections 2.1.17 to 2.1.22; [MS-ODATA], section 2.2.3.7.2.1; CSDL Version 3.0, section 15.
"""

from __future__ import annotations

from demotic.model._schema import EntityContainer, EntitySet, Model
from demotic.model._schema_children import Parameter
from demotic.model.csdl.v3 import _elements as v3
from demotic.model.csdl.v3._notes import write_notes
from demotic.model.csdl.v3._write_typed import type_reference, write_facets
from demotic.model.v2 import (
    HTTP_METHOD,
    OPTIMISTIC_CONCURRENCY,
    AssociationSet,
    FunctionImport,
    Projection,
    stated,
)


class ContainerWriter:
    """Writes the containers of one model."""

    def __init__(self, model: Model, projection: Projection) -> None:
        self._model = model
        self._projection = projection
        self._version = projection.version

    def container(self, item: EntityContainer) -> v3.EntityContainer:
        """Return the element of a container."""
        result = v3.EntityContainer(Name=item.name)
        if item.extends is not None:
            result.Extends = item.extends
        if item is self._model.container:
            result.IsDefaultEntityContainer = True
        result.sets = [_set(entity_set) for entity_set in self._projection.sets_of(item)]
        result.association_sets = [_association_set(a) for a in self._projection.association_sets(item)]
        result.imports = [self._import(function) for function in self._projection.functions_of(item)]
        write_notes(result, item.annotations)
        return result

    def _import(self, item: FunctionImport) -> v3.FunctionImport:
        operation = item.operation
        result = v3.FunctionImport(Name=item.name)
        if operation.returns is not None:
            result.ReturnType = type_reference(operation.returns, self._version)
        if item.set is not None:
            result.EntitySet = item.set.name
        if operation.entity_set_path is not None:
            result.EntitySetPath = operation.entity_set_path
        if item.bound:
            result.IsBindable = True
        if operation.composable:
            result.IsComposable = True
        if self._version < "3" or stated(item.annotations, HTTP_METHOD) is not None:
            result.HttpMethod = item.method
        elif operation.kind == "Function":
            result.IsSideEffecting = False
        result.parameters = [self._parameter(parameter) for parameter in operation.parameters.values()]
        write_notes(result, item.annotations)
        return result

    def _parameter(self, item: Parameter) -> v3.Parameter:
        result = v3.Parameter(Name=item.name, Type=type_reference(item, self._version), Mode="In")
        if item.nullable:
            result.Nullable = True
        write_facets(result, item.facets)
        write_notes(result, item.annotations)
        return result


def _set(item: EntitySet) -> v3.EntitySet:
    result = v3.EntitySet(Name=item.name, EntityType=item.type.qualified_name)
    write_notes(result, item.annotations, OPTIMISTIC_CONCURRENCY)
    return result


def _association_set(item: AssociationSet) -> v3.AssociationSet:
    result = v3.AssociationSet(Name=item.name, Association=item.association.qualified_name)
    for (role, entity_set), said in zip(item.sets, item.end_annotations, strict=True):
        end = v3.SetEnd(Role=role, EntitySet=entity_set.name)
        write_notes(end, said)
        result.ends.append(end)
    write_notes(result, item.annotations)
    return result
