"""Reading collections: an entity set, or what a query makes of it, as a mapping that takes queries.

Everything goes through the binder and `Store.run`, so a store that can prepare and run reads has all of this. A
collection is immutable: each query method returns another. It belongs to a transaction and is of no use after it.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, TypeAlias, overload

from demotic.errors import InvalidInput
from demotic.model import STREAM, EntitySet, EntityType, NavigationProperty
from demotic.query import (
    NOWHERE,
    BoundRequest,
    Call,
    KeyMismatch,
    KeyPredicate,
    NameStep,
    Options,
    OrderItem,
    Path,
    Properties,
    ResourcePath,
    SearchOperation,
    Segment,
    SelectItem,
    SyntaxExpression,
    Term,
    UnknownResource,
    bind_request,
    choices,
    literal,
    properties,
    read_expand,
    read_filter,
    read_options,
    read_orderby,
    read_select,
    tree_of,
)
from demotic.store._entity import Entity
from demotic.store._errors import NoSuchEntity
from demotic.store._interface import Result
from demotic.store._navigation import only_target
from demotic.store._page import Page, continued, cut, token
from demotic.store.changes import heir_called

if TYPE_CHECKING:
    from demotic.store._transaction import Transaction

Key: TypeAlias = Any
"""The value of a key, a tuple of values in the order of the type's key, a mapping of them by name, or an entity."""

Condition: TypeAlias = str | Term | SyntaxExpression | Callable[[Properties], Term]
Ordering: TypeAlias = str | Term | OrderItem


