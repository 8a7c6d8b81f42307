"""Python functions to operations of a model: parameters and what is returned, from their type hints.

Types shape as those of attributes do (`declare`); a default makes a parameter optional, the docstring describes the
operation. OData CSDL XML 4.01, section 12; the terms are those of the vocabulary Org.OData.Core.V1.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Collection as AnyCollection
from dataclasses import dataclass
from enum import Enum
from types import NoneType
from typing import Any, Final

from demotic.model import _declarations as say
from demotic.model._annotations import Annotation, Record
from demotic.model._attributes import OF_PROPERTIES, Attribute
from demotic.model._declarations import NOTE, Note
from demotic.model._declare import PYTHON_TYPES
from demotic.model._errors import DeclarationError
from demotic.model._schema import EntitySet, Model
from demotic.model._schema_children import (
    AnyType,
    EntityType,
    EnumType,
    Operation,
    Parameter,
    ReturnType,
    TypeDefinition,
)
from demotic.model._types import PrimitiveType

_CORE: Final = "Org.OData.Core.V1"
_LISTS: Final = (list, Sequence, Iterable, Iterator, AnyCollection)
"""What many of something may be called in a hint."""
_NAMED: Final = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)

NOTHING: Final = inspect.Parameter.empty
"""In place of a default: there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    """A parameter of a Python function that a caller gives: its hint taken apart, ``None`` without one."""

    python_name: str
    hint: Attribute | None
    default: object = NOTHING

    @property
    def name(self) -> str:
        """Its name in the model."""
        renamed = self.hint.one(say.Name) if self.hint is not None else None
        return self.python_name if renamed is None else str(renamed.name)

    @property
    def is_optional(self) -> bool:
        """Whether the function can be called without it."""
        return self.default is not NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class FunctionSignature:
    """What a Python function takes and returns.

    ``passed`` are the parameters that no caller gives, by name, with the type that asks for them. ``returns`` is
    ``None`` for nothing, ``told`` says whether the function tells.
    """

    name: str
    arguments: tuple[Argument, ...]
    passed: Mapping[str, type]
    returns: Attribute | None
    told: bool
    description: str


def read_function(function: Callable[..., Any], passed: AnyCollection[type] = ()) -> FunctionSignature:
    """Return the signature of a function, in which parameters of the types ``passed`` are not a caller's to give.

    Raises `DeclarationError` for what no operation can be.
    """
    name = getattr(function, "__name__", repr(function))
    if not callable(function) or isinstance(function, type):
        raise DeclarationError("no function", target=name, hint="give a function with type hints")
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise DeclarationError("asynchronous", target=name, hint="operations are plain functions")
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except (NameError, TypeError) as problem:
        raise DeclarationError(f"an annotation cannot be read: {problem}", target=name) from None
    arguments, given = [], {}
    for item in inspect.signature(function).parameters.values():
        if item.kind not in _NAMED:
            raise DeclarationError(f"{item} has no name that callers could use", target=name)
        if hints.get(item.name) in passed:
            given[item.name] = hints[item.name]
            continue
        hint = Attribute(hints[item.name], f"{name}({item.name})", _LISTS) if item.name in hints else None
        arguments.append(Argument(item.name, hint, item.default))
    returned = hints.get("return", NOTHING)
    nothing = returned is NOTHING or returned is NoneType
    returns = None if nothing else Attribute(returned, f"{name}()", _LISTS)
    text = inspect.cleandoc(function.__doc__ or "")
    return FunctionSignature(name, tuple(arguments), given, returns, returned is not NOTHING, text)


def declare_operation(
    signature: FunctionSignature,
    model: Model,
    kind: str,
    *,
    namespace: str,
    name: str | None = None,
    bound: bool = False,
    composable: bool = False,
    annotations: Sequence[Annotation] = (),
) -> tuple[Operation, EntitySet | None]:
    """Return the operation that a function's signature describes, and the set that the entities returned are of.

    ``kind`` is ``Action`` or ``Function``; ``model`` has the types. Raises `DeclarationError` naming the function and
    the parameter.
    """
    parameters: dict[str, Parameter] = {}
    for item in signature.arguments:
        if item.hint is None:
            raise DeclarationError("without a type hint", target=f"{signature.name}({item.python_name})")
        if item.name in parameters:
            raise DeclarationError(f"{item.name} twice", target=signature.name)
        parameters[item.name] = _parameter(item, item.hint, model)
    if bound and not parameters:
        raise DeclarationError("bound to nothing", target=signature.name, hint="its first parameter is what it is of")
    if not signature.told:
        raise DeclarationError("without a hint of what it returns", target=signature.name, hint="write -> None")
    if signature.returns is None and kind == "Function":
        raise DeclarationError("a function that returns nothing", target=signature.name, hint="make it an action")
    returns, home, path = None, None, None
    if signature.returns is not None:
        signature.returns.allow(*OF_PROPERTIES, say.FromSet)
        type_, home = type_of(signature.returns, model)
        found = signature.returns
        returns = ReturnType(type_, found.nullable, is_many(found), found.facets(), found.annotations())
    first = next(iter(parameters.values()), None)
    if bound and first is not None and returns is not None and first.type is returns.type and home is not None:
        path = first.name  # the same entities, or others of the same set
    made = Operation(namespace, name or signature.name, kind, parameters, returns, bound, composable, path)
    made.annotations = [*_described(signature.description), *annotations]
    return made, home


