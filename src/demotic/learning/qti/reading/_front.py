"""`read`, `open_document`: which version a document is of, and its reading.

Specifications: QTI 2.0, 2.1, 2.2 and 3.0 (ASI binding). The version is that of the namespace; without a known one it is
guessed from the names, and that is told.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from demotic.errors import InvalidInput, Unsupported
from demotic.learning.qti.model import NAMESPACES, Problem, QtiDocument, Version
from demotic.learning.qti.model._node import ELEMENTS
from demotic.learning.qti.reading._reader import Reader
from demotic.xml import Document, Element, Limits, read_leniently

__all__ = ["NotQti", "open_document", "read", "read_tree"]

_DEFAULT_LIMITS: Final = Limits()


class NotQti(InvalidInput):
    """A document that is no QTI."""

    code = "NotQti"


def read(
    data: bytes | str,
    *,
    base: str | None = None,
    version: Version | None = None,
    lenient: bool = False,
    limits: Limits = _DEFAULT_LIMITS,
) -> QtiDocument:
    """Read a document of QTI 2.0, 2.1, 2.2 or 3.0: an item, a test, a stimulus, or any part of one.

    `version` is what to assume of a document that does not say its own. What is wrong but can be read is in `problems`.
    With `lenient` even broken XML is read. Raises `XmlSyntaxFault` for what is no XML, `NotQti` for other XML, and
    `LimitExceeded` beyond `limits`.
    """
    parse: Any = read_leniently if lenient else Document.parse
    document: Document[Element] = parse(data, base=base, limits=limits)
    result = read_tree(document.root, base=base, version=version)
    result.before, result.after = [*document.before], [*document.after]
    for repair in document.repairs:
        result.problems.append(Problem(f"xml-{repair.code}", repair.message, repair.line, repair.column, "mend it"))
    return result


def open_document(path: str | Path, **options: Any) -> QtiDocument:
    """Read a file, with the options of `read`; its path is the base."""
    file = Path(path)
    return read(file.read_bytes(), **{"base": str(file), **options})


def read_tree(root: Element, *, base: str | None = None, version: Version | None = None) -> QtiDocument:
    """Read what has been parsed already."""
    found, problem = _version_of(root, version)
    if found is Version.V1_2:
        raise Unsupported("a document of QTI 1.2", target=base, hint="read it with read_legacy, or convert it")
    reader = Reader(found)
    if problem is not None:
        reader.problems.append(problem)
    node = reader.read(root)
    return QtiDocument(
        node,
        found,
        namespace=root.name.namespace,
        base=base,
        namespaces=root.namespaces,
        problems=reader.problems,
    )


def _version_of(root: Element, assumed: Version | None) -> tuple[Version, Problem | None]:
    name = root.name
    known = NAMESPACES.get(name.namespace)
    if name.local == "questestinterop":
        return Version.V1_2, None
    if name.local not in ELEMENTS:
        raise NotQti(
            f"{name.local} at line {root.line}, column {root.column} is no element of QTI",
            target=name.local,
            hint="the root is qti-assessment-item, -test, -section or -stimulus, or what 2.x calls them",
        )
    if known is not None:
        return known, None
    guessed = Version.V3_0 if name.local.startswith("qti-") else Version.V2_1
    where = f"the namespace {name.namespace!r}" if name.namespace else "no namespace"
    return assumed or guessed, Problem(
        "unknown-namespace",
        f"{name.local} is in {where}",
        root.line,
        root.column,
        f"declare one of {', '.join(uri for uri, version in NAMESPACES.items() if version > Version.V1_2)}",
    )
