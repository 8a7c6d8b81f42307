"""What the labels of QTI 1.2's metadata mean: the place of each in LOM, or in QTI's own metadata.

Labels are compared without case, blanks, hyphens and underlines, since tools write them in all ways. Terms that LOM's
own vocabularies lack keep the vocabulary that they are of, `QTIv1`.

Specifications: QTI ASI 1.2.1, section 3.2 (`qtimetadata`, the `qmd_` names); IEEE 1484.12.1, section 6; QTI 2.2,
metadata and usage data, section 3; vCard 3.0 (RFC 2426) for people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeVar

from demotic.errors import DemoticError
from demotic.learning import lom as ieee
from demotic.learning.cp import (
    QtiMetadata,
    ScoringMode,
    SolutionAvailable,
    TimeDependent,
    ToolName,
    ToolVendor,
    ToolVersion,
)
from demotic.syntax import xsd

__all__ = ["Described", "Place", "place_of"]

_QTI_V1: Final = "QTIv1"
_FLAGS: Final = {"yes": True, "true": True, "no": False, "false": False}
_MEDIA_TYPE: Final = re.compile(r"[\w.+-]+/[\w.+-]+")
_SCORERS: Final = {True: "responseprocessing", False: "human"}
_CONTEXTS: Final = {"preschool", "school", "hefe", "vocational", "professionaldevelopment"}
"""What QTI 1.2 calls levels of difficulty: they say where learning takes place, not how hard it is."""

P = TypeVar("P")
V = TypeVar("V", bound=ieee.Vocabulary)


@dataclass(slots=True)
class Described:
    """Metadata in the making."""

    lom: ieee.Lom = field(default_factory=ieee.Lom)
    qti: QtiMetadata = field(default_factory=QtiMetadata)

    def part(self, name: str, kind: type[P]) -> P:
        """Return a category of LOM, made when it is first asked for."""
        if getattr(self.lom, name) is None:
            setattr(self.lom, name, kind())
        found: P = getattr(self.lom, name)
        return found

    @property
    def general(self) -> ieee.General:
        """Category 1."""
        return self.part("general", ieee.General)

    @property
    def educational(self) -> ieee.Educational:
        """Category 5."""
        if not self.lom.educationals:
            self.lom.educationals.append(ieee.Educational())
        return self.lom.educationals[0]

    @property
    def says_lom(self) -> bool:
        """Whether there is anything in LOM."""
        one = ("general", "life_cycle", "technical", "rights")
        many = ("educationals", "relations", "annotations", "classifications")
        return any(getattr(self.lom, name) is not None for name in one) or any(getattr(self.lom, name) for name in many)

    @property
    def says_qti(self) -> bool:
        """Whether there is anything in QTI's own metadata."""
        one = ("time_dependent", "composite", "solution_available", "tool_name", "tool_version", "tool_vendor")
        return bool(self.qti.scoring_modes) or any(getattr(self.qti, name) is not None for name in one)


Put = Callable[[Described, str, str], bool]
"""Puts a label's value where it belongs; false if there is no room for it, or it is none."""


class Place(NamedTuple):
    """Where values go: how it is called, and what puts them there."""

    name: str
    put: Put


def _said(kind: Any, value: str) -> Any:
    return kind(strings=[ieee.String(value=value)])


def _term(kind: type[V], value: str) -> V:
    known = value.lower() in ieee.TERMS[kind]
    source = ieee.Source(plain=ieee.LOM_V1 if known else _QTI_V1)
    return kind(source=source, value=ieee.Value(plain=value.lower() if known else value))


# Texts of which there is one, and such of which there are many.


def _title(made: Described, label: str, value: str) -> bool:
    if made.general.title is not None:
        return False
    made.general.title = _said(ieee.Title, value)
    return True


def _version(made: Described, label: str, value: str) -> bool:
    cycle = made.part("life_cycle", ieee.LifeCycle)
    if cycle.version is not None:
        return False
    cycle.version = _said(ieee.Version, value)
    return True


def _rights(made: Described, label: str, value: str) -> bool:
    rights = made.part("rights", ieee.Rights)
    if rights.description is not None:
        return False
    rights.description = _said(ieee.Description, value)
    return True


def _keywords(made: Described, label: str, value: str) -> bool:
    made.general.keywords.extend(_said(ieee.Keyword, word.strip()) for word in value.split(",") if word.strip())
    return True


