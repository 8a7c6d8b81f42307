"""What the rules of an item see and set while they run."""

from __future__ import annotations

from demotic.learning.qti.model import BaseType
from demotic.learning.qti.runtime._errors import ProcessingError, UnknownVariable
from demotic.learning.qti.runtime._random import Random
from demotic.learning.qti.runtime._scope import Items
from demotic.learning.qti.runtime.items._program import ItemProgram
from demotic.learning.qti.runtime.items._state import ItemState
from demotic.learning.qti.runtime.processing import Declared, typed
from demotic.learning.qti.runtime.values import Optional, single

__all__ = ["ItemSpace"]


_MOST_PROBLEMS = 100


class ItemSpace:
    """The variables of a session, while a run of processing changes them. It is thrown away afterwards."""

    __slots__ = ("corrects", "defaults", "problems", "program", "random", "strict", "values")

    def __init__(self, program: ItemProgram, state: ItemState, *, strict: bool = False) -> None:
        self.program = program
        self.strict = strict
        self.problems: list[str] = []
        self.values: dict[str, Optional] = dict(state.values)
        self.corrects: dict[str, Optional] = dict(state.corrects)
        self.defaults: dict[str, Optional] = dict(state.defaults)
        self.random = Random(0)
        self.random.state = state.random

    def value(self, name: str) -> Optional:
        try:
            return self.values[name]
        except KeyError:
            raise self._unknown(name) from None

    def weighted(self, name: str, weight: str) -> Optional:
        return self.value(name)  # weights are given to items in a test, and only its processing sees them

    def default(self, name: str) -> Optional:
        if name in self.defaults:
            return self.defaults[name]
        return self._declared(name).default

    def correct(self, name: str) -> Optional:
        if name in self.corrects:
            return self.corrects[name]
        return self._declared(name, "response").correct

    def mapped(self, name: str) -> Declared:
        return self._declared(name, "response")

    def items(self) -> Items:
        raise ProcessingError("an item has no items: this expression is for tests", hint="use it in outcome processing")

    def failed(self, error: ProcessingError) -> None:
        if self.strict:
            raise error
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(error.message)

    def set_outcome(self, name: str, value: Optional) -> None:
        if name == "completionStatus":
            self._set_status(value)
        else:
            self.values[name] = typed(self._declared(name, "outcome"), value)

    def set_template(self, name: str, value: Optional) -> None:
        self.values[name] = typed(self._declared(name, "template"), value)

    def set_correct(self, name: str, value: Optional) -> None:
        self.corrects[name] = typed(self._declared(name, "response"), value)

    def set_response(self, name: str, value: Optional) -> None:
        self.values[name] = typed(self._declared(name, "response"), value)

    def set_default(self, name: str, value: Optional) -> None:
        declared = self._declared(name)
        if declared.kind not in ("response", "outcome"):
            raise ProcessingError(
                f"{name} is a {declared.kind} variable", hint="defaults of responses and outcomes are set"
            )
        self.defaults[name] = typed(declared, value)

    def look_up(self, name: str, value: Optional) -> Optional:
        return self._declared(name, "outcome").look_up(value)

    def _set_status(self, value: Optional) -> None:
        if value is None or value.data not in ("not_attempted", "unknown", "incomplete", "completed"):
            shown = "NULL" if value is None else repr(value.data)
            raise ProcessingError(
                f"completionStatus cannot be {shown}", hint="completed, incomplete, unknown or not_attempted"
            )
        self.values["completionStatus"] = single(BaseType.IDENTIFIER, value.data)

    def _declared(self, name: str, kind: str | None = None) -> Declared:
        declared = self.program.variables.get(name)
        if declared is None:
            raise self._unknown(name)
        if kind is not None and declared.kind != kind:
            raise ProcessingError(f"{name} is a {declared.kind} variable, not {_article(kind)}", target=name)
        return declared

    def _unknown(self, name: str) -> UnknownVariable:
        known = ", ".join(sorted(self.values)) or "none"
        return UnknownVariable(f"there is no variable {name}", target=name, hint=f"there are {known}")


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
