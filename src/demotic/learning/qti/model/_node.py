"""What every node of the model has, and how element classes declare what their elements hold.

    class SimpleChoice(Choice, tag="simple-choice", content=MIXED):
        fixed = attribute(boolean, default=False)

A class is one line of the table of elements: from `tag` follow the names of all versions (`qti-simple-choice` in 3.0,
`simpleChoice` in 2.x), from the fields those of the attributes (`template_identifier`: `template-identifier`,
`templateIdentifier`), their types and their defaults. One reader and one writer serve all of them; nothing else knows
how an element is spelled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final, Generic, Literal, Self, TypeAlias, TypeVar, cast, overload

from demotic.errors import InvalidInput
from demotic.learning.qti.model._values import string
from demotic.learning.qti.model._version import Version
from demotic.xml import Comment, Lexical, ProcessingInstruction, QName

__all__ = [
    "ELEMENTS", "EMPTY", "MIXED", "REQUIRED", "STRUCTURE", "TEXT", "Attribute", "Content", "Item", "Many", "Node",
    "One", "Problem", "attribute", "camel", "many", "one", "walk",
]  # fmt: skip

T = TypeVar("T")
N = TypeVar("N", bound="Node")

Item: TypeAlias = "Node | str | Comment | ProcessingInstruction"
Content = Literal["structure", "mixed", "text", "empty"]
STRUCTURE: Final = "structure"
MIXED: Final = "mixed"
TEXT: Final = "text"
EMPTY: Final = "empty"
ELEMENTS: Final[dict[str, type[Node]]] = {}
"""The table: every element class by the name of its element, in 3.0 and in 2.x."""


class _Required:
    """The mark of an attribute that a version wants to be given."""


REQUIRED: Final = _Required()


def camel(kebab: str) -> str:
    """Return the name that 2.x has for one of 3.0: `max-choices` is `maxChoices`."""
    return re.sub("-([a-z0-9])", lambda match: match[1].upper(), kebab)


class Problem:
    """Something wrong that the reader met and went on from: a code, what it is, where, and what to do."""

    __slots__ = ("code", "column", "hint", "line", "message")

    def __init__(self, code: str, message: str, line: int, column: int, hint: str = "") -> None:
        self.code, self.message, self.line, self.column, self.hint = code, message, line, column, hint

    def __repr__(self) -> str:
        return f"<{self.code} at {self.line}:{self.column}: {self.message}>"


class Attribute(Generic[T]):
    """An attribute as a class declares it. On a node it is the value, or the default where none is given."""

    __slots__ = ("default", "name", "old", "older", "required", "since", "spelled", "type", "until", "wire")

    def __init__(
        self,
        type: Lexical[Any],
        default: Any,
        *,
        required: bool,
        older: Mapping[Version, Any],
        since: Version,
        until: Version,
        wire: str,
        old: str,
        spelled: Mapping[Version, str],
    ) -> None:
        self.type, self.default, self.required = type, default, required
        self.older, self.since, self.until = dict(older), since, until
        self.wire, self.old, self.spelled = wire, old, dict(spelled)
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.wire = self.wire or name.rstrip("_").replace("_", "-")
        self.old = self.old or camel(self.wire)

    @overload
    def __get__(self, node: None, owner: type) -> Self: ...
    @overload
    def __get__(self, node: Node, owner: type) -> T: ...
    def __get__(self, node: Node | None, owner: type) -> Self | T:
        if node is None:
            return self
        value = node.attributes.get(self.name, self.default)
        if value is REQUIRED:
            raise InvalidInput(
                f"{node.tag} at line {node.line}, column {node.column} has no {self.wire}",
                target=self.wire,
                hint="the attribute is required",
            )
        return cast(T, value)

    def __set__(self, node: Node, value: T) -> None:
        node.attributes[self.name] = value

    def wire_in(self, version: Version) -> str:
        """Return the attribute's name in documents of a version."""
        return self.wire if version is Version.V3_0 else self.spelled.get(version, self.old)

    def default_in(self, version: Version) -> Any:
        """Return what holds in a version where the attribute is not given; `REQUIRED` if it must be."""
        return self.older.get(version, REQUIRED if self.required else self.default)

    def exists_in(self, version: Version) -> bool:
        """Tell whether documents of a version may have the attribute."""
        return self.since <= version <= self.until


