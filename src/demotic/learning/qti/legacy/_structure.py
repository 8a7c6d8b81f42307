"""Assessments and sections of QTI 1.2 as tests and sections of 3.0.

Specification: QTI ASI binding 1.2.1, sections 3.2 and 3.3; ASI selection and ordering 1.2; ASI outcomes processing 1.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from demotic.errors import DemoticError
from demotic.learning.qti import model as m
from demotic.learning.qti.converting._loss import Losses
from demotic.learning.qti.converting._versions import valid_identifier
from demotic.learning.qti.legacy._content import Content
from demotic.learning.qti.legacy._items import LegacyObject, metadata_of, rubric
from demotic.learning.qti.legacy._source import Source, attr, kids, lang_of_element, name_of, text_in
from demotic.learning.qti.legacy._values import choice_of, yes
from demotic.learning.qti.model import BaseType, Cardinality, Item, QtiDocument, Version
from demotic.syntax import xsd
from demotic.xml import Element

__all__ = ["convert_assessment", "convert_section"]

_LEFT_OUT: Final = frozenset({
    "assessfeedback", "assessproc_extension", "itemproc_extension", "qticomment", "sectionfeedback",
    "sectionpostcondition", "sectionprecondition", "sectionproc_extension",
})  # fmt: skip
_SWITCHES: Final = {"feedbackswitch": "show_feedback", "solutionswitch": "show_solution"}


class _Structure:
    """Turns the structure of an assessment into that of a test; items stand in files of their own."""

    def __init__(
        self, source: Source, items: Mapping[int, LegacyObject], by_ident: Mapping[str, Element], losses: Losses
    ) -> None:
        self.source, self.items, self.by_ident, self.losses = source, items, by_ident, losses
        self.content = Content(source, losses)
        self.names: set[str] = set()
        self.open: list[Element] = []

    def name(self, wanted: str) -> str:
        base = valid_identifier(wanted or "part").replace(".", "_")
        name, number = base, 1
        while name in self.names:
            number += 1
            name = f"{base}_{number}"
        self.names.add(name)
        return name

    def section(self, element: Element) -> m.AssessmentSection:
        """Return a section with all in it."""
        ident = attr(element, "ident") or ""
        made = m.AssessmentSection(
            identifier=self.name(ident or "section"), title=_title(element, "section"),
            visible=True, line=element.line, column=element.column,
        )  # fmt: skip
        self.open.append(element)
        children: list[Item] = [*self.controls(element, "sectioncontrol"), *self.limits(element)]
        selection, ordering = self.selection(element)
        children += [node for node in (selection, ordering) if node is not None]
        children += self.rubrics(element)
        members = self.members(element)
        if selection is not None and selection.select > len(members) and not selection.with_replacement:
            self.losses.changed(
                "selection", element, f"of {len(members)} members {selection.select} were selected, now all are"
            )
            selection.select = len(members)
        made.children = [*children, *members]
        self.rest(element)
        self.open.pop()
        return made

    def members(self, element: Element) -> list[Item]:
        """Return references and sections in their order."""
        members: list[Item] = []
        for child in kids(element, "item", "itemref", "section", "sectionref"):
            name = name_of(child)
            target = child if name in ("item", "section") else self.by_ident.get(attr(child, "linkrefid") or "")
            if target is None:
                self.losses.dropped(
                    "dangling-reference", child, f"there is no {attr(child, 'linkrefid')!r}, as {name} says"
                )
            elif any(target is outer for outer in self.open):
                self.losses.dropped("circular-reference", child, f"{attr(child, 'linkrefid')!r} holds itself")
            elif name_of(target) == "item":
                members.append(self.reference(target))
            else:
                members.append(self.section(target))
        return members

    def reference(self, element: Element) -> m.AssessmentItemRef:
        """Return a reference to an item, with what 1.2 says in the item itself."""
        converted = self.items[id(element)]
        made = m.AssessmentItemRef(
            identifier=self.name(converted.document.item.identifier),
            href=converted.name,
            line=element.line,
            column=element.column,
        )
        attempts = (attr(element, "maxattempts") or "").strip()
        control = self.controls(element, "itemcontrol")
        if attempts.isdecimal():
            control = control or [m.ItemSessionControl()]
            control[0].attributes["max_attempts"] = int(attempts)
        made.children = [*control, *self.limits(element), *self.weights(converted)]
        return made

    def weights(self, converted: LegacyObject) -> list[Item]:
        values = converted.metadata.get("weighting", []) or converted.metadata.get("points_possible", [])
        try:
            return [m.Weight(identifier="WEIGHT", value=float(values[0]))] if values else []
        except ValueError:
            return []

    def controls(self, element: Element, name: str) -> list[m.ItemSessionControl]:
        made = m.ItemSessionControl()
        for control in kids(element, name):
            for switch, field in _SWITCHES.items():
                stated = attr(control, switch)
                if stated is not None:
                    made.attributes[field] = yes(stated, True)
            if attr(control, "hintswitch") is not None:
                self.losses.dropped("hints", control, "whether hints are shown is left out")
            if choice_of(attr(control, "view"), "all") not in ("all", "candidate"):
                self.losses.dropped("view", control, f"the view {attr(control, 'view')!r} of a control is left out")
        return [made] if made.attributes else []

    def limits(self, element: Element) -> list[Item]:
        text = next((text_in(e).strip() for e in kids(element, "duration")), "")
        if not text:
            return []
        seconds = _seconds(text)
        if seconds is None:
            self.losses.dropped("duration", element, f"the duration {text!r} is not understood")
            return []
        self.losses.changed("duration", element, f"the duration {text!r} becomes a time limit of {seconds:g} seconds")
        return [m.TimeLimits(max_time=seconds)]

    def rubrics(self, element: Element) -> list[Item]:
        made: list[Item] = []
        for child in kids(element, "objectives", "rubric", "presentation_material"):
            block = rubric(child, self.content, self.losses)
            made += [] if block is None else [block]
        return made

    def selection(self, element: Element) -> tuple[m.Selection | None, m.Ordering | None]:
        selection, ordering = None, None
        for rules in kids(element, "selection_ordering"):
            for rule in kids(rules, "selection"):
                number = next((text_in(e).strip() for e in kids(rule, "selection_number")), "")
                if number.isdecimal():
                    selection = m.Selection(select=int(number))
                for other in kids(rule):
                    if name_of(other) not in ("selection_number",):
                        text = text_in(other).strip()[:60]
                        self.losses.dropped("selection", other, f"{other.name.local} is left out: {text!r}")
            for rule in kids(rules, "order"):
                ordering = m.Ordering(shuffle=choice_of(attr(rule, "order_type"), "sequential").startswith("random"))
            sequence = choice_of(attr(rules, "sequence_type"), "normal")
            if sequence.startswith("random") and ordering is None:
                ordering = m.Ordering(shuffle=True)
            if sequence in ("repeat", "randomrepeat") and selection is not None:
                selection.with_replacement = True
        return selection, ordering

    def rest(self, element: Element) -> None:
        """Tell of what has no counterpart."""
        for child in kids(element):
            name = name_of(child)
            if name in _LEFT_OUT:
                self.losses.dropped(name, child, f"{child.name.local} is left out: {text_in(child).strip()[:60]!r}")


def _title(element: Element, default: str) -> str:
    return " ".join((attr(element, "title") or attr(element, "ident") or default).split()) or default


def _seconds(text: str) -> float | None:
    """Return a duration of ISO 8601, or a plain number of seconds."""
    if text.replace(".", "", 1).isdecimal():
        return float(text)
    try:
        duration = xsd.duration.parse(text)
    except DemoticError:
        return None
    # A month is taken as thirty days: no test takes so long that it matters.
    return float(duration.seconds) + duration.months * 30 * 86400


def convert_assessment(
    element: Element, source: Source, items: Mapping[int, LegacyObject], by_ident: Mapping[str, Element], file: str = ""
) -> LegacyObject:
    """Return an assessment as a test."""
    losses = Losses(file)
    structure = _Structure(source, items, by_ident, losses)
    ident = attr(element, "ident") or ""
    test = m.AssessmentTest(
        identifier=valid_identifier(ident or "test"), title=_title(element, "test"),
        lang=lang_of_element(element), line=element.line, column=element.column,
    )  # fmt: skip
    part = m.TestPart(
        identifier=structure.name("part"),
        navigation_mode=m.NavigationMode.NONLINEAR,
        submission_mode=m.SubmissionMode.INDIVIDUAL,
    )
    part.children += structure.controls(element, "assessmentcontrol")
    loose = (
        [child for child in structure.members(element) if isinstance(child, m.AssessmentItemRef)]
        if any(name_of(c) in ("item", "itemref") for c in kids(element))
        else []
    )
    if loose:
        structure.names -= {ref.identifier for ref in loose}
        losses.changed("loose-items", element, "items outside of sections are put into one")
    selection, ordering = structure.selection(element)
    sections: list[Item] = []
    structure.open.append(element)
    for child in kids(element, "section", "sectionref"):
        target = child if name_of(child) == "section" else by_ident.get(attr(child, "linkrefid") or "")
        if target is None or name_of(target) != "section":
            losses.dropped("dangling-reference", child, f"there is no section {attr(child, 'linkrefid')!r}")
        else:
            sections.append(structure.section(target))
    if loose or selection is not None or ordering is not None or not sections:
        refs = [structure.reference(e) for e in kids(element, "item")] if loose else []
        around = m.AssessmentSection(identifier=structure.name("all"), title=test.title, visible=False)
        around.children = [*(n for n in (selection, ordering) if n is not None), *sections, *refs]
        sections = [around]
    part.children += sections
    rubrics = structure.rubrics(element)
    first = next((s for s in part.children if isinstance(s, m.AssessmentSection)), None)
    if rubrics and first is not None:
        at = next((i for i, n in enumerate(first.children) if isinstance(n, m.SectionPart)), len(first.children))
        first.children[at:at] = rubrics
        losses.changed("rubric", element, "rubrics of the assessment stand in its first section")
    test.children = [*_outcomes(element, items, losses), *structure.limits(element), part]
    if any(isinstance(n, m.OutcomeDeclaration) for n in test.children):
        total = m.Sum(m.TestVariables(variable_identifier="SCORE", weight_identifier=_weight(part)))
        test.children.append(m.OutcomeProcessing(m.SetOutcomeValue(total, identifier="SCORE")))
    structure.rest(element)
    document = QtiDocument(test, Version.V3_0, base=file or None)
    content = structure.content
    return LegacyObject(
        f"{test.identifier}.xml", document, ident, losses.found, metadata_of(element), content.files, content.links
    )


def _weight(part: m.TestPart) -> str | None:
    return "WEIGHT" if any(True for _ in part.find(m.Weight)) else None


def _outcomes(element: Element, items: Mapping[int, LegacyObject], losses: Losses) -> list[Item]:
    stated = list(kids(element, "outcomes_processing"))
    for processing in stated:
        model = choice_of(attr(processing, "scoremodel"), "sumofscores")
        if not model.startswith("sumofscores"):
            losses.approximated("outcomes", processing, f"the score model {model!r} becomes the sum of scores")
    return [
        m.OutcomeDeclaration(
            m.DefaultValue(m.Value("0")), identifier="SCORE", cardinality=Cardinality.SINGLE, base_type=BaseType.FLOAT
        )
    ]


def convert_section(
    element: Element, source: Source, items: Mapping[int, LegacyObject], by_ident: Mapping[str, Element], file: str = ""
) -> LegacyObject:
    """Return a section that stands by itself as a section document."""
    losses = Losses(file)
    structure = _Structure(source, items, by_ident, losses)
    section = structure.section(element)
    document = QtiDocument(section, Version.V3_0, base=file or None)
    content = structure.content
    return LegacyObject(
        f"{section.identifier}.xml",
        document,
        attr(element, "ident") or "",
        losses.found,
        metadata_of(element),
        content.files,
        content.links,
    )
