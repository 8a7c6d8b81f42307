"""The library's phases of parsing, which ignore what they do not expect.

Where the HTML Standard says of a token "ignore it (fragment case)", html5lib asserts that it reads a fragment. Broken
documents come to these places too, such as a text area in a select within a MathML text; the token is ignored there as
well: the whole of it, however deep in the phases that was found out, or it would be looked at again for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["tolerant_phases"]


class _Tolerant:
    __slots__ = ()
    parser: Any

    def processStartTag(self, token: Any) -> Any:
        return self._tolerated(super().processStartTag, token)  # type: ignore[misc]

    def processEndTag(self, token: Any) -> Any:
        return self._tolerated(super().processEndTag, token)  # type: ignore[misc]

    def processEOF(self) -> Any:
        return self._tolerated(super().processEOF)  # type: ignore[misc]

    def _tolerated(self, process: Callable[..., Any], *token: Any) -> Any:
        self.parser.phases_deep += 1
        try:
            return process(*token)
        except AssertionError:
            if self.parser.phases_deep > 1:
                raise  # another phase asked; the token is ignored where it came in
            return None
        finally:
            self.parser.phases_deep -= 1


_MADE: dict[str, type] = {}


def _tolerant(phase: type) -> type:
    name = f"Tolerant{phase.__name__}"
    if name not in _MADE:
        _MADE[name] = type(name, (_Tolerant, phase), {"__slots__": ()})
    return _MADE[name]


def tolerant_phases(phases: dict[str, Any], parser: Any, tree: Any) -> dict[str, Any]:
    """Return the same phases for the same parser, none of which fails at a token that should not be there."""
    return {name: _tolerant(type(phase))(parser, tree) for name, phase in phases.items()}