@overload
def attribute(
    type: Lexical[T], *, required: Literal[True], older: Mapping[Version, Any] = ..., since: Version = ..., until:
    Version = ..., wire: str = ..., old: str = ..., spelled: Mapping[Version, str] = ...,
) -> Attribute[T]: ...  # fmt: skip
@overload
def attribute(
    type: Lexical[T], *, default: T, older: Mapping[Version, Any] = ..., since: Version = ..., until: Version = ...,
    wire: str = ..., old: str = ..., spelled: Mapping[Version, str] = ...,
) -> Attribute[T]: ...  # fmt: skip
@overload
def attribute(
    type: Lexical[T], *, older: Mapping[Version, Any] = ..., since: Version = ..., until: Version = ...,
    wire: str = ..., old: str = ..., spelled: Mapping[Version, str] = ...,
) -> Attribute[T | None]: ...  # fmt: skip
@overload
def attribute(
    *, required: Literal[True], older: Mapping[Version, Any] = ..., since: Version = ..., until: Version = ...,
    wire: str = ..., old: str = ..., spelled: Mapping[Version, str] = ...,
) -> Attribute[str]: ...  # fmt: skip
@overload
def attribute(
    *, default: str, older: Mapping[Version, Any] = ..., since: Version = ..., until: Version = ...,
    wire: str = ..., old: str = ..., spelled: Mapping[Version, str] = ...,
) -> Attribute[str]: ...  # fmt: skip
@overload
def attribute(
    *, older: Mapping[Version, Any] = ..., since: Version = ..., until: Version = ...,
    wire: str = ..., old: str = ..., spelled: Mapping[Version, str] = ...,
) -> Attribute[str | None]: ...  # fmt: skip
def attribute(
    type: Lexical[Any] = string,
    *,
    required: bool = False,
    default: Any = None,
    older: Mapping[Version, Any] | None = None,
    since: Version = Version.V2_0,
    until: Version = Version.V3_0,
    wire: str = "",
    old: str = "",
    spelled: Mapping[Version, str] | None = None,
) -> Attribute[Any]:
    """Declare an attribute.

    `default` is what 3.0 says holds without it; `older` has what earlier versions say, `REQUIRED` where they want it
    given. `since` and `until` bound the versions that know it; `wire` and `old` are its names in 3.0 and 2.x where
    these do not follow from the field's.
    """
    default = REQUIRED if required and default is None else default
    return Attribute(
        type, default, required=required, older=older or {}, since=since, until=until, wire=wire, old=old,
        spelled=spelled or {},
    )  # fmt: skip


Kinds: TypeAlias = "tuple[type[N] | Callable[[], type[N]], ...]"


class _Children(Generic[N]):
    """What one and many have in common: which children, and how many of them the specification wants."""

    __slots__ = ("_given", "kinds", "least", "most", "name")

    def __init__(self, given: Kinds[N], least: int, most: int | None) -> None:
        self._given = given
        self.kinds: tuple[type[N], ...] = ()
        self.least, self.most = least, most
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def resolved(self) -> tuple[type[N], ...]:
        """Return the classes, looked up if they were given as functions."""
        if not self.kinds:
            self.kinds = tuple(kind if isinstance(kind, type) else kind() for kind in self._given)
        return self.kinds


class One(_Children[N], Generic[N, T]):
    """A child element, one at most."""

    __slots__ = ()

    @overload
    def __get__(self, node: None, owner: type) -> Self: ...
    @overload
    def __get__(self, node: Node, owner: type) -> T: ...
    def __get__(self, node: Node | None, owner: type) -> Self | T:
        if node is None:
            return self
        kinds = self.kinds or self.resolved()
        for child in node.children:
            if isinstance(child, kinds):
                return cast(T, child)
        if self.least:
            raise InvalidInput(
                f"{node.tag} at line {node.line}, column {node.column} lacks {kinds[0].tag or self.name}",
                target=self.name,
            )
        return cast(T, None)


class Many(_Children[N]):
    """Child elements of some classes, in the order of the document."""

    __slots__ = ()

    @overload
    def __get__(self, node: None, owner: type) -> Self: ...
    @overload
    def __get__(self, node: Node, owner: type) -> list[N]: ...
    def __get__(self, node: Node | None, owner: type) -> Self | list[N]:
        if node is None:
            return self
        kinds = self.kinds or self.resolved()
        return [child for child in node.children if isinstance(child, kinds)]


@overload
def one(kind: type[N] | Callable[[], type[N]], *, required: Literal[True]) -> One[N, N]: ...
@overload
def one(kind: type[N] | Callable[[], type[N]]) -> One[N, N | None]: ...
def one(kind: type[Any] | Callable[[], type[Any]], *, required: bool = False) -> One[Any, Any]:
    """Declare at most one child element of a class (exactly one, if `required`)."""
    return One((kind,), int(required), 1)


