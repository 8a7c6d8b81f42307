"""An XML document as a tree: slotted elements that know their names, namespaces, parent and place.

Names are pairs of namespace and local part; prefixes are kept beside them, because values may use them and because
people know their documents by them, but they never decide what is equal. Text is plain `str`; CDATA sections, comments,
processing instructions and references to entities that were not read are nodes of their own.

Specifications: XML 1.0 (fifth edition), Namespaces in XML 1.0 (third edition).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, SupportsIndex, TypeAlias

from demotic.xml._names import QName

__all__ = ["Branch", "CData", "Comment", "Element", "EntityReference", "Node", "Nodes", "ProcessingInstruction"]
__all__ += ["inner_scope", "rename_namespaces"]


@dataclass(frozen=True, slots=True)
class CData:
    """A CDATA section."""

    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment."""

    text: str


@dataclass(frozen=True, slots=True)
class ProcessingInstruction:
    """A processing instruction."""

    target: str
    data: str = ""


@dataclass(frozen=True, slots=True)
class EntityReference:
    """A reference to an entity that is declared where nobody looked: in an external subset that was not read."""

    name: str


class Branch:
    """What elements of the tree and objects of element classes have in common: parent, place, scope and content.

    `namespaces` maps the prefixes in scope to namespaces (`""` is the default namespace's prefix); elements without
    declarations share the mapping of their parent, so replace it rather than change it. `line` and `column` count from
    1; they are 0 for what was made in a program.
    """

    __slots__ = ()

    if TYPE_CHECKING:  # elements have these as slots, objects in their `__dict__`
        _attributes: Any
        _children: Nodes
        _name: QName
        _parent: Any
        _prefix: str | None
        column: int
        line: int
        namespaces: Mapping[str, str]

    def _content(self) -> Nodes:
        """The nodes inside, in order."""
        return self._children

    def _touch(self) -> None:
        """Note that a program changed the content, for those who care."""

    def __deepcopy__(self, memo: Any) -> Any:
        from demotic.xml.tree._copy import twin

        return twin(self)

    def __copy__(self) -> Any:
        # A shallow copy would share children, which have one parent only.
        return self.__deepcopy__({})

    def __reduce__(self) -> tuple[Any, ...]:
        from demotic.xml.tree._copy import flatten, restore

        return restore, (flatten(self),)

    def _value_of(self, name: QName) -> str | None:
        """The text of an attribute."""
        raise NotImplementedError

    def _pairs(self) -> Iterator[tuple[QName, str]]:
        """All attributes as text, in order."""
        raise NotImplementedError


class Nodes(list[Any]):
    """The nodes inside an element, or some of them: a list that tells its elements who their parent is."""

    __slots__ = ("owner",)

    owner: Any

    def __init__(self, owner: Branch, nodes: Iterable[Any] = ()) -> None:
        # A text is one node, not one for each character.
        super().__init__((nodes,) if isinstance(nodes, str) else nodes)
        self.owner = owner
        self._adopt(self)

    @classmethod
    def of(cls, owner: Branch, nodes: Iterable[Any] = ()) -> Nodes:
        """Return the nodes that were read inside `owner`, which counts as no change to it."""
        self = cls.__new__(cls)
        self.owner = owner
        list.extend(self, nodes)
        return self

    def _adopt(self, nodes: Iterable[Any]) -> None:
        self.owner._touch()
        for node in nodes:
            if isinstance(node, Branch):
                node._parent = self.owner

    def _release(self, nodes: Iterable[Any]) -> None:
        self.owner._touch()
        for node in nodes:
            if isinstance(node, Branch) and node._parent is self.owner:
                node._parent = None

    def append(self, node: Any) -> None:
        super().append(node)
        self._adopt((node,))

    def insert(self, index: SupportsIndex, node: Any) -> None:
        super().insert(index, node)
        self._adopt((node,))

    def extend(self, nodes: Iterable[Any]) -> None:
        added = list(nodes)
        super().extend(added)
        self._adopt(added)

    def __iadd__(self, nodes: Iterable[Any]) -> Nodes:  # type: ignore[misc]
        self.extend(nodes)
        return self

    def __setitem__(self, index: Any, value: Any) -> None:
        before = list(self)
        super().__setitem__(index, value)
        self._release(before)
        self._adopt(self)

    def __delitem__(self, index: Any) -> None:
        before = list(self)
        super().__delitem__(index)
        self._release(before)
        self._adopt(self)

    def pop(self, index: SupportsIndex = -1) -> Any:
        node = super().pop(index)
        self._release((node,))
        return node

    def remove(self, node: Any) -> None:
        """Remove this very node; one that is equal only where there is no such."""
        index = next((i for i, own in enumerate(self) if own is node), None)
        self.pop(self.index(node) if index is None else index)

    def clear(self) -> None:
        self._release(self)
        super().clear()

    def sort(self, **options: Any) -> None:
        super().sort(**options)
        self.owner._touch()

    def reverse(self) -> None:
        super().reverse()
        self.owner._touch()

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        return list, (list(self),)


