"""What an element class declares: attributes, child elements, text, and room for anything.

A declaration is data; `_bound` reads it when a class is made, `_reader` and `_writer` when a document comes or goes.
Each function here returns a typed descriptor, so that `link.href` is a `str` to the type checker and to the program.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeAlias, TypeVar, overload

from demotic.xml._lexical import Lexical, string
from demotic.xml._tree import Element, QName

if TYPE_CHECKING:
    from demotic.xml._bound import Bound

__all__ = ["AttributeField", "ChildField", "Field", "TextField", "WildcardField"]
__all__ += ["attribute", "child", "children", "text", "wildcard"]

T = TypeVar("T")
B = TypeVar("B", bound="Bound")

Kind: TypeAlias = type[B] | Callable[[], type[B]]
"""An element class, or a function without arguments that returns it, for classes that are declared later."""


class Field(Generic[T]):
    """One declared part of an element; on an object it is the part's value.

    Values live in the object's `__dict__`, which Python consults first, so a value that is set costs no call. Reading
    one that is not gives the default.
    """

    def __init__(self, *, required: bool, default: Any = None) -> None:
        self.required = required
        self.default = default
        self.attr = ""

    def __set_name__(self, owner: type, attr: str) -> None:
        self.attr = attr

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        return self if instance is None else self.absent(instance)

    if TYPE_CHECKING:
        # Only the checker needs it: a `__set__` at run time would put this descriptor before the object's `__dict__`.
        def __set__(self, instance: object, value: T) -> None: ...

    def absent(self, instance: object) -> T:
        """Return what a value that is not set reads as."""
        if self.required:
            raise AttributeError(f"{type(instance).__name__}.{self.attr} is required and not set")
        value: T = self.default
        return value


class AttributeField(Field[T]):
    """An attribute."""

    def __init__(self, name: QName, type: Lexical[Any], *, required: bool, default: Any) -> None:
        super().__init__(required=required, default=default)
        self.name = name
        self.type = type


class TextField(Field[T]):
    """The element's own text."""

    def __init__(self, type: Lexical[Any], *, required: bool) -> None:
        super().__init__(required=required, default="")
        self.type = type


class _ListField(Field[T]):
    def absent(self, instance: object) -> T:
        fresh: Any = []
        instance.__dict__[self.attr] = fresh
        value: T = fresh
        return value


class ChildField(Field[T]):
    """Child elements of the classes given, one at most."""

    many = False

    def __init__(self, kinds: tuple[Kind[Any], ...], *, required: bool) -> None:
        super().__init__(required=required)
        self._kinds = kinds

    def kinds(self) -> tuple[type[Bound], ...]:
        """The element classes, looked up if they were given as functions."""
        return tuple(kind if isinstance(kind, type) else kind() for kind in self._kinds)


class ChildrenField(_ListField[T], ChildField[T]):
    """Child elements of the classes given, in the order of the document."""

    many = True


class WildcardField(_ListField[T]):
    """Whatever child elements nothing else takes."""


@overload
def attribute(name: str | QName, *, required: Literal[True]) -> AttributeField[str]: ...
@overload
def attribute(name: str | QName, *, type: Lexical[T], required: Literal[True]) -> AttributeField[T]: ...
@overload
def attribute(name: str | QName, *, default: str) -> AttributeField[str]: ...
@overload
def attribute(name: str | QName, *, type: Lexical[T], default: T) -> AttributeField[T]: ...
@overload
def attribute(name: str | QName) -> AttributeField[str | None]: ...
@overload
def attribute(name: str | QName, *, type: Lexical[T]) -> AttributeField[T | None]: ...
def attribute(
    name: str | QName, *, type: Lexical[Any] = string, required: bool = False, default: Any = None
) -> AttributeField[Any]:
    """Declare an attribute: a `str`, or of another type; a bare name is in no namespace.

    It is required, or reads as `default` (`None`) where the document leaves it out. A default is never written unless
    set.
    """
    qname = name if isinstance(name, QName) else QName("", name)
    return AttributeField(qname, type, required=required, default=default)


@overload
def child(*kinds: Kind[B], required: Literal[True]) -> ChildField[B]: ...
@overload
def child(*kinds: Kind[B]) -> ChildField[B | None]: ...
def child(*kinds: Kind[Any], required: bool = False) -> ChildField[Any]:
    """Declare at most one child element (exactly one, if `required`) of one of these classes."""
    return ChildField(kinds, required=required)


def children(*kinds: Kind[B]) -> ChildrenField[list[B]]:
    """Declare any number of child elements of these classes, kept as one list in the order of the document."""
    return ChildrenField(kinds, required=False)


@overload
def text() -> TextField[str]: ...
@overload
def text(*, type: Lexical[T]) -> TextField[T]: ...
def text(*, type: Lexical[Any] | None = None) -> TextField[Any]:
    """Declare that the element has text: a `str`, empty if there is none, or a value of a type, which must be there."""
    return TextField(type or string, required=type is not None)


def wildcard() -> WildcardField[list[Element]]:
    """Declare room for child elements of any name that no other field takes, kept as they are."""
    return WildcardField(required=False)
