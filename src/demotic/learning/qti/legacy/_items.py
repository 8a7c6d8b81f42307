"""Items of QTI 1.2 as items of 3.0.

Specification: QTI ASI binding 1.2.1, section 3.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from demotic.learning.qti import model as m
from demotic.learning.qti.converting._loss import Loss, Losses
from demotic.learning.qti.converting._versions import valid_identifier
from demotic.learning.qti.legacy._content import Content, as_blocks, has_text, plain
from demotic.learning.qti.legacy._metadata import Metadata, metadata_of
from demotic.learning.qti.legacy._responses import Responses
from demotic.learning.qti.legacy._rules import NUMBER
from demotic.learning.qti.legacy._scoring import Scoring
from demotic.learning.qti.legacy._source import Source, attr, kids, lang_of_element, name_of, text_in
from demotic.learning.qti.legacy._values import NEAREST_VIEWS, VIEWS, choice_of
from demotic.learning.qti.model import Html, Item, Node, QtiDocument, Version, View
from demotic.xml import Element

__all__ = ["LegacyObject", "convert_item", "rubric", "views_of"]


@dataclass(slots=True)
class LegacyObject:
    """One object of a document of 1.2, converted.

    `name` is a file name for it, `metadata` what its source said of it by label, `placed` which of these labels the
    document says now, and where; `files` what stood inside the source and is now beside it, `links` the addresses that
    it refers to, as they were.
    """

    name: str
    document: QtiDocument
    source: str = ""
    losses: list[Loss] = field(default_factory=list)
    metadata: Metadata = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    placed: dict[str, str] = field(default_factory=dict)


def views_of(element: Element, losses: Losses) -> tuple[View, ...]:
    """Return who may see something."""
    stated = choice_of(attr(element, "view"), "all")
    if stated in NEAREST_VIEWS:
        losses.approximated("view", element, f"the view {stated!r} becomes {', '.join(VIEWS[stated])}")
    if stated not in VIEWS:
        losses.approximated("view", element, f"the view {stated!r} is taken as all")
    return VIEWS.get(stated, tuple(View))


def rubric(element: Element, content: Content, losses: Losses) -> m.RubricBlock | None:
    """Return a rubric, or an objective, as a rubric block."""
    items = as_blocks(content.material(element))
    if not items:
        return None
    views = views_of(element, losses)
    if name_of(element) == "objectives":
        losses.changed("objectives", element, "an objective becomes a rubric block")
    return m.RubricBlock(
        m.ContentBody(*items), view=views, use="instructions", line=element.line, column=element.column
    )


def convert_item(element: Element, source: Source, file: str = "") -> LegacyObject:
    """Return an item of 1.2 as one of 3.0."""
    losses = Losses(file)
    content = Content(source, losses)
    metadata = metadata_of(element)
    kind = " ".join(metadata.get("question_type", []) + metadata.get("itemtype", [])).lower()
    responses = Responses(content, losses, essay="essay" in kind, upload="file_upload" in kind)
    ident = attr(element, "ident") or ""
    title = attr(element, "title") or ident or "untitled"
    item = m.AssessmentItem(
        identifier=valid_identifier(ident or "item"),
        title=" ".join(title.split()) or "untitled",
        label=attr(element, "label"),
        lang=lang_of_element(element),
        time_dependent="yes" in [value.lower() for value in metadata.get("timedependence", [])],
        line=element.line,
        column=element.column,
    )
    if item.identifier != ident:
        losses.changed("identifier", element, f"the identifier {ident!r} becomes {item.identifier!r}")
    body: list[Item] = []
    for child in kids(element, "objectives", "rubric", "itemrubric"):
        block = rubric(child, content, losses)
        body += [] if block is None else [block]
    for presentation in kids(element, "presentation"):
        blocks = responses.body(presentation)
        language = lang_of_element(presentation)
        body += [Html("div", *blocks, lang=language)] if language and blocks else blocks
    stated = [value for label, values in metadata.items() if label.lower() in _MAXIMA for value in values]
    scoring = Scoring(responses.found, losses, next((float(v) for v in stated if NUMBER.fullmatch(v)), None))
    rules = scoring.convert(kids(element, "resprocessing"))
    feedback = list(_feedback(element, content, scoring, losses))
    for found in responses.found.values():
        item.children += found.declarations
    item.children += scoring.finish()
    item.children.append(m.ItemBody(*(body or [Html("p")]), line=element.line, column=element.column))
    if rules:
        item.children.append(m.ResponseProcessing(*rules))
    item.children += feedback
    placed = dict.fromkeys(_SAID_BY_INTERACTIONS & metadata.keys(), "the interactions") if responses.found else {}
    placed |= _maximum(item, metadata, losses, element)
    _rest(element, losses)
    document = QtiDocument(item, Version.V3_0, base=file or None)
    return LegacyObject(
        f"{item.identifier}.xml", document, ident, losses.found, metadata, content.files, content.links, placed
    )


_MAXIMA = ("maximumscore", "marks", "absolutescore_max")
_SAID_BY_INTERACTIONS = frozenset({"renderingtype", "responsetype"})


def _maximum(item: m.AssessmentItem, metadata: Metadata, losses: Losses, element: Element) -> dict[str, str]:
    """Let the score of an item say its maximum, where only metadata do; return the labels that are said then."""
    score = next((d for d in item.outcome_declarations if d.identifier == "SCORE"), None)
    placed = {}
    for label in [label for label in metadata if label.lower() in _MAXIMA] if score else ():
        most = float(metadata[label][0]) if NUMBER.fullmatch(metadata[label][0]) else -1.0
        if score is not None and score.normal_maximum is None and most >= 0:
            score.normal_maximum = most
            losses.changed("maximum", element, f"{label} {metadata[label][0]!r} becomes the maximum of SCORE")
        if score is not None and score.normal_maximum == most:
            placed[label] = "the maximum of SCORE"
    return placed


def _feedback(element: Element, content: Content, scoring: Scoring, losses: Losses) -> Iterable[Node]:
    shown: set[str] = set()
    for source in kids(element, "itemfeedback"):
        ident = attr(source, "ident") or ""
        name = scoring.feedback.get(ident)
        if name is None:
            name = scoring.feedback.setdefault(ident, valid_identifier(ident or "_"))
            losses.changed("unused-feedback", source, f"nothing shows the feedback {ident!r}")
        views = views_of(source, losses)
        if View.CANDIDATE not in views:
            losses.approximated(
                "view", source, f"the feedback {ident!r} is for {', '.join(views)}, and is shown to candidates"
            )
        items: list[Item] = []
        for child in kids(source):
            if name_of(child) in ("solution", "hint"):
                style = choice_of(attr(child, "feedbackstyle"), "complete")
                losses.approximated(
                    "feedback-style", child, f"a {name_of(child)} ({style}) becomes feedback that is shown at once"
                )
                for inner in kids(child):
                    items += content.material(inner) if name_of(inner) != "qticomment" else []
            else:
                items += content._one(child)
        shown.add(ident)
        blocks = as_blocks(items)
        title = attr(source, "title")
        body = [m.ContentBody(*blocks)] if has_text(blocks) else []
        yield m.ModalFeedback(
            *body,
            outcome_identifier=scoring.feedback_name,
            identifier=name,
            show_hide=m.ShowHide.SHOW,
            title=title,
            line=source.line,
            column=source.column,
        )
    for ident in scoring.feedback.keys() - shown:
        losses.changed("dangling-feedback", element, f"the feedback {ident!r} is shown, but there is none")


_HANDLED = frozenset({
    "itemmetadata", "qtimetadata", "objectives", "rubric", "itemrubric", "presentation", "resprocessing",
    "itemfeedback", "reference",
})  # fmt: skip
_BECOMES = {
    "qticomment": "becomes metadata",
    "duration": "becomes metadata; in a test, it limits the time of the reference",
}


def _rest(element: Element, losses: Losses) -> None:
    for child in kids(element):
        name, text = name_of(child), plain([text_in(child)])[:60]
        if name in _BECOMES:
            losses.changed(name, child, f"{child.name.local} {_BECOMES[name]}: {text!r}")
        elif name not in _HANDLED:
            place = "; in a test it belongs to the reference" if name == "itemcontrol" else ""
            losses.dropped(name, child, f"{child.name.local} is left out{place}: {text!r}")
