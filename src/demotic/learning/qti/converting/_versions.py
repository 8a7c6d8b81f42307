"""From one version of QTI to another: the same model, cut to what the target has.

The model is that of 3.0 already, so most of it is names. What is left are a few things that are said otherwise, and
what the target does not have: it is left out or replaced by what comes nearest, and told.

Specifications: QTI 3.0 best practice guide, "Migrating from 2.x"; the schemas of the versions.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from demotic.errors import Unsupported
from demotic.learning.qti import model as m
from demotic.learning.qti.converting._loss import Conversion, Losses
from demotic.learning.qti.converting._profile import INSTEAD, keeps_attribute
from demotic.learning.qti.model import (
    HTML,
    SCHEMAS,
    Foreign,
    Html,
    Item,
    Node,
    QtiDocument,
    Version,
    namespace_of,
    template_name,
)
from demotic.learning.qti.model._node import REQUIRED
from demotic.learning.qti.model._version import MATHML, SSML, XSI_NS
from demotic.xml import QName

__all__ = ["TARGETS", "convert", "valid_identifier"]

TARGETS: Final = (Version.V2_1, Version.V2_2, Version.V3_0)
"""The versions that can be written."""

_SCHEMA_LOCATION: Final = QName(XSI_NS, "schemaLocation")
_TEMPLATES: Final = {
    Version.V2_1: "http://www.imsglobal.org/question/qti_v2p1/rptemplates/{}",
    Version.V2_2: "http://www.imsglobal.org/question/qti_v2p2/rptemplates/{}",
    Version.V3_0: "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{}.xml",
}
_ONLY_3_0: Final = ("CC2_match", "CC2_match_basic", "CC2_map_response")
_PCI: Final = "http://www.imsglobal.org/xsd/portableCustomInteraction"
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_GRAPHIC: Final = (m.GraphicInteraction, m.PositionObjectInteraction, m.PositionObjectStage, m.GapImg)
_INLINE_IN_2: Final = (m.Prompt, m.InlineChoice, m.GapText, m.Hottext)
_IMAGE_TYPES: Final = {"gif": "image/gif", "jpg": "image/jpeg", "jpeg": "image/jpeg", "svg": "image/svg+xml"}
_KEPT_VOCABULARIES: Final = {MATHML, SSML}


def convert(document: QtiDocument, version: Version, *, file: str = "") -> Conversion:
    """Return a document in another version, and all that is not as it was.

    The document given stays as it is. Raises `Unsupported` for a version that is not written (1.2 and 2.0).
    """
    if version not in TARGETS:
        raise Unsupported(f"writing QTI {version}", hint=f"choose one of {', '.join(map(str, TARGETS))}")
    losses = Losses(file or document.base or "")
    root = copy.deepcopy(document.root)
    pass_over = _Converter(document.version, version, losses)
    root = pass_over.run(root)
    _locate_schema(root, version)
    for problem in document.problems:
        losses.changed("odd-source", problem, problem.message)
    result = QtiDocument(
        root, version, base=document.base, namespaces=_prefixes(document), before=document.before, after=document.after
    )
    return Conversion(result, losses.found)


def _prefixes(document: QtiDocument) -> dict[str, str]:
    gone = set(m.NAMESPACES) | {m.HTML5_22}
    return {prefix: uri for prefix, uri in document.namespaces.items() if uri not in gone and prefix != "xml"}


def _locate_schema(root: Node, version: Version) -> None:
    located = any(name.namespace == XSI_NS for name in root.extra)
    root.extra = {name: value for name, value in root.extra.items() if name.namespace != XSI_NS}
    if located or isinstance(root, m.Titled):
        root.extra[_SCHEMA_LOCATION] = f"{namespace_of(version)} {SCHEMAS[version]}"


class _Converter:
    """Takes a tree from one version to another, in place, from the root outwards in."""

    def __init__(self, source: Version, target: Version, losses: Losses) -> None:
        self.source, self.target, self.losses = source, target, losses

    def run(self, root: Node) -> Node:
        """Convert a tree."""
        stack = [root]
        self._attributes(root)
        while stack:
            node = stack.pop()
            children: list[Item] = []
            for child in node.children:
                children += self._child(node, child) if isinstance(child, Node) else [child]
            node.children = children
            self._children(node)
            stack.extend([child for child in node.children if isinstance(child, Node)])
        return root

    def _child(self, parent: Node, node: Node) -> list[Item]:
        """Return what stands for a child, its attributes cut to fit."""
        special = _SPECIAL.get(type(node))
        result: Iterable[Item] = [node] if special is None else special(self, parent, node)
        kept: list[Item] = []
        for item in result:
            if isinstance(item, Node):
                if not item.since <= self.target <= item.until and not isinstance(item, m.ContentBody):
                    kept += self._missing(item)
                    continue
                self._attributes(item)
            kept.append(item)
        return kept

    def _missing(self, node: Node) -> list[Item]:
        """Leave out an element that the target does not have."""
        name = node.name_in(self.source)
        if isinstance(node, m.CatalogInfo | m.CompanionMaterialsInfo | m.ContextDeclaration | m.AdaptiveSelection):
            self.losses.dropped("element", node, f"{name} is left out, which QTI {self.target} does not have")
            return []
        self.losses.dropped(
            "element", node, f"{name} is left out, which QTI {self.target} does not have; its text stays"
        )
        return [child for child in node.children if isinstance(child, str) and isinstance(node, m.BodyElement)]

    def _attributes(self, node: Node) -> None:
        target, table = self.target, node.attribute_table
        for name in list(node.attributes):
            field = table[name]
            value = node.attributes[name]
            if field.exists_in(target):
                continue
            del node.attributes[name]
            implied = (field.older[target],) if target in field.older else (field.default, field.older.get(self.source))
            if value not in implied:
                shown = field.wire_in(self.source)
                self.losses.dropped(
                    "attribute",
                    node,
                    f"{shown}={field.type.format(value)!r} of {node.name_in(self.source)} is left out",
                )
        for field in table.values():
            if field.name not in node.attributes and field.exists_in(target):
                held, wanted = field.default_in(self.source), field.default_in(target)
                if wanted is REQUIRED and field.default not in (None, REQUIRED):
                    node.attributes[field.name] = field.default
                elif held is not REQUIRED and wanted is not REQUIRED and held != wanted and held is not None:
                    node.attributes[field.name] = held
        if isinstance(node, m.Titled):
            self._identifier(node)
        if isinstance(node, m.RubricBlock) and self.target is Version.V3_0 and not node.attributes.get("use"):
            node.attributes["use"] = "instructions"
            self.losses.changed("rubric-use", node, "use is instructions, which 3.0 wants to be said")
        if node.extra:
            self._extra(node)

    def _identifier(self, node: Node) -> None:
        """Make an identifier one that 3.0 allows; 2.x takes any text."""
        name = node.attributes.get("identifier")
        if name is not None and self.target is Version.V3_0 and not _IDENTIFIER.fullmatch(name):
            node.attributes["identifier"] = valid_identifier(name)
            self.losses.changed(
                "identifier", node, f"the identifier {name!r} becomes {node.attributes['identifier']!r}"
            )

    def _extra(self, node: Node) -> None:
        for name in list(node.extra):
            if isinstance(node, Foreign) or name.namespace == XSI_NS:
                continue
            keep = not name.namespace and (
                keeps_attribute(node.name, name.local, self.target)
                if isinstance(node, Html)
                else self._keeps(node, name.local)
            )
            if not keep:
                value = node.extra.pop(name)
                lowered = name.local.lower()
                if lowered != name.local and lowered.startswith("aria-") and self.target >= Version.V2_2:
                    node.extra[QName("", lowered)] = value
                    self.losses.changed("attribute", node, f"{name.local} is written {lowered}")
                    continue
                self.losses.dropped(
                    "attribute", node, f"{name.local}={value!r} of {node.name_in(self.source)} is left out"
                )

    def _keeps(self, node: Node, local: str) -> bool:
        if local.startswith("data-"):
            return self.target is Version.V3_0 and isinstance(node, m.BodyElement)
        return (
            local.startswith("aria-")
            and local.islower()
            and self.target >= Version.V2_2
            and isinstance(node, m.BodyElement)
        )

    def _children(self, node: Node) -> None:
        """What is said of children together."""
        if isinstance(node, m.ContentHolder) and self.target < Version.V3_0:
            body = node.body
            if body is not None and (body.attributes or body.extra):
                wrapped = Html("div", *body.children, line=body.line, column=body.column)
                wrapped.attributes, wrapped.extra = dict(body.attributes), dict(body.extra)
                body.children, body.attributes, body.extra = [wrapped], {}, {}
        if self.target < Version.V3_0:
            if isinstance(node, m.GraphicGapMatchInteraction) and self.target is Version.V2_1:
                for text in [child for child in node.children if isinstance(child, m.GapText)]:
                    self.losses.approximated(
                        "gap-text", text, "a gap text among images stays, though 2.1 takes images alone"
                    )
            if isinstance(node, _GRAPHIC):
                node.children = [self._as_object(child) for child in node.children]
            elif isinstance(node, m.GapText) and self.target is Version.V2_1:
                node.children = self._text_only(node)
            elif isinstance(node, _INLINE_IN_2):
                node.children = self._inline(node.children)
        if not isinstance(node, m.BodyElement | m.ContentHolder) and node.content == "structure":
            stray = [child for child in node.children if isinstance(child, str) and child.strip()]
            if stray:
                self.losses.dropped(
                    "text", node, f"text in {node.name_in(self.source)} is left out: {stray[0].strip()[:60]!r}"
                )
                node.children = [child for child in node.children if not isinstance(child, str)]

    def _as_object(self, child: Item) -> Item:
        """An `object` for an image, where 2.x wants one."""
        if not isinstance(child, Html) or child.name != "img":
            return child
        source = child.get("src") or ""
        kind = _IMAGE_TYPES.get(source.rpartition(".")[2].lower(), "image/png")
        extra = {"data": source, "type": kind}
        extra |= {name: value for name in ("width", "height") if (value := child.get(name)) is not None}
        self.losses.changed("html", child, f"the img {source!r} becomes an object")
        result = Html("object", child.get("alt") or "", html=extra, line=child.line, column=child.column)
        result.attributes = dict(child.attributes)
        return result

    def _text_only(self, node: Node) -> list[Item]:
        """Return text and printed variables, which is all that 2.1 has in a gap text."""
        result: list[Item] = []
        for child in node.children:
            if isinstance(child, Node) and not isinstance(child, m.PrintedVariable):
                self.losses.approximated("html", child, f"{child.name_in(self.source)} in a gap text becomes its text")
                alt = [image.get("alt") or "" for image in child.find(Html) if image.name == "img"]
                result.append(
                    "".join(
                        [piece for inner in child.walk() for piece in inner.children if isinstance(piece, str)] + alt
                    )
                )
            else:
                result.append(child)
        return result

    def _inline(self, children: list[Item]) -> list[Item]:
        """Return content without blocks, which 2.x does not have here: each begins a line of its own."""
        result: list[Item] = []
        for child in children:
            if isinstance(child, Html) and child.is_block:
                self.losses.approximated("html", child, f"the content of {child.name} stands without it")
                if any(not isinstance(c, str) or c.strip() for c in result):
                    result.append(Html("br"))
                result += self._inline([c for c in child.children if not isinstance(c, str) or c.strip()])
            else:
                result.append(child)
        return result

    # What is special about single elements.

    def html(self, parent: Node, node: Any) -> Iterable[Item]:
        """Replace HTML that the target does not have."""
        since = HTML.get(node.name, Version.V2_0)
        if since <= self.target and node.name in HTML:
            return [node]
        instead = INSTEAD.get(node.name)
        if node.name == "picture":
            images = [child for child in node.children if isinstance(child, Html) and child.name == "img"]
            self.losses.approximated("html", node, "picture is replaced by its img")
            return [kept for image in images[:1] for kept in self.html(parent, image)]
        if node.name in ("audio", "video"):
            return self._media(node)
        if instead is None:
            self.losses.dropped("html", node, f"{node.name} is left out, which QTI {self.target} does not have")
            return (
                [child for child in node.children if isinstance(child, str)]
                if node.name not in ("template", "source", "track")
                else []
            )
        self.losses.approximated("html", node, f"{node.name} becomes {instead}, as QTI {self.target} does not have it")
        replaced = Html(instead, *node.children, line=node.line, column=node.column)
        replaced.attributes, replaced.extra = dict(node.attributes), dict(node.extra)
        classes = replaced.attributes.get("class_") or ()
        replaced.attributes["class_"] = (*classes, node.name)
        return [replaced]

    def _media(self, node: Html) -> list[Item]:
        """An `object` for a media element, as 2.1 has it."""
        sources = [child for child in node.children if isinstance(child, Html) and child.name == "source"]
        data = node.get("src") or next((s.get("src") for s in sources if s.get("src")), None) or ""
        kind = next((s.get("type") for s in sources if s.get("type")), None) or f"{node.name}/*"
        extra = {"data": data, "type": kind}
        extra |= {name: value for name in ("width", "height") if (value := node.get(name)) is not None}
        self.losses.approximated("html", node, f"{node.name} becomes an object for {data!r}")
        return [Html("object", html=extra, line=node.line, column=node.column)]

    def foreign(self, parent: Node, node: Any) -> Iterable[Item]:
        """Keep MathML and what may stand anywhere; other vocabularies have no place in 3.0."""
        inside = isinstance(
            parent, Foreign | m.CustomInteraction | m.CustomOperator | m.InteractionMarkup | m.Selection | m.Ordering
        )
        if node.name.namespace in _KEPT_VOCABULARIES or inside:
            return [node]
        self.losses.dropped("vocabulary", node, f"{node.name} is left out, which is no element of QTI {self.target}")
        return []

    def info_control(self, parent: Node, node: Any) -> Iterable[Item]:
        """`details` of HTML for `infoControl`."""
        if self.target < Version.V3_0:
            return [node]
        self.losses.approximated("info-control", node, "infoControl becomes details")
        summary = Html("summary", node.attributes.get("title", ""))
        result = Html("details", summary, *node.children, line=node.line, column=node.column)
        result.attributes = {k: v for k, v in node.attributes.items() if k in m.BodyElement.attribute_table}
        return [result]

    def response_processing(self, parent: Node, node: Any) -> Iterable[Item]:
        """Name the template as the target does."""
        address = node.attributes.get("template")
        name = template_name(address) if address else ""
        if name in _ONLY_3_0 and self.target < Version.V3_0:
            self.losses.approximated("template", node, f"the template {name} is of 3.0 alone, and stays as it is")
        elif name:
            node.attributes["template"] = _TEMPLATES[self.target].format(name)
        return [node]

    def custom(self, parent: Node, node: Any) -> Iterable[Item]:
        """A portable custom interaction of 2.x is one of its own in 3.0."""
        inner = next(
            (c for c in node.children if isinstance(c, Foreign) and c.name.local == "portableCustomInteraction"), None
        )
        if inner is None or self.target < Version.V3_0:
            return [node]
        return [self._portable(node, inner)]

    def _portable(self, node: Any, inner: Foreign) -> Node:
        result = m.PortableCustomInteraction(line=node.line, column=node.column)
        result.attributes = dict(node.attributes)
        identifier = inner.get("customInteractionTypeIdentifier") or inner.get("hook") or ""
        result.attributes["custom_interaction_type_identifier"] = identifier
        properties = next((c for c in inner.children if isinstance(c, Foreign) and c.name.local == "properties"), None)
        for entry in () if properties is None else properties.elements:
            key = entry.get("key") if isinstance(entry, Foreign) else None
            if key:
                result.extra[QName("", f"data-{_kebab(key)}")] = entry.text.strip()
        markup = next((c for c in inner.children if isinstance(c, Foreign) and c.name.local == "markup"), None)
        result.children = [m.InteractionMarkup(*([] if markup is None else _as_html(markup.children)))]
        self.losses.approximated(
            "portable",
            node,
            "a portable custom interaction of 2.x: module and properties were carried over, scripts were not",
        )
        return result

    def portable(self, parent: Node, node: Any) -> Iterable[Item]:
        """A portable custom interaction of 3.0 is a custom one in 2.x."""
        if self.target is Version.V3_0:
            return [node]
        inner = Foreign(QName(_PCI, "portableCustomInteraction"), prefix="pci", line=node.line, column=node.column)
        inner.extra[QName("", "customInteractionTypeIdentifier")] = node.attributes.get(
            "custom_interaction_type_identifier", ""
        )
        inner.extra[QName("", "hook")] = node.attributes.get("module") or node.attributes.get("response_identifier", "")
        entries = [
            Foreign(QName(_PCI, "entry"), value, prefix="pci", extra={QName("", "key"): name.local[5:]})
            for name, value in node.extra.items() if name.local.startswith("data-")
        ]  # fmt: skip
        if entries:
            inner.children.append(Foreign(QName(_PCI, "properties"), *entries, prefix="pci"))
        if node.markup is not None:
            inner.children.append(Foreign(QName(_PCI, "markup"), *node.markup.children, prefix="pci"))
        result = m.CustomInteraction(
            inner, response_identifier=node.attributes.get("response_identifier"), line=node.line, column=node.column
        )
        self.losses.approximated(
            "portable", node, "a portable custom interaction becomes a custom interaction; its modules are left out"
        )
        return [result]

    def stimulus_ref(self, parent: Node, node: Any) -> Iterable[Item]:
        """2.1 has no stimuli."""
        if self.target >= Version.V2_2:
            return [node]
        self.losses.dropped(
            "stimulus", node, f"the reference to the stimulus {node.attributes.get('href')!r} is left out"
        )
        return []


def valid_identifier(name: str, *, prefix: str = "_", colon: str = "-") -> str:
    """Return a name as an identifier: what it may not have becomes `_`, a colon `-`, and it begins with a letter."""
    made = "".join(c if c.isalnum() or c in "_-." else colon if c == ":" else "_" for c in name)
    return made if made and (made[0].isalpha() or made[0] == "_") else f"{prefix}{made}"


def _kebab(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


def _as_html(children: list[Item]) -> list[Item]:
    """Return content in the namespace of another vocabulary as HTML, where it is such."""
    result: list[Item] = []
    for child in children:
        if isinstance(child, Foreign) and child.name.local in HTML:
            element = Html(child.name.local, *_as_html(child.children), line=child.line, column=child.column)
            element.extra = dict(child.extra)
            result.append(element)
        else:
            result.append(child)
    return result


_Special = Callable[[_Converter, Node, Any], Iterable[Item]]
_SPECIAL: Final[dict[type[Node], _Special]] = {
    Html: _Converter.html,
    Foreign: _Converter.foreign,
    m.InfoControl: _Converter.info_control,
    m.ResponseProcessing: _Converter.response_processing,
    m.CustomInteraction: _Converter.custom,
    m.PortableCustomInteraction: _Converter.portable,
    m.AssessmentStimulusRef: _Converter.stimulus_ref,
}
