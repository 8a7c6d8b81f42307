"""Customizable feeds: which values an Atom entry shows in elements of its own.

[MS-ODATA], section 2.2.3.7.2.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from demotic.model._annotations import Record
from demotic.model._schema_children import EntityType, Property
from demotic.model.v2._terms import FEED, stated

ATOM: Final = "http://www.w3.org/2005/Atom"

KNOWN_TARGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "SyndicationTitle": ("title",),
    "SyndicationSummary": ("summary",),
    "SyndicationUpdated": ("updated",),
    "SyndicationPublished": ("published",),
    "SyndicationRights": ("rights",),
    **{
        f"Syndication{person}{part}": (person.lower(), part.lower())
        for person in ("Author", "Contributor")
        for part in ("Name", "Email", "Uri")
    },
}
"""The elements of Atom, from the entry down, that a mapping may name."""


@dataclass(frozen=True, slots=True)
class FeedMapping:
    """One mapping: ``source`` is the path of properties whose value is shown, ``target`` where.

    ``target`` lists namespace and local name of each element from the entry down; the last may be an attribute, with
    ``@`` before its name. ``keep_in_content`` says whether the value is among the properties as well. ``prefix`` and
    ``namespace`` are those stated for a target that is not Atom's; ``content_kind`` is ``text``, ``html`` or ``xhtml``.
    """

    source: tuple[str, ...]
    target: tuple[tuple[str, str], ...]
    keep_in_content: bool = False
    content_kind: str = "text"
    prefix: str | None = None
    namespace: str | None = None


def feed_mappings(owner: Property | EntityType) -> list[FeedMapping]:
    """Return the mappings stated for a property, or for an entity type with the paths of their sources."""
    found = stated(owner.annotations, FEED)
    own = (owner.name,) if isinstance(owner, Property) else ()
    records = [item for item in found if isinstance(item, Record)] if isinstance(found, list) else []
    return [_mapping({name: str(value) for name, value in item.values.items()}, own) for item in records]


def _mapping(said: Mapping[str, str], own: tuple[str, ...]) -> FeedMapping:
    target, namespace = said.get("TargetPath", ""), said.get("NsUri")
    atom = KNOWN_TARGETS.get(target)
    steps = tuple((ATOM, name) for name in atom) if atom else _custom(target, namespace or "")
    source = tuple(said["SourcePath"].split("/")) if "SourcePath" in said else ()
    return FeedMapping(
        (*own, *source),
        steps,
        said.get("KeepInContent", "false").lower() in ("true", "1"),
        said.get("ContentKind", "text"),
        said.get("NsPrefix"),
        namespace,
    )


def _custom(target: str, namespace: str) -> tuple[tuple[str, str], ...]:
    """Return the steps of a custom path; an attribute without a prefix is in no namespace."""
    return tuple(("" if name.startswith("@") else namespace, name) for name in target.split("/") if name)
