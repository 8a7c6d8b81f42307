"""Names in a document that may not declare its prefixes, nor write names in the case that they have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from demotic.syntax.unicode import is_nc_name
from demotic.xml._names import XML, XMLNS, XSI, QName, to_wire
from demotic.xml.characters import fourth_edition
from demotic.xml.lenient._repairs import Repairs

__all__ = ["PREFIXES", "declarations", "good_name", "known_name", "wire_name"]

PREFIXES: Final[Mapping[str, str]] = {
    "app": "http://www.w3.org/2007/app",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "m": "http://www.w3.org/1998/Math/MathML",
    "mathml": "http://www.w3.org/1998/Math/MathML",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "soap": "http://schemas.xmlsoap.org/soap/envelope/",
    "soapenv": "http://schemas.xmlsoap.org/soap/envelope/",
    "svg": "http://www.w3.org/2000/svg",
    "wsdl": "http://schemas.xmlsoap.org/wsdl/",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "xi": "http://www.w3.org/2001/XInclude",
    "xlink": "http://www.w3.org/1999/xlink",
    "xs": "http://www.w3.org/2001/XMLSchema",
    "xsd": "http://www.w3.org/2001/XMLSchema",
    "xsi": XSI,
    "xsl": "http://www.w3.org/1999/XSL/Transform",
}
"""What prefixes mostly stand for, where a document does not say."""


def good_name(written: str, repairs: Repairs) -> str:
    """Return a name, mended where it is none, or none that every reader takes.

    Names are held to the fourth edition here: its letters are in all later ones, while not all that they added are read
    by those who came before, our own strict reader among them.
    """
    parts = written.split(":")
    usable = len(parts) == 1 or (len(parts) == 2 and parts[0] != "xmlns")
    if usable and all(map(is_nc_name, parts)) and (written.isascii() or _is_old(written)):
        return written
    mended = "".join(c if (c.isascii() and (c.isalnum() or c in "._-")) or _is_letter(c) else "_" for c in written)
    if not mended or not ((mended[0].isascii() and mended[0].isalpha()) or mended[0] == "_" or _is_letter(mended[0])):
        mended = f"_{mended}"
    repairs.add("invalid-name", f"{written!r} is no name, read as {mended!r}")
    return mended


def _is_old(name: str) -> bool:
    first = name[0]
    return (first == "_" or _is_letter(first)) and all(
        c in ":._-" or any(fourth_edition(kind).test(c) for kind in _PARTS) for c in name
    )


_PARTS: Final = ("Letter", "Digit", "CombiningChar", "Extender")


def _is_letter(character: str) -> bool:
    return fourth_edition("Letter").test(character)


def wire_name(
    written: str,
    scope: Mapping[str, str],
    declare: dict[str, str],
    prefixes: Mapping[str, str],
    repairs: Repairs,
    *,
    attribute: bool,
) -> str:
    """Return a written name as the builder takes it; a prefix that is not declared is noted in `declare`."""
    prefix, colon, local = written.partition(":")
    if not colon:
        uri = "" if attribute else declare.get("", scope.get("", ""))
        return to_wire(QName(uri, written))
    if prefix == "xml":
        return to_wire(QName(XML, local), "xml")
    uri = declare.get(prefix, scope.get(prefix, ""))
    if not uri:
        uri = prefixes.get(prefix) or f"urn:undeclared:{prefix}"
        declare[prefix] = uri
        repairs.add("undeclared-prefix", f"the prefix {prefix} is not declared, read as {uri}")
    return to_wire(QName(uri, local), prefix)


def declarations(attributes: dict[str, str], repairs: Repairs) -> dict[str, str]:
    """Take the namespace declarations out of the attributes."""
    found = {}
    for key in [key for key in attributes if key == "xmlns" or key.startswith("xmlns:")]:
        prefix, uri = key[6:], attributes.pop(key)
        reserved = prefix in ("xml", "xmlns") or uri in (XML, XMLNS)
        if reserved or (prefix and (not uri or not is_nc_name(prefix))):
            if not (prefix == "xml" and uri == XML):
                repairs.add("invalid-declaration", f"{key}={uri!r} declares nothing")
            continue
        found[prefix] = uri
    return found


def known_name(wire: str, known: Iterable[str], repairs: Repairs, kind: str) -> str:
    """Return the one of the known names that differs from this one in case only, if there is exactly one."""
    name, *prefix = _parts(wire)
    known_parts = [(_parts(other)[0], other) for other in known]
    if any(other == name for other, _ in known_parts):
        return wire
    alike = {other for other, _ in known_parts if _folded(other) == _folded(name)}
    if len(alike) != 1:
        return wire
    right = alike.pop()
    repairs.add("wrong-case", f"the {kind} {name[1]} is {right[1]}")
    return to_wire(QName(*right), prefix[0] if prefix and prefix[0] else None)


def _parts(wire: str) -> Any:
    namespace, found, rest = wire.partition("\x1f")
    if not found:
        return ("", namespace), None
    local, _, prefix = rest.partition("\x1f")
    return (namespace, local), prefix


def _folded(name: tuple[str, str]) -> tuple[str, str]:
    return name[0], name[1].casefold()
