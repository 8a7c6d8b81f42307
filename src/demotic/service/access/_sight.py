"""What people under the same rules see and may do, and how their questions are put to the store below.

Plans are shared by all of them; what tells these people apart are values of parameters, taken when a plan is run from
for whom the thread is working. A question is bound about the part, so that what is hidden cannot be asked for; the
conditions go into the statement itself, wherever it meets entities that they are about.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Final

from demotic.model import BOOLEAN, EntitySet, EntityType
from demotic.query import Apply, Expression, Query, Read, Restriction
from demotic.service.access._conditions import Condition, Same, Value
from demotic.service.access._projection import Met, Projection
from demotic.service.identity import Identity
from demotic.store import Form, Plan, Representation, RowFactory, Store, Tell, tell_of

MOST_PLANS: Final = 512

Rights = Mapping[EntitySet, Mapping[str, Condition | None]]
"""The operations offered on each set of the whole model, with the condition that their entities must fulfil."""


class SeenForm:
    """A form of a part's queries, for a store that knows the whole's."""

    def __init__(self, form: Form, seen: Query, whole: Query) -> None:
        self._form = form
        self._queries: list[tuple[Query, Query]] = []
        self._pair(seen, whole)

    def _pair(self, seen: Query, whole: Query) -> None:
        self._queries.append((whole, seen))
        for inner, other in zip(seen.expand, whole.expand, strict=True):
            self._pair(inner.query, other.query)

    @property
    def representation(self) -> Representation:
        """How values are represented."""
        return self._form.representation

    def row(self, query: Query) -> RowFactory:
        """Return the factory for one level: see `demotic.store.Form`."""
        # Told apart by identity, as forms do.
        return self._form.row(self._seen(query))

    def misfits(self, query: Query) -> Tell | None:
        """Return what is told of values that do not fit, if the form is."""
        return tell_of(self._form, self._seen(query))

    def _seen(self, query: Query) -> Query:
        return next(seen for whole, seen in self._queries if whole is query)


@dataclass(frozen=True, eq=False)
class SeenPlan(Plan):
    """A plan of the store below; its own values follow those of the question."""

    read: Read
    inner: Plan
    taken: int
    sources: tuple[Value, ...]
    fixed: tuple[object, ...] | None = field(init=False)
    """What the sources give, where that is the same for everybody."""

    def __post_init__(self) -> None:
        same = [source.value for source in self.sources if isinstance(source, Same)]
        object.__setattr__(self, "fixed", tuple(same) if len(same) == len(self.sources) else None)

    def values(self, values: Sequence[object], identity: Identity) -> tuple[object, ...]:
        """Return the values for the plan below."""
        if self.fixed is not None:
            return (*values[: self.taken], *self.fixed)
        return (*values[: self.taken], *[source(identity) for source in self.sources])


@dataclass(frozen=True, eq=False)
class Sight:
    """What people with the same rules see and may do; shared by them all.

    ``conditions`` are those for reading, by type of the whole model. ``plans`` are those of programs, kept by read.
    """

    projection: Projection
    conditions: Mapping[EntityType, Condition]
    rights: Rights
    plans: OrderedDict[tuple[Read, Form], SeenPlan] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    @property
    def hidden_names(self) -> frozenset[str]:
        """The names of all hidden properties."""
        return frozenset(name for names in self.projection.hidden.values() for name in names)

    def is_partial(self, kind: EntityType) -> bool:
        """Whether there may be entities of a type that cannot be seen."""
        return kind in self.conditions

    def prepare(self, store: Store, read: Read, form: Form) -> SeenPlan:
        """Compile a read of the part, or return the plan that was made of it before."""
        key = (read, form)
        with self.lock:
            plan = self.plans.get(key)
            if plan is not None:
                self.plans.move_to_end(key)
                return plan
        plan = self._compile(store, read, form)
        with self.lock:
            self.plans[key] = plan
            while len(self.plans) > MOST_PLANS:
                self.plans.popitem(last=False)
        return plan

    def _compile(self, store: Store, read: Read, form: Form) -> SeenPlan:
        met = Met(set(), [])
        whole: Read = self.projection.back(read, met)
        taken = max(met.slots, default=-1) + 1
        whole, sources = self.restricted(whole, met.types, taken)
        return SeenPlan(read, store.prepare(whole, SeenForm(form, read.query, whole.query)), taken, sources)

    def restricted(
        self, read: Read, types: set[EntityType], slot: int, more: tuple[EntityType, Condition] | None = None
    ) -> tuple[Read, tuple[Value, ...]]:
        """Return a read of the whole with the conditions of these types, and what gives their parameters values.

        ``more`` is a further condition on one of them.
        """
        restrictions: list[Restriction] = []
        sources: tuple[Value, ...] = ()
        for kind in sorted(types, key=lambda item: item.qualified_name):
            own = more[1] if more is not None and more[0] is kind else None
            made: Expression | None = None
            for condition in (self.conditions.get(kind), own):
                if condition is None:
                    continue
                expression = condition.at(slot + len(sources))
                made = expression if made is None else Apply("and", (made, expression), BOOLEAN)
                sources += condition.sources
                variable = condition.variable
            if made is not None:
                restrictions.append(Restriction(kind, variable, made))
        return replace(read, restrictions=tuple(restrictions)), sources
