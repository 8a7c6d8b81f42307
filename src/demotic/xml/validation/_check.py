"""Strict checking: is it well formed, is it valid by its document type, is it valid by a schema; each told apart."""

from __future__ import annotations

from typing import Any

from demotic.errors import InvalidInput
from demotic.xml._errors import XmlSyntaxFault
from demotic.xml.documents._document import Document
from demotic.xml.reading._doctype import Resolver
from demotic.xml.reading._limits import DEFAULT_LIMITS, Limits
from demotic.xml.validation._dtd import Dtd, read_dtd
from demotic.xml.validation._dtd_rules import ambiguities, dtd_problems
from demotic.xml.validation._problems import Problem, ValidityReport
from demotic.xml.validation._schema import Schema

__all__ = ["XmlInvalid", "check"]


class XmlInvalid(InvalidInput):
    """A document is well formed, but not valid. `problems` has them all."""

    code = "XmlInvalid"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}", target=problems[0].path or None)
        self.problems = problems


def check(
    source: bytes | str | Document[Any],
    *,
    dtd: bool | Dtd = False,
    schema: Schema | None = None,
    resolver: Resolver | None = None,
    compatibility: bool = False,
    fatal: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> ValidityReport:
    """Return what is wrong with a document.

    `dtd` asks for validity by the document type that the document names (as far as `resolver` has it) or by one given,
    `compatibility` also for what only SGML forbids, `schema` for validity by a schema. With `fatal` what is not well
    formed raises `XmlSyntaxFault`, and what is not valid `XmlInvalid`.
    """
    document = source
    if isinstance(document, bytes | str):
        try:
            document = Document.parse(document, resolver=resolver, limits=limits)
        except XmlSyntaxFault as fault:
            if fatal:
                raise
            problem = Problem("well-formedness", "Well-formed", fault.problem, fault.line, fault.column)
            return ValidityReport((problem,))
    known = _dtd(document, dtd or compatibility, resolver)
    report = ValidityReport(
        (),
        tuple(_by_dtd(document, known)) if dtd else None,
        tuple(schema.problems(document)) if schema is not None else None,
        tuple(ambiguities(document, known)) if compatibility and known is not None else None,
    )
    if fatal and not report.valid:
        raise XmlInvalid(report.problems)
    return report


def _dtd(document: Document[Any], wanted: bool | Dtd, resolver: Resolver | None) -> Dtd | None:
    if isinstance(wanted, Dtd):
        return wanted
    if not wanted or document.doctype is None:
        return None
    return read_dtd(document.doctype, resolver, None if document.base is None else str(document.base))


def _by_dtd(document: Document[Any], dtd: Dtd | None) -> list[Problem]:
    if dtd is None:
        root = document.root
        text = "the document has no document type declaration"
        return [Problem("dtd", "Document Type Declaration", text, root.line, root.column)]
    return dtd_problems(document, dtd)
