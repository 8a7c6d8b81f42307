"""What a batch asks for, whatever its form: requests, alone or in groups that succeed or fail as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from demotic.syntax.http import Response


@dataclass(frozen=True, slots=True)
class Item:
    """One request of a batch. ``url`` is as given; ``id`` is what others refer to it by, where it has one."""

    method: str
    url: str
    fields: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    id: str | None = None
    depends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Requests that change data together: all of them or none. ``id`` is that of the group, where it has one."""

    items: tuple[Item, ...]
    id: str | None = None

    @property
    def depends(self) -> tuple[str, ...]:
        """What the group's requests depend on, outside of it."""
        own = {item.id for item in self.items}
        return tuple(name for item in self.items for name in item.depends if name not in own)


@dataclass(frozen=True, slots=True)
class Answer:
    """The response to one request of a batch, or (with an item of a group that failed) to all of the group."""

    item: Item
    response: Response
    group: Group | None = None


def requests(parts: Sequence[Item | Group]) -> Iterator[Item]:
    """Yield every request of a batch."""
    for part in parts:
        yield from part.items if isinstance(part, Group) else (part,)


def whole(response: Response) -> bytes:
    """Return a response's body in one piece."""
    body = response.body
    if isinstance(body, bytes):
        return body
    try:
        return b"".join(body)
    finally:
        body.close()
