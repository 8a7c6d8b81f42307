"""Associations made up for navigation that states none: one for each way, or for two ways that are partners.

Their names are those that the reference service of odata.org has: ``Product_Category_Category_Products`` with the roles
``Product_Category`` and ``Category_Products``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from demotic.model._schema_children import EntityType, NavigationProperty
from demotic.model.v2._associations import Association, Constraint, End

Way = tuple[EntityType, NavigationProperty]
"""A navigation property and the type that declares it."""

Start = tuple[str, NavigationProperty]
"""A navigation property and the role of the end where it starts."""


def synthesised(ways: Iterable[Way], fresh: Callable[[str, str], str]) -> Iterator[tuple[Association, list[Start]]]:
    """Yield an association for each way or pair of ways, its first end being where the first way starts.

    `fresh` makes a name unique within a namespace.
    """
    left = {way: kind for kind, way in ways}
    while left:
        way, kind = next(iter(left.items()))
        del left[way]
        back = _back(way, left)
        if back is None:
            roles = f"{kind.name}_{way.name}", f"{way.name}_{way.target.name}"
            name = fresh(kind.namespace, roles[0])
            yield _association(kind, way, None, way.target, name, roles), [(roles[0], way)]
        else:
            target = left.pop(back)
            roles = f"{kind.name}_{way.name}", f"{target.name}_{back.name}"
            name = fresh(kind.namespace, "_".join(roles))
            yield _association(kind, way, back, target, name, roles), [(roles[0], way), (roles[1], back)]


def _back(way: NavigationProperty, left: dict[NavigationProperty, EntityType]) -> NavigationProperty | None:
    """Return the partner of a way, if that has no other partner."""
    partner = way.partner
    if partner is None:
        partner = next((other for other in left if other.partner is way), None)
    free = partner in left and partner is not way
    return partner if partner is not None and free and partner.partner in (None, way) else None


def _association(
    kind: EntityType,
    way: NavigationProperty,
    back: NavigationProperty | None,
    target: EntityType,
    name: str,
    roles: tuple[str, str],
) -> Association:
    qualified = f"{kind.namespace}.{name}"
    here = End(qualified, roles[0], kind, "*" if back is None else _multiplicity(back), way, _action(way))
    there = End(qualified, roles[1], target, _multiplicity(way), back, None if back is None else _action(back))
    constraint = _constraint(way, target, roles[1], roles[0])
    if constraint is None and back is not None:
        constraint = _constraint(back, kind, roles[0], roles[1])
    return Association(kind.namespace, name, (here, there), constraint)


def _multiplicity(way: NavigationProperty) -> str:
    return "*" if way.collection else "0..1" if way.nullable else "1"


def _action(way: NavigationProperty) -> str | None:
    """Return what versions 1 to 3 can say about deleting: setting to null or a default is not among it."""
    return way.on_delete if way.on_delete in ("Cascade", "None") else None


def _constraint(way: NavigationProperty, target: EntityType, principal: str, dependent: str) -> Constraint | None:
    """Return the constraint of a way that names the whole key of its target, in the order of that key."""
    if way.constraint_paths or way.collection or not target.key:
        return None
    own_by_theirs = {theirs: own for own, theirs in way.constraints}
    if own_by_theirs.keys() != set(target.key):
        return None
    names = tuple(item.name for item in target.key)
    return Constraint(principal, names, dependent, tuple(own_by_theirs[item].name for item in target.key))
