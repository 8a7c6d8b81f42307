"""Random questions as syntax trees, made by type from a model and the table of functions.

Whatever the table of functions offers is drawn with arguments of the types it takes, so that most questions have an
answer; those without one must be refused alike everywhere.
"""

# ruff: noqa: B019 (there is one `Questions`, and what it keeps is meant to stay)

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from demotic.model import PRIMITIVES, EntityType, Model, NavigationProperty, PrimitiveType
from demotic.query import (
    FUNCTIONS,
    NOWHERE,
    Alias,
    Call,
    ComputeItem,
    CountStep,
    ExpandItem,
    FilterStep,
    Integer,
    LambdaStep,
    ListExpression,
    Literal,
    NameStep,
    Options,
    OrderItem,
    Path,
    Search,
    SearchOperation,
    SearchTerm,
    SelectItem,
    Step,
    SyntaxExpression,
    TypeName,
    read_literal,
    write_expression,
)

DEEPEST = 3
LONGEST_VIA = 2
PATTERNS = ["^a", "a$", "[a-z]", "^.$", "\\d+", "^(a|ß)", "%", "", "i̇?", "[^a]b", ".{2,3}", "\\s"]
WHOLE = ("Byte", "SByte", "Int16", "Int32", "Int64")
# What a place of some type also takes (URL Conventions 4.01, section 5.1.1.15).
PROMOTED = {"Decimal": ("Decimal", "Int64"), "Double": ("Double", "Decimal", "Int64")}
# A result that depends on when it is asked for cannot be the same twice.
UNSTEADY = ("now",)
# Of enumerations, which this data has not; nor is what only OData 2 has (with a dot in its name) asked.
ELSEWHERE = ("has",)
WORDS = ("a", "ß", "i", "10", "x y", "e")


def category(kind: PrimitiveType) -> str:
    """Return the name of the type that values compute as."""
    return "Int64" if kind.name in WHOLE else kind.name


@dataclass(frozen=True)
class Root:
    """Where a path may start: what it is written as, and of which type it is."""

    steps: tuple[Step, ...]
    type: EntityType


@dataclass(frozen=True)
class Scope:
    """The roots within reach, and the lambda variables taken."""

    roots: tuple[Root, ...]
    taken: int = 0


def reachable(root: Root, depth: int = LONGEST_VIA) -> Iterator[Root]:
    """Yield a root and what single-valued navigation leads to from it."""
    yield root
    if depth:
        for name, way in root.type.all_navigation().items():
            if not way.collection:
                yield from reachable(Root((*root.steps, NameStep(name, NOWHERE)), way.target), depth - 1)


