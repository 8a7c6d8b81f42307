"""What a candidate's needs and preferences change in the page: alternative content, and how it looks.

The cards of a catalog that the candidate gets stand behind the block that refers to the catalog, each in a `details`
that is open if the feature is on from the start; `aria-details` leads there. Nothing of a card that was not chosen is
in the page, nor of what the block hides.

Specification: QTI 3.0 ASI information model, section 2.13 (catalogs); AfA PNP 3.0 for QTI 3.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from demotic.learning.qti.model import BodyElement, Choice, Html, Node
from demotic.learning.qti.preferences import Need, Preferences, Support, catalogs_of, supports_for
from demotic.learning.qti.rendering._text import escaped, tag
from demotic.learning.qti.runtime import ItemProgram, ItemState, hidden_choices
from demotic.xml.html.safe import LEARNING

__all__ = ["Supports", "look_of"]

_TITLES: Final = {
    "additional-directions": "Additional directions", "audio-description": "Audio description", "braille": "Braille",
    "glossary-on-screen": "Glossary", "high-contrast": "High contrast", "keyboard-directions": "Keyboard directions",
    "keyword-translation": "Translation", "linguistic-guidance": "Language help",
    "long-description": "Long description", "sign-language": "Sign language",
    "simplified-language-portions": "In simpler words", "simplified-graphics": "Simpler picture", "spoken": "Spoken",
    "tactile": "Tactile", "transcript": "Transcript",
}  # fmt: skip
_NO_NAME: Final = re.compile(r"[^\w -]")
_LOOKS: Final = (
    "high-contrast", "keyword-emphasis", "layout-single-column", "line-reader", "text-appearance",
)  # fmt: skip


class Supports:
    """The alternative content of one item for one candidate."""

    def __init__(self, program: ItemProgram, state: ItemState, preferences: Preferences | None, prefix: str) -> None:
        self._prefix = prefix
        self._preferences = preferences or Preferences()
        self._lang = program.item.lang
        self._catalogs = catalogs_of(program.item) if preferences is not None else {}
        self._hidden = hidden_choices(program, state) if self._catalogs else frozenset()
        self._told: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._catalogs)

    def details(self, node: BodyElement) -> str | None:
        """Return the ids of what stands behind a block for an element in it."""
        return " ".join(each for each, _ in self._of(node)) or None  # the policy gives these ids its prefix

    def behind(self, block: Any, is_hidden: Callable[[Node], bool], html: Callable[[Any], str]) -> str:
        """Return the alternative content for a block and all in it that is shown, each once."""
        drawn = []
        for node in self._shown(block, is_hidden):
            for name, support in self._of(node):
                if name not in self._told:
                    self._told.add(name)
                    drawn.append(_drawn(name, support, html))
        return "".join(drawn)

    def _of(self, node: BodyElement) -> Iterator[tuple[str, Support]]:
        for name in (node.catalog_idref or "").split():
            catalog = self._catalogs.get(name)
            if catalog is not None:
                for number, support in enumerate(supports_for(catalog, self._preferences, self._lang), 1):
                    yield f"{self._prefix}{name}-{number}", support

    def _shown(self, block: Any, is_hidden: Callable[[Node], bool]) -> Iterator[BodyElement]:
        stack = [block] if isinstance(block, Node) else []
        while stack:
            node = stack.pop()
            if is_hidden(node) or (isinstance(node, Choice) and node.identifier in self._hidden):
                continue
            if isinstance(node, BodyElement):
                yield node
            stack += reversed(node.elements)


def _drawn(name: str, support: Support, html: Callable[[Any], str]) -> str:
    title = escaped(_TITLES.get(support.feature, support.feature.rpartition(":")[2].replace("-", " ").capitalize()))
    content = "" if support.content is None else html(support.content.children)
    for file in support.files:
        content += _file(file.text.strip(), file.attributes.get("mime_type") or "", title, html)
    css = re.sub(r"[^\w-]", "-", support.feature)
    return tag(
        "details",
        tag("summary", title) + content,
        id=f"{LEARNING.id_prefix}{name}",
        class_=f"qti-support qti-support-{css}",
        lang=support.lang,
        open=support.at_start,
    )


def _file(address: str, mime_type: str, title: str, html: Callable[[Any], str]) -> str:
    """Return a file as the content of the item would show it: a picture, a sound, a film, or a link."""
    kind = mime_type.partition("/")[0]
    if kind == "image":
        return html([Html("img", html={"src": address, "alt": title})])
    return html([Html("object", title, html={"data": address, "type": mime_type})])


def look_of(preferences: Preferences | None) -> tuple[str, str | None]:
    """Return the classes and the style of an item's element."""
    if preferences is None:
        return "", None
    active = preferences.active
    css = "".join(f" qti-pnp-{each}" for each in _LOOKS if each in active)
    styles: dict[str, str] = {}
    for feature, style in _STYLES.items():
        need = preferences.need(feature)
        if need is not None and feature in active:
            styles |= style(need)
    return css, "; ".join(f"{name}: {value}" for name, value in styles.items()) or None


def _appearance(need: Need) -> dict[str, str]:
    given = need.settings
    styles = {name: given[key] for key, name in _COLORS.items() if key in given}
    styles |= {name: f"{given[key]:g}{unit}" for key, (name, unit) in _SIZES.items() if key in given}
    faces = [f"'{_NO_NAME.sub('', each)}'" for each in given.get("font-name", ())]
    if "generic-font-face" in given:
        faces.append(_FACES[given["generic-font-face"]])
    if faces:
        styles["font-family"] = ", ".join(faces)
    return styles


def _polarity(need: Need) -> dict[str, str]:
    settings = {"foreground": "#ffffff", "background": "#000000", **need.settings}
    return {"color": settings["foreground"], "background-color": settings["background"]}


def _magnified(need: Need) -> dict[str, str]:
    settings = need.settings
    styles = {"zoom": f"{settings['all-content']:g}"} if "all-content" in settings else {}
    return styles | ({"font-size": f"{settings['text']:g}em"} if "text" in settings else {})


_COLORS: Final = {"background-color": "background-color", "font-color": "color"}
_SIZES: Final = {
    "font-size": ("font-size", "px"), "line-height": ("line-height", ""), "letter-spacing": ("letter-spacing", "em"),
    "word-spacing": ("word-spacing", "em"),
}  # fmt: skip
_FACES: Final = {
    "serif": "serif", "sans serif": "sans-serif", "monospaced": "monospace", "cursive": "cursive", "fantasy": "fantasy",
}  # fmt: skip
_STYLES: Final[dict[str, Callable[[Need], dict[str, str]]]] = {
    "invert-display-polarity": _polarity, "text-appearance": _appearance, "magnification": _magnified,
}  # fmt: skip
