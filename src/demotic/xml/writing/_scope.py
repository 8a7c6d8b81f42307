"""Prefixes while a tree is written: which are in scope, which must be declared, and tags made of them, once each.

Prefixes are those in scope where the element was read, or given in its `namespaces`; what is missing is declared where
it is first needed.

Specification: Namespaces in XML 1.0 (third edition).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any, Final

from demotic.errors import InvalidInput
from demotic.syntax.unicode import is_nc_name
from demotic.xml._names import XML, XMLNS, QName, from_wire
from demotic.xml.tree._nodes import Branch, inner_scope
from demotic.xml.writing._escape import attribute_text

__all__ = ["PLAIN_ATTRIBUTES", "Scope", "ncname"]

# Names seen to be good; a program has few of them, and a document that makes them up must not fill the memory.
_GOOD_NAMES: Final[set[str]] = set()
_MOST_NAMES: Final = 4096
PLAIN_ATTRIBUTES: Final[dict[Any, str]] = {}
"""What comes before the value of an attribute without namespace; it is the same in every scope."""


class Scope:
    """The prefixes in scope, and the tags and attribute names written under them so far."""

    __slots__ = ("attributes", "declared", "prefixes", "source", "tags")

    def __init__(self, prefixes: dict[str, str], source: Mapping[str, str] | None, declared: dict[str, str]) -> None:
        self.prefixes = prefixes
        self.source = source
        self.declared = declared
        self.tags: dict[QName, tuple[str | None, str]] = {}
        self.attributes: dict[Any, str] = {}

    @classmethod
    def outermost(cls) -> Scope:
        """Return the scope around a document."""
        return cls({"": "", "xml": XML}, None, {})

    def enter(self, node: Branch) -> Scope:
        """Return the scope inside an element: this one, unless the element has further declarations."""
        outer = self.prefixes
        declared = {p: uri for p, uri in node.namespaces.items() if outer.get(p) != uri and p != "xml"}
        if not declared and self.source is not None:
            return self
        return Scope(inner_scope(outer, declared), node.namespaces, declared)

    def private(self, node: Branch) -> Scope:
        """Return a scope for an element that must declare something which its siblings do not share."""
        return Scope(dict(self.prefixes), node.namespaces, {})

    def tag(self, node: Branch, *, declare: bool) -> str:
        """Return the element's name with its prefix, or nothing if one must be declared and may not."""
        namespace, local = node._name
        prefix = (node._prefix or "") if namespace else ""
        if self.prefixes.get(prefix) != namespace:
            chosen = self._element_prefix(node, declare)
            if chosen is None:
                return ""
            prefix = chosen
        if local not in _GOOD_NAMES:
            ncname(local)
        tag = f"{prefix}:{local}" if prefix else local
        self.tags[node._name] = (node._prefix, tag)
        return tag

    def _element_prefix(self, node: Branch, declare: bool) -> str | None:
        scope, namespace = self.prefixes, node._name.namespace
        hint = (node._prefix or "") if namespace else ""
        if namespace:
            known = next((prefix for prefix, uri in scope.items() if uri == namespace), None)
            if known is not None:
                return known
            # A prefix that the element itself declares for something else may be in use by its content.
            if hint in node.namespaces:
                hint = self._fresh()
        if not declare:
            return None
        self._declare(hint, namespace)
        return hint

    def attribute(self, key: Any, *, declare: bool) -> str:
        """Return ` name="` for an attribute, given by its name or as the reader handed it on; nothing as for `tag`."""
        name, hint = (key, None) if isinstance(key, QName) else from_wire(key)
        local = name.local if name.local in _GOOD_NAMES else ncname(name.local)
        if not name.namespace:
            if local == "xmlns":
                raise InvalidInput("'xmlns' is no attribute", hint="namespaces are declared by Element.namespaces")
            written = f' {local}="'
            if len(PLAIN_ATTRIBUTES) < _MOST_NAMES:
                PLAIN_ATTRIBUTES[key] = written
        else:
            prefix = hint if hint and self.prefixes.get(hint) == name.namespace else None
            prefix = prefix or next((p for p, uri in self.prefixes.items() if uri == name.namespace and p), None)
            if prefix is None:
                if not declare:
                    return ""
                prefix = self._fresh()
                self._declare(prefix, name.namespace)
            written = f' {prefix}:{local}="'
        self.attributes[key] = written
        return written

    def _declare(self, prefix: str, uri: str) -> None:
        self.prefixes[prefix] = uri
        self.declared[prefix] = uri
        self.tags.clear()
        self.attributes.clear()

    def _fresh(self) -> str:
        return next(prefix for prefix in map("ns{}".format, count(1)) if prefix not in self.prefixes)

    def declarations(self, outer: Scope) -> str:
        """Return the declarations of what is new here."""
        known = outer.prefixes
        return "".join(_declaration(p, uri) for p, uri in self.declared.items() if known.get(p) != uri)


def _declaration(prefix: str, uri: str) -> str:
    # Namespaces 1.0 can only take back the default one (section 2.2), and keeps two names to itself (section 3).
    if (prefix and not uri) or prefix in ("xml", "xmlns") or uri in (XML, XMLNS):
        raise InvalidInput(f"prefix {prefix!r} cannot be declared for the namespace {uri!r}")
    name = f"xmlns:{ncname(prefix)}" if prefix else "xmlns"
    return f' {name}="{attribute_text(uri)}"'


def ncname(name: str) -> str:
    """Return the name. Raises `InvalidInput` for one that is none."""
    if name in _GOOD_NAMES:
        return name
    if not is_nc_name(name):
        raise InvalidInput(f"{name!r} cannot be the name of an element, attribute or prefix")
    if len(_GOOD_NAMES) < _MOST_NAMES:
        _GOOD_NAMES.add(name)
    return name