def _description(made: Described, label: str, value: str) -> bool:
    made.general.descriptions.append(_said(ieee.Description, value))
    return True


def _language(made: Described, label: str, value: str) -> bool:
    made.general.languages.append(ieee.Language(value=value))
    return True


def _coverage(made: Described, label: str, value: str) -> bool:
    made.general.coverages.append(_said(ieee.Coverage, value))
    return True


def _identifier(made: Described, label: str, value: str) -> bool:
    made.general.identifiers.append(ieee.Identifier(catalog=ieee.Catalog(value=label), entry=ieee.Entry(plain=value)))
    return True


def _annotation(made: Described, label: str, value: str) -> bool:
    made.lom.annotations.append(ieee.Annotation(description=_said(ieee.Description, value)))
    return True


def _objective(made: Described, label: str, value: str) -> bool:
    made.educational.descriptions.append(_said(ieee.Description, value))
    return True


def _discipline(made: Described, label: str, value: str) -> bool:
    found = ieee.Classification(purpose=_term(ieee.Purpose, "discipline"))
    found.keywords.append(_said(ieee.Keyword, value))
    made.lom.classifications.append(found)
    return True


# Terms.


def _status(made: Described, label: str, value: str) -> bool:
    cycle = made.part("life_cycle", ieee.LifeCycle)
    if cycle.status is not None:
        return False
    cycle.status = _term(ieee.Status, value)
    return True


def _level(made: Described, label: str, value: str) -> bool:
    if _plain(value.replace("/", "")) in _CONTEXTS:
        made.educational.contexts.append(_term(ieee.Context, value))
        return True
    if made.educational.difficulty is not None:
        return False
    made.educational.difficulty = _term(ieee.Difficulty, value)
    return True


def _kind(made: Described, label: str, value: str) -> bool:
    made.educational.learning_resource_types.append(_term(ieee.LearningResourceType, value))
    return True


# People, times, media, other things.


def _vcard(name: str, *, organization: bool) -> str:
    text = re.sub(r"([\\,;])", r"\\\1", " ".join(name.split()))
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{text}", f"N:{text};;;;", "END:VCARD"]
    if organization:
        lines.insert(-1, f"ORG:{text}")
    return "\r\n".join(lines)


def _contributor(role: str, *, organization: bool = False) -> Put:
    def put(made: Described, label: str, value: str) -> bool:
        entity = ieee.Entity(plain=_vcard(value, organization=organization))
        contribution = ieee.Contribute(role=_term(ieee.Role, role), entities=[entity])
        made.part("life_cycle", ieee.LifeCycle).contributes.append(contribution)
        return True

    return put


def _learning_time(made: Described, label: str, value: str) -> bool:
    # A limit without a unit is in minutes (Common Cartridge's profile of QTI 1.2.1, `qmd_timelimit`).
    text = f"PT{value}M" if value.isdecimal() else value
    try:
        xsd.duration.parse(text)
    except DemoticError:
        return False
    if made.educational.typical_learning_time is not None:
        return False
    made.educational.typical_learning_time = ieee.TypicalLearningTime(duration=ieee.DurationText(value=text))
    return True


def _formats(made: Described, label: str, value: str) -> bool:
    kinds = [kind.strip() for kind in value.split(",")]
    if not all(_MEDIA_TYPE.fullmatch(kind) for kind in kinds):
        return False
    made.part("technical", ieee.Technical).formats.extend(ieee.Format(value=kind.lower()) for kind in kinds)
    return True


def _relation(kind: str) -> Put:
    def put(made: Described, label: str, value: str) -> bool:
        other = ieee.RelatedResource()
        if "://" in value:
            other.identifiers.append(ieee.Identifier(catalog=ieee.Catalog(value="URI"), entry=ieee.Entry(plain=value)))
        else:
            other.descriptions.append(_said(ieee.Description, value))
        made.lom.relations.append(ieee.Relation(kind=_term(ieee.Kind, kind), resource=other))
        return True

    return put


# QTI's own.


def _once(name: str, kind: Callable[..., Any]) -> Put:
    def put(made: Described, label: str, value: str) -> bool:
        if getattr(made.qti, name) is not None:
            return False
        setattr(made.qti, name, kind(value=value))
        return True

    return put


