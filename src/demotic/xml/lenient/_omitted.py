"""Tags that were left out, supplied from what the element classes can hold, as SGML does from a document type.

For a start tag, or text, that does not fit where it stands: if a child of the class there could hold it, directly or
through further children, that child is opened first; else the element is closed, and the same asked one level up.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

from demotic.xml._names import QName
from demotic.xml.binding._binding import Binding, binding_of

__all__ = ["TEXT", "way_to"]

TEXT: Final = QName("", "#text")
_DEEPEST: Final = 8


def way_to(binding: Binding | None, name: QName) -> list[Any] | None:
    """Return the classes to open so that `name`, or `TEXT`, fits: none at all if it fits as it is; None if nothing
    helps."""
    if binding is None:
        return []
    pending: deque[tuple[Binding, list[Any]]] = deque([(binding, [])])
    seen = {binding}
    while pending:
        current, way = pending.popleft()
        if _fits(current, name):
            return way
        if len(way) >= _DEEPEST:
            continue
        for _, cls in current.children.values():
            below = binding_of(cls)
            if below not in seen:
                seen.add(below)
                pending.append((below, [*way, cls]))
    return None


def _fits(binding: Binding, name: QName) -> bool:
    if name == TEXT:
        return binding.content.text
    if binding.wildcard is not None and binding.wildcard.takes(name.namespace, binding.name.namespace):
        return True
    return name in binding.children
