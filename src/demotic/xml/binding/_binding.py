"""What is worked out from a class's declarations, once: which field takes what, and the steps of the reader.

A step says what to do with a start tag of one name inside elements of one class. Steps are found by the name as expat
hands it on, so that nothing is taken apart twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from demotic.xml._names import QName, from_wire
from demotic.xml.binding._fields import (
    AttributeField,
    ChildField,
    ContentField,
    Field,
    TextField,
    WildcardField,
)
from demotic.xml.binding._lexical import string

if TYPE_CHECKING:
    from demotic.xml.binding._bound import Bound

__all__ = ["Binding", "Content", "Step", "binding_of", "child_class"]

B = TypeVar("B", bound="Bound")

# Names that a document makes up are not remembered beyond it, and known ones with made-up prefixes not without end.
_MOST_STEPS: Final = 512


@dataclass(frozen=True, slots=True)
class Content:
    """What may stand in an element: nothing, elements, text, or both (XML 1.0, section 3.2)."""

    elements: bool
    text: bool


class Step:
    """How to read one element: its class, its name, and where its parent keeps it."""

    __slots__ = (
        "attr",
        "attributes",
        "binding",
        "cls",
        "finish",
        "finish_empty",
        "inner",
        "many",
        "name",
        "named",
        "plain_text",
        "prefix",
        "required",
    )

    def __init__(self, raw: str, cls: Any, binding: Binding | None, field: ChildField[Any] | None) -> None:
        self.cls = cls
        self.name, self.prefix = from_wire(raw)
        self.binding = binding
        self.attr = field.attr if field is not None else ""
        self.many = field.many if field is not None else False
        self.inner: dict[str, Step] = {} if binding is None else binding.steps
        self.attributes: Mapping[str, Any] = {} if binding is None else binding.wired
        self.required: tuple[str, ...] = () if binding is None else binding.required_attributes
        self.named = binding is None or binding.needs_name(self.name)
        self.finish = binding is not None and binding.has_end
        self.finish_empty = binding is not None and (binding.text is not None or bool(binding.required_children))
        self.plain_text = "" if binding is None else binding.plain_text


class Binding:
    """A class's fields, sorted by what they bind."""

    def __init__(
        self,
        cls: type[Bound],
        name: QName | None,
        fields: Mapping[str, Field[object]],
        *,
        schema_type: QName | None = None,
        ordered: bool = False,
        namespaces: Mapping[str, str] | None = None,
    ) -> None:
        self.cls = cls
        self._name = name
        self.namespaces = {} if namespaces is None else namespaces
        self.schema_type = schema_type
        self.ordered = ordered
        self.substitutes: list[type[Bound]] = []
        self.fields = fields
        self.attributes = {f.name: f for f in fields.values() if isinstance(f, AttributeField)}
        self.wired = {f.wire: (f.attr, f.parse) for f in self.attributes.values()}
        self.scoped = {f.wire: f.type.scoped for f in self.attributes.values() if f.type.scoped is not None}
        self.required_attributes = tuple(f.attr for f in self.attributes.values() if f.required)
        self.required = tuple(f.attr for f in fields.values() if f.required)
        self.required_children = tuple(f.attr for f in fields.values() if f.required and isinstance(f, ChildField))
        self.text = self._only(TextField)
        self.wildcard = self._only(WildcardField)
        self.mixed = self._only(ContentField)
        self.child_fields = [f for f in fields.values() if isinstance(f, ChildField)]
        if self.mixed is not None:
            self.child_fields.append(self.mixed.child)
        self.has_end = self.mixed is None or ordered or any(f.required for f in self.child_fields)
        self.plain_text = self.text.attr if self._is_plain() else ""
        self.steps: dict[str, Step] = {}
        self._children: dict[QName, tuple[ChildField[Any], type[Bound]]] | None = None
        self._owners: dict[type, str] = {}
        self._check()

    def _check(self) -> None:
        if len(self.attributes) != sum(isinstance(f, AttributeField) for f in self.fields.values()):
            raise TypeError(f"{self.cls.__name__} declares an attribute twice")
        if self.mixed is not None and (self.text or self.wildcard or len(self.child_fields) > 1):
            raise TypeError(f"{self.cls.__name__} declares mixed content, which takes all text and children by itself")

    def _is_plain(self) -> bool:
        return self.text is not None and self.text.type is string and not (self.child_fields or self.ordered)

    def _only(self, kind: type[Any]) -> Any:
        found = [f for f in self.fields.values() if isinstance(f, kind)]
        if len(found) > 1:
            raise TypeError(f"{self.cls.__name__} declares {kind.__name__} more than once")
        return found[0] if found else None

    @property
    def has_name(self) -> bool:
        """Whether the class has an element name; a base for others need not."""
        return self._name is not None

    def needs_name(self, name: QName) -> bool:
        """Tell whether an element must keep this name itself, as it is not that of the class."""
        return name != self._name

    @property
    def name(self) -> QName:
        """The name of the element."""
        if self._name is None:
            raise TypeError(f"{self.cls.__name__} has no element name; give it one: class X(Bound, name=QName(...))")
        return self._name

    @property
    def names(self) -> tuple[QName, ...]:
        """The names that the element may have: its own, and those in the other namespaces of the vocabulary."""
        others = (self.name_in(namespace) for namespace in self.namespaces)
        return (self.name, *(name for name in others if name != self.name))

    def name_in(self, namespace: str) -> QName:
        """Return the name in one of the namespaces of the vocabulary, its own for any other."""
        local = self.namespaces.get(namespace)
        return self.name if local is None else QName(namespace, local or self.name.local)

    @property
    def content(self) -> Content:
        """What may stand in the element."""
        return Content(
            elements=bool(self.child_fields or self.wildcard), text=self.text is not None or self.mixed is not None
        )

    @property
    def children(self) -> dict[QName, tuple[ChildField[Any], type[Bound]]]:
        """The field and class for each child element, by name; looked up late, as classes may refer to later ones."""
        if self._children is None:
            self._children = self._child_table()
        return self._children

    def _child_table(self) -> dict[QName, tuple[ChildField[Any], type[Bound]]]:
        table: dict[QName, tuple[ChildField[Any], type[Bound]]] = {}
        for field in self.child_fields:
            for cls in [member for kind in field.kinds() for member in with_substitutes(kind)]:
                for name in binding_of(cls).names:
                    if table.setdefault(name, (field, cls)) != (field, cls):
                        raise TypeError(f"{self.cls.__name__} declares the child {name} twice")
        return table

    def forget(self) -> None:
        """Work the children out again: a class has joined the substitution group of one of them."""
        self._children = None
        self.steps.clear()
        self._owners.clear()

    def step(self, raw: str) -> Step | None:
        """Return the step for a child element that is declared, if it is."""
        found = self.steps.get(raw)
        if found is None:
            name, _ = from_wire(raw)
            field, cls = self.children.get(name, (None, None))
            if cls is None:
                return None
            found = Step(raw, cls, binding_of(cls), field if self.mixed is None else None)
            if len(self.steps) < _MOST_STEPS:
                self.steps[raw] = found
        return found

    def owner(self, cls: type) -> str:
        """Return the field that keeps children of a class, or nothing."""
        found = self._owners.get(cls)
        if found is None:
            classes = {kind: field.attr for field, kind in self.children.values()}
            found = next((classes[base] for base in cls.__mro__ if base in classes), "")
            self._owners[cls] = found
        return found

    @property
    def vocabulary(self) -> frozenset[str]:
        """The namespaces that are the class's own: unknown elements in them are errors, others are foreign."""
        return frozenset({"", *(name.namespace for name in (*self.names, *self.children))})


def binding_of(cls: type[Bound]) -> Binding:
    """Return what is declared by an element class."""
    return cls._binding


def child_class(owner: type[Bound], kind: type[B]) -> type[B]:
    """Return the class that `owner` declares for its children of a kind: `kind` itself, or a subclass in its place.

    Raises `TypeError` if it declares none.
    """
    for _, cls in binding_of(owner).children.values():
        if issubclass(cls, kind):
            return cls
    raise TypeError(f"{owner.__name__} declares no child of the class {kind.__name__}")


def with_substitutes(cls: type[Bound]) -> list[type[Bound]]:
    """Return the class and all that may stand in its place (XML Schema 1.1, section 3.3.6); a nameless head may not."""
    binding = binding_of(cls)
    members = [member for substitute in binding.substitutes for member in with_substitutes(substitute)]
    return [cls, *members] if binding.has_name or not members else members
