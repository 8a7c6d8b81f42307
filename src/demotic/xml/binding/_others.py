"""What an object has beside its fields: live views of its storage, in the order of the document."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, MutableSequence
from typing import TYPE_CHECKING, Any

from demotic.xml._names import QName, from_wire, to_wire
from demotic.xml.tree._nodes import Branch, Element

if TYPE_CHECKING:
    from demotic.xml.binding._bound import Bound

__all__ = ["OtherAttributes", "OtherElements"]


class OtherAttributes(MutableMapping[QName, str]):
    """The attributes that no field takes, by name."""

    def __init__(self, owner: Bound) -> None:
        self._owner = owner

    def _keys(self) -> Iterator[tuple[QName, str]]:
        own = self._owner._binding.attributes
        for key in self._owner._attributes:
            name, _ = from_wire(key)
            # An attribute whose text its field could not read is kept, but is no value of the field.
            if name not in own:
                yield name, key

    def _key(self, name: QName) -> str | None:
        return next((key for own, key in self._keys() if own == name), None)

    def __getitem__(self, name: QName) -> str:
        key = self._key(name)
        if key is None:
            raise KeyError(name)
        text: str = self._owner._attributes[key]
        return text

    def __setitem__(self, name: QName, value: str) -> None:
        if name in self._owner._binding.attributes:
            raise KeyError(f"{name} has a field of its own")
        self._owner._attributes[self._key(name) or to_wire(name)] = value

    def __delitem__(self, name: QName) -> None:
        key = self._key(name)
        if key is None:
            raise KeyError(name)
        del self._owner._attributes[key]

    def __iter__(self) -> Iterator[QName]:
        return (name for name, _ in self._keys())

    def __len__(self) -> int:
        return sum(1 for _ in self._keys())

    def __repr__(self) -> str:
        return repr(dict(self))


class OtherElements(MutableSequence[Element]):
    """The child elements that no field takes."""

    def __init__(self, owner: Bound) -> None:
        self._owner = owner

    def _places(self) -> list[int]:
        binding = self._owner._binding
        if binding.wildcard is not None or binding.mixed is not None:
            return []
        nodes = self._owner._children
        return [i for i, node in enumerate(nodes) if isinstance(node, Branch) and not binding.owner(type(node))]

    def __getitem__(self, index: Any) -> Any:
        places = self._places()[index]
        nodes = self._owner._children
        return [nodes[i] for i in places] if isinstance(places, list) else nodes[places]

    def __setitem__(self, index: Any, value: Any) -> None:
        self._owner._children[self._places()[index]] = value

    def __delitem__(self, index: Any) -> None:
        places = self._places()[index]
        for place in sorted(places if isinstance(places, list) else [places], reverse=True):
            del self._owner._children[place]

    def __len__(self) -> int:
        return len(self._places())

    def insert(self, index: int, value: Element) -> None:
        """Put an element before the one at `index`, or after the last."""
        places = self._places()
        self._owner._content().insert(places[index] if index < len(places) else len(self._owner._children), value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MutableSequence) and list(self) == list(other)

    def __repr__(self) -> str:
        return repr(list(self))
