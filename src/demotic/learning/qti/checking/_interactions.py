"""Interactions against their responses: types, cardinalities, limits, choices, and what correct values and mappings
name.

Specification: QTI 2.1 and 3.0 information models, "Interactions". The table says what each interaction is bound to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from demotic.errors import DemoticError
from demotic.learning.qti import model as m
from demotic.learning.qti.checking._keys import check_key
from demotic.learning.qti.checking._report import Report
from demotic.learning.qti.checking._scope import Scope
from demotic.learning.qti.checking._types import SINGLE, base_words, cardinality_words, type_of
from demotic.learning.qti.model import BaseType, Cardinality, Interaction, Node, read_literal

__all__ = ["check_interactions", "pattern_fault"]


class _Bound(NamedTuple):
    """What a response may be: base types and cardinalities, as bits."""

    base: int
    cardinality: int


def _bits(bases: Iterable[BaseType], *cardinalities: Cardinality) -> _Bound:
    base = cardinality = 0
    for each in bases:
        base |= type_of(None, each).base
    for one in cardinalities:
        cardinality |= type_of(one, None).cardinality
    return _Bound(base, cardinality)


_S, _M, _O, _R = Cardinality.SINGLE, Cardinality.MULTIPLE, Cardinality.ORDERED, Cardinality.RECORD
_TEXTS: Final = (BaseType.STRING, BaseType.INTEGER, BaseType.FLOAT, BaseType.DURATION)
_BOUND: Final[dict[type[Interaction], _Bound]] = {
    m.ChoiceInteraction: _bits([BaseType.IDENTIFIER], _S, _M),
    m.OrderInteraction: _bits([BaseType.IDENTIFIER], _O),
    m.AssociateInteraction: _bits([BaseType.PAIR], _S, _M),
    m.MatchInteraction: _bits([BaseType.DIRECTED_PAIR], _S, _M),
    m.GapMatchInteraction: _bits([BaseType.DIRECTED_PAIR], _S, _M),
    m.InlineChoiceInteraction: _bits([BaseType.IDENTIFIER], _S),
    m.TextEntryInteraction: _bits(_TEXTS, _S, _R),
    m.ExtendedTextInteraction: _bits(_TEXTS, _S, _M, _O, _R),
    m.HottextInteraction: _bits([BaseType.IDENTIFIER], _S, _M),
    m.HotspotInteraction: _bits([BaseType.IDENTIFIER], _S, _M),
    m.SelectPointInteraction: _bits([BaseType.POINT], _S, _M),
    m.GraphicOrderInteraction: _bits([BaseType.IDENTIFIER], _O),
    m.GraphicAssociateInteraction: _bits([BaseType.PAIR], _S, _M),
    m.GraphicGapMatchInteraction: _bits([BaseType.DIRECTED_PAIR], _S, _M),
    m.PositionObjectInteraction: _bits([BaseType.POINT], _S, _M),
    m.SliderInteraction: _bits([BaseType.INTEGER, BaseType.FLOAT], _S),
    m.MediaInteraction: _bits([BaseType.INTEGER], _S),
    m.DrawingInteraction: _bits([BaseType.FILE], _S),
    m.UploadInteraction: _bits([BaseType.FILE], _S),
    m.EndAttemptInteraction: _bits([BaseType.BOOLEAN], _S),
}
_LIMITS: Final = (
    ("min_choices", "max_choices"),
    ("min_associations", "max_associations"),
    ("min_strings", "max_strings"),
)
_PLAYS: Final = ("min_plays", "max_plays")
_PAIRS: Final = frozenset({BaseType.PAIR, BaseType.DIRECTED_PAIR})


def check_interactions(root: Node, scope: Scope, report: Report) -> None:
    """Look at every interaction below a node."""
    bound: dict[str, Interaction] = {}
    for node in root.walk():
        if isinstance(node, Interaction):
            _interaction(node, scope, bound, report)
        elif isinstance(node, m.Choice):
            name = node.attributes.get("template_identifier")
            if name is not None and not _is_template(name, scope):
                report.add("no-template", node, name, name=name)


def _is_template(name: str, scope: Scope) -> bool:
    found = scope.find(name)
    return found is not None and found.kind == "template"


def _interaction(node: Interaction, scope: Scope, bound: dict[str, Interaction], report: Report) -> None:
    choices = _choices(node, report)
    _limits(node, choices, report)
    name = node.attributes.get("response_identifier")
    if name is None:
        return
    found = scope.find(name)
    if found is None or not isinstance(found.node, m.ResponseDeclaration):
        report.add("unbound", node, name, name=name, known=scope.known("response"))
        return
    first = bound.setdefault(name, node)
    if first is not node:
        report.add("bound-twice", node, name, name=name, line=first.line)
    wanted = _BOUND.get(type(node))
    if wanted is not None:
        is_record = found.type.cardinality == type_of(Cardinality.RECORD, None).cardinality
        if not found.type.base & wanted.base and not is_record:
            report.add(
                "wrong-response-type",
                node,
                name,
                name=name,
                type=base_words(found.type.base),
                wanted=base_words(wanted.base),
            )
        if not found.type.cardinality & wanted.cardinality:
            report.add(
                "wrong-response-cardinality",
                node,
                name,
                name=name,
                cardinality=cardinality_words(found.type.cardinality),
                wanted=cardinality_words(wanted.cardinality),
            )
        elif found.type.cardinality == SINGLE:
            _single(node, name, report)
    text = node.attributes.get("string_identifier")
    if text is not None and scope.find(text) is None:
        report.add("unbound", node, text, name=text, known=scope.known("response"))
    check_key(node, found.node, report)
    if choices:
        _answers(node, found.node, choices, report)


def _single(node: Interaction, name: str, report: Report) -> None:
    for _, high in _LIMITS:
        if high in node.attribute_table:
            limit = node.attributes.get(high, node.attribute_table[high].default)
            if (
                limit is not None
                and limit >= 0
                and limit != 1
                and not isinstance(node, m.GapMatchInteraction | m.GraphicGapMatchInteraction)
            ):
                words = "any number" if limit == 0 else str(limit)
                report.add("limit-and-cardinality", node, name, name=name, limit=words)


class _Choices(NamedTuple):
    """What can be chosen: singly, or as the first and second of a pair."""

    first: dict[str, Node]
    second: dict[str, Node] | None = None
    either: bool = False


def _choices(node: Any, report: Report) -> _Choices | None:
    match node:
        case m.ChoiceInteraction() | m.OrderInteraction() | m.InlineChoiceInteraction():
            return _Choices(_named([c for c in node.children if isinstance(c, m.Choice)], node, report))
        case m.HottextInteraction() | m.HotspotInteraction() | m.GraphicOrderInteraction():
            return _Choices(_named(node.choices, node, report))
        case m.AssociateInteraction() | m.GraphicAssociateInteraction():
            named = _named(node.choices, node, report)
            _groups(node.choices, named, node, report)
            return _Choices(named, named, either=True)
        case m.MatchInteraction():
            sets = [matches.choices for matches in node.sets]
            every = _named([choice for choices in sets for choice in choices], node, report)
            _groups([choice for choices in sets for choice in choices], every, node, report)
            if len(sets) != 2:
                return _Choices(every, every)
            named_sets: list[dict[str, Node]] = [{c.attributes.get("identifier", ""): c for c in some} for some in sets]
            return _Choices(named_sets[0], named_sets[1])
        case m.GapMatchInteraction():
            return _two(node.choices, node.gaps, node, report)
        case m.GraphicGapMatchInteraction():
            return _two(node.choices, node.hotspots, node, report)
    return None


def _two(first: list[Any], second: list[Any], node: Interaction, report: Report) -> _Choices:
    every = _named([*first, *second], node, report)
    _groups([*first, *second], every, node, report)
    names = [{c.attributes.get("identifier", ""): c for c in some} for some in (first, second)]
    return _Choices(names[0], names[1])


def _named(choices: Iterable[Any], node: Interaction, report: Report) -> dict[str, Node]:
    named: dict[str, Node] = {}
    for choice in choices:
        name = choice.attributes.get("identifier")
        if name is None:
            continue
        if name in named:
            report.add("duplicate-choice", choice, name, element=node.name_in(report.version), name=name)
        named.setdefault(name, choice)
        _match_limits(choice, report)
    return named


def _match_limits(choice: Node, report: Report) -> None:
    least, most = choice.attributes.get("match_min"), choice.attributes.get("match_max")
    for name, value in (("match_min", least), ("match_max", most)):
        if value is not None and value < 0:
            report.add("negative", choice, name=_wire(choice, name, report), value=value)
    if least is not None and most and least > most:
        _crossed(choice, "match_min", "match_max", report)


def _groups(choices: Iterable[Any], named: dict[str, Node], node: Interaction, report: Report) -> None:
    for choice in choices:
        for name in choice.attributes.get("match_group") or ():
            if name not in named:
                report.add("unknown-group", choice, name, name=name)


def _wire(node: Node, name: str, report: Report) -> str:
    return node.attribute_table[name].wire_in(report.version)


def _crossed(node: Node, low: str, high: str, report: Report) -> None:
    values = [node.attributes.get(name, node.attribute_table[name].default) for name in (low, high)]
    report.add(
        "limits-crossed",
        node,
        low=_wire(node, low, report),
        high=_wire(node, high, report),
        low_value=values[0],
        high_value=values[1],
    )


def _limits(node: Any, choices: _Choices | None, report: Report) -> None:
    values = node.attributes
    for low, high in (*_LIMITS, _PLAYS):
        if high not in node.attribute_table:
            continue
        least, most = values.get(low, 0), values.get(high, node.attribute_table[high].default)
        for name in (low, high):
            if (values.get(name) or 0) < 0:
                report.add("negative", node, name=_wire(node, name, report), value=values[name])
        # What the default allows is no contradiction that anybody wrote, but the limit all the same.
        if least and most and least > most:
            _crossed(node, low, high, report)
        if choices is not None and high == "max_choices":
            count = len(choices.first)
            for name, limit in ((low, least), (high, values.get(high))):
                if limit and limit > count:
                    report.add("limit-too-high", node, name=_wire(node, name, report), limit=limit, count=count)
    match node:
        case m.SliderInteraction():
            _slider(node, report)
        case m.StringInteraction():
            _string(node, report)


def _slider(node: m.SliderInteraction, report: Report) -> None:
    low, high = node.attributes.get("lower_bound"), node.attributes.get("upper_bound")
    if low is None or high is None:
        return
    if low >= high:
        _crossed(node, "lower_bound", "upper_bound", report)
    elif node.step <= 0:
        report.add("no-step", node, value=node.step, low=low, high=high)


def _string(node: m.StringInteraction, report: Report) -> None:
    if not 2 <= node.number_base <= 36:
        report.add("wrong-number-base", node, value=node.number_base)
    for name in ("expected_length", "expected_lines"):
        if (node.attributes.get(name) or 0) < 0:
            report.add("negative", node, name=_wire(node, name, report), value=node.attributes[name])
    pattern = node.attributes.get("pattern_mask")
    if pattern:
        why = pattern_fault(pattern)
        if why:
            report.add("wrong-pattern", node, value=pattern, why=why)


def pattern_fault(pattern: str) -> str:
    """Return what is wrong with a regular expression of XML Schema, if anything."""
    from demotic.syntax.xsd.regex import compile_pattern

    try:
        compile_pattern(pattern)
    except DemoticError as fault:
        return str(fault)
    return ""


def _answers(node: Interaction, declaration: m.ResponseDeclaration, choices: _Choices, report: Report) -> None:
    """Look at what the correct response, the default and the mapping name."""
    base = declaration.attributes.get("base_type")
    if base not in (BaseType.IDENTIFIER, *_PAIRS):
        return
    for part, place, text, only_warn in _texts(declaration):
        try:
            value = read_literal(base, text)
        except DemoticError:
            continue  # said already, where the declaration was looked at
        for choice in _unknown(value, base, choices):
            known = ", ".join(dict.fromkeys([*choices.first, *(choices.second or ())]))
            if only_warn and not choice:
                continue
            name = declaration.attributes.get("identifier", "")
            report.add(
                "unknown-choice",
                place,
                choice,
                part=part.name_in(report.version),
                name=name,
                choice=choice,
                known=f"there are {known}",
            )


def _texts(declaration: m.ResponseDeclaration) -> Iterator[tuple[Node, Node, str, bool]]:
    for part in declaration.children:
        match part:
            case m.CorrectResponse() | m.DefaultValue():
                yield from ((part, value, value.text, False) for value in part.values)
            case m.Mapping():
                entries = (e for e in part.entries if e.attributes.get("map_key"))
                yield from ((part, entry, entry.map_key, True) for entry in entries)


def _unknown(value: Any, base: BaseType, choices: _Choices) -> list[str]:
    if base is BaseType.IDENTIFIER:
        return [] if value in choices.first else [value]
    first, second = value
    others = choices.second or {}
    if base is BaseType.PAIR or choices.either:
        return [name for name in (first, second) if name not in choices.first]
    if first in choices.first and second in others:
        return []
    if first in others and second in choices.first:
        return [f"{first} {second}"]  # the wrong way round
    return [name for name, known in ((first, choices.first), (second, others)) if name not in known]
