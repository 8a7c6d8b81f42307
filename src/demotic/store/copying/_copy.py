"""Copying page by page: each page is read in one state of the source, and written in a transaction of its own.

Memory is that of one page. A page that was written but not noted, when a copy broke off, is written again on resuming:
what is there by then is updated instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from demotic.errors import DemoticError, InvalidInput
from demotic.store._entity import Entity
from demotic.store._interface import Store
from demotic.store._reading import ReadingCollection
from demotic.store._transaction import Transaction
from demotic.store.changes import TYPE_KEYS, Ref
from demotic.store.copying._kinds import kinds_of, last, paired, ways_by_path
from demotic.store.copying._plan import CannotCopy, Job, Kind, plan_copy
from demotic.store.copying._state import CopyState, JobState, finished, read_state, write_state
from demotic.store.media import OWN, Media

BATCH: Final = 500
Existing = Literal["refuse", "update"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come: ``copied`` of ``total`` entities looked at."""

    job: str
    copied: int
    total: int


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did with a set: how many entities there are to copy, and how many in the target before and after."""

    set: str
    source: int
    before: int
    after: int

    @property
    def complete(self) -> bool:
        """Whether the target has as many entities as there should be, as far as numbers tell."""
        return self.after >= self.source if self.before else self.after == self.source


def copy(
    source: Store,
    target: Store,
    *,
    sets: Sequence[str] = (),
    batch: int = BATCH,
    existing: Existing = "refuse",
    streams: bool = False,
    state: str | os.PathLike[str] | None = None,
    names: tuple[str, str] = ("", ""),
    on_progress: Callable[[Progress], None] | None = None,
) -> list[Copied]:
    """Copy entities and their links from one store to another, which has sets of the same names.

    ``sets`` are those to copy, by default all; ``batch`` is how many entities a transaction writes. ``streams`` copies
    what streams hold too, in chunks. Sets that are not empty are refused, or with ``existing="update"`` entities of the
    same key updated. ``state`` names a file that keeps how far it has come: if it is there, the copy goes on from
    there; it is removed at the end. ``names`` tell copies with states apart. Raises what `plan_copy` does, `CannotCopy`
    for an entity that the target does not take, with its key, and whatever else the stores raise; what was copied until
    then stays.
    """
    if batch < 1:
        raise InvalidInput(f"a batch of {batch} entities", hint="give at least 1")
    plan = plan_copy(source.model, target.model, sets, streams=streams)
    path = None if state is None else Path(state)
    kept = read_state(path, plan, names)
    with source.transaction() as read:
        totals = {name: read[name].count() for name in plan.sets}
        if not kept.jobs:
            _look_at_target(target, plan.sets, kept, existing)
            write_state(path, kept)
            fresh = existing == "refuse"
        else:
            fresh = False
        for job in plan.jobs:
            progress = kept.jobs.setdefault(job.name, JobState())
            tell = _teller(on_progress, job, totals[job.set])
            again = not fresh
            while not progress.done:
                page = _asked(read, job).page(batch, progress.after)
                _written(read, target, job, page.entities, again=again)
                again = existing == "update"
                progress.after, progress.done = page.after, page.after is None
                progress.copied += len(page.entities)
                write_state(path, kept)
                tell(progress.copied)
            tell(progress.copied)
    with target.transaction() as tx:
        done = [Copied(name, totals[name], kept.jobs[name].before, tx[name].count()) for name in plan.sets]
    finished(path)
    return done


def _teller(on_progress: Callable[[Progress], None] | None, job: Job, total: int) -> Callable[[int], None]:
    def tell(copied: int) -> None:
        if on_progress is not None:
            on_progress(Progress(job.name, copied, total))

    return tell


def _look_at_target(target: Store, sets: Sequence[str], kept: CopyState, existing: Existing) -> None:
    """Note how many entities are there before. Raises `CannotCopy` for a set that is not empty, unless it may be."""
    with target.transaction() as tx:
        for name in sets:
            before = tx[name].count()
            if before and existing == "refuse":
                raise CannotCopy(
                    f"{name} has {before} entities already", target=name, hint="allow to update those of the same key"
                )
            kept.jobs[name] = JobState(before=before)


def _asked(tx: Transaction, job: Job) -> ReadingCollection:
    """Return the entities of a job, each with what is copied of it."""
    found: ReadingCollection = tx[job.set].select(*job.properties)
    entity_set = tx.entity_set(job.set)
    known = {path: way for path, way, _ in ways_by_path(paired(tx.model, entity_set, tx.model, entity_set))}
    for name in (*job.single, *([job.links] if job.links else [])):
        keys = ",".join(item.name for item in known[name].target.key)
        found = found.expand(f"{name}($select={keys})")
    return found


def _written(read: Transaction, target: Store, job: Job, entities: Sequence[Entity], *, again: bool) -> None:
    """Write a page in one transaction. Raises `CannotCopy` that names the entity that is not taken."""
    if not entities:
        return
    write = _WRITERS[job.kind]
    with target.transaction(write=True) as tx, tx.unit.together():
        for entity in entities:
            try:
                with ExitStack() as opened:
                    write(tx, job, entity, _streams(read, job, entity, opened), again)
            except DemoticError as error:
                if error.status >= 500:
                    raise
                raise CannotCopy(
                    f"{job.set} {entity.key!r} cannot be copied: {error.message}", target=job.set, hint=error.hint
                ) from error


def _entity(tx: Transaction, job: Job, entity: Entity, media: Mapping[str, object], again: bool) -> None:
    entity_set = tx.entity_set(job.set)
    values = _given(job, entity) | {**media}
    kind = kinds_of(tx.model, entity_set).get(entity.type.name)
    if kind is not None:
        values[TYPE_KEYS[0]] = kind
    if again and entity.key in tx[job.set]:
        tx.unit.update(entity_set, entity.key, values)
    else:
        tx.unit.load(entity_set, values)


def _given(job: Job, entity: Entity) -> dict[str, object]:
    """Return what a job copies of an entity: not what other types have."""
    values: dict[str, object] = {name: entity[name] for name in map(last, job.properties) if name in entity}
    found = {name: entity[name] for name in map(last, job.single) if name in entity}
    return values | {name: Ref(item.key) for name, item in found.items() if item is not None}


def _streams(read: Transaction, job: Job, entity: Entity, opened: ExitStack) -> dict[str, object]:
    """Return what the streams of an entity hold, open for reading in chunks; ``None`` for what holds nothing."""
    media: dict[str, object] = {}
    for name in job.streams:
        found = read[job.set].open_media(entity.key, name)
        if found is not None:
            opened.enter_context(found)
            media[name] = Media(found.chunks(), found.info.content_type)
        elif name != OWN.name:
            media[name] = None
    return media


def _references(tx: Transaction, job: Job, entity: Entity, media: Mapping[str, object], again: bool) -> None:
    values = {name: value for name, value in _given(job, entity).items() if value is not None}
    if values:
        tx[job.set].update(entity.key, values)


def _links(tx: Transaction, job: Job, entity: Entity, media: Mapping[str, object], again: bool) -> None:
    assert job.links is not None
    name = last(job.links)
    for other in entity.get(name, ()):
        tx[job.set].link(entity.key, name, other.key)


_WRITERS: Final[dict[Kind, Callable[[Transaction, Job, Entity, Mapping[str, object], bool], None]]] = {
    Kind.ENTITIES: _entity,
    Kind.REFERENCES: _references,
    Kind.LINKS: _links,
}
