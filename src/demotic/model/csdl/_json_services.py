"""Operations and containers of CSDL JSON as elements of CSDL XML.

OData CSDL JSON 4.01, sections 12 and 13.
"""

from __future__ import annotations

from typing import Any

from demotic.model._errors import InvalidMetadataDocument
from demotic.model.csdl import elements as xml
from demotic.model.csdl._faults import Faults
from demotic.model.csdl._json_objects import Members
from demotic.model.csdl._json_typed import typed


def add_operations(name: str, overloads: list[object], schema: xml.Schema, path: str, faults: Faults) -> None:
    """Add the overloads of a name to a schema."""
    for number, value in enumerate(overloads):
        with faults.passed_over():
            schema.operations.append(_operation(name, Members(value, f"{path}/{name}/{number}", faults), faults))


def _operation(name: str, members: Members, faults: Faults) -> xml.Action:
    kind = members.need("$Kind", str)
    if kind not in ("Action", "Function"):
        raise InvalidMetadataDocument(f"{kind} is neither Action nor Function", target=f"{members.path}/$Kind")
    result = xml.Function(Name=name) if kind == "Function" else xml.Action(Name=name)
    result.IsBound = members.take("$IsBound", bool, False)
    path = members.take("$EntitySetPath", str)
    if path is not None:
        result.EntitySetPath = path
    if isinstance(result, xml.Function):
        result.IsComposable = members.take("$IsComposable", bool, False)
    for value in members.take("$Parameter", list, []):
        with faults.passed_over():
            item = Members(value, f"{members.path}/$Parameter", faults)
            parameter = xml.Parameter(Name=item.need("$Name", str), **typed(item))
            parameter.annotations += item.annotations()
            item.close()
            result.parameters.append(parameter)
    returns = members.take("$ReturnType", dict)
    if returns is not None:
        item = Members(returns, f"{members.path}/$ReturnType", faults)
        result.returns = xml.ReturnType(**typed(item))
        result.returns.annotations += item.annotations()
        item.close()
    result.annotations = members.annotations()
    members.close()
    return result


def container(name: str, members: Members, faults: Faults) -> xml.EntityContainer:
    """Return a container; what its members are is told by the member that only they have."""
    result = xml.EntityContainer(Name=name)
    extends = members.take("$Extends", str)
    if extends is not None:
        result.Extends = extends
    result.annotations = members.annotations()
    for own, value in members.named():
        with faults.passed_over():
            item = Members(value, f"{members.path}/{own}", faults)
            _add_member(own, item, result, faults)
            item.close()
    return result


def _add_member(name: str, members: Members, owner: xml.EntityContainer, faults: Faults) -> None:
    function, action = members.take("$Function", str), members.take("$Action", str)
    annotations = members.annotations()
    if function is not None or action is not None:
        found: Any
        if function is not None:
            found = xml.FunctionImport(Name=name, Function=function, annotations=annotations)
            found.IncludeInServiceDocument = members.take("$IncludeInServiceDocument", bool, False)
        else:
            found = xml.ActionImport(Name=name, Action=action, annotations=annotations)
        target = members.take("$EntitySet", str)
        if target is not None:
            found.EntitySet = target
        owner.imports.append(found)
    elif members.take("$Collection", bool, False):
        entity_set = xml.EntitySet(Name=name, EntityType=members.need("$Type", str), annotations=annotations)
        entity_set.IncludeInServiceDocument = members.take("$IncludeInServiceDocument", bool, True)
        entity_set.bindings = _bindings(members, faults)
        owner.sets.append(entity_set)
    else:
        singleton = xml.Singleton(Name=name, Type=members.need("$Type", str), annotations=annotations)
        singleton.Nullable = members.take("$Nullable", bool, False)
        singleton.bindings = _bindings(members, faults)
        owner.singletons.append(singleton)


def _bindings(members: Members, faults: Faults) -> list[xml.NavigationPropertyBinding]:
    found = Members(members.take("$NavigationPropertyBinding", dict, {}), f"{members.path}/...", faults)
    result = [xml.NavigationPropertyBinding(Path=path, Target=str(target)) for path, target in found.named()]
    found.close()
    return result
