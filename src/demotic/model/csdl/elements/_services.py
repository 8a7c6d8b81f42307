"""The elements of operations, containers and documents.

OData CSDL XML 4.01, sections 3 to 5, 12 and 13.
"""

from __future__ import annotations

from demotic.model.csdl.elements._annotations import Annotation, Annotations
from demotic.model.csdl.elements._lexical import EDM, EDMX, VERSION, Named, Typed
from demotic.model.csdl.elements._types import ComplexType, EntityType, EnumType, Term, TypeDefinition
from demotic.xml import Bound, QName, attribute, boolean, child, children

# --- operations (section 12)


class Parameter(Named, Typed, name=QName(EDM, "Parameter")):
    """A parameter (section 12.9)."""

    annotations = children(Annotation)


class ReturnType(Typed, name=QName(EDM, "ReturnType")):
    """What is returned (section 12.8)."""

    annotations = children(Annotation)


class Action(Named, name=QName(EDM, "Action")):
    """An overload of an action (section 12.2)."""

    IsBound = attribute("IsBound", type=boolean, default=False)
    EntitySetPath = attribute("EntitySetPath")
    parameters = children(Parameter)
    returns = child(ReturnType)
    annotations = children(Annotation)


class Function(Action, name=QName(EDM, "Function")):
    """An overload of a function (section 12.4)."""

    IsComposable = attribute("IsComposable", type=boolean, default=False)


# --- containers (section 13)


class NavigationPropertyBinding(Bound, name=QName(EDM, "NavigationPropertyBinding")):
    """Where a navigation property leads (section 13.4)."""

    Path = attribute("Path", required=True)
    Target = attribute("Target", required=True)


class EntitySet(Named, name=QName(EDM, "EntitySet")):
    """An entity set (section 13.2)."""

    EntityType = attribute("EntityType", required=True)
    IncludeInServiceDocument = attribute("IncludeInServiceDocument", type=boolean, default=True)
    bindings = children(NavigationPropertyBinding)
    annotations = children(Annotation)


class Singleton(Named, name=QName(EDM, "Singleton")):
    """A singleton (section 13.3)."""

    Type = attribute("Type", required=True)
    Nullable = attribute("Nullable", type=boolean, default=False)
    bindings = children(NavigationPropertyBinding)
    annotations = children(Annotation)


class ActionImport(Named, name=QName(EDM, "ActionImport")):
    """An action import (section 13.5)."""

    Action = attribute("Action", required=True)
    EntitySet = attribute("EntitySet")
    annotations = children(Annotation)


class FunctionImport(Named, name=QName(EDM, "FunctionImport")):
    """A function import (section 13.6)."""

    Function = attribute("Function", required=True)
    EntitySet = attribute("EntitySet")
    IncludeInServiceDocument = attribute("IncludeInServiceDocument", type=boolean, default=False)
    annotations = children(Annotation)


class EntityContainer(Named, name=QName(EDM, "EntityContainer")):
    """An entity container (section 13)."""

    Extends = attribute("Extends")
    sets = children(EntitySet)
    singletons = children(Singleton)
    imports = children(ActionImport, FunctionImport)
    annotations = children(Annotation)


# --- documents (sections 3 to 5)


class Schema(Bound, name=QName(EDM, "Schema")):
    """A schema (section 5)."""

    Namespace = attribute("Namespace", required=True)
    Alias = attribute("Alias")
    types = children(EnumType, TypeDefinition, ComplexType, EntityType)
    operations = children(Action, Function)
    terms = children(Term)
    containers = children(EntityContainer)
    external = children(Annotations)
    annotations = children(Annotation)


class Include(Bound, name=QName(EDMX, "Include")):
    """A namespace taken from another document (section 4.2)."""

    Namespace = attribute("Namespace", required=True)
    Alias = attribute("Alias")
    annotations = children(Annotation)


class IncludeAnnotations(Bound, name=QName(EDMX, "IncludeAnnotations")):
    """Annotations taken from another document (section 4.3)."""

    TermNamespace = attribute("TermNamespace", required=True)
    Qualifier = attribute("Qualifier")
    TargetNamespace = attribute("TargetNamespace")


class Reference(Bound, name=QName(EDMX, "Reference")):
    """A reference to another document (section 4.1)."""

    Uri = attribute("Uri", required=True)
    includes = children(Include)
    include_annotations = children(IncludeAnnotations)
    annotations = children(Annotation)


class DataServices(Bound, name=QName(EDMX, "DataServices")):
    """The schemas (section 3.2)."""

    schemas = children(Schema)


class Edmx(Bound, name=QName(EDMX, "Edmx")):
    """A document (section 3.1)."""

    Version = attribute("Version", type=VERSION, required=True)
    references = children(Reference)
    services = child(DataServices, required=True)
