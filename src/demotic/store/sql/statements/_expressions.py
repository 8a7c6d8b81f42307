"""Resolved expressions as SQL: the null rules of OData on top of SQL's.

A condition is compiled in one of three contexts. Where only *true* counts (a WHERE clause, and under ``and`` and ``or``
there), it is plain SQL that may use indexes. Where only *false* counts (under ``not``), the negation is pushed inwards.
Where the value itself is wanted, it is computed exactly: two-valued for comparisons, three-valued for the rest. OData
URL Conventions 4.01, section 5.1.1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from demotic.errors import InternalFault
from demotic.model import BOOLEAN, DATE_TIME_OFFSET, INT64, STRING, PrimitiveType
from demotic.query import (
    FUNCTIONS,
    Alike,
    Apply,
    Case,
    Constant,
    Expression,
    Field,
    In,
    IsOf,
    Listed,
    Many,
    Nulls,
    Parameter,
    Quantified,
    RelatedCount,
    Variable,
    Via,
    Whole,
)
from demotic.store.sql.statements._comparisons import COMPARISONS, Comparisons
from demotic.store.sql.statements._operands import (
    Operand,
    is_not_true,
    is_null_literal,
    primitive,
    two_valued,
    type_of,
)
from demotic.store.sql.statements._scope import Scope, Values
from demotic.store.sql.statements._template import sql
from demotic.store.sql.storage._storage import Sql, literal


class Expressions(Comparisons):
    """Compiles the expressions of one statement."""

    # --- contexts

    def condition(self, node: Expression) -> Sql:
        """Return SQL that is true exactly if the condition is."""
        true, _ = _IN_CONTEXT[type(node)]
        return true(self, node)

    def negated(self, node: Expression) -> Sql:
        """Return SQL that is true exactly if the condition is false."""
        _, false = _IN_CONTEXT[type(node)]
        return false(self, node)

    def operand(self, node: Expression) -> Operand:
        """Return the value of an expression."""
        return _OPERANDS[type(node)](self, node)

    # --- leaves

    def _field(self, node: Field) -> Operand:
        kept = self.kept(node)
        if self.exact and kept.storage.name != "trusted":
            return Operand(kept.storage.canonical(kept.sql), self.dialect.canonical[kept.storage.type], kept.nullable)
        return kept

    def _parameter(self, node: Parameter) -> Operand:
        kind = primitive(node.type)
        assert kind is not None
        return self._parameter_as(node, kind)

    def _constant(self, node: Constant) -> Operand:
        if node.value is None:
            kind = primitive(node.type) or STRING
            return Operand(self.dialect.null(kind), self.dialect.canonical[kind])
        return self._flag_operand(self.dialect.boolean(bool(node.value)), nullable=False)

    def _related_count(self, node: RelatedCount) -> Operand:
        depth = node.inner.depth if node.inner is not None else -1
        hidden = self.scopes.get(depth)
        inner = self._members(node.variable, node.via, node.collection, depth)
        if node.predicate is not None:
            inner.conditions.append(self.condition(node.predicate))
        if hidden is not None:
            self.scopes[depth] = hidden
        query = sa.select(sa.func.count()).select_from(inner.source).where(*inner.conditions)
        return Operand(_correlated(query, inner).scalar_subquery(), self.dialect.canonical[INT64], False)

    # --- operators and functions

    def _apply_condition(self, node: Apply) -> Sql:
        special = _CONDITIONS.get(node.name)
        if special is not None:
            return special(self, *node.arguments)
        if node.name == "startswith":
            found = self.starts(*node.arguments)
            if found is not None:
                return found
        return self._truth(node)

    def _apply_negated(self, node: Apply) -> Sql:
        special = _NEGATIONS.get(node.name)
        return special(self, *node.arguments) if special is not None else sa.not_(self._truth(node))

    def _truth(self, node: Expression) -> Sql:
        """Return a Boolean value as SQL's, three-valued."""
        return self.dialect.truth(self._flag(node))

    def _falsehood(self, node: Expression) -> Sql:
        return self.dialect.falsehood(self._flag(node))

    def _flag(self, node: Expression) -> Any:
        if is_null_literal(node):
            return self.dialect.null(BOOLEAN)
        operand = self.operand(node)
        return operand.sql if operand.storage.ordered else operand.storage.canonical(operand.sql)

    def _and(self, a: Expression, b: Expression) -> Sql:
        return sa.and_(self.condition(a), self.condition(b))

    def _or(self, a: Expression, b: Expression) -> Sql:
        return sa.or_(self.condition(a), self.condition(b))

    def _neither(self, a: Expression, b: Expression) -> Sql:
        return sa.and_(self.negated(a), self.negated(b))

    def _not_both(self, a: Expression, b: Expression) -> Sql:
        return sa.or_(self.negated(a), self.negated(b))

    def _apply_operand(self, node: Apply) -> Operand:
        function = FUNCTIONS[node.name]
        if function.nulls is not Nulls.PROPAGATE:
            return self._flag_operand(self._boolean(node))
        if node.name == "now":
            instant = self.dialect.canonical[DATE_TIME_OFFSET]
            encode = self.dialect.encoder(DATE_TIME_OFFSET, DATE_TIME_OFFSET)
            return Operand(self.binds.add("now", encode, instant.cast), instant, False)
        signature = function.resolve([type_of(item) for item in node.arguments])
        if signature is None:
            raise InternalFault(f"{node.name} has no overload for its arguments")
        if not signature.parameters:
            constant = self.dialect.constant(signature.result, signature.python())
            return Operand(constant, self.dialect.canonical[signature.result], False)
        arguments = [self._argument(a, k) for a, k in zip(node.arguments, signature.parameters, strict=True)]
        result = self.dialect.build(node.name, signature, arguments)
        return Operand(result, self.dialect.canonical[signature.result])

    def _flag_operand(self, flag: Sql, *, nullable: bool = True) -> Operand:
        return Operand(flag, self.dialect.canonical[BOOLEAN], nullable)

    def _argument(self, node: Expression, kind: PrimitiveType) -> Any:
        if isinstance(node, Parameter):
            return self._parameter_as(node, kind).sql
        if is_null_literal(node):
            return self.dialect.null(kind)
        return self.canonical(self.operand(node), kind)

    def _boolean(self, node: Apply) -> Sql:
        """Return the value of an operator that gives a Boolean, exactly; in parentheses, for NOT binds loosely."""
        if node.name in ("and", "or"):
            join = sa.and_ if node.name == "and" else sa.or_
            return sql("{0}", join(*(self._truth(item) for item in node.arguments)))
        if node.name == "not":
            return sql("{0}", sa.not_(self._truth(node.arguments[0])))
        return two_valued(self._apply_condition(node))

    def _case(self, node: Case) -> Operand:
        kind = primitive(node.type) or STRING
        pairs = [(self.condition(condition), self._argument(value, kind)) for condition, value in node.branches]
        return Operand(sa.case(*pairs, else_=self.dialect.null(kind)), self.dialect.canonical[kind])

    def _in_condition(self, node: In) -> Sql:
        if not node.items:
            return sa.false()
        nulls = any(is_null_literal(item) for item in node.items)
        items = [item for item in node.items if not is_null_literal(item)]
        found = [self.in_list(node.operand, items)] if items else []
        return sa.or_(*found, *([self.is_null(node.operand)] if nulls else []))

    # --- lambdas

    def _members(self, variable: Variable, via: Via, collection: Many, depth: int = -1) -> _Members:
        """Open the scope of the entities that a collection navigation leads to, or of the values of a collection."""
        if isinstance(collection, tuple):
            values = self.scopes[depth] = self.values(variable, via, collection)
            return _Members(values, [])
        origin, _, near = self.located(variable, via)
        table = self.database.tables[collection.target]
        scope = self.scope(table, depth)
        conditions = scope.follow(near, self.database.links[collection]) + key_conditions(scope)
        conditions += [*origin.guards(via), *table.is_of(scope.alias, collection.target)]
        return _Members(scope, conditions)

    def _exists(self, node: Quantified, *, negated: bool = False) -> Sql:
        """Return EXISTS for ``any``, NOT EXISTS an exception for ``all``."""
        hidden = self.scopes.get(node.inner.depth)
        members = self._members(node.variable, node.via, node.collection, node.inner.depth)
        if node.predicate is not None:
            found = self.condition(node.predicate)
            members.conditions.append(found if node.kind == "any" else is_not_true(found))
        if hidden is not None:
            self.scopes[node.inner.depth] = hidden
        query = sa.select(literal("1")).select_from(members.source).where(*members.conditions)
        exists = sa.exists(_correlated(query, members))
        return sa.not_(exists) if (node.kind == "all") is not negated else exists

    # --- collections as wholes

    def _listed(self, node: Listed) -> Sql:
        """Return whether there are as many values as there are items, and none that its item is not true for."""
        whole, depth = node.collection, node.one.depth
        hidden = self.scopes.get(depth)
        members = self._members(whole.variable, whole.via, whole.path, depth)
        values = members.scope
        assert isinstance(values, Values)
        cases = [(values.place == literal(str(n)), self.condition(item)) for n, item in enumerate(node.items)]
        wrong = (
            sa.case(*((place, is_not_true(holds)) for place, holds in cases), else_=sa.true()) if cases else sa.true()
        )
        none = sa.not_(sa.exists(_correlated(_rows(members).where(wrong), members)))
        if hidden is not None:
            self.scopes[depth] = hidden
        return sa.and_(self._number(whole) == literal(str(len(cases))), none)

    def _alike(self, node: Alike) -> Sql:
        """Return whether two collections have the same number of values, and each its like in the same place."""
        left, right = node.collection, node.second
        hidden = {depth: self.scopes.get(depth) for depth in (node.one.depth, node.other.depth)}
        ones = self._members(left.variable, left.via, left.path, node.one.depth)
        others = self._members(right.variable, right.via, right.path, node.other.depth)
        assert isinstance(ones.scope, Values) and isinstance(others.scope, Values)
        same = sa.and_(ones.scope.place == others.scope.place, self.condition(node.predicate))
        found = sa.exists(_correlated(_rows(others).where(same), others))
        none = sa.not_(sa.exists(_correlated(_rows(ones).where(sa.not_(found)), ones)))
        self.scopes.update({depth: scope for depth, scope in hidden.items() if scope is not None})
        return sa.and_(self._number(left) == self._number(right), none)

    def _number(self, whole: Whole) -> Any:
        """Return the number of values in a collection."""
        return self._related_count(RelatedCount(whole.variable, whole.via, whole.path, INT64)).sql


