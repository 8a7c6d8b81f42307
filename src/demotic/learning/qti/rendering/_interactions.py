"""Interactions as HTML's own controls, with what a small script needs to make more of them.

Every interaction can be answered without script: graphic and drag ones by selections beside the image. The element of
an interaction has `data-qti-interaction` (its kind), areas have `data-qti-shape` and `data-qti-coords`. Names of
controls are those that `responses_from_form` reads: the variable's, or the variable's with the place behind a colon.
Nothing here knows correct responses or mappings; solutions come in as the values shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from demotic.learning.qti.model import (
    AssociateInteraction,
    BaseType,
    Choice,
    ChoiceInteraction,
    CustomInteraction,
    DrawingInteraction,
    EndAttemptInteraction,
    ExtendedTextInteraction,
    Gap,
    GapMatchInteraction,
    GraphicAssociateInteraction,
    GraphicGapMatchInteraction,
    GraphicOrderInteraction,
    HotspotInteraction,
    Hottext,
    HottextInteraction,
    Html,
    InlineChoiceInteraction,
    Interaction,
    MatchInteraction,
    MediaInteraction,
    OrderInteraction,
    PortableCustomInteraction,
    PositionObjectInteraction,
    PositionObjectStage,
    SelectPointInteraction,
    SliderInteraction,
    TextEntryInteraction,
    UploadInteraction,
)
from demotic.learning.qti.rendering._content import Content
from demotic.learning.qti.rendering._text import escaped, tag
from demotic.learning.qti.runtime.values import Optional, format_data

__all__ = ["Interactions"]

_MOST_ROWS: Final = 20


class Interactions:
    """Draws the interactions of one item; `values` are the responses to show."""

    def __init__(self, content: Content, values: dict[str, Optional], hidden: frozenset[str]) -> None:
        self.content = content
        self.values = values
        self.hidden = hidden
        self.options = content.options
        self.count = 0
        self._hottexts: HottextInteraction | None = None
        self._gaps: tuple[GapMatchInteraction, list[tuple[str, str]]] | None = None

    def draw(self, node: Any) -> str:
        """Return the HTML of an interaction, a gap or a hot text."""
        if isinstance(node, Gap):
            return self._gap(node)
        if isinstance(node, Hottext):
            return self._hottext(node)
        if isinstance(node, PositionObjectStage):
            return self._stage(node)
        self.count += 1
        return _DRAW[type(node)](self, node)

    # What all have in common.

    def _name(self, node: Interaction, place: str = "") -> str:
        return f"{self.options.prefix}{node.response_identifier}{':' if place else ''}{place}"

    def _id(self, node: Interaction, place: object) -> str:
        return f"{self.options.prefix}qti-{self.count}-{node.response_identifier}-{place}"

    def _items(self, node: Interaction) -> tuple[Any, ...]:
        value = self.values.get(node.response_identifier)
        return () if value is None else value.items

    def _group(self, node: Any, inside: str, *, label: str) -> str:
        """Return a block interaction: a group of controls, named by its prompt."""
        prompt = getattr(node, "prompt", None)
        shown = "" if prompt is None else self.content.html(prompt.children)
        legend = tag("legend", shown or escaped(label), class_="qti-prompt" if shown else "qti-hidden")
        css = " ".join([node.tag, *self.content.classes(node.class_)])
        kind = node.tag.removeprefix("qti-").removesuffix("-interaction")
        return tag(
            "fieldset", legend + inside, class_=css, data_qti_interaction=kind, disabled=not self.options.enabled
        )

    def _seen(self, choices: Iterable[Any], order: Sequence[str] | None) -> list[Any]:
        by_name = {choice.identifier: choice for choice in choices}
        names = list(by_name) if order is None else [name for name in order if name in by_name]
        return [by_name[name] for name in names if name not in self.hidden]

    def _ordered(self, node: Any, place: str = "") -> list[Any]:
        order = self.content.state.orders.get(node.response_identifier + place)
        return self._seen(node.choices, order)

    def _pick(self, name: str, options: Iterable[tuple[str, str]], chosen: str, label: str) -> str:
        first = tag("option", "", value="")
        rest = [tag("option", escaped(words), value=value, selected=value == chosen) for value, words in options]
        return tag("select", first + "".join(rest), name=name, aria_label=label, disabled=not self.options.enabled)

    def _words(self, choice: Any) -> str:
        """Return what a choice is called where there is no room for its content."""
        label = getattr(choice, "hotspot_label", None) or getattr(choice, "object_label", None)
        return label or self.content.words(getattr(choice, "children", ())) or choice.identifier

    def _shown(self, choice: Any) -> str:
        """Return the content of a choice, with words for those who hear it where there are none but in formulas.

        Browsers give controls no names out of MathML.
        """
        html = self.content.html(choice.children)
        if self.content.words(choice.children, formulas=False):
            return html
        words = self.content.words(choice.children) or choice.identifier
        return html + tag("span", escaped(words), class_="qti-hidden")

    def _image(self, image: Html | None) -> str:
        return "" if image is None else self.content.html([image])

    def _areas(self, spots: Iterable[Any]) -> str:
        """Return the areas of an image, for the script that lets them be clicked."""
        return "".join(
            [
                tag("span", "", hidden=True, data_qti_area=spot.identifier, data_qti_shape=spot.shape.value,
                    data_qti_coords=str(spot.coords))
                for spot in spots
                if {"shape", "coords"} <= spot.attributes.keys()
            ]
        )  # fmt: skip

    # Choices.

    def _boxes(self, node: Any, choices: list[Any], most: int, content: Callable[[Any], str]) -> str:
        chosen = self._items(node)
        kind = "radio" if most == 1 else "checkbox"
        rows = []
        for choice in choices:
            box = tag(
                "input", None, type=kind, name=self._name(node), value=choice.identifier,
                checked=choice.identifier in chosen,
            )  # fmt: skip
            rows.append(tag("li", tag("label", f"{box} {tag('span', content(choice))}")))
        return tag("ul", "".join(rows), class_="qti-choices", role="list")

    def choice(self, node: ChoiceInteraction) -> str:
        most = self.content.program.given(node, "max_choices")
        drawn = self._boxes(node, self._ordered(node), most, self._shown)
        return self._group(node, drawn, label="Choices")

    def hotspot(self, node: HotspotInteraction) -> str:
        most = self.content.program.given(node, "max_choices")
        choices = self._seen(node.choices, None)
        drawn = self._boxes(node, choices, most, lambda each: escaped(self._words(each)))
        return self._group(node, self._image(node.image) + self._areas(choices) + drawn, label="Areas of the image")

    def inline_choice(self, node: InlineChoiceInteraction) -> str:
        options = [(each.identifier, self._words(each)) for each in self._ordered(node)]
        chosen = next(iter(self._items(node)), "")
        label = self.content.words([child for each in node.labels for child in each.children]) or "Choose a word"
        return self._pick(self._name(node), options, chosen, label)

    def hottext(self, node: HottextInteraction) -> str:
        around, self._hottexts = self._hottexts, node
        try:
            rest = [child for child in node.children if child is not node.prompt]
            return self._group(node, tag("div", self.content.html(rest)), label="Choose words of the text")
        finally:
            self._hottexts = around

    def _hottext(self, node: Hottext) -> str:
        words = self.content.html(node.children)
        within = self._hottexts
        if within is None or node.identifier in self.hidden:
            return "" if node.identifier in self.hidden else words
        kind = "radio" if self.content.program.given(within, "max_choices") == 1 else "checkbox"
        box = tag(
            "input", None, type=kind, name=self._name(within), value=node.identifier,
            checked=node.identifier in self._items(within),
        )  # fmt: skip
        return tag("label", f"{box}{words}", class_="qti-hottext")

    # Order.

    def order(self, node: Any) -> str:
        graphic = isinstance(node, GraphicOrderInteraction)
        choices = self._seen(node.choices, None) if graphic else self._ordered(node)
        given = list(self._items(node))
        places = [(str(place), str(place)) for place in range(1, len(choices) + 1)]
        rows = []
        for choice in choices:
            at = str(given.index(choice.identifier) + 1) if choice.identifier in given else ""
            words = self._words(choice)
            pick = self._pick(self._name(node, choice.identifier), places, at, f"Place of {words}")
            shown = escaped(words) if graphic else self.content.html(choice.children)
            rows.append(tag("li", f"{pick} {tag('span', shown)}", data_qti_choice=choice.identifier))
        image = self._image(node.image) + self._areas(choices) if graphic else ""
        return self._group(node, image + tag("ul", "".join(rows), role="list"), label="Put these in order")

    # Pairs.

    def associate(self, node: Any) -> str:
        graphic = isinstance(node, GraphicAssociateInteraction)
        choices = self._seen(node.choices, None) if graphic else self._ordered(node)
        options = [(choice.identifier, self._words(choice)) for choice in choices]
        given = list(self._items(node))
        most = self.content.program.given(node, "max_associations") or len(choices) * (len(choices) - 1) // 2
        rows = []
        for row in range(min(max(most, len(given)), _MOST_ROWS)):
            pair = given[row] if row < len(given) else ("", "")
            picks = [
                self._pick(self._name(node, f"{row}.{side}"), options, pair[side], f"Pair {row + 1}, {name}")
                for side, name in enumerate(("first", "second"))
            ]
            rows.append(tag("li", " – ".join(picks)))
        image = self._image(node.image) + self._areas(choices) if graphic else ""
        return self._group(node, image + tag("ol", "".join(rows)), label="Make pairs")

    def match(self, node: MatchInteraction) -> str:
        sides = [
            self._seen(each.choices, self.content.state.orders.get(f"{node.response_identifier}.{side}"))
            for side, each in enumerate(node.sets[:2])
        ]
        given = set(self._items(node))
        heads = "".join([tag("th", self._shown(each), scope="col") for each in sides[1]])
        rows = []
        for first in sides[0]:
            cells = []
            for second in sides[1]:
                label = f"{self._words(first)} – {self._words(second)}"
                pair = f"{first.identifier} {second.identifier}"
                box = tag(
                    "input", None, type="checkbox", name=self._name(node), value=pair, aria_label=label,
                    checked=(first.identifier, second.identifier) in given,
                )  # fmt: skip
                cells.append(tag("td", box))
            rows.append(tag("tr", tag("th", self._shown(first), scope="row") + "".join(cells)))
        head = tag("thead", tag("tr", tag("td", "") + heads))
        return self._group(node, tag("table", head + tag("tbody", "".join(rows))), label="Match these")

    def gap_match(self, node: GapMatchInteraction) -> str:
        choices = self._ordered(node)
        options = [(choice.identifier, self._words(choice)) for choice in choices]
        around, self._gaps = self._gaps, (node, options)
        try:
            rest = [child for child in node.children if child is not node.prompt and not isinstance(child, Choice)]
            shown = "".join([tag("li", self.content.html(choice.children)) for choice in choices])
            inside = tag("ul", shown, class_="qti-choices", role="list") + tag("div", self.content.html(rest))
            return self._group(node, inside, label="Fill the gaps")
        finally:
            self._gaps = around

    def _gap(self, node: Gap) -> str:
        if self._gaps is None or node.identifier in self.hidden:
            return ""
        interaction, options = self._gaps
        chosen = next((first for first, second in self._items(interaction) if second == node.identifier), "")
        return self._pick(self._name(interaction, node.identifier), options, chosen, f"Gap {node.identifier}")

    def graphic_gap_match(self, node: GraphicGapMatchInteraction) -> str:
        options = [(choice.identifier, self._words(choice)) for choice in self._seen(node.choices, None)]
        given = self._items(node)
        rows = []
        for spot in self._seen(node.hotspots, None):
            chosen = next((first for first, second in given if second == spot.identifier), "")
            words = self._words(spot)
            pick = self._pick(self._name(node, spot.identifier), options, chosen, f"Place {words}")
            rows.append(tag("li", f"{escaped(words)}: {pick}"))
        image = self._image(node.image) + self._areas(node.hotspots)
        return self._group(node, image + tag("ul", "".join(rows), role="list"), label="Fill the places of the image")

    # Texts, numbers, points.

    def _value(self, data: Any, node: Interaction) -> str:
        declared = self.content.program.responses.get(node.response_identifier)
        raw = self.content.state.raw.get(node.response_identifier)
        if raw is not None and not self.options.solution:
            return raw
        if isinstance(data, dict):
            text = data.get("stringValue")
            return "" if text is None else str(text.data)
        return (
            ""
            if data is None or declared is None or declared.base_type is None
            else format_data(declared.base_type, data)
        )

    def text_entry(self, node: TextEntryInteraction) -> str:
        value = self.values.get(node.response_identifier)
        data = None if value is None else value.data if value.is_single or value.base_type is None else value.items[0]
        declared = self.content.program.responses.get(node.response_identifier)
        numeric = declared is not None and declared.base_type in (BaseType.INTEGER, BaseType.FLOAT)
        return tag(
            "input", None, type="text", name=self._name(node), value=self._value(data, node),
            size=str(min(node.expected_length or 20, 80)), placeholder=node.placeholder_text,
            inputmode="decimal" if numeric else None, aria_label="Your answer", autocomplete="off",
            class_="qti-text-entry-interaction", disabled=not self.options.enabled,
        )  # fmt: skip

    def extended_text(self, node: ExtendedTextInteraction) -> str:
        given = self._items(node)
        declared = self.content.program.responses.get(node.response_identifier)
        several = declared is not None and declared.cardinality.value in ("multiple", "ordered")
        rows = max(node.max_strings or node.min_strings or 1, len(given)) if several else 1
        areas = []
        for row in range(min(rows, _MOST_ROWS)):
            text = self._value(given[row] if row < len(given) else None, node)
            areas.append(
                tag(
                    "textarea", escaped(text), name=self._name(node), rows=str(min(node.expected_lines or 5, 50)),
                    placeholder=node.placeholder_text, aria_label="Your answer" if rows == 1 else f"Answer {row + 1}",
                )
            )  # fmt: skip
        return self._group(node, "".join(areas), label="Your answer")

    def slider(self, node: SliderInteraction) -> str:
        given = next(iter(self._items(node)), None)
        control = tag(
            "input", None, type="range", name=self._name(node), min=f"{node.lower_bound:g}",
            max=f"{node.upper_bound:g}", step=f"{node.step:g}", value=None if given is None else f"{given:g}",
            aria_label="Value",
            aria_orientation=node.orientation.value if node.orientation else None,
        )  # fmt: skip
        ends = [tag("span", f"{bound:g}", aria_hidden="true") for bound in (node.lower_bound, node.upper_bound)]
        return self._group(node, f"{ends[0]} {control} {ends[1]}", label="Choose a value")

    def _points(self, node: Any, most: int) -> str:
        given = self._items(node)
        rows = []
        for row in range(min(max(most or len(given) + 1, len(given), 1), _MOST_ROWS)):
            point = given[row] if row < len(given) else ("", "")
            fields = [
                tag("input", None, type="number", name=self._name(node, f"{row}.{axis}"), value=str(point[index]),
                    aria_label=f"Point {row + 1}, {axis}")
                for index, axis in enumerate("xy")
            ]  # fmt: skip
            rows.append(tag("li", " ".join(fields)))
        return tag("ol", "".join(rows), class_="qti-points")

    def select_point(self, node: SelectPointInteraction) -> str:
        most = self.content.program.given(node, "max_choices")
        return self._group(node, self._image(node.image) + self._points(node, most), label="Choose points of the image")

    def position_object(self, node: PositionObjectInteraction) -> str:
        most = self.content.program.given(node, "max_choices")
        return self._group(node, self._image(node.image) + self._points(node, most), label="Place the object")

    def _stage(self, node: PositionObjectStage) -> str:
        inside = "".join([self.draw(each) for each in node.interactions])
        return tag("div", self._image(node.image) + inside, class_="qti-position-object-stage")

    # Media, files, buttons, what others define.

    def media(self, node: MediaInteraction) -> str:
        inside = "".join([self.content.html([each]) for each in node.media])
        plays = next(iter(self._items(node)), 0)
        counter = tag("input", None, type="hidden", name=self._name(node), value=str(plays))
        return self._group(node, inside + counter, label="Play this")

    def upload(self, node: UploadInteraction) -> str:
        control = tag("input", None, type="file", name=self._name(node), accept=",".join(node.type or ()) or None,
                      aria_label="Your file")  # fmt: skip
        return self._group(node, control, label="Give a file")

    def drawing(self, node: DrawingInteraction) -> str:
        control = tag("input", None, type="file", name=self._name(node), accept="image/*", aria_label="Your drawing")
        return self._group(node, self._image(node.image) + control, label="Draw on the image, and give it as a file")

    def end_attempt(self, node: EndAttemptInteraction) -> str:
        return tag(
            "button", escaped(node.title), type="submit", name=self._name(node), value="true",
            class_="qti-end-attempt-interaction", disabled=not self.options.enabled,
        )  # fmt: skip

    def custom(self, node: Any) -> str:
        markup = node.markup.children if isinstance(node, PortableCustomInteraction) and node.markup is not None else []
        notice = tag("p", "This interaction needs a script that is not part of this page.", class_="qti-notice")
        return tag(
            "div", self.content.html(markup) + notice, class_=node.tag, data_qti_interaction="custom",
            data_qti_response=node.response_identifier,
            data_qti_type=getattr(node, "custom_interaction_type_identifier", None),
        )  # fmt: skip


_DRAW: Final[dict[type[Interaction], Callable[[Interactions, Any], str]]] = {
    ChoiceInteraction: Interactions.choice,
    HotspotInteraction: Interactions.hotspot,
    InlineChoiceInteraction: Interactions.inline_choice,
    HottextInteraction: Interactions.hottext,
    OrderInteraction: Interactions.order,
    GraphicOrderInteraction: Interactions.order,
    AssociateInteraction: Interactions.associate,
    GraphicAssociateInteraction: Interactions.associate,
    MatchInteraction: Interactions.match,
    GapMatchInteraction: Interactions.gap_match,
    GraphicGapMatchInteraction: Interactions.graphic_gap_match,
    TextEntryInteraction: Interactions.text_entry,
    ExtendedTextInteraction: Interactions.extended_text,
    SliderInteraction: Interactions.slider,
    SelectPointInteraction: Interactions.select_point,
    PositionObjectInteraction: Interactions.position_object,
    MediaInteraction: Interactions.media,
    UploadInteraction: Interactions.upload,
    DrawingInteraction: Interactions.drawing,
    EndAttemptInteraction: Interactions.end_attempt,
    CustomInteraction: Interactions.custom,
    PortableCustomInteraction: Interactions.custom,
}
