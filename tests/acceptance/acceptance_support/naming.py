"""What the model of a database must look like, by the rules of the project's documentation, and where each part is.

To one: the key column's name without its ``_ID``, ``Id`` or ``_id`` suffix. To many: the referring table's name. Over a
link table: the name of the table at its other end. The column's name is added where two names would collide. Names that
are no identifiers get an underscore for each character that may not stand there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from acceptance_support.metadata import Metadata, NavigationInfo, TypeInfo
from acceptance_support.truth import Key, Reference, Table, Truth

SUFFIX = re.compile(r"(?<=.)_ID$|(?<=.)_id$|(?<=.)_Id$|(?<=[a-z0-9])I[dD]$")


def identifier(name: str) -> str:
    """The identifier for a name."""
    text = re.sub(r"\W", "_", name)
    return f"_{text}" if text[0].isdigit() else text


def without_suffix(column: str) -> str:
    """A key column's name without what says that it is one."""
    return SUFFIX.sub("", column)


@dataclass(frozen=True)
class Way:
    """A navigation property: where it starts and ends, what it is called by the rules, and the keys it leads to.

    ``column`` is what is added to ``wanted`` where that collides with another name.
    """

    set: str
    info: NavigationInfo
    target_set: str
    wanted: str
    column: str
    leads: dict[Key, list[Key]] = field(repr=False)


class Served:
    """A database beside the metadata that a service gives for it."""

    def __init__(self, truth: Truth, metadata: Metadata) -> None:
        self.truth = truth
        self.metadata = metadata
        names = {identifier(name): table for name, table in truth.tables.items()}
        self.tables: dict[str, Table] = {name: names[name] for name in metadata.sets if name in names}
        self.sets = {table.name: name for name, table in self.tables.items()}

    def type(self, set_name: str) -> TypeInfo:
        """The entity type of a set."""
        return self.metadata.sets[set_name]

    def types(self, set_name: str) -> list[tuple[str, str]]:
        """The properties of a set in the order of its columns, as pairs of name and EDM type."""
        found = self.type(set_name).properties
        names = [identifier(column.name) for column in self.tables[set_name].columns]
        return [(name, found[name].type) for name in names]

    def keys(self, set_name: str) -> list[tuple[str, str]]:
        """The key properties of a set, as pairs of name and EDM type."""
        found = self.type(set_name)
        return [(name, found.properties[name].type) for name in found.key]

    def ways(self) -> list[Way]:
        """All navigation that foreign keys give rise to, both ways. Fails where one is not in the metadata."""
        return [*self._direct(), *self._over_links()]

    def _direct(self) -> Iterator[Way]:
        for table in self.truth.tables.values():
            for reference in table.references if table.name in self.sets else ():
                pairs = self.truth.pairs(reference)
                source, target = self.sets[table.name], self.sets[reference.target]
                forth = self._to_one(source, reference)
                column = identifier(reference.columns[0])
                yield Way(source, forth, target, without_suffix(column), column, grouped(pairs))
                assert forth.partner is not None, f"{source}/{forth.name} has no way back"
                back = self.type(target).navigation[forth.partner]
                assert back.partner == forth.name
                yield Way(target, back, source, source, column, grouped((b, a) for a, b in pairs))

    def _to_one(self, set_name: str, reference: Reference) -> NavigationInfo:
        constraints = {identifier(a): identifier(b) for a, b in zip(reference.columns, reference.targets, strict=True)}
        target = self.type(self.sets[reference.target]).name
        found = [
            item
            for item in self.type(set_name).navigation.values()
            if item.constraints == constraints and item.target == target and not item.collection
        ]
        assert len(found) == 1, f"{set_name}: {found} for {reference}"
        return found[0]

    def _over_links(self) -> Iterator[Way]:
        for link in self.truth.tables.values():
            if not link.is_link or link.name in self.sets:
                continue
            for one, other in (link.references, link.references[::-1]):
                source, target = self.sets[one.target], self.sets[other.target]
                found = [
                    item
                    for item in self.type(source).navigation.values()
                    if item.collection
                    and item.target == self.type(target).name
                    and item.partner is not None
                    and self.type(target).navigation[item.partner].collection
                ]
                assert len(found) == 1, f"{source}: {found} over {link.name}"
                leads = grouped(self.truth.linked(link, one, other))
                yield Way(source, found[0], target, target, identifier(other.columns[0]), leads)

    def collisions(self, set_name: str, ways: list[Way]) -> set[str]:
        """The names that more than one thing of a type would have by the plain rules."""
        names = Counter(name.casefold() for name in self.type(set_name).properties)
        names.update(way.wanted.casefold() for way in ways if way.set == set_name)
        return {name for name, number in names.items() if number > 1}


def grouped(pairs: object) -> dict[Key, list[Key]]:
    """Pairs of keys as lists by the former."""
    result: dict[Key, list[Key]] = {}
    for one, other in pairs:
        result.setdefault(one, []).append(other)
    return result
