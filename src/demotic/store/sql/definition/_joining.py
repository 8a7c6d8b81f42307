"""Links between tables whose columns are known, with or without a foreign key that the database knows of."""

from __future__ import annotations

import sqlalchemy as sa

from demotic.store.sql.reflection import _navigation as navigation
from demotic.store.sql.reflection._tables import TableFacts
from demotic.store.sql.storage._mapping import Link

Pairs = tuple[tuple[str, str], ...]


def link_between(source: TableFacts, target: TableFacts, pairs: Pairs, *, own: bool) -> Link:
    """Return the link from one table to another over pairs of columns (of the source, of the target)."""
    here, there = tuple(a for a, _ in pairs), tuple(b for _, b in pairs)
    forms = navigation._forms(source, here, target, there)
    alike = all(navigation._alike(source, a, target, b) for a, b in pairs)
    collations = _collations(source, target, pairs, own=own)
    exact = navigation._exact(alike, forms, collations)
    return Link(pairs, own=own, exact=exact, collations=collations, forms=forms)


def link_through(through: TableFacts, source: TableFacts, target: TableFacts, pairs: Pairs, onward: Pairs) -> Link:
    """Return the link over a link table: pairs (of the source, of the link), onward (of the link, of the target)."""
    near = link_between(source, through, pairs, own=False)
    far = link_between(through, target, onward, own=True)
    clause = sa.table(through.name, *(sa.column(column.name) for column in through.columns))
    return Link(
        pairs,
        through=clause,
        onward=onward,
        exact=near.exact,
        collations=near.collations,
        onward_collations=far.collations,
        forms=near.forms,
        onward_forms=far.forms,
    )


def _collations(source: TableFacts, target: TableFacts, pairs: Pairs, *, own: bool) -> tuple[str, ...]:
    """Return the collation by which each pair compares: that of what is referred to."""
    if own:
        return navigation._collations(source, target, pairs)
    return navigation._collations(target, source, tuple((b, a) for a, b in pairs))
