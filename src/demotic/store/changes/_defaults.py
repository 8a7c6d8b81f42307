"""What stands where nothing was given: default values, also within complex values.

OData Protocol 4.01, sections 11.4.2 and 11.4.9.3; CSDL XML 4.01, section 7.2.7 (DefaultValue).
"""

from __future__ import annotations

from collections.abc import Mapping

from demotic.model import TYPE_KEY, EnumType, Property, StructuredType, check_value, heirs_of, told_type


def default_of(item: Property) -> object:
    """Return the value of a property that was not given one.

    Raises `InvalidValue` where the model states a member that its enumeration does not have.
    """
    if item.collection:
        return []
    if isinstance(item.type, EnumType) and item.default is not None:
        number = item.default.removeprefix("-").isdecimal()
        return check_value(item, int(item.default) if number else item.default)
    primitive = item.primitive
    return None if item.default is None or primitive is None else primitive.parse(item.default)


def completed(item: Property, value: object) -> object:
    """Return a value with what its complex values leave out as `default_of` has it.

    Raises `InvalidValue` for a complex value that says that it is of a type that it cannot be of.
    """
    if not isinstance(item.type, StructuredType):
        return value
    if item.collection and isinstance(value, (list, tuple)):
        return [_completed(item.type, part, f"{item.name}[{number}]") for number, part in enumerate(value)]
    return _completed(item.type, value, item.name)


def _completed(declared: StructuredType, value: object, path: str) -> object:
    if not isinstance(value, Mapping):
        return value
    kind = told_type(declared, value, path)
    known = kind.all_properties()
    given = {name: completed(known[name], part) if name in known else part for name, part in value.items()}
    told = {TYPE_KEY: kind.qualified_name} if heirs_of(declared) else {}  # it is not that of what was there before
    return {**{name: default_of(part) for name, part in known.items() if name not in given}, **given, **told}