class Element(Branch):
    """An element with its attributes and children, in the order of the document.

    `prefix` is the one the element was written with, `parent` the element or document that it stands in. Two elements
    are equal if names, attributes and children are; prefixes and places do not count.
    """

    if not TYPE_CHECKING:
        __slots__ = ("_attributes", "_children", "_name", "_parent", "_prefix", "column", "line", "namespaces")
    __hash__ = None  # type: ignore[assignment]  # equal by content, which may change

    if TYPE_CHECKING:  # second names for the slots, see below
        attributes: dict[QName, str]
        name: QName
        prefix: str | None

    def __init__(
        self,
        name: QName,
        attributes: Mapping[QName, str] | None = None,
        children: Iterable[Node] | None = None,
        *,
        prefix: str | None = None,
        namespaces: Mapping[str, str] | None = None,
        line: int = 0,
        column: int = 0,
    ) -> None:
        self.name = name
        self.attributes = {} if attributes is None else dict(attributes)
        self._children = Nodes(self, () if children is None else children)
        self._parent = None
        self.prefix = prefix
        self.namespaces = {} if namespaces is None else namespaces
        self.line = line
        self.column = column

    def __repr__(self) -> str:
        return f"<Element {self.name} at {self.line}:{self.column}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Element):
            return NotImplemented
        return (self.name, self.attributes, self._children) == (other.name, other.attributes, other._children)

    @property
    def children(self) -> list[Node]:
        """The nodes inside, in order; a list to change as you like."""
        return self._children

    @children.setter
    def children(self, nodes: Iterable[Node]) -> None:
        self._children = Nodes(self, nodes)

    @property
    def parent(self) -> Any:
        """The element or document that this stands in, if any."""
        return self._parent

    @property
    def text(self) -> str:
        """The element's own text, CDATA included, descendants' not."""
        return "".join(
            node if isinstance(node, str) else node.text for node in self._children if isinstance(node, str | CData)
        )

    def get(self, local: str, default: str | None = None) -> str | None:
        """Return the value of an attribute without namespace."""
        return self.attributes.get(QName("", local), default)

    def elements(self, name: QName | None = None) -> Iterator[Element]:
        """Iterate over the child elements, or over those called `name`."""
        for node in self._children:
            if isinstance(node, Element) and (name is None or node.name == name):
                yield node

    def walk(self) -> Iterator[Element]:
        """Iterate over this element and all below it, in the order of the document."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(list(element.elements())))

    def _value_of(self, name: QName) -> str | None:
        return self.attributes.get(name)

    def _pairs(self) -> Iterator[tuple[QName, str]]:
        yield from self.attributes.items()


if not TYPE_CHECKING:
    Element.attributes, Element.name, Element.prefix = Element._attributes, Element._name, Element._prefix

Node: TypeAlias = Branch | str | CData | Comment | ProcessingInstruction | EntityReference


def inner_scope(outer: Mapping[str, str], declared: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes in scope after further declarations; these come last, for reading and writing alike."""
    return {prefix: uri for prefix, uri in outer.items() if prefix not in declared} | dict(declared)


def rename_namespaces(root: Element, names: Mapping[str, str]) -> Element:
    """Return a copy of the tree with namespaces replaced as `names` says, in names and declarations alike.

    This is how one vocabulary declaration serves the several namespaces that its versions have had.
    """

    def renamed(name: QName) -> QName:
        return QName(names.get(name.namespace, name.namespace), name.local)

    def copy(element: Element) -> Element:
        return Element(
            renamed(element.name),
            {renamed(name): value for name, value in element.attributes.items()},
            prefix=element.prefix,
            namespaces={prefix: names.get(uri, uri) for prefix, uri in element.namespaces.items()},
            line=element.line,
            column=element.column,
        )

    result = copy(root)
    stack = [(root, result)]
    while stack:
        source, target = stack.pop()
        for node in source.children:
            if isinstance(node, Element):
                twin = copy(node)
                stack.append((node, twin))
                target.children.append(twin)
            else:
                target.children.append(node)
    return result
