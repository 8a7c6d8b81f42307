"""CSDL JSON to the elements of CSDL XML, from which a model is made in one way for both.

OData CSDL JSON 4.01, sections 3 to 13. A type's name may be left out where it is Edm.String, nothing is nullable unless
it says so, and a decimal without a scale has any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from demotic.model._errors import InvalidMetadataDocument
from demotic.model.csdl import elements as xml
from demotic.model.csdl._faults import Faults
from demotic.model.csdl._json_objects import Members
from demotic.model.csdl._json_services import add_operations, container
from demotic.model.csdl._json_typed import default_text, facets, typed

VERSIONS: Final = ("4.0", "4.01", "2.0", "3.0")
"""What a document may say: the format is of version 4, but converters keep the version of what they converted."""

_VOCABULARIES: Final = "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/"


def json_root(document: object, faults: Faults) -> xml.Edmx:
    """Return the document as elements. Raises InvalidMetadataDocument."""
    members = Members(document, "", faults)
    version = members.need("$Version", str)
    if version not in VERSIONS:
        raise InvalidMetadataDocument(f"{version!r} is neither '4.0' nor '4.01'", target="/$Version")
    members.take("$EntityContainer", str)
    references = Members(members.take("$Reference", dict, {}), "/$Reference", faults)
    root = xml.Edmx(Version=version, services=xml.DataServices())
    root.references = [_reference(uri, value, faults) for uri, value in references.named()]
    for namespace, value in members.named():
        with faults.passed_over():
            root.services.schemas.append(_schema(namespace, Members(value, f"/{namespace}", faults), faults))
    members.close()
    return root


def _reference(uri: str, value: object, faults: Faults) -> xml.Reference:
    members = Members(value, f"/$Reference/{uri}", faults)
    published = uri.startswith(_VOCABULARIES) and uri.endswith(".json")
    result = xml.Reference(Uri=f"{uri[:-5]}.xml" if published else uri)
    for item in members.take("$Include", list, []):
        include = Members(item, f"{members.path}/$Include", faults)
        alias = include.take("$Alias", str)
        found = xml.Include(Namespace=include.need("$Namespace", str), annotations=include.annotations())
        if alias is not None:
            found.Alias = alias
        result.includes.append(found)
        include.close()
    for item in members.take("$IncludeAnnotations", list, []):
        include = Members(item, f"{members.path}/$IncludeAnnotations", faults)
        found_terms = xml.IncludeAnnotations(TermNamespace=include.need("$TermNamespace", str))
        _assign(found_terms, Qualifier=include.take("$Qualifier", str))
        _assign(found_terms, TargetNamespace=include.take("$TargetNamespace", str))
        result.include_annotations.append(found_terms)
        include.close()
    result.annotations = members.annotations()
    members.close()
    return result


def _assign(element: Any, **values: object) -> None:
    """Set what is there."""
    for name, value in values.items():
        if value is not None:
            setattr(element, name, value)


def _schema(namespace: str, members: Members, faults: Faults) -> xml.Schema:
    result = xml.Schema(Namespace=namespace)
    _assign(result, Alias=members.take("$Alias", str))
    result.annotations = members.annotations()
    targets = Members(members.take("$Annotations", dict, {}), f"{members.path}/$Annotations", faults)
    for target, value in _all(targets):
        annotated = Members(value, f"{targets.path}/{target}", faults)
        result.external.append(xml.Annotations(Target=target, annotations=annotated.annotations()))
        annotated.close()
    for name, value in members.named():
        with faults.passed_over():
            _declare(name, value, result, members.path, faults)
    members.close()
    return result


def _all(members: Members) -> list[tuple[str, object]]:
    """Take every member, whatever it is called: targets may have annotations in their paths."""
    found = list(members._left.items())
    members._left.clear()
    return found


def _declare(name: str, value: object, schema: xml.Schema, path: str, faults: Faults) -> None:
    """Add what a member of a schema declares."""
    if isinstance(value, list):
        add_operations(name, value, schema, path, faults)
        return
    members = Members(value, f"{path}/{name}", faults)
    kind = members.need("$Kind", str)
    if kind == "EntityContainer":
        schema.containers.append(container(name, members, faults))
    elif kind == "Term":
        schema.terms.append(_term(name, members))
    elif kind in _TYPES:
        schema.types.append(_TYPES[kind](name, members, faults))
    else:
        raise InvalidMetadataDocument(f"there is nothing of the kind {kind}", target=f"{members.path}/$Kind")
    members.close()


# --- types


def _structured(name: str, members: Members, faults: Faults) -> xml.ComplexType:
    result = xml.ComplexType(Name=name)
    _fill(result, members, faults)
    return result


def _entity_type(name: str, members: Members, faults: Faults) -> xml.EntityType:
    result = xml.EntityType(Name=name)
    result.HasStream = members.take("$HasStream", bool, False)
    key = members.take("$Key", list)
    if key is not None:
        result.key = xml.Key(refs=[_key_ref(item, members.path) for item in key])
    _fill(result, members, faults)
    return result


def _key_ref(value: object, path: str) -> xml.PropertyRef:
    if isinstance(value, str):
        return xml.PropertyRef(Name=value)
    if isinstance(value, dict) and len(value) == 1:
        ((alias, name),) = value.items()
        if isinstance(name, str):
            return xml.PropertyRef(Name=name, Alias=alias)
    raise InvalidMetadataDocument("a name, or an object with an alias and a path, is expected", target=f"{path}/$Key")


def _fill(result: xml.ComplexType | xml.EntityType, members: Members, faults: Faults) -> None:
    """Give a complex or entity type what both may have."""
    _assign(result, BaseType=members.take("$BaseType", str))
    result.Abstract, result.OpenType = members.take("$Abstract", bool, False), members.take("$OpenType", bool, False)
    result.annotations = members.annotations()
    for name, value in members.named():
        with faults.passed_over():
            item = Members(value, f"{members.path}/{name}", faults)
            kind = item.take("$Kind", str, "Property")
            if kind == "NavigationProperty":
                result.navigation.append(_navigation(name, item, faults))
            elif kind == "Property":
                result.properties.append(_property(name, item))
            else:
                raise InvalidMetadataDocument(f"there is nothing of the kind {kind} here", target=f"{item.path}/$Kind")
            item.close()


def _property(name: str, members: Members) -> xml.Property:
    result = xml.Property(Name=name, **typed(members))
    _assign(result, DefaultValue=default_text(members))
    result.annotations += members.annotations()
    return result


def _navigation(name: str, members: Members, faults: Faults) -> xml.NavigationProperty:
    collection = members.take("$Collection", bool, False)
    kind = members.need("$Type", str)
    result = xml.NavigationProperty(Name=name, Type=f"Collection({kind})" if collection else kind)
    result.Nullable = members.take("$Nullable", bool, False) or collection
    _assign(result, Partner=members.take("$Partner", str))
    result.ContainsTarget = members.take("$ContainsTarget", bool, False)
    constraints = Members(members.take("$ReferentialConstraint", dict, {}), f"{members.path}/...", faults)
    for own, theirs in constraints.named():
        found = xml.ReferentialConstraint(Property=own, ReferencedProperty=str(theirs))
        found.annotations = constraints.annotations(own)
        result.constraints.append(found)
    constraints.close()
    action = members.take("$OnDelete", str)
    if action is not None:
        if action not in ("Cascade", "None", "SetNull", "SetDefault"):
            raise InvalidMetadataDocument(f"there is no action {action}", target=f"{members.path}/$OnDelete")
        result.on_delete = xml.OnDelete(Action=action, annotations=members.annotations("$OnDelete"))
    result.annotations = members.annotations()
    return result


def _enum_type(name: str, members: Members, faults: Faults) -> xml.EnumType:
    result = xml.EnumType(Name=name)
    result.UnderlyingType = members.take("$UnderlyingType", str, "Edm.Int32")
    result.IsFlags = members.take("$IsFlags", bool, False)
    result.annotations = members.annotations()
    for member, value in members.named():
        with faults.passed_over():
            if not isinstance(value, int) or isinstance(value, bool):
                raise InvalidMetadataDocument("a whole number is expected", target=f"{members.path}/{member}")
            result.members.append(xml.Member(Name=member, Value=value, annotations=members.annotations(member)))
    return result


def _type_definition(name: str, members: Members, _faults: Faults) -> xml.TypeDefinition:
    underlying = members.need("$UnderlyingType", str)
    result = xml.TypeDefinition(Name=name, UnderlyingType=underlying, **facets(members, underlying))
    result.annotations = members.annotations()
    return result


def _term(name: str, members: Members) -> xml.Term:
    result = xml.Term(Name=name, **typed(members))
    _assign(result, BaseTerm=members.take("$BaseTerm", str), DefaultValue=default_text(members))
    applies_to = members.take("$AppliesTo", list)
    if applies_to is not None:
        result.AppliesTo = tuple(str(item) for item in applies_to)
    result.annotations += members.annotations()
    return result


_TYPES: Final[Mapping[str, Callable[[str, Members, Faults], xml.Named]]] = {
    "ComplexType": _structured,
    "EntityType": _entity_type,
    "EnumType": _enum_type,
    "TypeDefinition": _type_definition,
}
