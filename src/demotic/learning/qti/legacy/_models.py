"""The models by which QTI 1.2 scores assessments and sections, and the names of what they read and write.

Specification: ASI outcomes processing 1.2, the scoring algorithms; `map_input` and `map_output`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from demotic.learning.qti.converting._loss import Losses
from demotic.learning.qti.converting._versions import valid_identifier
from demotic.learning.qti.legacy._metadata import words
from demotic.learning.qti.legacy._source import attr, kids, name_of
from demotic.xml import Element

__all__ = ["MODELS", "NUMBERS", "Model", "Names", "names_of"]

NUMBERS: Final = ("min", "max", "normalized", "correct", "incorrect", "unattempted")
"""What a model can tell beside its number, as `SCORE.max`."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model: what it does, with what each part counts, and whether only parts with an answer do.

    Weights are a part's `own`, from its metadata, or a `parameter` of the condition that chooses it.
    """

    kind: Literal["sum", "count", "guess", "best"]
    weights: Literal["", "own", "parameter"] = ""
    attempted: bool = False
    parameters: frozenset[str] = frozenset()

    @property
    def variable(self) -> str:
        """The variable that it sets."""
        return "SCORE" if self.kind in ("sum", "best") else "COUNT"

    @property
    def source(self) -> str:
        """The variable of each part that it reads."""
        return "SCORE" if self.kind in ("sum", "best") else "CORRECT"

    @property
    def is_plain(self) -> bool:
        """Whether it is a sum over all items."""
        return self.kind == "sum" and self.weights != "parameter" and not self.attempted


_WEIGHTS: Final[Mapping[str, Literal["", "own", "parameter"]]] = {
    "": "",
    "weighted": "own",
    "parameterweighted": "parameter",
}
_PENALTY: Final = frozenset({"penaltyvalue"})
MODELS: Final[Mapping[str, Model]] = {
    **{f"{before}sumofscores{after}": Model("sum", weights, after != "")
       for before, weights in _WEIGHTS.items() for after in ("", "attempted")},
    **{f"{before}numbercorrect{after}": Model("count", weights, after != "")
       for before, weights in _WEIGHTS.items() for after in ("", "attempted")},
    "guessingpenalty": Model("guess", "", True, _PENALTY),
    "weightedguessingpenalty": Model("guess", "parameter", True, _PENALTY),
    "bestkfromn": Model("best", parameters=frozenset({"k"})),
}  # fmt: skip
"""The models by their names, without case and anything but letters."""

_OWN: Final = frozenset(
    {"SCORE", "COUNT", "CORRECT", *(f"{name}.{kind}" for name in ("SCORE", "COUNT") for kind in NUMBERS)}
)


@dataclass(slots=True)
class Names:
    """How the variables of a model are called in the document, and in the test."""

    given: dict[str, str]
    prefix: str = ""
    declared: set[str] = field(default_factory=set)
    tested: frozenset[str] = frozenset()

    def of(self, variable: str) -> str:
        """Return the name in the test of what a model, or a test of feedback, calls so."""
        name = self.given.get(_spelled(variable), variable)
        return f"{self.prefix}{valid_identifier(_spelled(name)).replace('.', '_')}"

    def wants(self, variable: str) -> bool:
        """Tell whether the document asks for a variable: declares, maps or tests it."""
        return variable in self.given or self.of(variable) in self.declared or variable in self.tested


def _spelled(name: str) -> str:
    return name.replace(".normalised", ".normalized")


def names_of(element: Element, prefix: str, losses: Losses, kind: str = "map_output") -> Names:
    """Return the names that maps in an element give to the variables of its model.

    Attribute and text of a map are often exchanged: whichever is a name of a model's variable is taken as that.
    """
    given: dict[str, str] = {}
    for mapped in kids(element, kind):
        first, second = _spelled((attr(mapped, "varname") or "SCORE").strip()), _spelled(words(mapped))
        if second in _OWN:
            given[second] = first
        elif first in _OWN and second:
            given[first] = second
        else:
            losses.dropped("outcomes", mapped, f"{mapped.name.local} of {first!r} to {second!r}: neither is a model's")
    tested = frozenset(
        _spelled(attr(test, "varname") or "SCORE") for test in element.walk() if name_of(test) == "variable_test"
    )
    return Names(given, prefix, tested=tested)
