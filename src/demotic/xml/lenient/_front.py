"""`read_leniently`: first as if nothing were wrong, and only then with everything mended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demotic.xml._errors import XmlSyntaxFault
from demotic.xml.binding._bound import Bound
from demotic.xml.documents._document import Document
from demotic.xml.documents._types import DocumentTypes
from demotic.xml.lenient._names import PREFIXES
from demotic.xml.lenient._repairs import Repairs
from demotic.xml.reading._builder import Builder
from demotic.xml.reading._faults import Faults, Report
from demotic.xml.reading._limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from demotic.syntax.uri import URI

__all__ = ["read_leniently"]


def read_leniently(
    data: bytes | str,
    root: type[Bound] | DocumentTypes | None = None,
    *,
    base: URI | str | Path | None = None,
    lang: str | None = None,
    encoding: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    classes: Iterable[type[Bound]] = (),
    report: Report | None = None,
    prefixes: Mapping[str, str] = PREFIXES,
    sgml: bool = False,
    line_separators: bool = False,
) -> Document[Any]:
    """Read a document that may be broken; its `repairs` say what was mended, each with its place.

    `root`, `base`, `lang`, `encoding`, `classes` and `report` are those of `Document.parse`. `prefixes` are assumed
    where a document does not declare them. With `sgml` and element classes, tags that were left out are supplied as the
    classes need them, and elements that are always empty need no end. With `line_separators` U+2028 is a line end and
    U+2029 a blank. Raises `XmlSyntaxFault` only where there is no element at all, `LimitExceeded` beyond `limits`, and
    `XmlBindingFault` without `report`.
    """
    from demotic.xml.lenient._decode import decode, without_forbidden

    limits.check_size(len(data))
    given = tuple(classes)
    text, found = (data, []) if isinstance(data, str) else decode(data, encoding)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if line_separators:
        text = text.replace("\u2028", "\n").replace("\u2029", " ")
    options: dict[str, Any] = {"base": base, "lang": lang, "limits": limits, "classes": given, "report": report}
    if not sgml:
        try:
            document = Document.parse(text, root, **options)
        except XmlSyntaxFault:
            pass
        else:
            document.repairs = tuple(found)
            return document
    text, forbidden = without_forbidden(text)
    return _mended(text, root, [*found, *forbidden], options, prefixes, sgml)


def _mended(
    text: str, root: Any, found: list[Any], options: dict[str, Any], prefixes: Mapping[str, str], sgml: bool
) -> Document[Any]:
    # Most documents are not broken, and never need it.
    from demotic.xml.lenient._reader import MarkupReader

    document: Document[Any] = Document(base=options["base"], lang=options["lang"])
    repairs, faults, limits = Repairs(text), Faults(options["report"]), options["limits"]
    builder = Builder(repairs, limits, root if isinstance(root, type) else None, options["classes"], faults)
    if isinstance(root, DocumentTypes):
        builder.choose = lambda name: root.choose(name, document.doctype)
        document.before = builder.before
    MarkupReader(text, builder, repairs, prefixes=prefixes, sgml=sgml, most=limits.expansion).read()
    document.adopt(builder)
    document.repairs = tuple(sorted([*found, *repairs.found], key=lambda each: (each.line, each.column)))
    faults.tell()
    return document
