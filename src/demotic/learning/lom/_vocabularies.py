"""The vocabulary LOMv1.0: the terms of IEEE 1484.12.1, section 6, by the element that they are for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from demotic.learning.lom import _lom
from demotic.learning.lom._strings import Vocabulary

__all__ = ["LOM_V1", "TERMS"]

LOM_V1: Final = "LOMv1.0"

_LEVELS: Final = ("very low", "low", "medium", "high", "very high")
_YES_NO: Final = ("yes", "no")

TERMS: Final[Mapping[type[Vocabulary], tuple[str, ...]]] = {
    _lom.Structure: ("atomic", "collection", "networked", "hierarchical", "linear"),
    _lom.AggregationLevel: ("1", "2", "3", "4"),
    _lom.Status: ("draft", "final", "revised", "unavailable"),
    _lom.Role: (
        *("author", "publisher", "unknown", "initiator", "terminator", "validator", "editor", "graphical designer"),
        *("technical implementer", "content provider", "technical validator", "educational validator"),
        *("script writer", "instructional designer", "subject matter expert"),
        "creator",  # of the metadata, 3.2.1
    ),
    _lom.Type: ("operating system", "browser"),
    _lom.Name: (
        *("pc-dos", "ms-windows", "macos", "unix", "multi-os", "none"),
        *("any", "netscape communicator", "ms-internet explorer", "opera", "amaya"),
    ),
    _lom.InteractivityType: ("active", "expositive", "mixed"),
    _lom.LearningResourceType: (
        *("exercise", "simulation", "questionnaire", "diagram", "figure", "graph", "index", "slide", "table"),
        *("narrative text", "exam", "experiment", "problem statement", "self assessment", "lecture"),
    ),
    _lom.InteractivityLevel: _LEVELS,
    _lom.SemanticDensity: _LEVELS,
    _lom.IntendedEndUserRole: ("teacher", "author", "learner", "manager"),
    _lom.Context: ("school", "higher education", "training", "other"),
    _lom.Difficulty: ("very easy", "easy", "medium", "difficult", "very difficult"),
    _lom.Cost: _YES_NO,
    _lom.CopyrightAndOtherRestrictions: _YES_NO,
    _lom.Kind: (
        *("ispartof", "haspart", "isversionof", "hasversion", "isformatof", "hasformat"),
        *("references", "isreferencedby", "isbasedon", "isbasisfor", "requires", "isrequiredby"),
    ),
    _lom.Purpose: (
        *("discipline", "idea", "prerequisite", "educational objective", "accessibility restrictions"),
        *("educational level", "skill level", "security level", "competency"),
    ),
}
"""The terms of each element, in the order of the standard."""
