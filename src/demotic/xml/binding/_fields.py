"""What an element class declares: attributes, child elements, text, mixed content, and room for anything.

A declaration is data; `_binding` reads it when a class is made, reader and writer when a document comes or goes.
Each function here returns a typed descriptor, so that `link.href` is a `str` to the type checker and to the program.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeAlias, TypeVar, overload

from demotic.xml._names import QName, to_wire
from demotic.xml.binding._lexical import Datatype, Lexical, string
from demotic.xml.tree._nodes import CData, Element, Node, Nodes

if TYPE_CHECKING:
    from demotic.xml.binding._bound import Bound

__all__ = ["AttributeField", "ChildField", "ContentField", "Field", "TextField", "WildcardField"]
__all__ += ["attribute", "child", "children", "mixed", "text", "wildcard"]

T = TypeVar("T")
B = TypeVar("B", bound="Bound")

Kind: TypeAlias = type[B] | Callable[[], type[B]]
"""An element class, or a function without arguments that returns it, for classes that are declared later."""

Type: TypeAlias = Lexical[T] | Datatype[T]
"""A type of values: one of ours, or a datatype of XML Schema."""


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

    def assign(self, instance: Bound, value: Any) -> None:
        """Keep a value that a program sets."""
        instance.__dict__[self.attr] = value


class AttributeField(Field[T]):
    """An attribute."""

    def __init__(self, name: QName, type: Lexical[Any], *, required: bool, default: Any, identifies: bool) -> None:
        super().__init__(required=required, default=default)
        self.name = name
        self.wire = to_wire(name)
        self.type = type
        self.identifies = identifies
        self.parse = None if type is string else type.parse

    def assign(self, instance: Bound, value: Any) -> None:
        """Keep the value; its text is made when it is written, where the old one stood."""
        super().assign(instance, value)
        key = next((key for key in instance._attributes if self.is_key(key)), self.wire)
        if value is None:
            instance._attributes.pop(key, None)
        else:
            instance._attributes[key] = None

    def is_key(self, key: str) -> bool:
        """Tell whether an attribute as it was read, prefix included, is this one."""
        return key == self.wire or (bool(self.name.namespace) and key.startswith(self.wire + "\x1f"))


class TextField(Field[T]):
    """The element's own text."""

    def __init__(self, type: Lexical[Any], *, required: bool) -> None:
        super().__init__(required=required, default="")
        self.type = type

    def assign(self, instance: Bound, value: Any) -> None:
        """Keep the value; an empty text node, or CDATA section if there was one, marks where it is to be written."""
        nodes = instance._children
        super().assign(instance, value)
        places = [i for i, node in enumerate(nodes) if isinstance(node, str | CData)]
        was_cdata = len(places) == 1 and isinstance(nodes[places[0]], CData)
        kept = [node for node in nodes if not isinstance(node, str | CData)]
        if value is not None:
            kept.insert(places[0] if places else 0, CData("") if was_cdata else "")
        list.__setitem__(nodes, slice(None), kept)


class _ListField(Field[T]):
    def absent(self, instance: Any) -> T:
        fresh: Any = Nodes(instance)
        instance.__dict__[self.attr] = fresh
        value: T = fresh
        return value

    def assign(self, instance: Bound, value: Any) -> None:
        """Keep the items, which may also be given as any other sequence; one that is no list is told when written."""
        super().assign(instance, Nodes(instance, value) if isinstance(value, list | tuple) else value)


class ChildField(Field[T]):
    """Child elements of the classes given, one at most."""

    many = False

    def __init__(self, kinds: tuple[Kind[Any], ...], *, required: bool) -> None:
        super().__init__(required=required)
        self._kinds = kinds

    def kinds(self) -> tuple[type[Bound], ...]:
        """The element classes, looked up if they were given as functions."""
        return tuple(kind if isinstance(kind, type) else kind() for kind in self._kinds)

    def assign(self, instance: Bound, value: Any) -> None:
        """Keep the child and tell it its parent."""
        super().assign(instance, value)
        Nodes(instance, (value,))


class ChildrenField(_ListField[T], ChildField[T]):
    """Child elements of the classes given, in the order of the document."""

    many = True


class WildcardField(_ListField[T]):
    """Whatever child elements nothing else takes, in the namespaces allowed."""

    def __init__(self, namespace: str) -> None:
        super().__init__(required=False)
        self.namespace = namespace

    def takes(self, namespace: str, own: str) -> bool:
        """Tell whether an element of `namespace` may stand here, in an element of `own` (XML Schema 1.1, 3.10)."""
        if self.namespace == "##any":
            return True
        if self.namespace == "##other":
            return namespace not in ("", own)
        words = {"##targetNamespace": own, "##local": ""}
        return namespace in [words.get(word, word) for word in self.namespace.split()]


class ContentField(Field[T]):
    """All of the content, text between elements included: what `mixed` declares."""

    def __init__(self, kinds: tuple[Kind[Any], ...]) -> None:
        super().__init__(required=False)
        self.child = ChildrenField[Any](kinds, required=False)

    def __set_name__(self, owner: type, attr: str) -> None:
        super().__set_name__(owner, attr)
        self.child.attr = attr

    def absent(self, instance: Any) -> T:
        value: T = instance._children
        return value

    def assign(self, instance: Bound, value: Any) -> None:
        """Take these nodes as the content."""
        instance.__dict__["_children"] = Nodes(instance, () if value is None else value)


@overload
def attribute(name: str | QName, *, required: Literal[True], id: bool = False) -> AttributeField[str]: ...
@overload
def attribute(name: str | QName, *, type: Type[T], required: Literal[True], id: bool = False) -> AttributeField[T]: ...
@overload
def attribute(name: str | QName, *, default: str, id: bool = False) -> AttributeField[str]: ...
@overload
def attribute(name: str | QName, *, type: Type[T], default: T, id: bool = False) -> AttributeField[T]: ...
@overload
def attribute(name: str | QName, *, id: bool = False) -> AttributeField[str | None]: ...
@overload
def attribute(name: str | QName, *, type: Type[T], id: bool = False) -> AttributeField[T | None]: ...
def attribute(
    name: str | QName, *, type: Type[Any] = string, required: bool = False, default: Any = None, id: bool = False
) -> AttributeField[Any]:
    """Declare an attribute: a `str`, or of another type; a bare name is in no namespace.

    It is required, or reads as `default` (`None`) where the document leaves it out. A default is never written unless
    set. With `id` the attribute identifies the element in its document.
    """
    qname = name if isinstance(name, QName) else QName("", name)
    return AttributeField(qname, _lexical(type), required=required, default=default, identifies=id)


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
def text(*, type: Type[T]) -> TextField[T]: ...
def text(*, type: Type[Any] | None = None) -> TextField[Any]:
    """Declare that the element has text: a `str`, empty if there is none, or a value of a type, which must be there."""
    return TextField(string if type is None else _lexical(type), required=type is not None)


def _lexical(type: Type[T]) -> Lexical[T]:
    return type if isinstance(type, Lexical) else Lexical.of(type)


def mixed(*kinds: Kind[Any]) -> ContentField[list[Node]]:
    """Declare mixed content: one list of text, child elements of these classes, and whatever else there is."""
    return ContentField(kinds)


def wildcard(namespace: str = "##any") -> WildcardField[list[Element]]:
    """Declare room for child elements of any name that no other field takes, kept as they are.

    `namespace` narrows it as XML Schema does: `##other` than the element's own, or a list of namespaces, `##local` and
    `##targetNamespace` among them.
    """
    return WildcardField(namespace)
