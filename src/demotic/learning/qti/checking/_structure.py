"""The form of a document, by the table of elements alone: what must be given, what may stand where, how often.

For each class the rules of a version are worked out once; then each node is looked at once.
"""

from __future__ import annotations

from typing import Any, Final

from demotic.learning.qti import model as m
from demotic.learning.qti.checking._report import Report
from demotic.learning.qti.model import Node, Version
from demotic.learning.qti.model._node import EMPTY, REQUIRED, STRUCTURE, Many, One
from demotic.xml import QName
from demotic.xml.html.values._coords import SHAPES

__all__ = ["check_structure"]

_TEXTS_256: Final = ("hotspot_label", "object_label")
_SHAPED: Final = (m.AreaMapEntry, m.Inside, m.HotspotChoice, m.AssociableHotspot)
_ALT: Final = QName("", "alt")

# What an element of the body stands in, as bits.
_CHOICE, _PROMPT, _GAPS, _HOTTEXTS, _INTERACTION = (1 << i for i in range(5))
_ENTERS: Final[dict[type[Node], int]] = {
    m.Prompt: _PROMPT,
    m.GapMatchInteraction: _GAPS,
    m.HottextInteraction: _HOTTEXTS,
}


class _Shape:
    """What a version wants of the elements of one class."""

    __slots__ = (
        "absent", "enters", "is_interaction", "known", "least", "newer", "order", "ordered", "required", "shaped",
        "slots",
        "texts",
    )  # fmt: skip

    def __init__(self, cls: type[Node], version: Version) -> None:
        fields = cls.attribute_table.values()
        self.required = [
            (f.name, f.wire_in(version)) for f in fields if f.exists_in(version) and f.default_in(version) is REQUIRED
        ]
        # A value that only says what holds in this version without the attribute was not given.
        self.newer = {f.name: (f.wire_in(version), f.older.get(version)) for f in fields if not f.exists_in(version)}
        self.absent = bool(cls.tag) and not cls.since <= version <= cls.until and cls is not m.ContentBody
        self.texts = [f for f in _TEXTS_256 if f in cls.attribute_table]
        self.shaped = issubclass(cls, _SHAPED)
        self.is_interaction = issubclass(cls, m.Interaction)
        self.enters = _ENTERS.get(cls, 0) | (_INTERACTION if self.is_interaction else 0)
        if issubclass(cls, m.Choice) and not issubclass(cls, m.Gap):
            self.enters |= _CHOICE
        self.ordered = cls.content in (STRUCTURE, EMPTY) and cls not in (m.Include,)
        self.slots: list[One[Any, Any] | Many[Any]] = list(cls.child_table.values())
        self.known: dict[type[Node], int] = {}
        self.least = [(i, slot.least) for i, slot in enumerate(self.slots) if slot.least]
        self.order = not issubclass(cls, m.Branch) and len(self.slots) > 1

    def slot_of(self, kind: type[Node]) -> int:
        """Return which part of the element a child is, or -1."""
        found = self.known.get(kind)
        if found is None:
            found = next((i for i, slot in enumerate(self.slots) if issubclass(kind, slot.resolved())), -1)
            self.known[kind] = found
        return found


_SHAPES: Final[dict[tuple[type[Node], Version], _Shape]] = {}


def check_structure(root: Node, report: Report) -> None:
    """Look at every node of a tree."""
    version = report.version
    ids: dict[str, Node] = {}
    stack: list[tuple[Node, int]] = [(root, 0)]
    while stack:
        node, within = stack.pop()
        cls = type(node)
        shape = _SHAPES.get((cls, version))
        if shape is None:
            shape = _SHAPES[cls, version] = _Shape(cls, version)
        values = node.attributes
        for name, wire in shape.required:
            if name not in values and not _kept_wrong(node, wire):
                report.add("missing-attribute", node, wire, name=wire, version=f"QTI {version}")
        if values:
            if shape.newer:
                _newer_attributes(node, shape, report)
            if "id" in values:
                _unique_id(node, values["id"], ids, report)
            if shape.shaped:
                _coordinates(node, report)
            for name in shape.texts:
                if len(values.get(name) or "") > 256:
                    report.add("long-text", node, name, name=name)
        if shape.absent:
            report.add("newer-element", node, version=f"QTI {version}")
        if within & (_CHOICE | _PROMPT | _INTERACTION) and shape.is_interaction:
            inner, outer = node.name_in(version), "a choice" if within & _CHOICE else "a prompt"
            report.add(
                "nested-interaction",
                node,
                inner=inner,
                element="another interaction" if within & _INTERACTION else outer,
            )
        if cls is m.Gap and not within & _GAPS:
            report.add("outside-of-interaction", node, inner="a gap", element=m.GapMatchInteraction.tag)
        elif cls is m.Hottext and not within & _HOTTEXTS:
            report.add("outside-of-interaction", node, inner="a hottext", element=m.HottextInteraction.tag)
        elif isinstance(node, m.Html):
            if node.name == "img" and _ALT not in node.extra:
                report.add("no-alt", node)
            if m.HTML.get(node.name, version) > version:
                report.add("newer-element", node, version=f"QTI {version}")
        if shape.ordered or shape.least:
            _parts(node, shape, report)
        if node.children:
            below = within | shape.enters
            stack.extend([(child, below) for child in node.children if isinstance(child, Node)])


