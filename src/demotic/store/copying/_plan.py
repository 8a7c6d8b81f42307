"""What is copied, and in which order: the jobs of a copy, from the models of both stores.

A set comes after those that it refers to. Where sets refer to each other in a circle, or to themselves, references that
may be null are left out at first and set afterwards. Links that are in no property of either side come last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from demotic.errors import InvalidInput, Unsupported
from demotic.model import STREAM, EntitySet, EntityType, Model, NavigationProperty, Property
from demotic.query import choices
from demotic.store._errors import NoSuchSet
from demotic.store._navigation import only_target
from demotic.store.changes import is_computed
from demotic.store.copying._kinds import Pairs, last, paired, properties_by_path, ways_by_path
from demotic.store.media import streams_of


class CannotCopy(InvalidInput):
    """The data of one store cannot be kept in the other."""

    code = "CannotCopy"


class Kind(Enum):
    """What a job copies."""

    ENTITIES = "entities"
    REFERENCES = "references"
    LINKS = "links"


@dataclass(frozen=True, slots=True)
class Job:
    """A part of a copy: the entities of a set, references left out at first, or the links of a navigation property.

    ``properties`` are those copied, by their paths (see `_kinds`), ``single`` navigation that is copied with the
    entities as links, ``streams`` those whose content is copied.
    """

    kind: Kind
    set: str
    properties: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    links: str | None = None
    streams: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called, to people and in the state of a copy."""
        if self.kind is Kind.LINKS:
            return f"{self.set}/{self.links}"
        return self.set if self.kind is Kind.ENTITIES else f"{self.set} (references)"


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """The jobs of a copy, in order; ``left_out`` says what is not copied, each with the reason."""

    jobs: tuple[Job, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def sets(self) -> tuple[str, ...]:
        """The entity sets, in the order in which they are copied."""
        return tuple(job.set for job in self.jobs if job.kind is Kind.ENTITIES)


@dataclass(slots=True)
class _Part:
    """An entity set on its way: what it refers to, by way; and which of these ways may be left out at first."""

    source: EntitySet
    pairs: Pairs
    properties: tuple[str, ...]
    constrained: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    single: dict[str, str] = field(default_factory=dict)
    loose: set[str] = field(default_factory=set)
    deferred: set[str] = field(default_factory=set)

    def needs(self) -> Iterator[tuple[str, str]]:
        """Yield pairs of a way and the set that it leads to, for all ways that were not deferred."""
        for way, (name, _) in self.constrained.items():
            if way not in self.deferred:
                yield way, name
        for way, name in self.single.items():
            if way not in self.deferred:
                yield way, name


def plan_copy(source: Model, target: Model, sets: Sequence[str] = (), *, streams: bool = False) -> CopyPlan:
    """Return how the sets of one model are copied into those of the same names in another, all or some.

    ``streams`` copies stream properties too. Raises `NoSuchSet` for a set that one of them has not, and `CannotCopy`
    with all differences where properties cannot be kept.
    """
    ours, theirs = _sets(source), _sets(target)
    wanted = list(dict.fromkeys(sets)) or list(ours)
    for name in wanted:
        for known, where in ((ours, "to copy from"), (theirs, "to copy to")):
            if name not in known:
                raise NoSuchSet(f"there is no entity set {name} {where}", target=name, hint=choices(name, known))
    pairs = {name: paired(source, ours[name], target, theirs[name]) for name in wanted}
    findings = [text for name in wanted for text in _differences(ours[name], theirs[name], pairs[name], streams)]
    if findings:
        raise CannotCopy(findings[0], details=tuple(CannotCopy(text) for text in findings[1:]))
    parts = {name: _Part(ours[name], pairs[name], _copied(pairs[name])) for name in wanted}
    dropped = () if streams else ((name, item) for name in wanted for item in streams_of(ours[name].type))
    left_out = [(f"{name}/{item}", "a stream, which is copied if you ask for streams") for name, item in dropped]
    links: list[Job] = []
    for name, part in parts.items():
        for way, navigation, becomes in ways_by_path(part.pairs):
            there = becomes is not None and navigation.name in becomes.all_navigation()
            reason = _add(source, parts, name, way, navigation, links, known=there)
            if reason:
                left_out.append((f"{name}/{way}", reason))
    order = _ordered(parts)
    media = {name: _common_streams(ours[name], theirs[name]) if streams else () for name in order}
    jobs = [Job(Kind.ENTITIES, name, _first(parts[name]), _at_once(parts[name]), streams=media[name]) for name in order]
    for name in order:
        part = parts[name]
        if part.deferred:
            late = tuple(p for way in part.deferred if way in part.constrained for p in part.constrained[way][1])
            single = tuple(way for way in part.single if way in part.deferred)
            jobs.append(Job(Kind.REFERENCES, name, tuple(dict.fromkeys(late)), single))
    return CopyPlan((*jobs, *links), tuple(left_out))


def _sets(model: Model) -> dict[str, EntitySet]:
    return model.container.sets if model.container is not None else {}


def _differences(ours: EntitySet, theirs: EntitySet, pairs: Pairs, streams: bool) -> Iterator[str]:
    for kind, becomes in pairs:
        if becomes is not None:
            yield from _differing(ours, theirs, kind, becomes, streams)
        elif not kind.abstract:
            yield f"{theirs.name} keeps no {kind.name} to copy to"
    if [item.name for item in ours.type.key] != [item.name for item in theirs.type.key]:
        yield f"the keys of {ours.name} differ"
    for item in theirs.type.key:
        if is_computed(item):
            yield f"{theirs.name}/{item.name} is made by the store to copy to, so that keys would change"


def _differing(
    ours: EntitySet, theirs: EntitySet, kind: EntityType, becomes: EntityType, streams: bool
) -> Iterator[str]:
    """Yield how a type differs from the one that its entities become: a derived one in what its base has not."""
    mine, other = kind.all_properties(), becomes.all_properties()
    before: dict[str, Property] = {} if kind is ours.type else ours.type.all_properties()
    place = theirs.name if becomes is theirs.type else f"{theirs.name}/{becomes.name}"
    for name, item in mine.items():
        found = other.get(name)
        if name in before:
            continue
        if found is None and item.type is not STREAM:
            yield f"{place} has no property {name} to copy to"
        elif found is not None and found.collection is not item.collection:
            yield f"{place}/{name} is {'a' if found.collection else 'no'} collection, unlike what is to be copied"
    for name, item in other.items():
        needed = not item.nullable and item.default is None and not item.collection and not item.annotations
        if name in mine and name not in before and item.type is STREAM and not item.nullable and not streams:
            yield f"{place}/{name} must hold something, and streams are copied only if you ask for them"
        if name not in mine and needed and not kind.abstract:
            yield f"{place}/{name} must have a value, and {ours.name} has none to copy"


def _common_streams(ours: EntitySet, theirs: EntitySet) -> tuple[str, ...]:
    there = streams_of(theirs.type)
    return tuple(name for name in streams_of(ours.type) if name in there)


def _copied(pairs: Pairs) -> tuple[str, ...]:
    """Return the properties to copy: neither streams nor those that the target computes, unless they are of the key."""

    def made(item: Property, becomes: EntityType | None) -> bool:
        return becomes is not None and is_computed(becomes.all_properties()[item.name])

    found = properties_by_path(pairs).items()
    return tuple(path for path, (item, becomes) in found if item.type is not STREAM and not made(item, becomes))


def _add(
    model: Model,
    parts: dict[str, _Part],
    name: str,
    way: str,
    navigation: NavigationProperty,
    links: list[Job],
    *,
    known: bool,
) -> str | None:
    """Add what a navigation property means for the order; return why it is not copied, if so."""
    part = parts[name]
    if navigation.contains_target:
        return "contained entities are not copied"
    goal = only_target(model, part.source, navigation)
    if goal is None or goal.name not in parts:
        is_kept_here = bool(navigation.constraints) or (navigation.partner is not None and navigation.collection)
        return None if is_kept_here else "it leads to no set that is copied"
    partner = navigation.partner
    if navigation.constraints:
        paths = {item: path for path, (item, _) in properties_by_path(part.pairs).items()}
        own = [mine for mine, _ in navigation.constraints]
        part.constrained[way] = (goal.name, tuple(paths[item] for item in own))
        if any(item.nullable and item not in part.source.type.key for item in own):
            part.loose.add(way)
    elif partner is not None and partner.constraints:
        return None
    elif not known:
        return "there is no such navigation to copy to"
    elif navigation.collection and (partner is None or partner.collection):
        if not any(last(job.links or "") == getattr(partner, "name", "") and job.set == goal.name for job in links):
            links.append(Job(Kind.LINKS, name, links=way))
    elif not navigation.collection and (partner is None or partner.collection or _leads(navigation, partner)):
        part.single[way] = goal.name
        if navigation.nullable:
            part.loose.add(way)
    return None


def _leads(navigation: NavigationProperty, partner: NavigationProperty) -> bool:
    """Whether of two ways to one, this is the one that is copied."""
    if navigation.nullable is not partner.nullable:
        return not navigation.nullable
    return (navigation.name, id(navigation)) <= (partner.name, id(partner))


def _at_once(part: _Part) -> tuple[str, ...]:
    """Return the navigation copied with the entities."""
    return tuple(way for way in part.single if way not in part.deferred)


def _first(part: _Part) -> tuple[str, ...]:
    """Return the properties copied at first: not those of deferred references."""
    late = {name for way in part.deferred if way in part.constrained for name in part.constrained[way][1]}
    keys = {item.name for item in part.source.type.key}
    return tuple(name for name in part.properties if name not in late or name in keys)


def _ordered(parts: dict[str, _Part]) -> list[str]:
    """Return the sets in an order in which each comes after what it needs, deferring ways where there is none."""
    for name, part in parts.items():
        part.deferred |= {way for way, goal in part.needs() if goal == name and way in part.loose}
    done: list[str] = []
    while len(done) < len(parts):
        waiting = [name for name in parts if name not in done]
        ready = [name for name in waiting if all(goal in done for _, goal in parts[name].needs())]
        if ready:
            done.append(ready[0])
            continue
        name = _to_break(parts, waiting, done)
        parts[name].deferred |= {way for way, goal in parts[name].needs() if goal not in done}
    return done


def _to_break(parts: dict[str, _Part], waiting: Iterable[str], done: list[str]) -> str:
    """Return the set of a circle that can be copied without what it waits for. Raises Unsupported."""
    for name in waiting:
        if all(goal in done or way in parts[name].loose for way, goal in parts[name].needs()):
            return name
    raise Unsupported(
        f"{', '.join(waiting)} need each other, and no reference may be null", hint="copy them by other means"
    )