class Questions:
    """Strategies for one model; ``samples`` gives values of each type that occur in the data, by its category.

    Strategies are kept: to make them anew for every draw takes a hundred times as long as to draw.
    """

    def __init__(self, model: Model, samples: Mapping[str, list[Any]]) -> None:
        self.model = model
        self.samples = samples
        self.by_result: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for name, function in FUNCTIONS.items():
            for signature in function.signatures:
                taken = tuple(category(kind) for kind in signature.parameters)
                if name not in (*UNSTEADY, *ELSEWHERE) and "." not in name:
                    self.by_result.setdefault(category(signature.result), []).append((name, taken))

    # --- literals

    @cache
    def value(self, kind: str) -> st.SearchStrategy[Any]:
        """Return values of a category: those of the data, and others like them."""
        known = st.sampled_from(self.samples[kind]) if self.samples.get(kind) else st.nothing()
        match kind:
            case "String":
                parts = st.sampled_from(self.samples[kind]).flatmap(_slices)
                return known | parts | st.text("aAbßİıs%_'\\ e\u0301🎂\uffff", max_size=4)
            case "Int64":
                return known | st.integers(-12, 12) | st.integers(-(2**63), 2**63 - 1)
            case "Decimal":
                return known | st.decimals(-1000, 1000, places=2)
            case "Double":
                return known | st.floats(allow_nan=False)
            case "Duration":
                return known | st.timedeltas(timedelta(days=-40), timedelta(days=40))
            case "Boolean":
                return st.booleans()
            case _:
                return known

    @cache
    def literal(self, kind: str) -> st.SearchStrategy[Literal]:
        """Return literals of a category as they are written in a URL."""
        return self.value(kind).map(lambda value: written(PRIMITIVES[kind], value))

    # --- paths

    @cache
    def fields(self, scope: Scope, kind: str) -> list[Path]:
        """Return the paths to properties of a category."""
        return [
            Path((*root.steps, NameStep(item.name, NOWHERE)), NOWHERE)
            for start in scope.roots
            for root in reachable(start)
            for item in root.type.all_properties().values()
            if item.primitive is not None and category(item.primitive) == kind
        ]

    @cache
    def ways(self, scope: Scope, *, collection: bool) -> list[tuple[tuple[Step, ...], NavigationProperty]]:
        """Return the paths to navigation properties."""
        return [
            ((*root.steps, NameStep(name, NOWHERE)), way)
            for start in scope.roots
            for root in reachable(start, LONGEST_VIA - 1)
            for name, way in root.type.all_navigation().items()
            if way.collection is collection
        ]

    # --- expressions

    @cache
    def expression(self, scope: Scope, kind: str, depth: int = DEEPEST) -> st.SearchStrategy[SyntaxExpression]:
        """Return expressions of a category."""
        return st.deferred(lambda: self._expression(scope, kind, depth))

    @cache
    def _expression(self, scope: Scope, kind: str, depth: int) -> st.SearchStrategy[SyntaxExpression]:
        fields = self.fields(scope, kind)
        leaves = [self.literal(kind)]
        if fields:
            # Twice: a field makes a question about the data, a literal does not.
            leaves += [st.sampled_from(fields)] * 2
        if kind == "Int64" and (ways := self.ways(scope, collection=True)):
            counts = [Path((*steps, CountStep(NOWHERE)), NOWHERE) for steps, _ in ways]
            leaves.append(st.sampled_from(counts))
            if depth > 1:
                leaves.append(st.sampled_from(ways).flatmap(lambda way: self._counted(scope, *way, depth - 1)))
        if depth == 0:
            return st.one_of(leaves)
        if kind == "Boolean":
            return self._condition(scope, depth)
        calls = [self._call(scope, name, taken, depth) for name, taken in self.by_result.get(kind, ())]
        return st.one_of(st.one_of(leaves), st.one_of(calls)) if calls else st.one_of(leaves)

    @cache
    def _argument(self, scope: Scope, kind: str, depth: int) -> st.SearchStrategy[SyntaxExpression]:
        kinds = PROMOTED.get(kind, (kind,))
        wanted = [self.expression(scope, kind, depth)] * 3 + [self.expression(scope, name, depth) for name in kinds[1:]]
        null = st.just(Literal(_NULL.kind, "null", None, NOWHERE))
        return st.integers(0, 19).flatmap(lambda n: null if n == 0 else st.one_of(wanted))

    @cache
    def _call(self, scope: Scope, name: str, taken: tuple[str, ...], depth: int) -> st.SearchStrategy[SyntaxExpression]:
        arguments = [self._argument(scope, kind, depth - 1) for kind in taken]
        if name == "matchesPattern":
            arguments[1] = st.sampled_from(PATTERNS).map(lambda text: written(PRIMITIVES["String"], text))
        if name == "substring" and len(arguments) == 3:
            arguments[2] = st.integers(0, 4).map(lambda n: written(PRIMITIVES["Int64"], n))
        if name.startswith("cast_"):
            wanted = TypeName(f"Edm.{name.removeprefix('cast_')}", False, NOWHERE)
            return arguments[0].map(lambda given: Call("cast", (given, wanted), NOWHERE))
        return st.tuples(*arguments).map(lambda given: Call(name, given, NOWHERE))

    def _within(self, scope: Scope, way: NavigationProperty) -> Scope:
        """Return the scope of a condition on members of a collection; lambda variables stay within reach."""
        kept = tuple(root for root in scope.roots if root.steps and str(root.steps[0]).startswith("NameStep(name='x"))
        return Scope((Root((), way.target), Root((), way.target), *kept), scope.taken)

    @cache
    def _counted(
        self, scope: Scope, steps: tuple[Step, ...], way: NavigationProperty, depth: int
    ) -> st.SearchStrategy[SyntaxExpression]:
        """Return numbers of those that a filter or search leaves."""
        some = self.condition(self._within(scope, way), depth)
        filtered = some.map(lambda inside: (CountStep(NOWHERE, filter=inside),))
        searched = self.searches.map(lambda search: (CountStep(NOWHERE, search=search),))
        narrowed = some.map(lambda inside: (FilterStep(inside, (), NOWHERE), CountStep(NOWHERE)))
        return st.one_of(filtered, searched, narrowed).map(lambda last: Path((*steps, *last), NOWHERE))

    @cache
    def _narrowed(
        self, scope: Scope, steps: tuple[Step, ...], way: NavigationProperty, depth: int
    ) -> st.SearchStrategy[SyntaxExpression]:
        """Return any and all over those that a filter leaves."""
        some = self.condition(self._within(scope, way), depth)
        return st.builds(
            lambda inside, last: Path((*steps, FilterStep(inside, (), NOWHERE), *last.steps), NOWHERE),
            some,
            self._quantified(scope, (), way, depth),
        )

    @property
    def searches(self) -> st.SearchStrategy[Search]:
        """Return searches for words and phrases."""
        terms = st.sampled_from(WORDS).map(lambda text: SearchTerm(text, True, NOWHERE))
        some = st.sampled_from([text for text in self.samples["String"] if text.strip()])
        phrases = some.flatmap(_slices).filter(bool).map(lambda text: SearchTerm(text, True, NOWHERE))

        def joined(inner: st.SearchStrategy[Search]) -> st.SearchStrategy[Search]:
            pair = st.tuples(inner, inner)
            several = st.builds(
                lambda name, two: SearchOperation(name, two, NOWHERE), st.sampled_from(("and", "or")), pair
            )
            return st.one_of(several, inner.map(lambda one: SearchOperation("not", (one,), NOWHERE)))

        return st.recursive(st.one_of(terms, phrases), joined, max_leaves=3)

    @cache
    def computed(self, scope: Scope) -> st.SearchStrategy[tuple[ComputeItem, ...]]:
        """Return computed properties, called ``Computed0`` and so on."""
        one = st.sampled_from(sorted(self.samples)).flatmap(lambda kind: self.expression(scope, kind, 2))
        lists = st.lists(one, min_size=1, max_size=2)
        return lists.map(
            lambda found: tuple(ComputeItem(item, f"Computed{n}", NOWHERE) for n, item in enumerate(found))
        )

    @cache
    def further(self, type: EntityType) -> st.SearchStrategy[Options]:
        """Return the options of requests that search, compute, and order by what is computed."""
        here = Scope((Root((), type),))
        first = OrderItem(Path((NameStep("Computed0", NOWHERE),), NOWHERE), True, NOWHERE)

        def finished(computed: tuple[ComputeItem, ...], search: Search | None, named: bool, rest: Options) -> Options:
            names = ("ID" if "ID" in type.all_properties() else next(iter(type.all_properties())), "Computed0")
            return replace(
                rest,
                compute=computed,
                search=search,
                select=tuple(SelectItem((name,), NOWHERE) for name in names) if named else (),
                orderby=(first,) if named else rest.orderby,
            )

        rest = st.builds(Options, orderby=self.orders(here), top=_integers(st.integers(0, 20)), count=st.booleans())
        return st.builds(finished, self.computed(here), st.one_of(st.none(), self.searches), st.booleans(), rest)

    @cache
    def condition(self, scope: Scope, depth: int = DEEPEST) -> st.SearchStrategy[SyntaxExpression]:
        """Return Boolean expressions."""
        return st.deferred(lambda: self._condition(scope, depth))

    @cache
    def _condition(self, scope: Scope, depth: int) -> st.SearchStrategy[SyntaxExpression]:
        calls = self.by_result["Boolean"]
        logic = [self._call(scope, name, taken, depth) for name, taken in calls if name in ("and", "or", "not")]
        others = [self._call(scope, name, taken, depth) for name, taken in calls if name not in ("and", "or", "not")]
        members = [self._member(scope, kind, depth) for kind in self.samples if self.fields(scope, kind)]
        choices = [st.one_of(others), st.one_of(logic), st.one_of(others), st.one_of(members)]
        flags = self.fields(scope, "Boolean")
        if flags:
            choices.append(st.sampled_from(flags))
        if singles := self.ways(scope, collection=False):
            choices.append(st.sampled_from(singles).flatmap(_compared_with_null))
        if depth > 1 and (many := self.ways(scope, collection=True)):
            choices.append(st.sampled_from(many).flatmap(lambda way: self._quantified(scope, *way, depth - 1)))
            choices.append(st.sampled_from(many).flatmap(lambda way: self._narrowed(scope, *way, depth - 1)))
        return st.one_of(choices)

    @cache
    def _member(self, scope: Scope, kind: str, depth: int) -> st.SearchStrategy[SyntaxExpression]:
        null = st.just(Literal(_NULL.kind, "null", None, NOWHERE))
        items = st.lists(st.one_of(self.literal(kind), self.literal(kind), null), min_size=1, max_size=4)
        operand = self.expression(scope, kind, depth - 1)
        return st.builds(
            lambda left, right: Call("in", (left, ListExpression(tuple(right), NOWHERE)), NOWHERE), operand, items
        )

    @cache
    def _quantified(
        self, scope: Scope, steps: tuple[Step, ...], way: NavigationProperty, depth: int
    ) -> st.SearchStrategy[SyntaxExpression]:
        variable = f"x{scope.taken}"
        inner = Root((NameStep(variable, NOWHERE),), way.target)
        # Twice, so that most of what is said in a lambda is about its variable.
        within = Scope((inner, inner, *scope.roots), scope.taken + 1)
        some = self.condition(within, depth)
        kinds = st.sampled_from(("any", "any", "all"))
        whole = st.builds(lambda kind, inside: LambdaStep(kind, variable, inside, NOWHERE), kinds, some)
        empty = st.just(LambdaStep("any", None, None, NOWHERE))
        return st.one_of(whole, whole, whole, empty).map(lambda step: Path((*steps, step), NOWHERE))

    # --- options

    @cache
    def orders(self, scope: Scope) -> st.SearchStrategy[tuple[OrderItem, ...]]:
        """Return lists of order items: properties mostly, some expressions."""
        kinds = st.sampled_from([kind for kind in self.samples if self.fields(scope, kind)])
        simple = kinds.flatmap(lambda kind: st.sampled_from(self.fields(scope, kind)))
        computed = kinds.flatmap(lambda kind: self.expression(scope, kind, 1))
        item = st.builds(OrderItem, st.one_of(simple, simple, computed), st.booleans(), st.just(NOWHERE))
        return st.lists(item, max_size=3).map(tuple)

    @cache
    def selects(self, type: EntityType) -> st.SearchStrategy[tuple[SelectItem, ...]]:
        """Return select lists."""
        names = st.sampled_from([*type.all_properties(), *type.all_navigation(), "*"])
        lists = st.lists(names, max_size=4, unique=True)
        return st.one_of(st.just([]), lists).map(lambda found: tuple(SelectItem((name,), NOWHERE) for name in found))

    @cache
    def expands(self, type: EntityType, depth: int) -> st.SearchStrategy[tuple[ExpandItem, ...]]:
        """Return expand lists with nested options."""
        if depth == 0:
            return st.just(())
        ways = st.lists(
            st.sampled_from(list(type.all_navigation().items())), max_size=2, unique_by=lambda pair: pair[0]
        )

        def items(found: list[tuple[str, NavigationProperty]]) -> st.SearchStrategy[tuple[ExpandItem, ...]]:
            return st.tuples(
                *(
                    self.options(way.target, depth - 1, single=not way.collection).map(
                        lambda options, name=name: ExpandItem((name,), options, NOWHERE)
                    )
                    for name, way in found
                )
            )

        return st.one_of(st.just(()), ways.flatmap(items))

    @cache
    def options(self, type: EntityType, depth: int, *, single: bool = False) -> st.SearchStrategy[Options]:
        """Return the options of one level; ``single`` is one that leads to one entity."""
        scope = Scope((Root((), type),))
        shape = st.builds(Options, select=self.selects(type), expand=self.expands(type, depth))
        if single:
            return shape
        return st.builds(
            replace,
            shape,
            filter=st.one_of(st.none(), self.condition(scope, 2)),
            orderby=self.orders(scope),
            top=_integers(st.integers(0, 6)),
            skip=_integers(st.integers(0, 3)),
            count=st.booleans(),
        )

    @cache
    def questions(self, type: EntityType) -> st.SearchStrategy[Options]:
        """Return the options of whole requests for a collection of a type."""
        here = Scope((Root((), type), Root((), type), Root((NameStep("$it", NOWHERE),), type)))
        # Ordered by, a condition shows for every entity whether it is true, false or null; most filters let few pass.
        telling = st.builds(OrderItem, self.condition(here), st.booleans(), st.just(NOWHERE))
        ordered = st.builds(lambda first, rest: (first, *rest), telling, self.orders(here))
        return st.builds(
            Options,
            filter=st.one_of(self.condition(here), st.none()),
            orderby=st.one_of(self.orders(here), ordered),
            select=self.selects(type),
            expand=st.one_of(st.just(()), self.expands(type, 2)),
            top=_integers(st.integers(0, 30)),
            skip=_integers(st.integers(0, 20)),
            count=st.booleans(),
        )


