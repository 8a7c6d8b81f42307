"""Which domains are public, so that nobody may set cookies for all under them: the Public Suffix List.

The rules are those of publicsuffix.org: a rule is a domain, `*` in it stands for any label, and `!` before it says that
this domain, though it matches another rule, is not public. The rule with the most labels prevails, the exception among
equals; where none matches, `depth` labels are public.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from demotic.errors import SyntaxFault, Unsupported
from demotic.syntax.http.cookies._domains import split_domain
from demotic.syntax.uri import host_to_unicode

__all__ = ["ALL_PUBLIC", "SuffixList", "shipped_suffix_list"]

_RULE: Final = ""
# A domain has no more labels than this.
_EVERY_DEPTH: Final = 255

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuffixList:
    """Rules by their labels, and how many labels are public where no rule matches; one more rule makes another list.

    >>> SuffixList.parse("com\\nco.uk").registered_domain("www.example.co.uk")
    'example.co.uk'
    """

    rules: frozenset[tuple[Labels, bool]] = frozenset()
    depth: int = 1
    _tree: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for labels, is_public in self.rules:
            node = self._tree
            for label in reversed(labels):
                node = node.setdefault(label, {})
            node[_RULE] = is_public

    @classmethod
    def parse(cls, text: str, *, depth: int = 1) -> SuffixList:
        """Read a list in the official format: a rule at the beginning of each line, `//` before comments.

        Raises `SyntaxFault` for a rule that is no domain.
        """
        return cls(frozenset(_rules(text.splitlines())), depth)

    def with_public(self, *domains: str) -> SuffixList:
        """Return a list with more public domains; `*` may stand for a label. Raises `SyntaxFault`."""
        return self._with(domains, is_public=True)

    def with_private(self, *domains: str) -> SuffixList:
        """Return a list that trusts domains, whatever other rules say of them. Raises `SyntaxFault`."""
        return self._with(domains, is_public=False)

    def _with(self, domains: Iterable[str], *, is_public: bool) -> SuffixList:
        added = {split_domain(domain, wild=True): is_public for domain in domains}
        kept = ((labels, known) for labels, known in self.rules if labels not in added)
        return SuffixList(frozenset([*kept, *added.items()]), self.depth)

    def is_public(self, domain: str) -> bool:
        """Whether a domain is public. Raises `SyntaxFault` for what is no domain."""
        labels = split_domain(domain)
        return self._public_labels(labels) >= len(labels)

    def public_suffix(self, domain: str) -> str:
        """Return the public part of a domain. Raises `SyntaxFault` for what is no domain."""
        labels = split_domain(domain)
        return ".".join(labels[len(labels) - min(self._public_labels(labels), len(labels)) :])

    def registered_domain(self, domain: str | None, *, as_unicode: bool = False) -> str | None:
        """Return the public suffix and one more label, in ASCII unless asked otherwise.

        `None` for a domain that is public itself, for what is no domain, and for `None`.
        """
        try:
            labels = split_domain(domain or "")
        except SyntaxFault:
            return None
        size = self._public_labels(labels) + 1
        if size > len(labels):
            return None
        found = ".".join(labels[len(labels) - size :])
        return host_to_unicode(found) if as_unicode else found

    def _public_labels(self, labels: Labels) -> int:
        """Return how many labels from the right are public."""
        nodes, size, is_public = [self._tree], 0, True
        for count, label in enumerate(reversed(labels), 1):
            nodes = [node[key] for node in nodes for key in (label, "*") if key in node]
            kinds = {node[_RULE] for node in nodes if _RULE in node}
            if kinds:
                size, is_public = count, False not in kinds
            if not nodes:
                break
        if not size:
            return self.depth
        return size if is_public else size - 1


def _rules(lines: Iterable[str]) -> Iterator[tuple[Labels, bool]]:
    for line in lines:
        rule = line.split(maxsplit=1)[0] if line.strip() else ""
        if not rule or rule.startswith("//"):
            continue
        yield split_domain(rule.removeprefix("!"), wild=True), not rule.startswith("!")


ALL_PUBLIC: Final = SuffixList(depth=_EVERY_DEPTH)
"""Trusts nobody: every domain is public, until `with_private` says otherwise."""


@lru_cache(maxsize=1)
def shipped_suffix_list() -> SuffixList:
    """Return the Public Suffix List that comes with the extra `cookies`; update that package for a newer one.

    Raises `Unsupported` where it is not installed.
    """
    try:
        from importlib.resources import files

        text = (files("publicsuffixlist") / "public_suffix_list.dat").read_text("utf-8")
    except ModuleNotFoundError:
        raise Unsupported("there is no public suffix list here", hint="install demotic[cookies]") from None
    return SuffixList.parse(text)
