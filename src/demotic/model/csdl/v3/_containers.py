"""A document of versions 1 to 3 as one of version 4: its containers.

[MC-CSDL], sections 2.1.17 to 2.1.22; [MS-ODATA], section 2.2.3.7.2.1 (the default container, the method of a function).
"""

from __future__ import annotations

from collections.abc import Iterator

from demotic.model._annotations import Annotation, PathValue, Record
from demotic.model._errors import InvalidMetadataDocument, ModelIncomplete
from demotic.model.csdl import elements as v4
from demotic.model.csdl._faults import Faults, fault
from demotic.model.csdl._names import Names, split_collection
from demotic.model.csdl.v3 import _elements as v3
from demotic.model.csdl.v3._notes import model_notes, notes
from demotic.model.csdl.v3._relations import EndOf, Relation, Relations
from demotic.model.csdl.v3._typed import facets_of, made, translated_type
from demotic.model.v2 import HTTP_METHOD, OPTIMISTIC_CONCURRENCY, annotated_set


class ContainerTranslator:
    """Translates the containers of one document; `others` are those beside the default one, by qualified name."""

    def __init__(
        self, schemas: list[v3.Schema], version: str, names: Names, relations: Relations, faults: Faults
    ) -> None:
        self._version = version
        self._names = names
        self._relations = relations
        self._faults = faults
        self._ways = {
            f"{schema.Namespace}.{kind.Name}": kind.navigation
            for schema in schemas
            for kind in schema.types
            if isinstance(kind, v3.EntityType)
        }
        self._fixed = {
            f"{schema.Namespace}.{kind.Name}": [p.Name for p in kind.properties if p.ConcurrencyMode == "Fixed"]
            for schema in schemas
            for kind in schema.types
            if isinstance(kind, v3.EntityType)
        }
        self.others: set[str] = set()
        with faults.passed_over():
            self._choose_default(schemas)

    def _choose_default(self, schemas: list[v3.Schema]) -> None:
        """Find the default container: the one that says so, or the only one."""
        every = [(schema.Namespace, item) for schema in schemas for item in schema.containers]
        stated = [item for item in every if item[1].IsDefaultEntityContainer]
        default = stated[0][1] if stated else every[0][1] if every else None
        self.others = {f"{namespace}.{item.Name}" for namespace, item in every if item is not default}
        if len(stated) > 1:
            namespace, second = stated[1]
            problem = f"a second container with m:IsDefaultEntityContainer, beside {stated[0][0]}.{stated[0][1].Name}"
            raise fault(InvalidMetadataDocument, second, f"{namespace}.{second.Name}", problem)
        if len(every) > 1 and not stated:
            namespace, first = every[0]
            problem = f"one of {len(every)} containers, and m:IsDefaultEntityContainer is on none of them"
            raise fault(InvalidMetadataDocument, first, f"{namespace}.{first.Name}", problem)

    def fill(self, source: v3.Schema, target: v4.Schema) -> None:
        """Give a schema its containers, and the operations that their function imports stand for."""
        taken = {item.Name for item in (*source.types, *source.containers, *source.terms)}
        for element in source.containers:
            with self._faults.passed_over():
                self._add_container(element, target, taken)

    def _add_container(self, element: v3.EntityContainer, target: v4.Schema, taken: set[str]) -> None:
        scope = f"{target.Namespace}.{element.Name}"
        sets = {item.Name: item for item in element.sets}
        bindings: dict[str, list[v4.NavigationPropertyBinding]] = {}
        stated: list[Annotation] = []
        for item in element.association_sets:
            with self._faults.passed_over():
                stated.append(self._association_set(item, sets, bindings, scope))
        result = made(v4.EntityContainer, element, Name=element.Name, Extends=element.Extends)
        result.annotations = notes(element, scope, *stated)
        for entity_set in element.sets:
            with self._faults.passed_over():
                result.sets.append(self._set(entity_set, bindings.get(entity_set.Name, []), scope))
        for way in element.imports:
            with self._faults.passed_over():
                self._add_import(way, result, target, taken, scope)
        target.containers.append(result)

    def _set(self, element: v3.EntitySet, bindings: list[v4.NavigationPropertyBinding], scope: str) -> v4.EntitySet:
        kind = self._names.resolve(element.EntityType)
        fixed = [name for at in self._relations.lineage(kind) for name in self._fixed.get(at, [])]
        said = any(self._names.resolve(item.Term) == OPTIMISTIC_CONCURRENCY for item in element.annotations)
        paths = [PathValue(name, "PropertyPath") for name in fixed]
        more = [Annotation(OPTIMISTIC_CONCURRENCY, paths)] if fixed and not said else []
        return made(
            v4.EntitySet,
            element,
            Name=element.Name,
            EntityType=element.EntityType,
            bindings=bindings,
            annotations=notes(element, f"{scope}/{element.Name}", *more),
        )

    # --- association sets

    def _association_set(
        self,
        element: v3.AssociationSet,
        sets: dict[str, v3.EntitySet],
        bindings: dict[str, list[v4.NavigationPropertyBinding]],
        container: str,
    ) -> Annotation:
        scope = f"{container}/{element.Name}"
        relation = self._relations.find(element.Association)
        if relation is None:
            raise fault(ModelIncomplete, element, scope, f"there is no association {element.Association}")
        if len(element.ends) != 2:
            problem = f"an association set has two ends, not {len(element.ends)}"
            raise fault(InvalidMetadataDocument, element, scope, problem)
        ends = self._matched(element, relation, sets, scope)
        for (end, here), (_, there) in zip(ends, reversed(ends), strict=True):
            for path in self._paths(relation, end, sets[here.EntitySet]):
                binding = made(v4.NavigationPropertyBinding, here, Path=path, Target=there.EntitySet)
                bindings.setdefault(here.EntitySet, []).append(binding)
        records = [
            Record({"Role": end.role, "EntitySet": item.EntitySet}, annotations=model_notes(item, scope))
            for end, item in ends
        ]
        return annotated_set(element.Name, relation.name, records, model_notes(element, scope))

    def _matched(
        self, element: v3.AssociationSet, relation: Relation, sets: dict[str, v3.EntitySet], scope: str
    ) -> list[tuple[EndOf, v3.SetEnd]]:
        """Return each end of the association with that of the set: by role, or by type where none is given."""
        kinds = []
        for item in element.ends:
            if item.EntitySet not in sets:
                raise fault(ModelIncomplete, item, scope, f"there is no entity set {item.EntitySet}")
            if item.Role is not None and relation.end(item.Role) is None:
                raise fault(ModelIncomplete, item, scope, f"{relation.name} has no role {item.Role}")
            kinds.append(self._names.resolve(sets[item.EntitySet].EntityType))
        first, second = element.ends
        start = self._end_of(first, second, relation, kinds[0])
        for here, there in ((start, relation.other(start)), (relation.other(start), start)):
            if self._relations.related(here.type, kinds[0]) and self._relations.related(there.type, kinds[1]):
                return [(here, first), (there, second)]
        problem = f"its sets are of {kinds[0]} and {kinds[1]}, the ends of {relation.name} are of others"
        raise fault(InvalidMetadataDocument, element, scope, problem)

    def _end_of(self, first: v3.SetEnd, second: v3.SetEnd, relation: Relation, kind: str) -> EndOf:
        if first.Role is not None:
            found = relation.end(first.Role)
        elif second.Role is not None:
            facing = relation.end(second.Role)
            found = None if facing is None else relation.other(facing)
        else:
            found = next((end for end in relation.ends if self._relations.related(end.type, kind)), None)
        return found or relation.ends[0]

    def _paths(self, relation: Relation, start: EndOf, entity_set: v3.EntitySet) -> Iterator[str]:
        """Yield the paths of the ways that start at an end, as seen from a set."""
        kind = self._names.resolve(entity_set.EntityType)
        for declaring, name in relation.ways.get(start.role, []):
            if declaring in self._relations.lineage(kind):
                yield name
            elif kind in self._relations.lineage(declaring):
                yield f"{declaring}/{name}"

    # --- function imports

    def _add_import(
        self,
        element: v3.FunctionImport,
        container: v4.EntityContainer,
        target: v4.Schema,
        taken: set[str],
        container_name: str,
    ) -> None:
        scope = f"{container_name}/{element.Name}"
        self._check_result(element, scope)
        operation = self._operation(element, scope)
        if not element.IsBindable:
            free = (element.Name, f"{container.Name}_{element.Name}", f"{container.Name}_{element.Name}_import")
            operation.Name = next((name for name in free if name not in taken), element.Name)
            taken.add(operation.Name)
        target.operations.append(operation)
        if element.IsBindable:
            return
        usual = "GET" if isinstance(operation, v4.Function) else "POST"
        more = [] if element.HttpMethod in (None, usual) else [Annotation(HTTP_METHOD, element.HttpMethod)]
        name = f"{target.Namespace}.{operation.Name}"
        values = {
            "Name": element.Name,
            "EntitySet": element.EntitySet,
            "annotations": notes(element, scope, *more),
        }
        if isinstance(operation, v4.Function):
            container.imports.append(made(v4.FunctionImport, element, Function=name, **values))
        else:
            container.imports.append(made(v4.ActionImport, element, Action=name, **values))

    def _check_result(self, element: v3.FunctionImport, scope: str) -> None:
        """Hold that entities say their set, and nothing else says one ([MC-CSDL], section 2.1.21)."""
        name, collection = split_collection((element.ReturnType or "").strip())
        entities = self._names.resolve(name) in self._relations.entity_types
        problem = None
        if entities and collection and not (element.EntitySet or element.EntitySetPath):
            problem = "it returns entities, so EntitySet must say of which set"
        elif element.EntitySet is not None and not entities:
            problem = f"EntitySet belongs to functions that return entities, not {element.ReturnType or 'nothing'}"
        if problem is not None:
            raise fault(InvalidMetadataDocument, element, scope, problem)

    def _operation(self, element: v3.FunctionImport, scope: str) -> v4.Action:
        function = _is_function(element, self._version)
        result = made(v4.Function if function else v4.Action, element, Name=element.Name)
        result.EntitySetPath = element.EntitySetPath
        if element.IsBindable:
            result.IsBound = True
            result.annotations = notes(element, scope)
        if isinstance(result, v4.Function) and element.IsComposable:
            result.IsComposable = True
        for item in element.parameters:
            with self._faults.passed_over():
                result.parameters.append(_parameter(item, f"{scope}/{item.Name}"))
        if element.ReturnType is not None:
            name, said = translated_type(element.ReturnType)
            returns = made(v4.ReturnType, element, Type=name, Nullable=False)
            returns.annotations = notes(returns, scope, *said)
            result.returns = returns
        return result


def _is_function(element: v3.FunctionImport, version: str) -> bool:
    """Whether calling it changes nothing: called by GET; in version 3 only if it says so; before, if it says nothing.

    What returns nothing is an action, whatever the method.
    """
    if element.ReturnType is None:
        return False
    if element.HttpMethod is not None:
        return element.HttpMethod == "GET"
    return element.IsSideEffecting is False if version >= "3" else element.IsSideEffecting is not True


def _parameter(element: v3.Parameter, scope: str) -> v4.Parameter:
    name, said = translated_type(element.Type)
    return made(
        v4.Parameter,
        element,
        Name=element.Name,
        Type=name,
        Nullable=bool(element.Nullable),
        annotations=notes(element, scope, *said),
        **facets_of(element),
    )
