"""How the columns of a link compare: as they are kept where equal values look alike in both, else in a common form.

Two columns may keep one value differently: an instant with a T or a blank, a GUID in upper or in lower case, a number
as text. What is compared is then what the values are read as, in every place where a link is followed, so that
navigation, ``$expand``, ``any`` and filters agree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import sqlalchemy as sa

from demotic.model import BINARY, DATE, DATE_TIME_OFFSET, GUID, STRING, PrimitiveType
from demotic.store.sql.reflection._columns import kept
from demotic.store.sql.reflection._declared import Affinity
from demotic.store.sql.reflection._detect import any_form, has_forms
from demotic.store.sql.reflection._tables import ColumnFacts
from demotic.store.sql.storage._storage import SqlToSql, Storage, bytes_of

Forms: TypeAlias = tuple[SqlToSql, SqlToSql]
"""The forms in which two columns are compared, of the one that a link starts from and of the one that it meets."""

_NUMERIC: Final = (Affinity.INTEGER, Affinity.REAL, Affinity.NUMERIC)


def meeting(near: ColumnFacts, far: ColumnFacts) -> Forms | None:
    """Return the forms in which two columns are compared, ``None`` where they are compared as they stand."""
    (kind, storage), (other_kind, other) = kept(near), kept(far)
    if storage.number and other.number:
        return None
    if kind is other_kind:
        return _of_one_type(kind, storage, other, near, far)
    if _is_number(kind) or _is_number(other_kind):
        return _of_numbers(kind, other_kind, far)
    common = _common(kind, other_kind)
    return (_read_as(common, kind, storage), _read_as(common, other_kind, other)) if common is not None else None


def _of_one_type(
    kind: PrimitiveType, storage: Storage, other: Storage, near: ColumnFacts, far: ColumnFacts
) -> Forms | None:
    if kind is BINARY or (storage is other and storage.ordered):
        return None
    if kind is STRING and all(isinstance(value, str) for value in (*near.sample, *far.sample)):
        return None
    return (_plain, _plain) if _is_number(kind) else (storage.canonical, other.canonical)


def _of_numbers(kind: PrimitiveType, other: PrimitiveType, far: ColumnFacts) -> Forms | None:
    if not all(_is_number(each) or each is STRING for each in (kind, other)):
        return None
    # A column of numbers makes numbers of the texts that it is compared with, and its index is used.
    if far.declared.affinity in _NUMERIC and STRING in (kind, other):
        return None
    return _plain, _plain


def _common(kind: PrimitiveType, other: PrimitiveType) -> PrimitiveType | None:
    """Return the type that values of two types are read as to be compared, if there is one."""
    if {kind, other} == {DATE, DATE_TIME_OFFSET}:
        return DATE_TIME_OFFSET
    if {kind, other} == {BINARY, GUID}:
        return GUID
    if STRING in (kind, other):
        wanted = other if kind is STRING else kind
        return wanted if has_forms(wanted) else None
    return None


def _read_as(wanted: PrimitiveType, kind: PrimitiveType, storage: Storage) -> SqlToSql:
    return storage.canonical if kind is wanted else any_form(wanted).canonical


def _is_number(kind: PrimitiveType) -> bool:
    return kind.numeric_rank > 0


def _plain(column: Any) -> Any:
    """Return a number, or a text that is one, in plain digits."""
    reader: Callable[..., Any] = sa.func.demotic_plain
    return reader(bytes_of(column))
