"""SQL written as text with places for its operands, for the functions of a dialect.

``sql("date_part('year', {0})", instant)``. A place may occur several times; a text that names its operands in a
subquery says each only once.
"""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from demotic.store.sql.storage._storage import Sql

_PLACE: Final = re.compile(r"\{(\d)\}")


class Template(FunctionElement[Any]):
    """A text of ours, and the operands that stand in its places."""

    inherit_cache = False
    name = "template"

    def __init__(self, text: str, *operands: Any) -> None:
        super().__init__(*operands)
        self.text = text


@compiles(Template)
def _write(element: Template, compiler: Any, **options: Any) -> str:
    operands = list(element.clauses)
    double = compiler.preparer._double_percents

    def place(found: re.Match[str]) -> str:
        return f"({compiler.process(operands[int(found[1])], **options)})"

    pieces, last = [], 0
    for found in _PLACE.finditer(element.text):
        before = element.text[last : found.start()]
        pieces += [before.replace("%", "%%") if double else before, place(found)]
        last = found.end()
    rest = element.text[last:]
    pieces.append(rest.replace("%", "%%") if double else rest)
    return f"({''.join(pieces)})"


def sql(text: str, *operands: Any) -> Sql:
    """Return SQL made of a text of ours with operands in its places."""
    result: Sql = Template(text, *operands)
    return result