def many(*kinds: type[N] | Callable[[], type[N]], least: int = 0, most: int | None = None) -> Many[N]:
    """Declare child elements of these classes, and how many there must be."""
    return Many(kinds, least, most)


class _NodeType(type):
    """The type of element classes: it makes them slotted, so that a node is small and takes no misspelt field."""

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> Any:
        namespace.setdefault("__slots__", ())
        return super().__new__(mcs, name, bases, namespace, **options)


class Node(metaclass=_NodeType):
    """An element: its attributes, what stands in it, and its place.

    `attributes` holds the values given, by the names of the fields; read and set them through these. `extra` keeps
    attributes that the specification does not know, and known ones whose values are wrong, as text. `children` are
    nodes and text in the order of the document, comments included; `elements` leaves out all but nodes. Two nodes are
    equal if class, attributes and children are: places do not count.
    """

    __slots__ = ("attributes", "children", "column", "extra", "line")

    tag: ClassVar[str] = ""
    old: ClassVar[str] = ""
    since: ClassVar[Version] = Version.V2_0
    until: ClassVar[Version] = Version.V3_0
    content: ClassVar[Content] = STRUCTURE
    attribute_table: ClassVar[dict[str, Attribute[Any]]] = {}
    child_table: ClassVar[dict[str, One[Any, Any] | Many[Any]]] = {}

    attributes: dict[str, Any]
    children: list[Item]
    extra: dict[QName, str]

    def __init_subclass__(
        cls,
        *,
        tag: str = "",
        wire: str = "",
        old: str = "",
        since: Version | None = None,
        until: Version | None = None,
        content: Content | None = None,
    ) -> None:
        """Declare an element: its `tag` without `qti-` (or `wire`, its whole name), its name `old` in 2.x where that
        does not follow, the versions that know it, and what may stand in it."""
        super().__init_subclass__()
        declared = {k: v for base in reversed(cls.__mro__) for k, v in vars(base).items()}
        cls.attribute_table = {k: v for k, v in declared.items() if isinstance(v, Attribute)}
        cls.child_table = {k: v for k, v in declared.items() if isinstance(v, One | Many)}
        cls.since, cls.until = since or cls.since, until or cls.until
        cls.content = content or cls.content
        cls.tag = wire or (f"qti-{tag}" if tag else "")
        cls.old = old or (wire or camel(tag))
        if cls.tag:
            for name in {cls.tag, cls.old}:
                if ELEMENTS.setdefault(name, cls) is not cls:
                    raise TypeError(f"two classes for the element {name}: {ELEMENTS[name].__name__}, {cls.__name__}")

    def __init__(
        self,
        *children: Item,
        line: int = 0,
        column: int = 0,
        extra: Mapping[QName, str] | None = None,
        **values: Any,
    ) -> None:
        unknown = values.keys() - self.attribute_table.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no attribute {', '.join(sorted(unknown))}")
        self.attributes = {name: value for name, value in values.items() if value is not None}
        self.children = list(children)
        self.extra = dict(extra or {})
        self.line = line
        self.column = column

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, Node):
            return NotImplemented
        mine, its = (self.attributes, self.extra, self.children), (other.attributes, other.extra, other.children)
        return mine == its

    __hash__ = None  # type: ignore[assignment]  # equal by content, which may change

    def __repr__(self) -> str:
        values = "".join(f" {name}={value!r}" for name, value in self.attributes.items())
        return f"<{type(self).__name__}{values} at {self.line}:{self.column}>"

    def name_in(self, version: Version) -> str:
        """Return the element's name in documents of a version."""
        return self.tag if version is Version.V3_0 else self.old

    @classmethod
    def name_in_class(cls, version: Version) -> str:
        """Return the name of the class's element in documents of a version; nothing for a class of several elements."""
        return cls.tag if version is Version.V3_0 else cls.old

    @property
    def elements(self) -> list[Node]:
        """The nodes inside, without text and comments."""
        return [child for child in self.children if isinstance(child, Node)]

    @property
    def text(self) -> str:
        """The text right inside, that of other nodes not."""
        return "".join([child for child in self.children if isinstance(child, str)])

    def walk(self) -> Iterator[Node]:
        """Iterate over this node and all below it, in the order of the document."""
        return walk(self)

    def find(self, *kinds: type[N]) -> Iterator[N]:
        """Iterate over the nodes of some classes, this one included, in the order of the document."""
        return (node for node in walk(self) if isinstance(node, kinds))


def walk(root: Node) -> Iterator[Node]:
    """Iterate over a node and all below it, in the order of the document, however deep."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if node.children:
            stack.extend([child for child in reversed(node.children) if isinstance(child, Node)])
