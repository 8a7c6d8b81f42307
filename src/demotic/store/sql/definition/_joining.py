"""Links between tables whose columns are known, with or without a foreign key that the database knows of."""

from __future__ import annotations

from demotic.store.sql.reflection._catalogue import Catalogue
from demotic.store.sql.reflection._navigation import common_forms, is_exact
from demotic.store.sql.reflection._tables import TableFacts
from demotic.store.sql.storage._mapping import Link

Pairs = tuple[tuple[str, str], ...]


def link_between(source: TableFacts, target: TableFacts, pairs: Pairs, catalogue: Catalogue, *, own: bool) -> Link:
    """Return the link from one table to another over pairs of columns (of the source, of the target)."""
    near, far = [source.column(a) for a, _ in pairs], [target.column(b) for _, b in pairs]
    forms = common_forms(catalogue, near, far)
    alike = all(catalogue.alike(a, b) for a, b in zip(near, far, strict=True))
    # A reference compares by the collation of what it refers to.
    collations = catalogue.collations(zip(near, far, strict=True) if own else zip(far, near, strict=True))
    exact = is_exact(alike, forms, collations)
    kinds = tuple(map(catalogue.native, far))
    return Link(pairs, own=own, exact=exact, collations=collations, forms=forms, kinds=kinds)


def link_through(
    through: TableFacts, source: TableFacts, target: TableFacts, pairs: Pairs, onward: Pairs, catalogue: Catalogue
) -> Link:
    """Return the link over a link table: pairs (of the source, of the link), onward (of the link, of the target)."""
    near = link_between(source, through, pairs, catalogue, own=False)
    far = link_between(through, target, onward, catalogue, own=True)
    return Link(
        pairs,
        through=through.clause(),
        onward=onward,
        exact=near.exact,
        collations=near.collations,
        onward_collations=far.collations,
        forms=near.forms,
        onward_forms=far.forms,
        kinds=near.kinds,
    )