def _kept_wrong(node: Node, wire: str) -> bool:
    """Tell whether an attribute is there, with a value that the reader has complained of."""
    return bool(node.extra) and any(
        QName("", name) in node.extra for field in node.attribute_table.values() if wire in (field.wire, field.old)
        for name in (field.wire, field.old)
    )  # fmt: skip


def _newer_attributes(node: Node, shape: _Shape, report: Report) -> None:
    for name, (wire, meant) in shape.newer.items():
        if name in node.attributes and node.attributes[name] != meant:
            report.add("newer-attribute", node, wire, name=wire, version=f"QTI {report.version}")


def _unique_id(node: Node, value: str, ids: dict[str, Node], report: Report) -> None:
    first = ids.setdefault(value, node)
    if first is not node:
        report.add("duplicate-id", node, value, name=value, line=first.line)


def _coordinates(node: Any, report: Report) -> None:
    shape, coords = node.attributes.get("shape"), node.attributes.get("coords")
    if shape is None or coords is None:
        return
    rule = SHAPES[shape]
    # Files give the default shape, which is everything, coordinates that mean nothing.
    if not rule.fits(len(coords)) and shape != m.Shape.DEFAULT:
        report.add("wrong-shape", node, shape=shape, count=len(coords), needs=f"give {rule.needs}")
    elif shape in (m.Shape.CIRCLE, m.Shape.ELLIPSE) and any(radius.value < 0 for radius in coords[2:]):
        report.add("negative-radius", node, shape=shape)


def _parts(node: Node, shape: _Shape, report: Report) -> None:
    counts: dict[int, int] = {}
    last, last_child = -1, node
    misplaced_allowed = shape.ordered
    for child in node.children:
        if not isinstance(child, Node):
            continue
        slot = shape.slot_of(type(child))
        if slot < 0:
            if misplaced_allowed and not isinstance(child, m.Include | m.Foreign):
                names = [kind.name_in_class(report.version) for part in shape.slots for kind in part.resolved()]
                inner = child.name_in(report.version)
                report.add(
                    "misplaced",
                    child,
                    inner,
                    inner=inner,
                    element=node.name_in(report.version),
                    allowed=", ".join(filter(None, names)) or "nothing",
                )
            continue
        counts[slot] = counts.get(slot, 0) + 1
        if slot < last and shape.order:
            report.add(
                "wrong-order",
                child,
                inner=child.name_in(report.version),
                other=last_child.name_in(report.version),
                element=node.name_in(report.version),
            )
        else:
            last, last_child = slot, child
    for index, count in counts.items():
        most = shape.slots[index].most
        if most is not None and count > most:
            _count(node, shape.slots[index], count, report)
    for index, least in shape.least:
        count = counts.get(index, 0)
        if count < least and not any(isinstance(child, m.Include) for child in node.children):
            _count(node, shape.slots[index], count, report)


def _count(node: Node, slot: One[Any, Any] | Many[Any], count: int, report: Report) -> None:
    kinds = slot.resolved()
    if issubclass(kinds[0], m.Expression):
        wanted = str(slot.least) if slot.least == slot.most else f"{slot.least} or more"
        report.add("wrong-operand-count", node, count=count, wanted=wanted)
    elif slot.most is not None and count > slot.most:
        part = kinds[0].name_in_class(report.version) or slot.name
        report.add("too-many-parts", node, part=part, count=count, most=slot.most)
    else:
        report.add(
            "missing-part",
            node,
            part=" or ".join(filter(None, (k.name_in_class(report.version) for k in kinds))) or slot.name,
        )
