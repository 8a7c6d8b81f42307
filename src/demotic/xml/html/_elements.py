"""What each HTML element is: where it may stand, and what may stand in it. One line per element, and nothing else.

The elements of HTML 4.01 (all of its three DTDs: strict, transitional and frameset) are as the transitional DTD has
them; those of the HTML Standard that came later follow below. Where the two disagree on an element of both, 4.01 is
kept, since it is what content formats (Atom, assessment items) build on.

Specifications: HTML 4.01, section 21 and appendix index/elements; HTML Standard, sections 4 and 13.1.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from demotic.xml import QName
from demotic.xml.html._names import XHTML

__all__ = ["ELEMENTS", "RAW_TEXT", "VOID", "ElementType", "element_type", "is_block", "may_contain"]


@dataclass(frozen=True, slots=True)
class ElementType:
    """What an element is.

    `kind` tells where it may stand: "block", "inline", "flow" (among either) or "part" (only in the elements that name
    it). `content` tells what it takes: "block", "inline", "flow", "text" or "empty"; `parts` are the elements that it
    takes by name. `since` is "4.01" or "5".
    """

    name: str
    kind: str
    content: str
    parts: tuple[str, ...] = ()
    since: str = "4.01"


# name  where it may stand  what it takes, and by name
_HTML_401: Final = """
a inline inline             | abbr inline inline           | acronym inline inline
address block inline p      | applet inline flow param     | area part empty
b inline inline             | base part empty              | basefont inline empty
bdo inline inline           | big inline inline            | blockquote block flow
body part flow              | br inline empty              | button inline flow
caption part inline         | center block flow            | cite inline inline
code inline inline          | col part empty               | colgroup part none col
dd part flow                | del flow flow                | dfn inline inline
dir block none li           | div block flow               | dl block none dt dd
dt part inline              | em inline inline             | fieldset block flow legend
font inline inline          | form block flow              | frame part empty
frameset part none frame frameset noframes                 | h1 block inline
h2 block inline             | h3 block inline              | h4 block inline
h5 block inline             | h6 block inline              | hr block empty
head part none base isindex link meta object script style title
html part none head body frameset | i inline inline
iframe inline flow          | img inline empty             | input inline empty
ins flow flow               | isindex block empty          | kbd inline inline
label inline inline         | legend part inline           | li part flow
link part empty             | map inline block area        | menu block none li
meta part empty             | noframes block flow          | noscript block flow
object inline flow param    | ol block none li             | optgroup part none option
option part text            | p block inline               | param part empty
pre block inline            | q inline inline              | s inline inline
samp inline inline          | script flow text             | select inline none optgroup option
small inline inline         | span inline inline           | strike inline inline
strong inline inline        | style part text              | sub inline inline
sup inline inline           | table block none caption col colgroup thead tfoot tbody tr
tbody part none tr          | td part flow                 | textarea inline text
tfoot part none tr          | th part flow                 | thead part none tr
title part text             | tr part none th td           | tt inline inline
u inline inline             | ul block none li             | var inline inline
"""

_HTML_5: Final = """
article block flow          | aside block flow             | audio inline flow source track
bdi inline inline           | canvas inline flow           | data inline inline
datalist inline inline option | details block flow summary | dialog block flow
embed inline empty          | figcaption part flow         | figure block flow figcaption
footer block flow           | header block flow            | hgroup block none h1 h2 h3 h4 h5 h6 p
main block flow             | mark inline inline           | meter inline inline
nav block flow              | output inline inline         | picture inline none source img
progress inline inline      | rb part inline               | rp part text
rt part inline              | rtc part inline rt           | ruby inline inline rb rp rt rtc
search block flow           | section block flow           | slot inline inline
source part empty           | summary part inline          | template flow flow
time inline inline          | track part empty             | video inline flow source track
wbr inline empty
"""


def _read(table: str, since: str) -> dict[str, ElementType]:
    lines = [cell.split() for line in table.splitlines() for cell in line.split("|") if cell.strip()]
    return {name: ElementType(name, kind, content, tuple(parts), since) for name, kind, content, *parts in lines}


ELEMENTS: Final[Mapping[str, ElementType]] = MappingProxyType(_read(_HTML_401, "4.01") | _read(_HTML_5, "5"))
"""Every element of HTML, by its name."""

VOID: Final = frozenset({name for name, found in ELEMENTS.items() if found.content == "empty"} - {"isindex"}) | {
    "bgsound",
    "keygen",
}
"""Elements that have no end tag in HTML text (HTML Standard, sections 13.1.2 and 13.3)."""

RAW_TEXT: Final = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"})
"""Elements whose text is no markup in HTML text: nothing in it is escaped (HTML Standard, section 13.3)."""


def element_type(name: QName) -> ElementType | None:
    """Return what is known of an element, if it is one of HTML's."""
    return ELEMENTS.get(name.local) if name.namespace == XHTML else None


def is_block(name: QName) -> bool:
    """Return whether an element stands among blocks, and not within a line of text."""
    found = element_type(name)
    return found is not None and found.kind in ("block", "part")


_TAKES: Final = {
    "flow": frozenset({"block", "inline", "flow"}),
    "block": frozenset({"block", "flow"}),
    "inline": frozenset({"inline", "flow"}),
}


def may_contain(parent: str, child: str) -> bool:
    """Return whether an element may be a child of another, by their names; an empty `child` stands for text.

    >>> may_contain("p", "em"), may_contain("p", "div"), may_contain("tr", "td"), may_contain("ul", "")
    (True, False, True, False)
    """
    above = ELEMENTS[parent]
    if not child:
        return above.content in ("flow", "inline", "text")
    return child in above.parts or ELEMENTS[child].kind in _TAKES.get(above.content, frozenset())