class ReadingCollection(Mapping[Key, Entity]):
    """Entities by key, as they are in one transaction: a set, or what a query makes of it.

    >>> products.where("Price gt 20").order_by("Price desc")[:10].values()   # doctest: +SKIP
    """

    __slots__ = ("_home", "_options", "_origin", "_path", "_transaction", "_type")

    def __init__(
        self,
        transaction: Transaction,
        path: ResourcePath,
        type: EntityType,
        options: Options | None = None,
        *,
        home: EntitySet | None = None,
        origin: tuple[EntitySet, Key, NavigationProperty] | None = None,
    ) -> None:
        """``home`` is the set that the entities live in, if there is one; ``origin`` is where it was followed from."""
        self._transaction = transaction
        self._home = home
        self._origin = origin
        self._path = path
        self._type = type
        self._options = options or Options()

    @property
    def type(self) -> EntityType:
        """The type of the entities."""
        return self._type

    @property
    def p(self) -> Properties:
        """The type's properties as attributes, for writing conditions: ``products.p.Price > 20``."""
        return properties(self._type)

    # --- queries

    def where(self, condition: Condition) -> Self:
        """Keep entities that meet a condition, beside those set before: OData text, or an expression over ``p``.

        Raises InvalidInput for anything else, and for a slice: what is left of it would be another question.
        """
        self._refuse_cut("where")
        tree = self._condition(condition)
        if self._options.filter is not None:
            tree = Call("and", (self._options.filter, tree), NOWHERE)
        return self._with(filter=tree)

    def search(self, text: str) -> Self:
        """Keep entities whose texts have what a search asks for, beside what was asked before.

        It takes words and ``"phrases"``, joined by AND (also unwritten), OR and NOT, as ``$search`` does. Raises
        SyntaxFault for any other text, and InvalidInput for a slice.
        """
        self._refuse_cut("search")
        if not isinstance(text, str):
            raise InvalidInput(f"search takes no {text!r}", hint='give words and phrases: tea OR "green coffee"')
        found = read_options([("$search", text)]).search
        if self._options.search is not None and found is not None:
            found = SearchOperation("and", (self._options.search, found), NOWHERE)
        return self._with(search=found)

    def order_by(self, *orders: Ordering) -> Self:
        """Order by these instead of what was set before; the key decides between equals.

        Raises InvalidInput for what is no text and no expression, and for a slice.
        """
        self._refuse_cut("order_by")
        items: list[OrderItem] = []
        for order in orders:
            if isinstance(order, str):
                items += read_orderby(order)
            elif not isinstance(order, (OrderItem, Term, Properties)):
                raise InvalidInput(f"order_by takes no {order!r}", hint="give OData text, or an expression over p")
            else:
                items.append(order if isinstance(order, OrderItem) else OrderItem(tree_of(order), False, NOWHERE))
        return self._with(orderby=tuple(items))

    def select(self, *names: str) -> Self:
        """Read only these properties and the key, or parts of them: ``"Home/City"``, ``"Tags($top=3;$count=true)"``.

        Raises InvalidInput for a stream, which is opened by itself.
        """
        for name in names:
            item = self._type.all_properties().get(name)
            if item is not None and item.type is STREAM:
                raise InvalidInput(
                    f"{name} is a stream", target=name, hint=f'open it by itself: .open_media(key, "{name}")'
                )
        wanted = dict.fromkeys((*(item.name for item in self._type.key), *names))
        return self._with(select=tuple(item for name in wanted for item in _selected(name)))

    def of_type(self, name: str | EntityType) -> Self:
        """Return the entities that are of a derived type, as a collection of that type.

        >>> people.of_type("staff.Employee").where("Salary gt 3")   # doctest: +SKIP

        ``name`` is the type's qualified name, or its name alone. Raises InvalidInput for what is no such type.
        """
        self._refuse_cut("of_type")
        kind = self._heir(name)
        if kind is self._type:
            return self
        segments = self._path.segments
        before = segments[:-1] if "." in segments[-1].name else segments  # one cast is enough
        path = ResourcePath((*before, Segment(kind.qualified_name, None, NOWHERE)))
        return type(self)(self._transaction, path, kind, self._options, home=self._home, origin=self._origin)

    def _heir(self, name: str | EntityType) -> EntityType:
        """Return a derived type by its name. Raises InvalidInput."""
        model = self._transaction.model
        simple = [item for item in (self._type, *model.heirs(self._type)) if item.name == name]
        return heir_called(model, self._type, simple[0] if len(simple) == 1 else name)

    def expand(self, *items: str) -> Self:
        """Read related entities with each: ``"Supplier"``, ``"Orders($top=3;$expand=Items)"``."""
        read = tuple(item for text in items for item in read_expand(text))
        return self._with(expand=(*self._options.expand, *read))

    def follow(self, key: Key, navigation: str) -> Self:
        """Return the collection that a navigation property of one entity leads to."""
        found = self._type.all_navigation().get(navigation)
        if found is None or not found.collection:
            raise InvalidInput(f"{self._type.qualified_name} has no navigation to many called {navigation}")
        last = replace(self._path.segments[-1], key=self._key_predicate(key))
        segments = (*self._path.segments[:-1], last, Segment(navigation, None, NOWHERE))
        home, origin = None, None
        if self._home is not None:
            origin = (self._home, key, found)
            home = only_target(self._transaction.model, self._home, found)
        return type(self)(self._transaction, ResourcePath(segments), found.target, home=home, origin=origin)

    def single(self, key: Key, navigation: str) -> Entity | None:
        """Return what a navigation property to one leads to from one entity, ``None`` where it leads nowhere.

        Raises `NoSuchEntity` if there is no entity with the key, InvalidInput if it is no navigation to one.
        """
        found = self._type.all_navigation().get(navigation)
        if found is None or found.collection:
            raise InvalidInput(
                f"{self._type.qualified_name} has no navigation to one called {navigation}",
                target=str(navigation),
                hint="follow() leads to many"
                if found is not None
                else choices(str(navigation), _single_ways(self._type)),
            )
        last = replace(self._path.segments[-1], key=self._key_predicate(key))
        segments = (*self._path.segments[:-1], last, Segment(navigation, None, NOWHERE))
        entity = next(self._rows(self._bind(Options(), ResourcePath(segments))), None)
        if entity is None and key not in self:
            raise NoSuchEntity(f"{self._name} has no entity with the key {key!r}", target=self._name)
        return entity

    def first(self) -> Entity | None:
        """Return the first entity in the order, ``None`` if there is none."""
        return next(iter(self[:1].values()), None)

    def count(self) -> int:
        """Return how many entities there are."""
        counted = Options(filter=self._options.filter, search=self._options.search)
        path = ResourcePath((*self._path.segments, Segment("$count", None, NOWHERE)))
        with self._run(self._bind(counted, path)) as result:
            total = result.count or 0
        skip = self._options.skip.value if self._options.skip else 0
        rest = max(0, total - skip)
        return rest if self._options.top is None else min(rest, self._options.top.value)

    def page(self, size: int, after: str | None = None, *, count: bool = False) -> Page:
        """Return ``size`` entities, from where ``after`` says, which is the token of the page before.

        The pages of a slice are together the slice; ``count`` is of the entities that it is cut from.
        Raises `InvalidContinuation` for a token of a collection with another order, or cut otherwise.
        """
        if size < 1:
            raise InvalidInput(f"a page of {size} entities", hint="give at least 1")
        options = self._options if after is None else continued(self._options, after)
        bound = self._bind(replace(options, count=count))
        with self._run(bound, page=size) as result:
            entities = [row for batch in result.batches() for row in batch]
            position, total = result.after, result.count
        assert bound.continuation is not None
        if position is None:
            return Page(entities, None, total)
        return Page(entities, token(bound.continuation.write(position, bound.values), options, len(entities)), total)

    # --- the mapping

    @overload
    def __getitem__(self, key: slice) -> Self: ...

    @overload
    def __getitem__(self, key: Key) -> Entity: ...

    def __getitem__(self, key: Any) -> Any:
        """Return the entity with this key, or for a slice, the collection cut to it.

        Raises `NoSuchEntity`, which is a KeyError.
        """
        if isinstance(key, slice):
            return self._sliced(key)
        found = self._find(key, self._options)
        if found is None or not self._reaches(found):
            raise NoSuchEntity(f"{self._name} has no entity with the key {key!r}", target=self._name)
        return found

    def __contains__(self, key: object) -> bool:
        names = tuple(SelectItem((item.name,), NOWHERE) for item in self._type.key)
        found = self._find(key, replace(self._options, select=names, expand=()))
        return found is not None and self._reaches(found)

    def __iter__(self) -> Iterator[Key]:
        for entity in self.select()._with(expand=()).values():
            yield entity.key

    def __len__(self) -> int:
        return self.count()

    def values(self) -> ValuesView[Entity]:
        """Return the entities, read as they are iterated over."""
        return _Values(self)

    def items(self) -> ItemsView[Key, Entity]:
        """Return (key, entity) pairs, read as they are iterated over."""
        return _Items(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._name} of {self._type.qualified_name}>"

    # --- how it is done

    @property
    def _name(self) -> str:
        return "/".join(segment.name for segment in self._path.segments)

    def _with(self, **changes: Any) -> Self:
        options = replace(self._options, **changes)
        return type(self)(self._transaction, self._path, self._type, options, home=self._home, origin=self._origin)

    def _condition(self, condition: Condition) -> SyntaxExpression:
        if isinstance(condition, str):
            return read_filter(condition)
        if isinstance(condition, (Term, Properties)):
            return condition.tree
        if not isinstance(condition, SyntaxExpression) and not callable(condition):
            raise InvalidInput(f"where takes no {condition!r}", hint="give OData text, or an expression over p")
        return tree_of(condition(self.p)) if callable(condition) else condition

    @property
    def _is_cut(self) -> bool:
        return self._options.skip is not None or self._options.top is not None

    def _refuse_cut(self, method: str) -> None:
        if self._is_cut:
            raise InvalidInput(f"a slice of a collection takes no {method}", hint=f"call {method} first, then slice")

    def _sliced(self, wanted: slice) -> Self:
        start, stop = wanted.start or 0, wanted.stop
        if wanted.step not in (None, 1) or start < 0 or (stop is not None and stop < 0):
            raise InvalidInput("a slice of a collection has no step and counts from the start")
        return self._with(**cut(self._options, start, stop))

    def _key_predicate(self, key: Key) -> KeyPredicate:
        names = [item.name for item in self._type.key]
        if isinstance(key, Mapping):
            if (isinstance(key, Entity) and self._type not in key.type.lineage()) or not set(names) <= set(key):
                raise NoSuchEntity(f"{key!r} is no key of {self._name}", target=self._name, hint=", ".join(names))
            if not isinstance(key, Entity) and len(key) != len(names):
                raise NoSuchEntity(f"{key!r} is no key of {self._name}", target=self._name, hint=", ".join(names))
            key = tuple(key[name] for name in names)
        parts = key if isinstance(key, tuple) else (key,)
        if len(parts) != len(names):
            raise NoSuchEntity(f"a key of {self._name} has {len(names)} parts ({', '.join(names)})", target=self._name)
        try:
            values = [literal(part) for part in parts]
        except InvalidInput as fault:
            raise NoSuchEntity(f"{self._name}: {fault.message}", target=self._name) from None
        if len(names) == 1:
            return KeyPredicate(values[0], (), NOWHERE)
        return KeyPredicate(None, tuple(zip(names, values, strict=True)), NOWHERE)

    def _find(self, key: Key, options: Options) -> Entity | None:
        """Return the entity with a key if it is in the collection, whatever its slice."""
        plain = Options(select=options.select, expand=options.expand)
        try:
            predicate = self._key_predicate(key)
            last = replace(self._path.segments[-1], key=predicate)
            bound = self._bind(plain, ResourcePath((*self._path.segments[:-1], last)))
        except (KeyMismatch, UnknownResource, NoSuchEntity):
            return None
        if options.filter is not None or options.search is not None:
            named = self._has_key(predicate)
            both = named if options.filter is None else Call("and", (options.filter, named), NOWHERE)
            bound = self._bind(replace(plain, filter=both, search=options.search))
        return next(self._rows(bound), None)

    def _reaches(self, entity: Entity) -> bool:
        """Say whether an entity of the collection lies within its slice: its keys are read until it is found."""
        return not self._is_cut or any(key == entity.key for key in self)

    def _has_key(self, key: KeyPredicate) -> SyntaxExpression:
        named = key.named or ((self._type.key[0].name, key.positional),)
        tests: list[SyntaxExpression] = [
            Call("eq", (Path((NameStep(name, NOWHERE),), NOWHERE), value), NOWHERE)
            for name, value in named
            if value is not None
        ]
        result = tests[0]
        for test in tests[1:]:
            result = Call("and", (result, test), NOWHERE)
        return result

    def _bind(self, options: Options, path: ResourcePath | None = None) -> BoundRequest:
        return bind_request(path or self._path, options, model=self._transaction.model)

    def _run(self, bound: BoundRequest, page: int | None = None) -> Result:
        assert bound.read is not None
        return self._transaction.run(bound.read, bound.values, page)

    def _rows(self, bound: BoundRequest) -> Iterator[Entity]:
        def stream() -> Iterator[Entity]:
            with self._run(bound) as result:
                for batch in result.batches():
                    yield from batch

        return stream()

    def _entities(self) -> Iterator[Entity]:
        return self._rows(self._bind(self._options))


def _selected(text: str) -> tuple[SelectItem, ...]:
    """Return what a text selects: a property, or what OData says."""
    return (SelectItem((text,), NOWHERE),) if text.isidentifier() else read_select(text)


def _single_ways(kind: EntityType) -> list[str]:
    return [name for name, item in kind.all_navigation().items() if not item.collection]


class _Values(ValuesView[Entity]):
    """The entities of a collection, read in one statement instead of one by one."""

    _mapping: ReadingCollection

    def __iter__(self) -> Iterator[Entity]:
        return self._mapping._entities()

    def __contains__(self, value: object) -> bool:
        return any(value == entity for entity in self)


class _Items(ItemsView[Key, Entity]):
    _mapping: ReadingCollection

    def __iter__(self) -> Iterator[tuple[Key, Entity]]:
        return ((entity.key, entity) for entity in self._mapping._entities())
