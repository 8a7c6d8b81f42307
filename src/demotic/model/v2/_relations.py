"""Which navigation property starts at which end of an association that the model states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from demotic.model._annotations import Record
from demotic.model.v2._associations import Association, End
from demotic.model.v2._synthesis import Start, Way
from demotic.model.v2._terms import RELATIONSHIP, stated


def joined(associations: list[Association], ways: Iterable[Way]) -> list[tuple[Association, list[Start]]]:
    """Return the associations with the ways that start at their ends. Where several do, none of them is *the* way."""
    through: dict[tuple[str, str], list[Start]] = {}
    for _, way in ways:
        record = stated(way.annotations, RELATIONSHIP)
        if isinstance(record, Record):
            role = str(record.values.get("FromRole"))
            through.setdefault((str(record.values.get("Association")), role), []).append((role, way))
    result = []
    for item in associations:
        found = [through.get((item.qualified_name, end.role), []) for end in item.ends]
        first, second = (_joined(end, own) for end, own in zip(item.ends, found, strict=True))
        result.append((replace(item, ends=(first, second)), [*found[0], *found[1]]))
    return result


def _joined(end: End, starts: list[Start]) -> End:
    return replace(end, navigation=starts[0][1] if len(starts) == 1 else None)
