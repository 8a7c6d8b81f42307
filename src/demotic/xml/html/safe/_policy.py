"""What foreign content may hold, as data: a list of what is allowed, and nothing else is.

Some things no policy can allow, since nobody can tell what they do: scripts, what loads other documents, elements whose
content parsers read in a way of their own, event handlers. A policy that names one is refused when it is made.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from demotic.errors import InvalidInput

__all__ = ["NEVER", "Policy", "words"]


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


NEVER: Final[Mapping[str, frozenset[str]]] = {
    "html": words(
        """applet base body embed fencedframe frame frameset head html iframe image isindex keygen link listing meta
        noembed noframes noscript object option optgroup param plaintext portal script select selectedcontent slot style
        template textarea title xmp"""
    ),
    "svg": words(
        """animate animateColor animateMotion animateTransform desc discard foreignObject handler iframe listener
        metadata script set style title"""
    ),
    "mathml": frozenset({"annotation", "annotation-xml", "maction", "malignmark", "mglyph"}),
}
"""The elements that no policy can allow, by vocabulary."""

_NEVER_ATTRIBUTES: Final = re.compile("on.*|xmlns(:.*)?|srcdoc|style|is|http-equiv|attributename|begin|ping")
_NEVER_SCHEMES: Final = frozenset(
    {"about", "blob", "data", "filesystem", "javascript", "jar", "vbscript", "view-source"}
)
_NEVER_STYLES: Final = re.compile("--.*|behaviou?r|-moz-binding|position|z-index|content|all")

_ELEMENT: Final = re.compile("[A-Za-z][A-Za-z0-9-]*")
_ATTRIBUTE: Final = re.compile("((xml|xlink):)?[A-Za-z][A-Za-z0-9._-]*")
_SCHEME: Final = re.compile("[a-z][a-z0-9+.-]*")
_PROPERTY: Final = re.compile("[a-z-]+")
_PREFIX: Final = re.compile("([A-Za-z][A-Za-z0-9_-]*)?")
_FAMILY: Final = re.compile("(aria|data)-([a-z0-9-]+-)?")
_WORD: Final = re.compile(r"[^\s]+")

Elements = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may stay. Raises `InvalidInput` for what no policy can allow.

    `elements`, `svg` and `mathml` map element names to the attributes allowed on them, `attributes` are allowed on all,
    and so are those whose names begin with one of `families` ("aria-", or "data-" and more). `styles` are the CSS
    properties allowed in `style` attributes.

    `schemes` are those of links, `embedded_schemes` those of what is loaded with the content (images, media); relative
    URLs and embedded images (`data:`) are switches. `classes` are the class names allowed, `None` for any.
    `class_prefix` is put before class names and `id_prefix` before ids, names and all that refers to them, so that
    content cannot take the page's own. Links get the `link_rel` words.
    """

    elements: Elements
    attributes: Collection[str] = frozenset()
    families: tuple[str, ...] = ()
    svg: Elements = field(default_factory=dict)
    mathml: Elements = field(default_factory=dict)
    styles: Collection[str] = frozenset()
    schemes: Collection[str] = frozenset({"http", "https", "mailto"})
    embedded_schemes: Collection[str] = frozenset({"http", "https"})
    relative_urls: bool = True
    data_images: bool = False
    classes: Collection[str] | None = None
    class_prefix: str = ""
    id_prefix: str = ""
    link_rel: tuple[str, ...] = ("nofollow", "noopener", "noreferrer")
    comments: bool = False

    def __post_init__(self) -> None:
        for vocabulary, elements in (("html", self.elements), ("svg", self.svg), ("mathml", self.mathml)):
            _check("element", elements, _ELEMENT, NEVER[vocabulary])
            for attributes in elements.values():
                _check("attribute", attributes, _ATTRIBUTE, _NEVER_ATTRIBUTES)
        _check("attribute", self.attributes, _ATTRIBUTE, _NEVER_ATTRIBUTES)
        _check("family of attributes", self.families, _FAMILY, frozenset())
        _check("CSS property", self.styles, _PROPERTY, _NEVER_STYLES)
        _check("scheme", self.schemes, _SCHEME, _NEVER_SCHEMES)
        _check("scheme", self.embedded_schemes, _SCHEME, _NEVER_SCHEMES)
        _check("prefix", (self.class_prefix, self.id_prefix), _PREFIX, frozenset())
        _check("class", self.classes or (), _WORD, frozenset())
        _check("word of rel", self.link_rel, re.compile("[a-z-]+"), frozenset())


def _check(kind: str, names: Iterable[str], form: re.Pattern[str], never: Collection[str] | re.Pattern[str]) -> None:
    if isinstance(names, str):
        raise InvalidInput(f"{names!r} is one name, not a list of names of {kind}s", target=names)
    for name in names:
        if not isinstance(name, str) or not form.fullmatch(name):
            raise InvalidInput(f"{name!r} cannot be the name of a {kind}", target=str(name))
        refused = never.fullmatch(name.lower()) if isinstance(never, re.Pattern) else _among(name, never)
        if refused:
            raise InvalidInput(f"no policy can allow the {kind} {name!r}", target=name, hint="it cannot be made safe")


def _among(name: str, names: Collection[str]) -> bool:
    return name.lower() in {known.lower() for known in names}
