"""The lenient reader: files that people really have, read as what they mean, every repair told.

A document that is well formed is read as such, and comes out the same. Only for one that is not, the markup is taken
apart here, tag by tag, and handed to the same builder; what comes out can be written, and is well formed then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from demotic.syntax.unicode import is_nc_name
from demotic.xml._errors import XmlSyntaxFault
from demotic.xml._names import QName, from_wire, to_wire
from demotic.xml.binding._binding import binding_of
from demotic.xml.lenient._doctypes import scan_doctype
from demotic.xml.lenient._names import declarations, good_name, known_name, wire_name
from demotic.xml.lenient._omitted import TEXT, way_to
from demotic.xml.lenient._references import expand
from demotic.xml.lenient._repairs import Repairs
from demotic.xml.lenient._tags import StartTag, scan_start_tag
from demotic.xml.reading._builder import Builder
from demotic.xml.reading._doctype import Doctype

__all__ = ["MarkupReader"]

_BLANKS: Final = " \t\r\n"
_OPEN: Final = re.compile(r"<([^\W\d][^\s<>/=&'\"!?]*)")
_CLOSE: Final = re.compile(r"</[ \t\n]*([^\s<>/]*)[^<>]*(>?)")
_DECLARATION: Final = re.compile(r"<\?xml[ \t\n][^<>]*\?>", re.IGNORECASE)
_GOOD_DECLARATION: Final = re.compile(
    r"<\?xml\s+version\s*=\s*([\"'])1\.[0-9]+\1(?:\s+encoding\s*=\s*([\"'])[A-Za-z][A-Za-z0-9._-]*\2)?"
    r"(?:\s+standalone\s*=\s*([\"'])(?:yes|no)\3)?\s*\?>"
)
_AFTER_ROOT: Final = re.compile(r"(?:[ \t\n]|<!--(?:(?!--).)*-->|<\?(?:(?!\?>).)*\?>)*", re.DOTALL)


class MarkupReader:
    """One run over one text."""

    def __init__(
        self, text: str, builder: Builder, repairs: Repairs, *, prefixes: Mapping[str, str], sgml: bool, most: int
    ) -> None:
        self._text = text
        self._builder = builder
        self._repairs = repairs
        self._prefixes = prefixes
        self._sgml = sgml
        self._most = most
        self._expanded = 0
        self._names: list[tuple[str, str]] = []
        self._entities: dict[str, str] = {}
        self._root_kept_open = False
        self._last_instruction = text.rfind("?>")

    def read(self) -> None:
        """Hand the whole text to the builder. Raises `XmlSyntaxFault` where there is no element at all."""
        text, position = self._text, 0
        while position < len(text):
            angle = text.find("<", position)
            end = len(text) if angle < 0 else angle
            if end > position:
                self._characters(text[position:end], position)
            position = end if angle < 0 else self._markup(end)
        self._repairs.move(len(text))
        for index in range(len(self._names) - 1, -1, -1):
            if index or not self._root_kept_open:
                self._repairs.add("missing-end-tag", f"{self._names[index][0]} is not closed")
            self._builder.end()
        self._names.clear()
        if self._builder.root is None:
            raise XmlSyntaxFault("no element found", text, 0, line=1, column=1)

    # --- text

    def _characters(self, text: str, position: int) -> None:
        self._repairs.move(position)
        if not self._names:
            if text.strip(_BLANKS + "\ufeff"):
                self._repairs.add("text-outside", "text before or after all elements is left out")
            return
        if "]]>" in text:
            self._repairs.add("stray-markup", "']]>' outside of a CDATA section")
        expanded = expand(text, self._entities, self._repairs, position)
        self._expanded += max(0, len(expanded) - len(text))
        if self._expanded > self._most:
            raise XmlSyntaxFault("entities expand too far", self._text, position, line=1, column=1)
        if self._sgml and expanded.strip(_BLANKS):
            self._make_room(TEXT)
        self._builder.chunks.append(expanded)

    # --- markup, which always begins with an angle bracket

    def _markup(self, start: int) -> int:
        """Read what begins here, and return where it ends."""
        text = self._text
        self._repairs.move(start)
        if text.startswith("<!--", start):
            return self._comment(start)
        if text.startswith("<![CDATA[", start):
            return self._cdata(start)
        if text.startswith("<?", start):
            return self._instruction(start)
        if text.startswith("</", start):
            return self._close(start)
        found = _OPEN.match(text, start)
        if found is not None:
            tag = scan_start_tag(text, found[1], found.end(), self._entities, self._repairs)
            self._open(tag)
            return tag.end
        if text[start : start + 9].upper() == "<!DOCTYPE":
            return self._doctype(start)
        self._repairs.add("stray-markup", "'<' that begins no tag")
        if self._names:
            self._builder.chunks.append("<")
        return start + 1

    def _until(self, mark: str, start: int, what: str) -> tuple[str, int]:
        end = self._text.find(mark, start)
        if end >= 0:
            return self._text[start:end], end + len(mark)
        self._repairs.add("unclosed-markup", f"{what} does not end")
        return self._text[start:], len(self._text)

    def _comment(self, start: int) -> int:
        content, end = self._until("-->", start + 4, "a comment")
        if "--" in content or content.endswith("-"):
            self._repairs.add("invalid-comment", "'--' in a comment")
            content = re.sub("-(?=-|$)", "- ", content)
        self._builder.comment(content)
        return end

    def _cdata(self, start: int) -> int:
        content, end = self._until("]]>", start + 9, "a CDATA section")
        if not self._names:
            self._repairs.add("text-outside", "a CDATA section before or after all elements is left out")
            return end
        if self._sgml:
            self._make_room(TEXT)
        self._builder.flush()
        self._builder.chunks.append(content)
        self._builder.end_cdata()
        return end

    def _instruction(self, start: int) -> int:
        found = _DECLARATION.match(self._text, start)
        if found is not None or self._text[start : start + 6].lower() in ("<?xml ", "<?xml?"):
            if start > 0:
                self._repairs.add("misplaced-declaration", "an XML declaration that is not at the start")
            elif found is None or not _GOOD_DECLARATION.fullmatch(found.group()):
                self._repairs.add("invalid-declaration", "an XML declaration that says something else than it may")
            if found is not None:
                return found.end()
        bracket = self._text.find(">", start)
        if start > self._last_instruction and bracket >= 0:
            self._repairs.add("unclosed-markup", "a processing instruction does not end")
            return bracket + 1
        content, end = self._until("?>", start + 2, "a processing instruction")
        target, _, data = content.partition(" ")
        if target.isascii() and is_nc_name(target) and target.lower() != "xml":
            self._builder.instruction(target, data.strip(_BLANKS))
        else:
            self._repairs.add("invalid-instruction", f"{target[:40]!r} is no target, and left out")
        return end

    def _doctype(self, start: int) -> int:
        found = scan_doctype(self._text, start, self._repairs)
        for name, literal in found.entities:
            value = expand(literal, self._entities, self._repairs)
            if len(value) <= self._most and "<" not in value:
                self._entities.setdefault(name, value)
        if any(isinstance(node, Doctype) for node in self._builder.before):
            self._repairs.add("stray-markup", "a second document type declaration is left out")
        elif self._builder.root is None and not self._names and found.doctype is not None:
            self._builder.before.append(found.doctype)
        return found.end

    # --- tags

    def _open(self, tag: StartTag) -> None:
        if not self._names and self._builder.root is not None:
            self._repairs.add("stray-markup", f"a second root {tag.name} is left out")
            return
        builder, repairs = self._builder, self._repairs
        declared = declarations(tag.attributes, repairs)
        scope = builder.scope
        written = good_name(tag.name, repairs)
        wire = wire_name(written, scope, declared, self._prefixes, repairs, attribute=False)
        binding = builder.binding
        if binding is not None:
            wire = known_name(wire, [to_wire(name) for name in binding.children], repairs, "element")
        elif not self._names and builder.wanted is not None:
            wire = known_name(wire, [to_wire(name) for name in binding_of(builder.wanted).names], repairs, "element")
        if self._sgml and self._names:
            self._make_room(from_wire(wire)[0])
        attributes: dict[str, str] = {}
        known = self._known_attributes(wire)
        for key, value in tag.attributes.items():
            own = wire_name(key, scope, declared, self._prefixes, repairs, attribute=True)
            own = known_name(own, known, repairs, "attribute") if known else own
            attributes.setdefault(own, value)
        for prefix, uri in declared.items():
            builder.declare(prefix, uri)
        builder.start(wire, attributes)
        self._names.append((tag.name, wire))
        inner = builder.binding
        void = self._sgml and inner is not None and not inner.content.elements and not inner.content.text
        if tag.empty or void:
            if not tag.empty:
                closing = _CLOSE.match(self._text, tag.end)
                if closing is None or closing[1] != tag.name:
                    repairs.add("empty-element", f"{tag.name} is always empty")
                else:
                    return
            self._end()

    def _known_attributes(self, wire: str) -> list[str]:
        step = self._builder.peek(wire)
        return (
            [] if step is None or step.binding is None else [field.wire for field in step.binding.attributes.values()]
        )

    def _make_room(self, name: QName) -> None:
        """Open or close elements until something fits."""
        builder = self._builder
        levels = len(self._names)
        for up in range(levels):
            way = way_to(builder.binding_at(up), name)
            if way is None:
                continue
            for _ in range(up):
                self._repairs.add("omitted-end-tag", f"{self._names[-1][0]} ends before {name.local}")
                self._end()
            for cls in way:
                opened = binding_of(cls).name
                self._repairs.add("omitted-start-tag", f"{opened.local} begins before {name.local}")
                builder.start(to_wire(opened), {})
                self._names.append((opened.local, to_wire(opened)))
            return

    def _close(self, start: int) -> int:
        found = _CLOSE.match(self._text, start)
        assert found is not None
        name = found[1]
        if not found[2]:
            self._repairs.add("unclosed-tag", f"the end tag of {name} does not end")
        index = self._index_of(name)
        if index is None:
            self._repairs.add("stray-end-tag", f"nothing called {name} is open")
            return found.end()
        if self._names[index][0] != name:
            self._repairs.add("wrong-case", f"the end tag {name} closes {self._names[index][0]}")
        for inner, _ in reversed(self._names[index + 1 :]):
            self._repairs.add("missing-end-tag", f"{inner} is not closed before {name}")
            self._end()
        if index == 0 and not self._only_space_from(found.end()):
            return found.end()
        self._end()
        return found.end()

    def _index_of(self, name: str) -> int | None:
        names = [own for own, _ in self._names]
        for wanted, own in ((name, names), (name.casefold(), [each.casefold() for each in names])):
            if wanted in own:
                return len(own) - 1 - own[::-1].index(wanted)
        return None

    def _only_space_from(self, position: int) -> bool:
        """Tell whether nothing but comments and space follows; else the root is kept open for it."""
        if self._root_kept_open:
            return False
        found = _AFTER_ROOT.match(self._text, position)
        if found is not None and found.end() == len(self._text):
            return True
        rest = self._text.find("<", position)
        if _OPEN.search(self._text, max(rest, position)) is None or rest < 0:
            return True
        self._root_kept_open = True
        self._repairs.add("content-after-root", "elements after the root are read as if they were in it")
        return False

    def _end(self) -> None:
        self._names.pop()
        self._builder.end()
