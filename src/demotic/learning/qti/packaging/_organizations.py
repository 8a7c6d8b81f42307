"""The organizations of a package, carried over into the one that it is converted into.

An item goes where its resource has gone. A resource that became several, as a file of QTI 1.2 with many items does, has
an item for each below the one there was.

Specification: IMS Content Packaging 1.2, information model, section 3 (organizations).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence

from demotic.learning.cp import MANIFEST_NAME, Item, Organization, Organizations, Package, Resource, Title
from demotic.learning.qti.converting import Losses
from demotic.learning.qti.packaging._metadata import copied_metadata

__all__ = ["carry_organizations"]


def carry_organizations(source: Package, target: Package, gone_to: Mapping[str, Sequence[Resource]]) -> Losses:
    """Put all organizations of a package into another; return what is not as it was.

    `gone_to` has the new resources by the identifiers of the old ones.
    """
    carrier = _Carrier(target, gone_to)
    for organization in source.organizations():
        carrier.organization(organization)
    stated = source.manifest.organizations
    if stated is not None:
        if target.manifest.organizations is None:
            target.manifest.organizations = Organizations()
        if stated.default is not None and stated.default in carrier.renamed:
            target.manifest.organizations.default = carrier.renamed[stated.default]
        elif stated.default is not None:
            carrier.losses.dropped(
                "default-organization", stated, f"the default organization {stated.default!r} is not there"
            )
    return carrier.losses


class _Carrier:
    """Copies organizations and items, each with an identifier that nothing in the new package has."""

    def __init__(self, target: Package, gone_to: Mapping[str, Sequence[Resource]]) -> None:
        self.target, self.gone_to = target, gone_to
        self.losses = Losses(MANIFEST_NAME)
        self.renamed: dict[str, str] = {}
        self.taken = {r.identifier for r in target.resources()} | {target.manifest.identifier}

    def organization(self, original: Organization) -> None:
        """Copy an organization with all its items."""
        made = Organization(identifier=self.identifier(original), title=_title(original.title))
        if original.identifier:
            self.renamed.setdefault(original.identifier, made.identifier or "")
        if original.structure != made.structure:
            made.structure = original.structure
        _copy_rest(original, made)
        if self.target.manifest.organizations is None:
            self.target.manifest.organizations = Organizations()
        self.target.manifest.organizations.organizations.append(made)
        waiting: list[tuple[Item, Organization | Item]] = [(item, made) for item in reversed(original.items)]
        while waiting:
            item, parent = waiting.pop()
            copied = self.item(item)
            parent.items.append(copied)
            waiting += [(inner, copied) for inner in reversed(item.items)]

    def item(self, original: Item) -> Item:
        """Copy an item without those below it."""
        made = Item(identifier=self.identifier(original), title=_title(original.title))
        if original.isvisible != made.isvisible:
            made.isvisible = original.isvisible
        if original.parameters is not None:
            made.parameters = original.parameters
        _copy_rest(original, made)
        wanted = original.identifierref
        if not wanted:
            return made
        found = self.gone_to.get(wanted, ())
        if len(found) == 1:
            made.identifierref = found[0].identifier
        elif found:
            for resource in found:
                inner = Item(identifier=self.free(f"{made.identifier}-{resource.identifier}"))
                inner.identifierref, inner.title = resource.identifier, Title(value=_stem(resource))
                made.items.append(inner)
            message = (
                f"the item {original.identifier!r} has an item for each of the {len(found)} documents of {wanted!r}"
            )
            self.losses.changed("item-reference", original, message)
        else:
            why = "is not carried over" if wanted in self.gone_to else "is no resource of the package"
            message = f"the item {original.identifier!r} leads nowhere: {wanted!r} {why}"
            self.losses.dropped("item-reference", original, message)
        return made

    def identifier(self, original: Organization | Item) -> str:
        """Return the identifier of an element, or one like it if that is taken."""
        wanted = original.identifier or ("ORG" if isinstance(original, Organization) else "ITEM")
        fresh = self.free(wanted)
        if fresh != original.identifier:
            self.losses.changed(
                "identifier", original, f"the identifier {original.identifier or ''!r} becomes {fresh!r}"
            )
        return fresh

    def free(self, wanted: str) -> str:
        number, fresh = 1, wanted
        while fresh in self.taken:
            number += 1
            fresh = f"{wanted}-{number}"
        self.taken.add(fresh)
        return fresh


def _stem(resource: Resource) -> str:
    return (resource.href or "").rpartition("/")[2].removesuffix(".xml")


def _title(original: Title | None) -> Title | None:
    if original is None:
        return None
    made = Title(value=original.value)
    made.other_attributes.update(original.other_attributes)
    return made


def _copy_rest(original: Organization | Item, made: Organization | Item) -> None:
    """Copy metadata, and what profiles put in beside: sequencing, authorizations."""
    if original.metadata is not None:
        made.metadata = copied_metadata(original.metadata)
    made.other_attributes.update(original.other_attributes)
    made.other_elements.extend(copy.deepcopy(element) for element in original.other_elements)
