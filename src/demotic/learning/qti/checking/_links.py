"""What documents say of other files: that they are there, that they are what is wanted, that items have the variables.

Only a short summary of each document is kept, so that banks of any size are checked in little memory.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from demotic.learning.findings import Finding
from demotic.learning.qti import model as m
from demotic.learning.qti.checking._file_base import HTML_LINKS, file_of_base, has_file_base
from demotic.learning.qti.checking._rules import RULES
from demotic.learning.qti.model import Node, QtiDocument, walk

__all__ = ["Link", "Links", "Summary", "link_findings", "local_path", "summarize", "unmet_file_bases"]

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_WANTED: Final[dict[type[Node], tuple[type[Node], str]]] = {
    m.AssessmentItemRef: (m.AssessmentItem, "an item"),
    m.AssessmentSectionRef: (m.AssessmentSection, "a section"),
    m.AssessmentStimulusRef: (m.AssessmentStimulus, "a stimulus"),
}
_BUILT_IN: Final = frozenset({"numAttempts", "duration", "completionStatus", "completion_status"})


class Link(NamedTuple):
    """A reference to a file, and where it stands."""

    href: str
    line: int
    column: int
    element: str
    wanted: type[Node] | None = None
    wanted_words: str = ""
    identifier: str = ""


class _Use(NamedTuple):
    """A use of an item's variable in a test."""

    item: str
    variable: str
    line: int
    column: int


@dataclass(slots=True)
class Summary:
    """What is kept of a document."""

    path: str
    root: type[Node]
    identifier: str = ""
    title: str = ""
    links: list[Link] = field(default_factory=list)
    variables: frozenset[str] = frozenset()
    uses: list[_Use] = field(default_factory=list)
    mapped: dict[str, set[str]] = field(default_factory=dict)


def summarize(document: QtiDocument, path: str) -> Summary:
    """Return what is kept of a document."""
    root = document.root
    attributes = root.attributes
    summary = Summary(path, type(root), str(attributes.get("identifier", "")), str(attributes.get("title", "")))
    if isinstance(root, m.AssessmentItem):
        summary.variables = frozenset(d.attributes.get("identifier", "") for d in root.declarations)
    is_test = isinstance(root, m.AssessmentTest | m.AssessmentSection)
    for node in walk(root):
        link = _link_of(node, document)
        if link is not None:
            summary.links.append(link)
        if is_test:
            _use(node, summary)
    return summary


def _link_of(node: Node, document: QtiDocument) -> Link | None:
    href: str | None = None
    match node:
        case (
            m.AssessmentItemRef() | m.AssessmentSectionRef() | m.AssessmentStimulusRef() | m.Stylesheet() | m.Include()
        ):
            href = node.attributes.get("href")
        case m.ResponseProcessing():
            href = node.attributes.get("template_location")
        case m.FileHref() | m.ResourceIcon():
            href = node.text.strip()
        case m.Html():
            name = HTML_LINKS.get(node.name)
            href = node.get(name) if name else None
    if not href or href.startswith(("#", "data:", "mailto:", "javascript:")):
        return None
    wanted, words = _WANTED.get(type(node), (None, ""))
    identifier = node.attributes.get("identifier", "")
    return Link(href, node.line, node.column, node.name_in(document.version), wanted, words, identifier)


def _use(node: Any, summary: Summary) -> None:
    match node:
        case m.Variable():
            item, _, variable = node.attributes.get("identifier", "").rpartition(".")
            if item:
                summary.uses.append(_Use(item, variable, node.line, node.column))
        case m.AssessmentItemRef():
            mapped = {v.attributes.get("target_identifier", "") for v in node.variable_mappings}
            summary.mapped[node.attributes.get("identifier", "")] = mapped


def local_path(href: str, base: str) -> str | None:
    """Return the path that an address stands for, seen from the file at `base`; nothing for one on another machine.

    A path that leads out of the whole begins with `..`.
    """
    if _SCHEME.match(href):
        return None
    path = unquote(re.split("[?#]", href, maxsplit=1)[0]).replace("\\", "/")
    return posixpath.normpath(
        posixpath.join(posixpath.dirname(base), path.lstrip("/") if path.startswith("/") else path)
    )


class Links(NamedTuple):
    """What references may lead to: documents, files, and the files of each document's resource in a package.

    In a bounded whole they must not lead out of it.
    """

    documents: Mapping[str, Summary]
    exists: Callable[[str], bool]
    listed: Mapping[str, frozenset[str]]
    bounded: bool = True


def link_findings(summaries: Mapping[str, Summary], links: Links) -> Iterator[Finding]:
    """Yield what is wrong with the references of documents."""
    for summary in summaries.values():
        for link in summary.links:
            yield from _link(summary, link, links)
        for use in summary.uses:
            yield from _variable(summary, use, links.documents)


def _meant(link: Link, base: str, exists: Callable[[str], bool]) -> str | None:
    if has_file_base(link.href):
        return file_of_base(link.href, base, exists) or link.href
    return local_path(link.href, base)


def unmet_file_bases(summary: Summary, exists: Callable[[str], bool]) -> Iterator[Finding]:
    """Yield the addresses with the mark of a cartridge's files that no file is for."""
    for link in summary.links:
        if has_file_base(link.href) and file_of_base(link.href, summary.path, exists) is None:
            yield RULES["missing-file"].at(
                link, file=summary.path, target=link.href, name=link.href, element=link.element
            )


def _link(summary: Summary, link: Link, links: Links) -> Iterator[Finding]:
    words: dict[str, Any] = {"file": summary.path, "target": link.href, "name": link.href, "element": link.element}
    path = _meant(link, summary.path, links.exists)
    if path is None:
        if link.element != "a":
            yield RULES["remote-file"].at(link, **words)
    elif links.bounded and path.startswith(".."):
        yield RULES["outside-file"].at(link, **words)
    elif not links.exists(path):
        yield RULES["missing-file"].at(link, **words)
    elif path == summary.path and link.wanted is not None:
        yield RULES["circular-file"].at(link, **words)
    elif link.wanted is not None:
        target = links.documents.get(path)
        if target is None or not issubclass(target.root, link.wanted):
            found = "no QTI" if target is None else target.root.tag
            yield RULES["wrong-target"].at(link, **words, found=found, wanted=link.wanted_words)
    elif summary.path in links.listed and path not in links.listed[summary.path]:
        yield RULES["not-in-resource"].at(link, **words, resource=summary.identifier)


def _variable(summary: Summary, use: _Use, summaries: Mapping[str, Summary]) -> Iterator[Finding]:
    link = next(
        (link for link in summary.links if link.identifier == use.item and link.wanted is m.AssessmentItem), None
    )
    path = None if link is None else local_path(link.href, summary.path)
    target = summaries.get(path or "")
    if target is None or not issubclass(target.root, m.AssessmentItem):
        return
    known = target.variables | _BUILT_IN | summary.mapped.get(use.item, set())
    if use.variable not in known:
        yield RULES["unknown-item-variable"].at(
            use, file=summary.path, target=use.variable, item=use.item, name=use.variable,
            known=f"it has {', '.join(sorted(target.variables)) or 'none'}",
        )  # fmt: skip
