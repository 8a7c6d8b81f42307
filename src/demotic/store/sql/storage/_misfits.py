"""Values that do not fit the type of their property: told beside the null that stands for them.

Rows are converted as if there were none such. Only where one turns up are the rows of its batch looked through, so that
nobody pays for it elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from demotic.store._interface import Row, Tell
from demotic.store.sql.storage._storage import Broken

if TYPE_CHECKING:
    from demotic.store.sql.storage._convert import Cell, Convert


Lenient: TypeAlias = "Callable[[], tuple[Convert, Convert]]"


class Misfit(Exception):
    """A value that does not fit turned up."""


def misfit(value: Any) -> None:
    """Return null for null. Raises `Misfit` for anything else."""
    if value is not None:
        raise Misfit


def is_strict(cell: Cell) -> bool:
    """Whether null means that a value does not fit: in JSON it may be a value."""
    return cell.storage is not None and cell.storage.name != "json"


def telling(
    strict: Convert, lenient: Callable[[], tuple[Convert, Convert]], cells: Sequence[Cell], tell: Tell
) -> Convert:
    """Return a converter that tells of what does not fit, for which ``strict`` raises `Misfit`.

    ``lenient`` makes two that give null for it: what ``strict`` gives, and the converted values of ``cells``.
    """

    def convert(rows: list[Any], *expanded: list[Any]) -> list[Row]:
        try:
            return strict(rows, *expanded)
        except Misfit:
            plain, values = lenient()
            made = plain(rows, *expanded)
        for place, (kept, shown) in enumerate(zip(rows, values(rows), strict=True)):
            given = zip(cells, shown, strict=True)
            texts = {path: text for cell, value in given for path, text in _in(cell, kept, value)}
            if texts:
                made[place] = tell(made[place], texts)
        return made

    return convert


def _in(cell: Cell, kept: Sequence[Any], shown: Any) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Yield the paths to what does not fit in a property, each with the text of what is kept."""
    name = cell.property.name
    if is_strict(cell):
        if shown is None and kept[cell.place] is not None:
            yield (name,), text_of(kept[cell.place])
    elif isinstance(shown, Mapping):
        for part in cell.parts:
            for path, text in _in(part, kept, shown[part.property.name]):
                yield (name, *path), text


def text_of(value: Any) -> str | None:
    """Return the exact text of what a database keeps: of bytes that are no text as SQL writes them."""
    if not isinstance(value, bytes):
        return str(value)
    if isinstance(value, Broken):
        try:
            return value.decode()
        except UnicodeDecodeError:
            pass
    return f"X'{value.hex().upper()}'"
