"""Which HTML the versions have: elements, attributes, and what may stand where. One table for all that is cut to fit.

Specifications: the schemas of QTI 2.1, 2.2 and 3.0.
"""

from __future__ import annotations

import re
from typing import Final

from demotic.learning.qti.model import Version

__all__ = ["ATTRIBUTES", "FLOW_ONLY_INSIDE", "INSTEAD", "STRUCTURE", "keeps_attribute", "valid_value"]

_CELL: Final = ("abbr", "align", "axis", "colspan", "headers", "rowspan", "scope", "valign")
_MEDIA: Final = ("autoplay", "controls", "crossorigin", "loop", "mediagroup", "muted", "preload", "src")
ATTRIBUTES: Final[dict[str, tuple[str, ...]]] = {
    "a": ("href", "type"),
    "audio": _MEDIA,
    "bdo": ("title",),
    "blockquote": ("cite",),
    "col": ("span",),
    "colgroup": ("span",),
    "details": ("open",),
    "img": ("alt", "height", "longdesc", "src", "width"),
    "object": ("data", "height", "type", "width"),
    "param": ("name", "type", "value", "valuetype"),
    "q": ("cite",),
    "source": ("media", "sizes", "src", "srcset", "type"),
    "table": ("summary",),
    "td": _CELL,
    "th": _CELL,
    "track": ("default", "kind", "src", "srclang"),
    "video": (*_MEDIA, "height", "poster", "width"),
}
"""The attributes of single elements, beside those of all."""

STRUCTURE: Final[dict[str, frozenset[str]]] = {
    "colgroup": frozenset({"col"}),
    "dl": frozenset({"dt", "dd"}),
    "ol": frozenset({"li"}),
    "table": frozenset({"caption", "col", "colgroup", "tbody", "tfoot", "thead", "tr"}),
    "tbody": frozenset({"tr"}),
    "tfoot": frozenset({"tr"}),
    "thead": frozenset({"tr"}),
    "tr": frozenset({"td", "th"}),
    "ul": frozenset({"li"}),
}
"""Elements that hold certain elements alone, and no text."""

FLOW_ONLY_INSIDE: Final = frozenset(
    {"caption", "col", "colgroup", "dd", "dt", "li", "tbody", "td", "tfoot", "th", "thead", "tr"}
)
"""Elements that stand in such alone."""

INSTEAD: Final[dict[str, str]] = {
    "article": "div", "aside": "div", "bdi": "span", "bdo": "span", "center": "div", "del": "span", "details": "div",
    "figcaption": "div",
    "figure": "div", "font": "span", "footer": "div", "header": "div", "ins": "span", "label": "span", "main": "div",
    "mark": "span", "nav": "div", "rb": "span", "rp": "span", "rt": "span", "rtc": "span", "ruby": "span", "s": "span",
    "section": "div", "strike": "span", "summary": "p", "time": "span", "u": "span",
}  # fmt: skip
"""What stands for elements that a version does not have."""

_LENGTH: Final = re.compile(r"[0-9]+%?")
_NUMBER: Final = re.compile(r"[0-9]+")

_LENGTHS: Final = frozenset({("object", "width"), ("object", "height"), ("img", "width"), ("img", "height")})
_NUMBERS: Final = frozenset(
    {("td", "colspan"), ("td", "rowspan"), ("th", "colspan"), ("th", "rowspan"), ("col", "span"), ("colgroup", "span")}
)


def keeps_attribute(element: str, attribute: str, version: Version) -> bool:
    """Tell whether HTML in a version may have an attribute."""
    if attribute in ATTRIBUTES.get(element, ()):
        return True
    if attribute.startswith("data-"):
        return version is Version.V3_0
    return attribute.startswith("aria-") and attribute.islower() and version >= Version.V2_2


def valid_value(element: str, attribute: str, value: str) -> bool:
    """Tell whether an attribute of HTML has a value that the schemas take."""
    if (element, attribute) in _LENGTHS:
        return bool(_LENGTH.fullmatch(value.strip()))
    if (element, attribute) in _NUMBERS:
        return bool(_NUMBER.fullmatch(value.strip()))
    return True