@dataclass(slots=True)
class _Members:
    scope: Scope | Values
    conditions: list[Sql]

    @property
    def source(self) -> Any:
        return self.scope.source


def _correlated(query: Any, members: _Members) -> Any:
    return query.correlate_except(*members.scope.members)


def _rows(members: _Members) -> Any:
    return sa.select(literal("1")).select_from(members.source)


def key_conditions(scope: Scope) -> list[Sql]:
    """Return the conditions that keep out rows without a key, where the database allows them."""
    return [scope.alias.c[column.name].is_not(None) for column in scope.table.null_key]


def _constant_condition(wanted: bool, compiler: Expressions, node: Constant) -> Sql:
    return sa.true() if node.value is wanted else sa.false()


def _ordering(name: str) -> Callable[..., Sql]:
    return lambda compiler, a, b: compiler.ordered(name, a, b)


def _not_ordering(name: str) -> Callable[..., Sql]:
    return lambda compiler, a, b: is_not_true(compiler.ordered(name, a, b))


_CONDITIONS: Final[dict[str, Callable[..., Sql]]] = {
    "eq": Expressions.equals,
    "ne": Expressions.differs,
    **{name: _ordering(name) for name in COMPARISONS},
    "and": Expressions._and,
    "or": Expressions._or,
    "not": Expressions.negated,
}
_NEGATIONS: Final[dict[str, Callable[..., Sql]]] = {
    "eq": Expressions.differs,
    "ne": Expressions.equals,
    **{name: _not_ordering(name) for name in COMPARISONS},
    "and": Expressions._not_both,
    "or": Expressions._neither,
    "not": Expressions.condition,
}
_Context = Callable[[Expressions, Any], Sql]
_IN_CONTEXT: Final[dict[type, tuple[_Context, _Context]]] = {
    Parameter: (Expressions._truth, Expressions._falsehood),
    Constant: (partial(_constant_condition, True), partial(_constant_condition, False)),
    Field: (Expressions._truth, Expressions._falsehood),
    IsOf: (Expressions.is_of, lambda compiler, node: is_not_true(compiler.is_of(node))),
    Quantified: (Expressions._exists, partial(Expressions._exists, negated=True)),
    Listed: (Expressions._listed, lambda compiler, node: sa.not_(compiler._listed(node))),
    Alike: (Expressions._alike, lambda compiler, node: sa.not_(compiler._alike(node))),
    Apply: (Expressions._apply_condition, Expressions._apply_negated),
    Case: (Expressions._truth, Expressions._falsehood),
    In: (Expressions._in_condition, lambda compiler, node: is_not_true(compiler._in_condition(node))),
}
_OPERANDS: Final[dict[type, Callable[[Expressions, Any], Operand]]] = {
    Field: Expressions._field,
    Parameter: Expressions._parameter,
    Constant: Expressions._constant,
    RelatedCount: Expressions._related_count,
    IsOf: lambda compiler, node: compiler._flag_operand(two_valued(compiler.is_of(node)), nullable=False),
    Quantified: lambda compiler, node: compiler._flag_operand(sql("{0}", compiler._exists(node)), nullable=False),
    Case: Expressions._case,
    Listed: lambda compiler, node: compiler._flag_operand(sql("{0}", compiler._listed(node)), nullable=False),
    Alike: lambda compiler, node: compiler._flag_operand(sql("{0}", compiler._alike(node)), nullable=False),
    In: lambda compiler, node: compiler._flag_operand(two_valued(compiler._in_condition(node)), nullable=False),
    Apply: Expressions._apply_operand,
}
