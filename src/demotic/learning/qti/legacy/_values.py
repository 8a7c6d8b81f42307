"""The value sets of QTI 1.2, read tolerantly, and what 3.0 has for each.

Specification: QTI ASI XML binding 1.2.1, sections 3 and 4; the migration guide of QTI 2.1 for the mappings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from demotic.learning.qti.model import BaseType, Cardinality, Shape, View

__all__ = ["BASE_TYPES", "CARDINALITIES", "FIB_TYPES", "SHAPES", "VIEWS", "choice_of", "yes"]

CARDINALITIES: Final = {"single": Cardinality.SINGLE, "multiple": Cardinality.MULTIPLE, "ordered": Cardinality.ORDERED}
"""`rcardinality`; single if it is not given."""
BASE_TYPES: Final = {
    "integer": BaseType.INTEGER, "string": BaseType.STRING, "decimal": BaseType.FLOAT, "scientific": BaseType.FLOAT,
    "boolean": BaseType.BOOLEAN, "enumerated": BaseType.IDENTIFIER, "set": BaseType.IDENTIFIER,
}  # fmt: skip
"""`vartype`; integer if it is not given. The notation of numbers is no type in 3.0."""
FIB_TYPES: Final = {
    "string": BaseType.STRING, "integer": BaseType.INTEGER, "decimal": BaseType.FLOAT, "scientific": BaseType.FLOAT,
}  # fmt: skip
"""`fibtype` and `numtype`."""
SHAPES: Final = {"ellipse": Shape.ELLIPSE, "rectangle": Shape.RECT, "bounded": Shape.POLY}
"""`rarea` and `areatype`; an ellipse if it is not given."""
VIEWS: Final[Mapping[str, tuple[View, ...]]] = {
    "all": tuple(View),
    "administrator": (View.PROCTOR,),
    "adminauthority": (View.PROCTOR,),
    "assessor": (View.SCORER,),
    "author": (View.AUTHOR,),
    "candidate": (View.CANDIDATE,),
    "invigilatorproctor": (View.PROCTOR,),
    "invigilator": (View.PROCTOR,),
    "proctor": (View.PROCTOR,),
    "psychometrician": (View.TEST_CONSTRUCTOR,),
    "scorer": (View.SCORER,),
    "tutor": (View.TUTOR,),
}
"""`view`; all if it is not given. Four of them have no counterpart, and get what comes nearest."""
NEAREST_VIEWS: Final = frozenset({"administrator", "adminauthority", "assessor", "psychometrician"})


def yes(text: str | None, default: bool) -> bool:
    """Return a Yes/No: true for `yes` in any case, false for anything else, `default` if there is nothing."""
    return default if text is None else text.strip().lower() == "yes"


def choice_of(text: str | None, default: str) -> str:
    """Return a word of a value set in lower case."""
    return (text or "").strip().lower() or default
