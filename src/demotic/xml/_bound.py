"""The base of element classes, and what is worked out from a class's declarations once.

    class Link(Bound, name=QName(ATOM, "link")):
        href = attribute("href", required=True)
        length = attribute("length", type=integer)

A subclass inherits fields and may have another name, which is how one content serves several elements.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar

from demotic.xml._fields import AttributeField, ChildField, Field, TextField, WildcardField
from demotic.xml._tree import Element, QName

__all__ = ["Binding", "Bound", "binding_of"]


class Binding:
    """A class's fields, sorted by what they bind."""

    def __init__(self, cls: type[Bound], name: QName | None, fields: Mapping[str, Field[object]]) -> None:
        self.cls = cls
        self._name = name
        self.fields = fields
        self.attributes = {f.name: f for f in fields.values() if isinstance(f, AttributeField)}
        self.child_fields = [f for f in fields.values() if isinstance(f, ChildField)]
        self.text = self._only(TextField)
        self.wildcard = self._only(WildcardField)
        if len(self.attributes) != sum(isinstance(f, AttributeField) for f in fields.values()):
            raise TypeError(f"{cls.__name__} declares an attribute twice")

    def _only(self, kind: type[Field[object]]) -> Field[object] | None:
        found = [f for f in self.fields.values() if isinstance(f, kind)]
        if len(found) > 1:
            raise TypeError(f"{self.cls.__name__} declares {kind.__name__} more than once")
        return found[0] if found else None

    @property
    def name(self) -> QName:
        """The name of the element."""
        if self._name is None:
            raise TypeError(f"{self.cls.__name__} has no element name; give it one: class X(Bound, name=QName(...))")
        return self._name

    @cached_property
    def children(self) -> dict[QName, tuple[ChildField[object], type[Bound]]]:
        """The field and class for each child element, by name; looked up late, as classes may refer to later ones."""
        table: dict[QName, tuple[ChildField[object], type[Bound]]] = {}
        for field in self.child_fields:
            for cls in field.kinds():
                if table.setdefault(binding_of(cls).name, (field, cls)) != (field, cls):
                    raise TypeError(f"{self.cls.__name__} declares the child {binding_of(cls).name} twice")
        return table

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The namespaces that are the class's own: unknown elements in them are errors, others are foreign."""
        return frozenset({"", self.name.namespace, *(name.namespace for name in self.children)})


class Bound:
    """An element as an object. Give fields to the constructor by name, or set them later.

    `other_attributes` and `other_elements` hold what a document had from foreign namespaces. `line` and `column` are
    the place in the document, `namespaces` the prefixes in scope there; set the latter on a root to choose its
    prefixes. Comments and processing instructions are not kept.
    """

    _binding: ClassVar[Binding]

    def __init_subclass__(cls, *, name: QName | None = None) -> None:
        super().__init_subclass__()
        fields = {
            attr: field
            for base in reversed(cls.__mro__)
            for attr, field in vars(base).items()
            if isinstance(field, Field) and getattr(cls, attr) is field
        }
        inherited = getattr(cls, "_binding", None)
        cls._binding = Binding(cls, name or (inherited._name if inherited else None), fields)

    def __init__(self, **values: object) -> None:
        self.line = 0
        self.column = 0
        self.namespaces: Mapping[str, str] = {}
        self.other_attributes: dict[QName, str] = {}
        self.other_elements: list[Element] = []
        unknown = values.keys() - self._binding.fields.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        self.__dict__.update(values)

    def __eq__(self, other: object) -> bool:
        """Whether `other` is of the same class and says the same; places and prefixes do not count."""
        if type(self) is not type(other):
            return NotImplemented
        fields = (*self._binding.fields, "other_attributes", "other_elements")
        return all(getattr(self, attr, None) == getattr(other, attr, None) for attr in fields)

    __hash__ = None  # type: ignore[assignment]  # equal by content, which may change

    def __repr__(self) -> str:
        own = {attr: self.__dict__[attr] for attr in self._binding.fields if attr in self.__dict__}
        return f"{type(self).__name__}({', '.join(f'{attr}={value!r}' for attr, value in own.items())})"


def binding_of(cls: type[Bound]) -> Binding:
    """Return what is declared by an element class."""
    return cls._binding