def _flag(name: str, kind: Callable[..., Any]) -> Put:
    def put(made: Described, label: str, value: str) -> bool:
        flag = _FLAGS.get(value.lower())
        if flag is None or getattr(made.qti, name) is not None:
            return False
        setattr(made.qti, name, kind(value=flag))
        return True

    return put


def _solution_kind(made: Described, label: str, value: str) -> bool:
    if made.qti.solution_available is None:
        made.qti.solution_available = SolutionAvailable(value=value.lower() != "none")
    return _kind(made, label, value) if value.lower() != "none" else True


def _scored(made: Described, label: str, value: str) -> bool:
    flag = _FLAGS.get(value.lower())
    if flag is None:
        return False
    made.qti.scoring_modes.append(ScoringMode(value=_SCORERS[flag]))
    return True


_KEYWORD: Final = Place("a keyword of LOM", _keywords)
_DISCIPLINE: Final = Place("a discipline of LOM", _discipline)
_LEVEL: Final = Place("LOM's difficulty or context", _level)
_KIND: Final = Place("a learning resource type of LOM", _kind)
_TIME: Final = Place("LOM's typical learning time", _learning_time)
_RIGHTS: Final = Place("LOM's rights", _rights)
_AUTHOR: Final = Place("an author of LOM", _contributor("author"))
_PUBLISHER: Final = Place("a publisher of LOM", _contributor("publisher", organization=True))
_IDENTIFIER: Final = Place("an identifier of LOM", _identifier)
_ANNOTATION: Final = Place("an annotation of LOM", _annotation)

_PLACES: Final[Mapping[str, Place]] = {
    "title": Place("LOM's title", _title),
    "name": Place("LOM's title", _title),
    "topic": _KEYWORD,
    "keyword": _KEYWORD,
    "keywords": _KEYWORD,
    "description": Place("LOM's description", _description),
    "language": Place("LOM's language", _language),
    "coverage": Place("LOM's coverage", _coverage),
    "domain": _DISCIPLINE,
    "subject": _DISCIPLINE,
    "syllabusarea": _DISCIPLINE,
    "category": _DISCIPLINE,
    "version": Place("LOM's version", _version),
    "status": Place("LOM's status", _status),
    "author": _AUTHOR,
    "creator": _AUTHOR,
    "editor": Place("an editor of LOM", _contributor("editor")),
    "organization": _PUBLISHER,
    "organisation": _PUBLISHER,
    "publisher": _PUBLISHER,
    "owner": Place("a content provider of LOM", _contributor("content provider", organization=True)),
    "levelofdifficulty": _LEVEL,
    "difficulty": _LEVEL,
    "itemtype": _KIND,
    "assessmenttype": _KIND,
    "questiontype": _KIND,
    "ccprofile": _KIND,
    "timelimit": _TIME,
    "duration": _TIME,
    "copyright": _RIGHTS,
    "license": _RIGHTS,
    "rights": _RIGHTS,
    "objectives": Place("an educational description of LOM", _objective),
    "assessmentquestionidentifierref": _IDENTIFIER,
    "asiobjectid": _IDENTIFIER,
    "guid": _IDENTIFIER,
    "identifier": _IDENTIFIER,
    "gradingnotes": _ANNOTATION,
    "qticomment": _ANNOTATION,
    "banktitle": Place("a whole of LOM's relations", _relation("ispartof")),
    "sourceurl": Place("a source of LOM's relations", _relation("isbasedon")),
    "material": Place("LOM's formats", _formats),
    "toolvendor": Place("toolVendor of QTI's metadata", _once("tool_vendor", ToolVendor)),
    "toolname": Place("toolName of QTI's metadata", _once("tool_name", ToolName)),
    "toolversion": Place("toolVersion of QTI's metadata", _once("tool_version", ToolVersion)),
    "timedependence": Place("timeDependent of QTI's metadata", _flag("time_dependent", TimeDependent)),
    "solutionavailable": Place("solutionAvailable of QTI's metadata", _flag("solution_available", SolutionAvailable)),
    "typeofsolution": Place("solutionAvailable of QTI's metadata", _solution_kind),
    "computerscored": Place("scoringMode of QTI's metadata", _scored),
}


def _plain(label: str) -> str:
    return re.sub(r"[\s_-]", "", label).lower()


def place_of(label: str) -> Place | None:
    """Return where the values of a label go; none for one that neither LOM nor QTI has a place for."""
    return _PLACES.get(_plain(label))
