"""The names that HTML is known by outside: namespaces, and document type declarations with their public identifiers.

Specifications: HTML 4.01, section 7.2; XHTML 1.0 (second edition), section 3.1.1; HTML Standard, section 13.1.1; Infra
Standard, section 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from demotic.errors import InvalidInput

__all__ = [
    "HTML5",
    "HTML_401_FRAMESET",
    "HTML_401_STRICT",
    "HTML_401_TRANSITIONAL",
    "MATHML",
    "SVG",
    "XHTML",
    "XHTML_10_STRICT",
    "XHTML_10_TRANSITIONAL",
    "XLINK",
    "Doctype",
]

XHTML: Final = "http://www.w3.org/1999/xhtml"
SVG: Final = "http://www.w3.org/2000/svg"
MATHML: Final = "http://www.w3.org/1998/Math/MathML"
XLINK: Final = "http://www.w3.org/1999/xlink"


@dataclass(frozen=True, slots=True)
class Doctype:
    """A document type declaration: the root's name, and the identifiers if there are any. `str()` writes it."""

    name: str = "html"
    public: str | None = None
    system: str | None = None

    def __str__(self) -> str:
        if self.public is not None:
            return f"<!DOCTYPE {self.name} PUBLIC {' '.join(map(_quoted, filter(None, (self.public, self.system))))}>"
        if self.system is not None:
            return f"<!DOCTYPE {self.name} SYSTEM {_quoted(self.system)}>"
        return f"<!DOCTYPE {self.name}>"


def _quoted(identifier: str) -> str:
    quote = "'" if '"' in identifier else '"'
    if quote in identifier or ">" in identifier:
        raise InvalidInput(f"the identifier {identifier!r} has no place in a document type declaration")
    return f"{quote}{identifier}{quote}"


HTML5: Final = Doctype()
HTML_401_STRICT: Final = Doctype("HTML", "-//W3C//DTD HTML 4.01//EN", "http://www.w3.org/TR/html4/strict.dtd")
HTML_401_TRANSITIONAL: Final = Doctype(
    "HTML", "-//W3C//DTD HTML 4.01 Transitional//EN", "http://www.w3.org/TR/html4/loose.dtd"
)
HTML_401_FRAMESET: Final = Doctype(
    "HTML", "-//W3C//DTD HTML 4.01 Frameset//EN", "http://www.w3.org/TR/html4/frameset.dtd"
)
XHTML_10_STRICT: Final = Doctype(
    "html", "-//W3C//DTD XHTML 1.0 Strict//EN", "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"
)
XHTML_10_TRANSITIONAL: Final = Doctype(
    "html", "-//W3C//DTD XHTML 1.0 Transitional//EN", "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"
)
