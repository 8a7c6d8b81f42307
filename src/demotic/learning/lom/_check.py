"""What metadata says, held against the value spaces of IEEE 1484.12.1: terms, languages, dates, durations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from demotic.learning.findings import Finding, Rule
from demotic.learning.lom._elements import DateTime, DurationText, Language
from demotic.learning.lom._lom import Lom
from demotic.learning.lom._names import IEEE_NAMESPACES
from demotic.learning.lom._strings import String, Vocabulary
from demotic.learning.lom._vocabularies import LOM_V1, TERMS
from demotic.xml import find, name_of

__all__ = ["LOM_RULES", "check_lom"]

_RULES: Final = (
    Rule(
        "lom-term",
        "warning",
        "{target!r} is no term of LOMv1.0 for {element}",
        "take one of: {known}; or name another vocabulary as its source",
    ),
    Rule("lom-language", "warning", "{target!r} is no language tag", "write it as in BCP 47: en, de-CH, none"),
    Rule("lom-date", "warning", "{target!r} is no date", "write it by ISO 8601: 2024, 2024-05, 2024-05-31T12:00Z"),
    Rule("lom-duration", "warning", "{target!r} is no duration", "write it by ISO 8601: PT45M, P1DT2H"),
)
LOM_RULES: Final = {rule.code: rule for rule in _RULES}
"""The rules by code."""

_TAG: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_ZONE: Final = r"(Z|[+-]\d\d(:?\d\d)?)?"
_DATE: Final = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])"
    rf"(T([01]\d|2[0-4])(:[0-5]\d(:([0-5]\d|60)(\.\d+)?)?)?{_ZONE})?)?)?"
)
_NUMBER: Final = r"\d+(\.\d+)?"
_DURATION: Final = re.compile(
    rf"P(?=.)({_NUMBER}Y)?({_NUMBER}M)?({_NUMBER}W)?({_NUMBER}D)?(T(?=.)({_NUMBER}H)?({_NUMBER}M)?({_NUMBER}S)?)?"
)


def check_lom(lom: Lom, *, file: str = "") -> Iterator[Finding]:
    """Yield what is not as the standard has it; `file` is where the metadata stands."""
    for vocabulary in find(lom, Vocabulary, depth=_DEEP):
        yield from _term(vocabulary, file)
    for string in find(lom, String, depth=_DEEP):
        if string.tag is not None and not _TAG.fullmatch(string.tag):
            yield _at("lom-language", string, string.tag, file)
    for kind, pattern, code in _TEXTS:
        for node in find(lom, kind, depth=_DEEP):
            value = node.value.strip()
            if value and not pattern.fullmatch(value) and value not in _NONE:
                yield _at(code, node, value, file)


_DEEP: Final = 64
_NONE: Final = ("none", "x-none")
_TEXTS: Final[tuple[tuple[Any, re.Pattern[str], str], ...]] = (
    (Language, _TAG, "lom-language"),
    (DateTime, _DATE, "lom-date"),
    (DurationText, _DURATION, "lom-duration"),
)


def _at(code: str, node: Any, target: str, file: str, **words: object) -> Finding:
    return LOM_RULES[code].at(node, file=file, target=target, **words)


def _term(vocabulary: Vocabulary, file: str) -> Iterator[Finding]:
    known = TERMS.get(type(vocabulary))
    term = vocabulary.term
    if known is None or term is None or vocabulary.vocabulary != LOM_V1:
        return
    if _key(term) not in {_key(each) for each in known}:
        name = name_of(vocabulary)
        words = known if name.namespace in IEEE_NAMESPACES else [each.title() for each in known]
        yield _at("lom-term", vocabulary, term, file, element=name.local, known=", ".join(words))


def _key(term: str) -> str:
    # IMS MD 1.2 writes the same terms with capitals, some without blanks.
    return re.sub(r"[\s-]", "", term).lower()
