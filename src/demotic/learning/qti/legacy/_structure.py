"""Assessments and sections of QTI 1.2 as tests and sections of 3.0.

Specification: QTI ASI binding 1.2.1, sections 3.2 and 3.3; ASI selection and ordering 1.2; ASI outcomes processing 1.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from demotic.errors import DemoticError
from demotic.learning.qti import model as m
from demotic.learning.qti.converting._loss import Losses
from demotic.learning.qti.converting._versions import valid_identifier
from demotic.learning.qti.legacy._content import Content
from demotic.learning.qti.legacy._items import LegacyObject, rubric
from demotic.learning.qti.legacy._metadata import Metadata, metadata_of
from demotic.learning.qti.legacy._outcomes import Outcomes, Part
from demotic.learning.qti.legacy._rules import NUMBER, label_values
from demotic.learning.qti.legacy._selection import Group, Plan, Target, plan_of
from demotic.learning.qti.legacy._source import Source, attr, kids, lang_of_element, name_of, text_in
from demotic.learning.qti.legacy._values import choice_of, yes
from demotic.learning.qti.model import BaseType, Cardinality, Item, QtiDocument, Version
from demotic.syntax import xsd
from demotic.xml import Element

__all__ = ["convert_assessment", "convert_section"]

_LEFT_OUT: Final = frozenset({
    "assessproc_extension", "itemproc_extension", "sectionpostcondition", "sectionprecondition",
    "sectionproc_extension",
})  # fmt: skip
_SWITCHES: Final = {"feedbackswitch": "show_feedback", "solutionswitch": "show_solution"}
_PERMISSIONS: Final = {"feedbackpermitted": "show_feedback", "solutionspermitted": "show_solution"}
_POINTS: Final = ("weighting", "points_possible")


class _Structure:
    """Turns the structure of an assessment into that of a test; items stand in files of their own."""

    def __init__(
        self, source: Source, items: Mapping[int, LegacyObject], by_ident: Mapping[str, Element], losses: Losses
    ) -> None:
        self.source, self.items, self.by_ident, self.losses = source, items, by_ident, losses
        self.content = Content(source, losses)
        self.names: set[str] = set()
        self.open: list[Element] = []
        self.labels: dict[int, Metadata] = {}
        self.comments: list[str] = []  # of sections within
        self.banks = {attr(e, "ident") or "": e for e in source.root.walk() if name_of(e) == "objectbank"}

    def name(self, wanted: str) -> str:
        base = valid_identifier(wanted or "part").replace(".", "_")
        name, number = base, 1
        while name in self.names:
            number += 1
            name = f"{base}_{number}"
        self.names.add(name)
        return name

    def metadata(self, element: Element) -> Metadata:
        """Return the metadata of an item or a section."""
        converted = self.items.get(id(element))
        if converted is not None:
            return converted.metadata
        return self.labels.setdefault(id(element), metadata_of(element))

    def section(self, element: Element, *, alone: bool = False) -> tuple[m.AssessmentSection, Part]:
        """Return a section with all in it, and what scoring needs to know of it."""
        ident = attr(element, "ident") or ""
        made = m.AssessmentSection(
            identifier=self.name(ident or "section"), title=_title(element, "section"),
            visible=True, line=element.line, column=element.column,
        )  # fmt: skip
        made.children = [*self.controls(element, "sectioncontrol"), *self.limits(element)]
        part = self.fill(made, element, self.rubrics(element))
        for label, values in self.metadata(element).items() if not alone else ():
            if label == "qticomment":
                self.comments += values
                continue
            for value in filter(None, values):
                self.losses.dropped("metadata", element, f"{label} of the section {ident!r}: {value[:80]!r}")
        self.rest(element)
        return made, part

    def fill(self, made: m.AssessmentSection, element: Element, rubrics: Iterable[Item] = ()) -> Part:
        """Put into a section what the selections of an element present, in their order."""
        self.open.append(element)
        plan = plan_of(element, self.targets(element), self.metadata, self._of_banks(), self.losses)
        part = Part(made.identifier, element, labels=self.metadata(element))
        if len(plan.groups) == 1:
            self.group(made, plan.groups[0], plan, part, element, [n for n in (plan.ordering,) if n], rubrics)
        else:
            made.children += [*([plan.ordering] if plan.ordering else []), *rubrics]
            for group in plan.groups:
                inner = m.AssessmentSection(
                    identifier=self.name(f"{made.identifier}_selection"), title=made.title,
                    visible=False, keep_together=False,
                )  # fmt: skip
                self.group(inner, group, plan, part, element)
                made.children.append(inner)
        self.open.pop()
        return part

    def group(
        self, made: m.AssessmentSection, group: Group, plan: Plan, part: Part, element: Element,
        before: Iterable[Item] = (), rubrics: Iterable[Item] = (),
    ) -> None:  # fmt: skip
        """Put a group of members into a section, and how many of them are selected."""
        members: list[Item] = []
        for child, target in group.members:
            members += self.member(child, target, group.points, part)
        if group.number is not None:
            number = group.number
            if number > len(members) and not plan.repeats:
                self.losses.changed(
                    "selection", element, f"of {len(members)} members {number} were selected, now all are"
                )
                number = len(members)
            selection = m.Selection(select=number)
            if plan.repeats:
                selection.with_replacement = True
            made.children.append(selection)
            part.repeats |= plan.repeats
        made.children += [*before, *rubrics, *members]

    def _of_banks(self) -> dict[str, list[Target]]:
        return {ident: [(e, e) for e in kids(bank, "item", "section")] for ident, bank in self.banks.items()}

    def targets(self, element: Element) -> list[Target]:
        """Return the members of an element in their order, each with what it refers to."""
        found: list[Target] = []
        for child in kids(element, "item", "itemref", "section", "sectionref"):
            name = name_of(child)
            target = child if name in ("item", "section") else self.by_ident.get(attr(child, "linkrefid") or "")
            if target is None:
                self.losses.dropped(
                    "dangling-reference", child, f"there is no {attr(child, 'linkrefid')!r}, as {name} says"
                )
            elif name_of(target) == "assessment" or any(target is outer for outer in self.open):
                self.losses.dropped("circular-reference", child, f"{attr(child, 'linkrefid')!r} holds itself")
            else:
                found.append((child, target))
        return found

    def member(self, child: Element, target: Element, points: float | None, part: Part) -> list[Item]:
        """Return a reference to an item, or a section; note it as a part of what it stands in."""
        if any(target is outer for outer in self.open):
            self.losses.dropped("circular-reference", child, f"{attr(target, 'ident')!r} holds itself")
            return []
        if name_of(target) != "item":
            section, inner = self.section(target)
            part.parts.append(inner)
            return [section]
        made = self.reference(target, points)
        weight = next((w.value for w in made.weights), None)
        converted = self.items[id(target)]
        mapped = next((each.source_identifier for each in made.variable_mappings), None)
        part.parts.append(
            Part(made.identifier, target, converted.document.item, weight, converted.metadata, mapped=mapped)
        )
        return [made]

    def reference(self, element: Element, points: float | None = None) -> m.AssessmentItemRef:
        """Return a reference to an item, with what 1.2 says in the item itself; `points` is what it counts here."""
        converted = self.items[id(element)]
        made = m.AssessmentItemRef(
            identifier=self.name(converted.document.item.identifier),
            href=converted.name,
            line=element.line,
            column=element.column,
        )
        attempts = (attr(element, "maxattempts") or "").strip()
        control = self.controls(element, "itemcontrol") or [m.ItemSessionControl()]
        if attempts.isdecimal():
            control[0].attributes["max_attempts"] = int(attempts)
        converted.placed |= _permit(control[0], converted.metadata)
        limits = self.limits(element)
        if limits:
            converted.placed |= dict.fromkeys({"duration", "timelimit"} & converted.metadata.keys(), "a time limit")
        made.children = [*([control[0]] if control[0].attributes else []), *limits]
        made.children += self.mappings(converted, element)
        made.children += self.weights(converted) if points is None else [m.Weight(identifier="WEIGHT", value=points)]
        return made

    def mappings(self, converted: LegacyObject, element: Element) -> list[Item]:
        """Let the test know the score of an item that calls it otherwise, as those of Respondus do."""
        outcomes = {
            d.identifier: d for d in converted.document.item.outcome_declarations
            if d.base_type in (BaseType.INTEGER, BaseType.FLOAT) and d.cardinality is Cardinality.SINGLE
        }  # fmt: skip
        named = [name for name in outcomes if name.lower().endswith("score")] or list(outcomes)
        if "SCORE" in outcomes or len(named) != 1:
            return []
        self.losses.changed("score", element, f"{named[0]} is the SCORE of {converted.document.item.identifier!r}")
        return [m.VariableMapping(source_identifier=named[0], target_identifier="SCORE")]

    def weights(self, converted: LegacyObject) -> list[Item]:
        stated = [value for label in _POINTS for value in label_values(converted.metadata, label)]
        if not stated or not NUMBER.fullmatch(stated[0]):
            return []
        converted.placed |= dict.fromkeys(set(_POINTS) & converted.metadata.keys(), "the weight in the test")
        return [m.Weight(identifier="WEIGHT", value=float(stated[0]))]

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
            return self.stated_limit(element)
        seconds = _seconds(text)
        if seconds is None:
            self.losses.dropped("duration", element, f"the duration {text!r} is not understood")
            return []
        self.losses.changed("duration", element, f"the duration {text!r} becomes a time limit of {seconds:g} seconds")
        return [m.TimeLimits(max_time=seconds)]

    def stated_limit(self, element: Element) -> list[Item]:
        """Return the limit that metadata state, in minutes, as Common Cartridge and Canvas do."""
        text = next(iter(label_values(self.metadata(element), "timelimit")), "")
        if not NUMBER.fullmatch(text) or float(text) <= 0:
            return []
        self.losses.changed("duration", element, f"the timelimit {text!r} becomes a time limit in seconds")
        return [m.TimeLimits(max_time=float(text) * 60)]

    def rubrics(self, element: Element) -> list[Item]:
        made: list[Item] = []
        for child in kids(element, "objectives", "rubric", "presentation_material"):
            block = rubric(child, self.content, self.losses)
            made += [] if block is None else [block]
        return made

    def rest(self, element: Element) -> None:
        """Tell of what has no counterpart."""
        for child in kids(element):
            name = name_of(child)
            if name in _LEFT_OUT:
                self.losses.dropped(name, child, f"{child.name.local} is left out: {text_in(child).strip()[:60]!r}")
            elif name == "qticomment":
                self.losses.changed(name, child, f"a comment becomes metadata: {text_in(child).strip()[:60]!r}")


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


def _permit(control: m.ItemSessionControl, labels: Metadata) -> dict[str, str]:
    """Let a control say what metadata permit, where it says nothing yet; return the labels that it says."""
    placed: dict[str, str] = {}
    for label, name in _PERMISSIONS.items():
        stated = label_values(labels, label)
        if stated and stated[0].lower() in ("yes", "no"):
            control.attributes.setdefault(name, stated[0].lower() == "yes")
            placed |= dict.fromkeys([each for each in labels if each.lower() == label], "the session control")
    return placed


def convert_assessment(
    element: Element, source: Source, items: Mapping[int, LegacyObject], by_ident: Mapping[str, Element], file: str = ""
) -> LegacyObject:
    """Return an assessment as a test."""
    losses = Losses(file)
    structure = _Structure(source, items, by_ident, losses)
    labels = structure.metadata(element)
    test = m.AssessmentTest(
        identifier=valid_identifier(attr(element, "ident") or "test"), title=_title(element, "test"),
        lang=lang_of_element(element), line=element.line, column=element.column,
    )  # fmt: skip
    part = m.TestPart(
        identifier=structure.name("part"),
        navigation_mode=m.NavigationMode.NONLINEAR,
        submission_mode=m.SubmissionMode.INDIVIDUAL,
    )
    control = (structure.controls(element, "assessmentcontrol") or [m.ItemSessionControl()])[0]
    placed = _permit(control, labels)
    part.children += [control] if control.attributes else []
    sections, whole = _sections(element, structure, test)
    part.children += sections
    rubrics = structure.rubrics(element)
    if rubrics:
        first = sections[0]
        at = next((i for i, n in enumerate(first.children) if isinstance(n, m.SectionPart)), len(first.children))
        first.children[at:at] = rubrics
        losses.changed("rubric", element, "rubrics of the assessment stand in its first section")
    outcomes = Outcomes(structure.content, losses)
    outcomes.test(whole)
    limits = structure.limits(element)
    if limits:
        placed |= dict.fromkeys({"duration", "timelimit"} & labels.keys(), "the time limit")
    feedback = outcomes.shown()
    test.children = [*outcomes.declared.values(), *limits, part, m.OutcomeProcessing(*outcomes.rules), *feedback]
    structure.rest(element)
    return _object(test, element, file, structure, losses, placed)


def _sections(
    element: Element, structure: _Structure, test: m.AssessmentTest
) -> tuple[list[m.AssessmentSection], Part]:
    """Return the sections of an assessment, within one if there is a selection, or are items outside of sections."""
    loose = any(name_of(c) in ("item", "itemref") for c in kids(element))
    if loose:
        structure.losses.changed("loose-items", element, "items outside of sections are put into one")
    targets = [] if loose or any(True for _ in kids(element, "selection_ordering")) else structure.targets(element)
    if not targets:
        around = m.AssessmentSection(identifier=structure.name("all"), title=test.title, visible=False)
        whole = structure.fill(around, element)
        return [around], Part("", element, parts=whole.parts, repeats=whole.repeats)
    sections: list[m.AssessmentSection] = []
    whole = Part("", element)
    structure.open.append(element)
    for _, target in targets:
        section, inner = structure.section(target)
        sections.append(section)
        whole.parts.append(inner)
    structure.open.pop()
    return sections, whole


def convert_section(
    element: Element, source: Source, items: Mapping[int, LegacyObject], by_ident: Mapping[str, Element], file: str = ""
) -> LegacyObject:
    """Return a section that stands by itself as a section document."""
    losses = Losses(file)
    structure = _Structure(source, items, by_ident, losses)
    section, _ = structure.section(element, alone=True)
    for processing in kids(element, "outcomes_processing", "sectionfeedback"):
        losses.dropped("outcomes", processing, f"{processing.name.local} of a section outside of a test is left out")
    return _object(section, element, file, structure, losses, {})


def _object(
    root: m.AssessmentTest | m.AssessmentSection,
    element: Element,
    file: str,
    structure: _Structure,
    losses: Losses,
    placed: dict[str, str],
) -> LegacyObject:
    labels = structure.metadata(element)
    if structure.comments:
        labels["qticomment"] = [*labels.get("qticomment", []), *structure.comments]
    return LegacyObject(
        f"{root.identifier}.xml",
        QtiDocument(root, Version.V3_0, base=file or None),
        attr(element, "ident") or "",
        losses.found,
        labels,
        structure.content.files,
        structure.content.links,
        placed,
    )
