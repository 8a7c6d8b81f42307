"""Presentations of QTI 1.2 as bodies of 3.0: every response with its render becomes an interaction.

Specification: QTI ASI binding 1.2.1, sections 3.5 and 3.6; the migration guide of QTI 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from demotic.learning.qti import model as m
from demotic.learning.qti.converting._loss import Losses
from demotic.learning.qti.converting._versions import valid_identifier
from demotic.learning.qti.legacy._content import Content, as_blocks, has_text, plain
from demotic.learning.qti.legacy._source import attr, kids, name_of, text_in
from demotic.learning.qti.legacy._values import CARDINALITIES, FIB_TYPES, SHAPES, choice_of, yes
from demotic.learning.qti.model import BaseType, Cardinality, Coords, Html, Item, Shape
from demotic.xml import Element

__all__ = ["Response", "Responses", "area"]

_RESPONSES: Final = (
    "response_lid",
    "response_xy",
    "response_str",
    "response_num",
    "response_grp",
    "response_extension",
)
_RENDERS: Final = ("render_choice", "render_hotspot", "render_slider", "render_fib", "render_extension")
_NUMBERS: Final = re.compile(r"[+-]?[0-9]{0,200}\.?[0-9]{1,200}(?:[eE][+-]?0*[0-9]{1,2})?")
_ESSAYS: Final = ("essay_question", "essay")


@dataclass(slots=True)
class Response:
    """A response: the variables that hold it, and what may be answered."""

    source: str
    names: list[str]
    cardinality: Cardinality
    base_type: BaseType
    labels: dict[str, str] = field(default_factory=dict)
    count: int = 0
    element: Element | None = None
    declarations: list[m.ResponseDeclaration] = field(default_factory=list)
    is_number: bool = False


def area(kind: str | None, text: str, losses: Losses, node: object) -> tuple[Shape, Coords] | None:
    """Return a shape and its coordinates: an ellipse of 1.2 has diameters, a rectangle a size.

    Numbers may stand between blanks and commas in any mixture. Fractions below 1 are of the whole, as some tools write.
    """
    numbers = [float(number) for number in _NUMBERS.findall(text)]
    shape = SHAPES.get(choice_of(kind, "ellipse"))
    if shape is None:
        losses.approximated("area", node, f"an area of the kind {kind!r} is taken as a rectangle")
        shape = Shape.RECT
    if numbers and all(0 <= n <= 1 for n in numbers) and any(n != int(n) for n in numbers):
        losses.approximated("area", node, f"parts of the whole, {text.strip()!r}, become percentages")
        corners = shape is Shape.RECT and len(numbers) == 4
        if shape is Shape.POLY or corners:
            return shape, Coords(f"{round(n * 100)}%" for n in numbers)
    whole = [max(0, round(n)) for n in numbers]
    if whole != numbers:
        losses.approximated("area", node, f"coordinates are rounded: {text.strip()!r}")
    match shape, len(whole):
        case Shape.ELLIPSE, 3:
            return Shape.CIRCLE, Coords(whole)
        case Shape.ELLIPSE, 4:
            x, y, width, height = whole
            if width == height:
                return Shape.CIRCLE, Coords((x, y, width // 2))
            losses.approximated("ellipse", node, "an ellipse, which newer versions discourage")
            return Shape.ELLIPSE, Coords((x, y, width // 2, height // 2))
        case Shape.RECT, 4:
            x, y, width, height = whole
            return Shape.RECT, Coords((x, y, x + width, y + height))
        case Shape.POLY, count if count >= 6 and count % 2 == 0:
            return Shape.POLY, Coords(whole)
    losses.dropped("area", node, f"{text.strip()!r} are no coordinates of {kind or 'an ellipse'}")
    return None


class Responses:
    """Makes the body of an item, and its responses."""

    def __init__(self, content: Content, losses: Losses, *, essay: bool = False, upload: bool = False) -> None:
        self.content, self.losses = content, losses
        self.essay, self.upload = essay, upload
        self.found: dict[str, Response] = {}
        self._names: set[str] = set()

    def body(self, presentation: Element) -> list[Item]:
        """Return the blocks of a presentation."""
        return as_blocks(self._flow(presentation))

    def name(self, wanted: str) -> str:
        """Return an identifier that nothing else in the item has."""
        base = valid_identifier(wanted or "RESPONSE").replace(".", "_")
        name, number = base, 1
        while name in self._names or name in ("duration", "numAttempts", "completionStatus"):
            number += 1
            name = f"{base}_{number}"
        self._names.add(name)
        return name

    def _flow(self, element: Element) -> list[Item]:
        items: list[Item] = []
        for child in kids(element):
            name = name_of(child)
            if name == "flow" or (name == "flow_mat" and any(name_of(e) in _RESPONSES for e in child.walk())):
                inner = self._flow(child)
                blocks = any(isinstance(i, m.BlockInteraction) or (isinstance(i, Html) and i.is_block) for i in inner)
                items += as_blocks(inner) if blocks else inner
            elif name in _RESPONSES:
                items += self._response(child, name)
            elif name == "response_label":
                items += self.content.material(child)
            else:
                items += self.content._one(child)
        return items

    def _response(self, element: Element, kind: str) -> list[Item]:
        render = next((r for r in _below(element, _RENDERS)), None)
        before, after = self._around(element, render)
        ident = attr(element, "ident") or ""
        stated = choice_of(attr(element, "rcardinality"), "single")
        cardinality = CARDINALITIES.get(stated)
        if cardinality is None:
            self.losses.approximated("cardinality", element, f"the cardinality {stated!r} is taken as single")
            cardinality = Cardinality.SINGLE
        if ident in self.found:
            self.losses.dropped(
                "duplicate-response", element, f"a second response {ident!r} cannot be told from the first"
            )
            return [*before, *after]
        response = Response(ident, [], cardinality, BaseType.IDENTIFIER, element=element)
        self.found[ident] = response
        made = self._interaction(element, kind, render, response, before)
        prompted = any(isinstance(node, m.BlockInteraction) and node.prompt is not None for node in made)
        return [*([] if prompted else before), *made, *after]

    def _around(self, element: Element, render: Element | None) -> tuple[list[Item], list[Item]]:
        before: list[Item] = []
        after: list[Item] = []
        passed = False
        for child in kids(element):
            if child is render or (render is not None and any(e is render for e in child.walk())):
                passed = True
            elif name_of(child) not in _RENDERS:
                (after if passed else before).extend(self.content._one(child))
        return before, after

    def _interaction(
        self, element: Element, kind: str, render: Element | None, response: Response, before: list[Item]
    ) -> list[Item]:
        rendered = "" if render is None else name_of(render)
        labels = [] if render is None else list(_below(render, ("response_label",)))
        if kind == "response_extension" or (kind != "response_lid" and rendered == "render_extension" and not labels):
            return self._custom(element, response)
        if kind == "response_grp":
            return self._group(element, render, labels, response, before)
        if kind == "response_xy":
            return self._points(render, labels, response, before)
        if self.upload:
            return [self._bind(m.UploadInteraction, response, BaseType.FILE, Cardinality.SINGLE, before)]
        if rendered == "render_slider" and kind != "response_lid":
            return self._slider(element, render, response, before)
        if kind in ("response_str", "response_num") or (rendered == "render_fib") or not labels:
            return self._text(element, kind, render, labels, response, before)
        if rendered == "render_hotspot":
            return self._hotspots(render, labels, response, before)
        return self._choice(render, labels, response, before)

    def _bind(
        self, cls: Any, response: Response, base: BaseType, cardinality: Cardinality, before: list[Item], **values: Any
    ) -> Any:
        """Make an interaction, its variable and its prompt."""
        name = self.name(response.source)
        response.names.append(name)
        response.base_type, response.cardinality = base, cardinality
        place = response.element
        line, column = (place.line, place.column) if place is not None else (0, 0)
        response.declarations.append(
            m.ResponseDeclaration(identifier=name, cardinality=cardinality, base_type=base, line=line, column=column)
        )
        made = cls(response_identifier=name, line=line, column=column, **values)
        if has_text(before) and issubclass(cls, m.BlockInteraction):
            made.children.append(m.Prompt(*before))
        return made

    def _limits(self, render: Element | None, cardinality: Cardinality, count: int) -> dict[str, int]:
        least = _integer(attr(render, "minnumber") if render is not None else None)
        most = _integer(attr(render, "maxnumber") if render is not None else None)
        if cardinality is Cardinality.SINGLE:
            return {"max_choices": 1, **({"min_choices": 1} if least else {})}
        most = min(most, count) if most else 0
        return {"max_choices": most, **({"min_choices": min(least, most or count)} if least else {})}

    def _labels(self, labels: list[Element], response: Response) -> Iterable[tuple[str, Element]]:
        taken: set[str] = set()
        for label in labels:
            ident = attr(label, "ident") or ""
            base = name = valid_identifier(ident or f"label_{len(taken) + 1}")
            number = 1
            while name in taken:
                number += 1
                name = f"{base}_{number}"
            taken.add(name)
            if ident in response.labels:
                self.losses.changed("duplicate-label", label, f"a second label {ident!r} is given another name")
            response.labels.setdefault(ident, name)
            yield name, label

    def _choice(self, render: Any, labels: list[Element], response: Response, before: list[Item]) -> list[Item]:
        ordered = response.cardinality is Cardinality.ORDERED
        shuffle = yes(attr(render, "shuffle") or _inner(render, "shuffle"), False)
        limits = {} if ordered else self._limits(render, response.cardinality, len(labels))
        cls = m.OrderInteraction if ordered else m.ChoiceInteraction
        made = self._bind(cls, response, BaseType.IDENTIFIER, response.cardinality, before, shuffle=shuffle, **limits)
        for name, label in self._labels(labels, response):
            choice = m.SimpleChoice(*self._label_content(label), identifier=name, line=label.line, column=label.column)
            if not yes(attr(label, "rshuffle"), True):
                choice.fixed = True
            made.children.append(choice)
        response.count = len(labels)
        self._strays(render)
        return [made]

    def _label_content(self, label: Element) -> list[Item]:
        items = self.content.material(label)
        if not has_text(items):
            text = "".join(child for child in label.children if isinstance(child, str)).strip()
            items = [text] if text else [attr(label, "ident") or ""]
        return items

    def _strays(self, render: Element) -> None:
        for child in render.walk():
            if name_of(child) == "response_na":
                self.losses.dropped("response-na", child, "what is shown instead of an answer is left out")

    def _image(self, render: Element | None) -> list[Item]:
        materials = [] if render is None else [self.content.material(e) for e in kids(render, "material", "flow_mat")]
        items = [item for some in materials for item in some]
        image = next(
            (i for item in items if isinstance(item, m.Node) for i in item.find(Html) if i.name in ("img", "object")),
            None,
        )
        if image is None:
            if render is not None:
                self.losses.approximated("image", render, "areas without an image")
            return [Html("object", html={"data": "missing.png", "type": "image/png", "width": "100", "height": "100"})]
        if image.name == "img":
            kind = {"gif": "image/gif", "jpg": "image/jpeg", "jpeg": "image/jpeg"}.get(
                (image.get("src") or "").rpartition(".")[2].lower(), "image/png"
            )
            sizes = {k: v for k in ("width", "height") if (v := image.get(k))}
            return [
                Html("object", image.get("alt") or "", html={"data": image.get("src") or "", "type": kind, **sizes})
            ]
        return [image]

    def _hotspots(self, render: Any, labels: list[Element], response: Response, before: list[Item]) -> list[Item]:
        ordered = response.cardinality is Cardinality.ORDERED
        cls: Any = m.GraphicOrderInteraction if ordered else m.HotspotInteraction
        limits = {} if ordered else self._limits(render, response.cardinality, len(labels))
        made = self._bind(cls, response, BaseType.IDENTIFIER, response.cardinality, before, **limits)
        made.children += self._image(render)
        for name, label in self._labels(labels, response):
            found = area(
                attr(label, "rarea"), "".join(c for c in label.children if isinstance(c, str)), self.losses, label
            )
            shape, coords = found or (Shape.DEFAULT, Coords((0, 0, 0, 0)))  # the schema wants some, which mean nothing
            text = plain(self.content.material(label))
            made.children.append(
                m.HotspotChoice(identifier=name, shape=shape, coords=coords, hotspot_label=text or None)
            )
        response.count = len(labels)
        return [made]

    def _points(
        self, render: Element | None, labels: list[Element], response: Response, before: list[Item]
    ) -> list[Item]:
        cardinality = Cardinality.SINGLE if response.cardinality is Cardinality.SINGLE else Cardinality.MULTIPLE
        limits = self._limits(render, cardinality, 10**6)
        made = self._bind(m.SelectPointInteraction, response, BaseType.POINT, cardinality, before, **limits)
        made.children += self._image(render)
        return [made]

    def _slider(self, element: Element, render: Any, response: Response, before: list[Item]) -> list[Item]:
        low, high = (_number(attr(render, name)) for name in ("lowerbound", "upperbound"))
        step = _number(attr(render, "step"))
        whole = all(value is None or value == int(value) for value in (low, high, step))
        values = {
            "lower_bound": low or 0.0,
            "upper_bound": high if high is not None else 100.0,
            "step": step,
            "step_label": yes(attr(render, "steplabel"), False),
        }
        orientation = (
            m.Orientation.VERTICAL
            if choice_of(attr(render, "orientation"), "horizontal") == "vertical"
            else m.Orientation.HORIZONTAL
        )
        base = BaseType.INTEGER if whole else BaseType.FLOAT
        response.is_number = True  # whatever it is compared with
        return [
            self._bind(
                m.SliderInteraction, response, base, Cardinality.SINGLE, before, orientation=orientation, **values
            )
        ]

    def _text(
        self,
        element: Element,
        kind: str,
        render: Element | None,
        labels: list[Element],
        response: Response,
        before: list[Item],
    ) -> list[Item]:
        typed = (attr(render, "fibtype") if render is not None else None) or attr(element, "numtype")
        default = "integer" if kind == "response_num" else "string"
        base = FIB_TYPES.get(choice_of(typed, default), BaseType.STRING)
        prompt = choice_of(attr(render, "prompt") if render is not None else None, "box")
        if prompt != "box":
            self.losses.approximated("prompt-type", render, f"a prompt of the type {prompt} becomes a box")
        rows = _integer(attr(render, "rows") if render is not None else None)
        size = _integer(attr(render, "maxchars") if render is not None else None) or _integer(
            attr(render, "columns") if render is not None else None
        )
        pattern: dict[str, Any] = {"expected_length": size or None}
        if self.essay or rows > 1:
            made = self._bind(
                m.ExtendedTextInteraction,
                response,
                base,
                Cardinality.SINGLE,
                before,
                expected_lines=rows or None,
                **pattern,
            )
            response.labels = {attr(label, "ident") or "": response.names[0] for label in labels}
            return [made]
        items: list[Item] = []
        texts = [] if render is None else list(render.elements())
        if len(labels) <= 1:
            made = self._bind(m.TextEntryInteraction, response, base, Cardinality.SINGLE, [], **pattern)
            placed = False
            for child in texts:
                if name_of(child) in ("response_label", "flow_label"):
                    items += [made] if not placed else []
                    placed = True
                else:
                    items += self.content._one(child)
            return items if placed else [*items, made]
        for index, child in enumerate(labels):
            own = Response(
                f"{response.source}_{attr(child, 'ident') or index + 1}",
                [],
                Cardinality.SINGLE,
                base,
                element=response.element,
            )
            entry = self._bind(m.TextEntryInteraction, own, base, Cardinality.SINGLE, [], **pattern)
            response.names += own.names
            response.declarations += own.declarations
            response.labels[attr(child, "ident") or str(index + 1)] = own.names[0]
            items += [*self.content.material(child), entry, " "]
        response.base_type = base
        return items

    def _group(
        self, element: Element, render: Any, labels: list[Element], response: Response, before: list[Item]
    ) -> list[Item]:
        grouped = [label for label in labels if attr(label, "match_group")]
        cardinality = Cardinality.SINGLE if response.cardinality is Cardinality.SINGLE else Cardinality.MULTIPLE
        most = _integer(attr(render, "maxnumber") if render is not None else None)
        if not labels:
            return self._custom(element, response)
        cls: Any = m.MatchInteraction if grouped else m.AssociateInteraction
        base = BaseType.DIRECTED_PAIR if grouped else BaseType.PAIR
        limit = 1 if cardinality is Cardinality.SINGLE else most
        made = self._bind(
            cls,
            response,
            base,
            cardinality,
            before,
            max_associations=limit,
            shuffle=yes(attr(render, "shuffle"), False),
        )
        named = dict(self._labels(labels, response))
        choices = {
            name: m.SimpleAssociableChoice(
                *self._label_content(label), identifier=name, match_max=_integer(attr(label, "match_max"))
            )
            for name, label in named.items()
        }
        if not grouped:
            made.children += list(choices.values())
            return [made]
        first = [choices[name] for name, label in named.items() if label in grouped]
        second = [choices[name] for name, label in named.items() if label not in grouped]
        made.children += [m.SimpleMatchSet(*first), m.SimpleMatchSet(*second)]
        return [made]

    def _custom(self, element: Element, response: Response) -> list[Item]:
        self.losses.approximated("extension", element, f"{element.name.local} becomes a custom interaction")
        made = self._bind(m.CustomInteraction, response, BaseType.STRING, Cardinality.SINGLE, [])
        text = " ".join(text_in(element).split())
        made.children = [Html("p", text)] if text else []
        return [made]


def _below(element: Element, names: tuple[str, ...]) -> Iterable[Element]:
    for inner in element.walk():
        if inner is not element and name_of(inner) in names:
            yield inner


def _inner(render: Element, name: str) -> str | None:
    return next((value for inner in render.elements() if (value := attr(inner, name))), None)


def _integer(text: str | None) -> int:
    found = re.match(r"\s*\+?([0-9]{1,9})", text or "")
    return int(found[1]) if found else 0


def _number(text: str | None) -> float | None:
    found = _NUMBERS.fullmatch((text or "").strip())
    return float(found[0]) if found else None
