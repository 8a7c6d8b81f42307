"""The base of element classes.

    class Link(Bound, name=QName(ATOM, "link")):
        href = attribute("href", required=True)
        length = attribute("length", type=integer)

A subclass inherits fields and may have another name, which is how one content serves several elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, MutableSequence
from typing import TYPE_CHECKING, Any, ClassVar

from demotic.xml._names import QName, from_wire
from demotic.xml.binding._binding import Binding
from demotic.xml.binding._content import arrange
from demotic.xml.binding._fields import Field
from demotic.xml.binding._others import OtherAttributes, OtherElements
from demotic.xml.tree._nodes import Branch, Element, Nodes

__all__ = ["Bound", "assign"]

_RESERVED = {"column", "line", "namespaces", "other_attributes", "other_elements"}
_BINDINGS: list[Binding] = []


class _NameOfClass:
    """The element's name is that of its class, unless it was read under another."""

    def __get__(self, instance: Any, owner: type[Bound]) -> QName:
        return owner._binding.name


class _NameOfVocabulary:
    """The same for a vocabulary with several namespaces: an element made in a program is in that of its parent."""

    def __get__(self, instance: Any, owner: type[Bound]) -> QName:
        binding = owner._binding
        around = getattr(instance, "_parent", None)
        namespace = around._name.namespace if isinstance(around, Branch) else binding.name.namespace
        return binding.name_in(namespace)


class _TextAsNodes:
    """The nodes inside an element that was read as text alone; they are made when somebody asks for them."""

    def __get__(self, instance: Any, owner: type[Bound]) -> Any:
        if instance is None:
            return self
        values = instance.__dict__
        only = values.get(owner._binding.plain_text)
        nodes = values["_children"] = Nodes.of(instance, (only,) if only else ())
        return nodes


class Bound(Branch):
    """An element as an object. Give fields to the constructor by name, or set them later.

    `other_attributes` and `other_elements` hold what a document had beside the fields. `line` and `column` are
    the place in the document, `namespaces` the prefixes in scope there; set the latter on a root to choose its
    prefixes. What was read is written back as it stood, comments and space between elements included, wherever no field
    was changed.
    """

    _binding: ClassVar[Binding]
    if not TYPE_CHECKING:
        _name = _NameOfClass()
        _prefix = None
        _children = _TextAsNodes()

    def __init_subclass__(
        cls,
        *,
        name: QName | None = None,
        type: QName | None = None,
        ordered: bool = False,
        substitutes: type[Bound] | None = None,
        namespaces: Mapping[str, str] | Iterable[str] | None = None,
    ) -> None:
        """Declare the element's name; the name of its type in schemas, for `xsi:type`; whether its children must come
        in the order of the fields; the class in whose place it may stand; and further namespaces that versions of the
        vocabulary have, with the local names that differ there: elements there are read just so, and keep theirs.
        Subclasses inherit these."""
        super().__init_subclass__()
        fields = {
            attr: field
            for base in reversed(cls.__mro__)
            for attr, field in vars(base).items()
            if isinstance(field, Field) and getattr(cls, attr) is field
        }
        taken = [attr for attr in fields if attr in _RESERVED or attr.startswith("_")]
        if taken:
            raise TypeError(f"{cls.__name__}.{taken[0]} is a name that every element class uses itself")
        inherited: Binding | None = getattr(cls, "_binding", None)
        inherited_name = inherited._name if inherited else None
        known = inherited.namespaces if namespaces is None and inherited else _locals_by_namespace(namespaces)
        cls._binding = Binding(cls, name or inherited_name, fields, schema_type=type, ordered=ordered, namespaces=known)
        if substitutes is not None:
            substitutes._binding.substitutes.append(cls)
            for binding in _BINDINGS:
                binding.forget()
        _BINDINGS.append(cls._binding)
        if cls._binding.has_name:
            cls._name = _NameOfVocabulary() if known else cls._binding.name  # type: ignore[assignment]

    def __new__(cls, *_args: object, **_values: object) -> Bound:
        self = super().__new__(cls)
        own = self.__dict__
        own["_attributes"], own["_children"], own["_parent"] = {}, Nodes(self), None
        own["namespaces"], own["line"], own["column"], own["_changed"] = {}, 0, 0, True
        return self

    def __init__(self, **values: object) -> None:
        unknown = values.keys() - self._binding.fields.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        for attr, field in self._binding.fields.items():
            if attr in values:
                field.assign(self, values[attr])

    def __setattr__(self, attr: str, value: object) -> None:
        field = self._binding.fields.get(attr)
        if field is not None:
            self.__dict__["_changed"] = True
            field.assign(self, value)
        elif attr in _RESERVED or attr.startswith("_"):
            object.__setattr__(self, attr, value)
        else:
            raise AttributeError(f"{type(self).__name__} has no field {attr}")

    def __delattr__(self, attr: str) -> None:
        field = self._binding.fields.get(attr)
        if field is None:
            raise AttributeError(f"{type(self).__name__} has no field {attr}")
        field.assign(self, [] if isinstance(getattr(self, attr, None), list) else None)
        self.__dict__.pop(attr, None)
        self._touch()

    def __eq__(self, other: object) -> bool:
        """Whether `other` is of the same class and says the same; places and prefixes do not count."""
        if type(self) is not type(other) or not isinstance(other, Bound):
            return NotImplemented
        fields = (*self._binding.fields, "other_attributes", "other_elements")
        return all(getattr(self, attr, None) == getattr(other, attr, None) for attr in fields)

    __hash__ = None  # type: ignore[assignment]  # equal by content, which may change

    def __repr__(self) -> str:
        own = {attr: self.__dict__[attr] for attr in self._binding.fields if attr in self.__dict__}
        return f"{type(self).__name__}({', '.join(f'{attr}={value!r}' for attr, value in own.items())})"

    @property
    def other_attributes(self) -> MutableMapping[QName, str]:
        """The attributes that no field takes, as text."""
        return OtherAttributes(self)

    @other_attributes.setter
    def other_attributes(self, values: MutableMapping[QName, str]) -> None:
        view = OtherAttributes(self)
        view.clear()
        view.update(values)

    @property
    def other_elements(self) -> MutableSequence[Element]:
        """The child elements that no field takes."""
        return OtherElements(self)

    @other_elements.setter
    def other_elements(self, elements: list[Element]) -> None:
        view = OtherElements(self)
        view.clear()
        view.extend(elements)

    def _touch(self) -> None:
        self.__dict__["_changed"] = True

    def _content(self) -> Nodes:
        return arrange(self) if "_changed" in self.__dict__ else self._children

    def _value_of(self, name: QName) -> str | None:
        return next((text for own, text in self._pairs() if own == name), None)

    def _pairs(self) -> Iterator[tuple[QName, str]]:
        for key, text in self._attributes.items():
            name, _ = from_wire(key)
            yield name, self._formatted(key) if text is None else text

    def _formatted(self, key: str) -> str:
        """Return the text of an attribute that a program has set."""
        field = self._binding.attributes[from_wire(key)[0]]
        return field.type.format(self.__dict__[field.attr])


def _locals_by_namespace(namespaces: Mapping[str, str] | Iterable[str] | None) -> Mapping[str, str]:
    if isinstance(namespaces, Mapping):
        return namespaces
    return dict.fromkeys(namespaces or (), "")


def assign(value: Bound, **values: object) -> None:
    """Set several fields of an object by name."""
    for attr, item in values.items():
        setattr(value, attr, item)
