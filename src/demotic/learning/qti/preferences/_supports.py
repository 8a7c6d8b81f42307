"""Which alternative content of a catalog a candidate gets: cards by the features that are on, entries by language.

Specification: QTI 3.0 ASI information model, section 2.13 (catalogs); AfA PNP 3.0 for QTI 3.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from demotic.learning.qti.model import Card, CardEntry, Catalog, FileHref, HtmlContent, Node
from demotic.learning.qti.preferences._preferences import Preferences

__all__ = ["Support", "catalogs_of", "supports_for"]


class Support(NamedTuple):
    """One piece of alternative content: for which feature, whether it is on from the start, in which language."""

    feature: str
    at_start: bool
    lang: str | None
    content: HtmlContent | None
    files: tuple[FileHref, ...]


def catalogs_of(root: Node) -> dict[str, Catalog]:
    """Return the catalogs of a document by their identifiers; of several with one identifier the first."""
    found: dict[str, Catalog] = {}
    for catalog in root.find(Catalog):
        found.setdefault(catalog.id, catalog)
    return found


def supports_for(catalog: Catalog, preferences: Preferences, lang: str | None = None) -> list[Support]:
    """Return what of a catalog a candidate gets, in the order of its cards.

    `lang` is the language of the item, which is wanted where the feature itself does not name one. A card whose entries
    are all in other languages, and none the default, gives nothing.
    """
    active, offered = preferences.active, preferences.offered
    found = []
    for card in catalog.cards:
        if card.support not in active and card.support not in offered:
            continue
        named = preferences.languages(card.support)
        chosen = _chosen(card, named, lang)
        if chosen is not None:
            spoken = chosen.lang or card.lang
            at_start = card.support in active
            found.append(Support(card.support, at_start, spoken, chosen.html_content, tuple(chosen.files)))
    return found


def _chosen(card: Card, named: Sequence[str], lang: str | None) -> Card | CardEntry | None:
    entries = card.entries
    if not entries:
        return card if not named or card.lang is None or _best([card], named) is not None else None
    wanted = named or ([lang] if lang else [])
    default = next((entry for entry in entries if entry.default), None)
    found = _best(entries, wanted)
    if found is not None:
        return found
    if default is None and not named:
        return next((entry for entry in entries if entry.lang is None), None)
    return default


def _best(choices: Iterable[Card | CardEntry], wanted: Sequence[str]) -> Card | CardEntry | None:
    """Return the first choice in a wanted language: the very one first, then one of the same primary language."""
    choices = list(choices)
    for language in wanted:
        same = [each for each in choices if each.lang is not None and each.lang.lower() == language.lower()]
        near = [each for each in choices if each.lang is not None and _primary(each.lang) == _primary(language)]
        if same or near:
            return (same or near)[0]
    return None


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()