def _described(text: str) -> list[Annotation]:
    short, _, long = text.partition("\n\n")
    found = [Annotation(f"{_CORE}.Description", " ".join(short.split()))] if short else []
    return found + ([Annotation(f"{_CORE}.LongDescription", long.strip())] if long.strip() else [])


def _parameter(item: Argument, hint: Attribute, model: Model) -> Parameter:
    hint.allow(*OF_PROPERTIES, say.FromSet)
    kind, _ = type_of(hint, model)
    notes = hint.annotations()
    if item.is_optional:
        text = _default_text(kind, item.default) if not is_many(hint) else None
        value = Record({"DefaultValue": text} if text is not None else {})
        notes.append(Annotation(f"{_CORE}.OptionalParameter", value))
    nullable = hint.nullable or item.default is None
    return Parameter(item.name, kind, nullable, is_many(hint), hint.facets(), notes)


def _default_text(kind: AnyType, value: object) -> str | None:
    """Return the text of a default, as the term Core.OptionalParameter has it: of primitive values and enumerations."""
    if value is None:
        return None
    if isinstance(kind, EnumType) and isinstance(value, int):
        return kind.text(int(value))
    primitive = kind.underlying if isinstance(kind, TypeDefinition) else kind
    return primitive.format(value) if isinstance(primitive, PrimitiveType) else None


def is_many(hint: Attribute) -> bool:
    """Whether a hint stands for many of something."""
    marked = hint.one(say.FromSet)
    return hint.collection or (marked is not None and marked.many)


def type_of(hint: Attribute, model: Model) -> tuple[AnyType, EntitySet | None]:
    """Return the type of a model that a hint means, and the set that its entities are of, if that is certain.

    Raises `DeclarationError`.
    """
    definition, marked, home = hint.one(TypeDefinition), hint.one(PrimitiveType), hint.one(say.FromSet)
    if home is not None:
        found = _set(hint, model, home.name)
        return found.type, found
    if marked is not None:
        return marked, None
    python = hint.python
    name = definition.name if definition is not None else _name(python)
    if name is not None:
        for schema in model.schemas.values():
            kind = schema.types.get(name)
            if kind is not None:
                return kind, _only_set(kind, model)
        raise DeclarationError(f"the model has no type {name}", target=hint.place, hint=f"it has {_types(model)}")
    primitive = PYTHON_TYPES.get(python) if isinstance(python, type) else None
    if primitive is None:
        raise DeclarationError(
            f"{getattr(python, '__name__', python)} is no type of a model",
            target=hint.place,
            hint=f"use one of {', '.join(t.__name__ for t in PYTHON_TYPES)}, a declared class, or FromSet('Set')",
        )
    return primitive, None


def _name(python: object) -> str | None:
    """Return what a declared class is called in a model, ``None`` for any other type."""
    if not isinstance(python, type):
        return None
    note = python.__dict__.get(NOTE)
    if isinstance(note, Note):
        return note.name or python.__name__
    return python.__name__ if issubclass(python, Enum) else None


def _types(model: Model) -> str:
    return ", ".join(name for schema in model.schemas.values() for name in schema.types) or "none"


def _set(hint: Attribute, model: Model, name: str) -> EntitySet:
    sets = {} if model.container is None else model.container.sets
    if name not in sets:
        known = ", ".join(sets) or "none"
        raise DeclarationError(f"there is no entity set {name}", target=hint.place, hint=f"there is {known}")
    return sets[name]


def _only_set(kind: object, model: Model) -> EntitySet | None:
    if not isinstance(kind, EntityType) or model.container is None:
        return None
    found = model.container.sets_of(kind)
    return found[0] if len(found) == 1 else None
