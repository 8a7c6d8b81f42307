"""Which attributes of an element stay, and with what values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from demotic.syntax.unicode import XML_CHAR
from demotic.xml import XML, Element, QName
from demotic.xml.html._names import MATHML, SVG, XHTML, XLINK
from demotic.xml.html.safe._policy import Elements, Policy, words
from demotic.xml.html.safe._report import Report
from demotic.xml.html.safe._styles import checked_declarations
from demotic.xml.html.safe._urls import Refused, checked_data_image, checked_source_set, checked_url

__all__ = ["AttributeFilter", "clean_text"]

_PREFIXES: Final = {"": "", XML: "xml:", XLINK: "xlink:"}
_NO_CHARACTER: Final = re.compile(str(~XML_CHAR))
_FAMILY_MEMBER: Final = re.compile("[a-z0-9][a-z0-9._-]*")

_LINKS: Final = frozenset({"action", "cite", "formaction", "href", "longdesc", "manifest", "profile", "xlink:href"})
_EMBEDDED: Final = frozenset({"background", "classid", "codebase", "data", "dynsrc", "icon", "lowsrc", "poster", "src"})
_REFERENCES: Final = words(
    """aria-activedescendant aria-controls aria-describedby aria-details aria-errormessage aria-flowto aria-labelledby
    aria-owns commandfor for form headers itemref list popovertarget"""
)
_TARGETS: Final = frozenset({"_blank", "_self"})
# In SVG, attributes are CSS: they can load what they name, and an escape can hide the name.
_LOCAL_PAINT: Final = re.compile(r"""\s*url\(\s*(['"]?)#([\w.-]+)\1\s*\)(\s+[\w#]+)?\s*""")
_LOADING: Final = re.compile(r"\\|url|image|src|@|script|:", re.IGNORECASE)


def clean_text(text: str) -> str:
    """Return a text without the characters that neither XML nor HTML can hold."""
    return _NO_CHARACTER.sub("\ufffd", text) if _NO_CHARACTER.search(text) else text


class AttributeFilter:
    """The attribute rules of a policy."""

    def __init__(self, policy: Policy, base: str | None, report: Report) -> None:
        self._policy = policy
        self._base = base
        self._report = report
        self._elements: Mapping[str, Elements] = {XHTML: policy.elements, SVG: policy.svg, MATHML: policy.mathml}
        self._values: dict[str, Callable[[str], str]] = {
            "class": self._classes,
            "id": self._id,
            "name": self._id,
            "usemap": self._fragment,
            "srcset": self._source_set,
            "target": self._target,
            **dict.fromkeys(_LINKS, self._link),
            **dict.fromkeys(_EMBEDDED, self._embedded),
            **dict.fromkeys(_REFERENCES, self._references),
        }

    def filtered(self, element: Element) -> dict[QName, str]:
        """Return the attributes that may stay, in the order that they had."""
        kept: dict[QName, str] = {}
        for name, value in element.attributes.items():
            key = f"{_PREFIXES[name.namespace]}{name.local}" if name.namespace in _PREFIXES else str(name)
            if key == "style" and self._policy.styles:
                found = self._style(value, element)
            else:
                found = self._filtered(key, value, element)
            if found is not None:
                kept[name] = clean_text(found)
        return self._with_rel(kept)

    def _filtered(self, key: str, value: str, element: Element) -> str | None:
        try:
            if not self._is_allowed(key, element.name):
                raise Refused("the attribute is not allowed here")
            if element.name.namespace == SVG and key not in _LINKS:
                value = self._paint(value)
            return self._values.get(key, str)(value)
        except Refused as refused:
            self._report.add("attribute", key, value, str(refused), element)
            return None

    def _is_allowed(self, key: str, name: QName) -> bool:
        own = self._elements[name.namespace].get(name.local, ())
        if key in self._policy.attributes or key in own or (key == "rel" and self._policy.link_rel and "href" in own):
            return True
        family = next((family for family in self._policy.families if key.startswith(family)), "")
        return bool(family and _FAMILY_MEMBER.fullmatch(key[len(family) :]))

    def _style(self, value: str, element: Element) -> str | None:
        kept, refused = checked_declarations(value, self._policy.styles)
        for declaration, reason in refused:
            self._report.add("style", "style", declaration, reason, element)
        return kept or None

    def _with_rel(self, kept: dict[QName, str]) -> dict[QName, str]:
        if self._policy.link_rel and QName("", "href") in kept:
            words = kept.get(QName("", "rel"), "").lower().split()
            kept[QName("", "rel")] = " ".join(dict.fromkeys((*words, *self._policy.link_rel)))
        return kept

    # What becomes of values, one method for each kind. Each raises `Refused` if nothing may.

    def _link(self, value: str) -> str:
        if value.strip().startswith("#"):
            return self._fragment(value)
        return checked_url(value, self._policy.schemes, relative=self._policy.relative_urls, base=self._base)

    def _embedded(self, value: str) -> str:
        image = checked_data_image(value) if self._policy.data_images else None
        schemes = self._policy.embedded_schemes
        return image or checked_url(value, schemes, relative=self._policy.relative_urls, base=self._base)

    def _source_set(self, value: str) -> str:
        schemes = self._policy.embedded_schemes
        return checked_source_set(value, schemes, relative=self._policy.relative_urls, base=self._base)

    def _fragment(self, value: str) -> str:
        value = value.strip()
        if not value.startswith("#"):
            raise Refused("a reference to another document")
        return f"#{self._prefixed(value[1:], self._policy.id_prefix)}" if len(value) > 1 else value

    def _id(self, value: str) -> str:
        if not value.strip():
            raise Refused("an empty name")
        return self._prefixed(value.strip(), self._policy.id_prefix)

    def _references(self, value: str) -> str:
        return " ".join(self._prefixed(word, self._policy.id_prefix) for word in value.split())

    def _classes(self, value: str) -> str:
        allowed = self._policy.classes
        words = [word for word in value.split() if allowed is None or word in allowed or self._is_prefixed(word)]
        if not words:
            raise Refused("no class of it is allowed")
        return " ".join(self._prefixed(word, self._policy.class_prefix) for word in words)

    def _is_prefixed(self, word: str) -> bool:
        prefix, allowed = self._policy.class_prefix, self._policy.classes
        return bool(prefix) and word.startswith(prefix) and word[len(prefix) :] in (allowed or ())

    def _prefixed(self, word: str, prefix: str) -> str:
        # A second time changes nothing, so content can pass through here as often as it likes.
        return word if word.startswith(prefix) else f"{prefix}{word}"

    def _target(self, value: str) -> str:
        if value.lower() not in _TARGETS:
            raise Refused("the name of another window or frame")
        return value.lower()

    def _paint(self, value: str) -> str:
        found = _LOCAL_PAINT.fullmatch(value)
        if found:
            return f"url(#{self._prefixed(found[2], self._policy.id_prefix)}){found[3] or ''}"
        if _LOADING.search(value):
            raise Refused("what could load something else")
        return value