_NULL = read_literal("null")
_QUOTED = {"String": "", "Duration": "duration", "Binary": "binary"}


def written(kind: PrimitiveType, value: Any) -> Literal:
    """Return a value as a literal."""
    text = kind.format(value)
    if kind.name in _QUOTED:
        quoted = text.replace("'", "''")
        text = f"{_QUOTED[kind.name]}'{quoted}'"
    elif isinstance(value, Decimal):
        text = f"{value:f}"
    found = read_literal(text)
    return replace(found, at=NOWHERE)


def _slices(text: str) -> st.SearchStrategy[str]:
    return st.integers(0, max(len(text) - 1, 0)).map(lambda start: text[start : start + 2])


def _compared_with_null(way: tuple[tuple[Step, ...], NavigationProperty]) -> st.SearchStrategy[SyntaxExpression]:
    path = Path(way[0], NOWHERE)
    return st.sampled_from(("eq", "ne")).map(lambda name: Call(name, (path, _NULL), NOWHERE))


def _integers(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Integer | None]:
    return st.one_of(st.none(), numbers.map(lambda number: Integer(number, str(number), NOWHERE)))


def with_aliases(tree: SyntaxExpression) -> tuple[SyntaxExpression, dict[str, SyntaxExpression]]:
    """Return an expression with its literals as parameter aliases, and what they stand for."""
    found: dict[str, SyntaxExpression] = {}

    def change(node: Any) -> Any:
        match node:
            case Literal():
                found[f"p{len(found)}"] = node
                return Alias(f"p{len(found) - 1}", NOWHERE)
            case Call(name, arguments, at):
                kept = name.lower() in ("in", "matchespattern", "substring")
                return Call(name, tuple(arguments if kept else map(change, arguments)), at)
            case Path(steps, at):
                return Path(tuple(map(change, steps)), at)
            case LambdaStep(kind, variable, predicate, at) if predicate is not None:
                return LambdaStep(kind, variable, change(predicate), at)
            case _:
                return node

    return change(tree), found


def told(options: Options) -> str:
    """Return a filter as text, for messages."""
    return write_expression(options.filter) if options.filter is not None else ""
