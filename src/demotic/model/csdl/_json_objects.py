"""JSON objects of a metadata document, member by member: what is taken is as it must be, what is left over is refused.

OData CSDL JSON 4.01, section 2. Members are called by the path that leads to them, as JSON readers know no lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, NoReturn, TypeVar

from demotic.errors import LimitExceeded
from demotic.model._errors import DuplicateName, InvalidMetadataDocument
from demotic.model.csdl import elements as xml
from demotic.model.csdl._faults import Faults

T = TypeVar("T")

_WORDS: Final = {str: "a text", bool: "true or false", int: "a whole number", dict: "an object", list: "an array"}


def decoded(data: bytes | str) -> object:
    """Return what a JSON document holds, its numbers exact. Raises InvalidMetadataDocument and LimitExceeded."""
    try:
        return json.loads(data, object_pairs_hook=_unique, parse_float=Decimal, parse_constant=_refused)
    except RecursionError:
        raise LimitExceeded("the document is nested too deeply") from None
    except UnicodeDecodeError as found:
        raise InvalidMetadataDocument(f"no UTF-8 at byte {found.start}") from None
    except json.JSONDecodeError as found:
        raise InvalidMetadataDocument(f"no JSON, {found.msg}", line=found.lineno, column=found.colno) from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise DuplicateName(f"the member {twice} is there twice in one object")
    return result


def _refused(word: str) -> NoReturn:
    raise InvalidMetadataDocument(f"no JSON: {word} is no number", hint=f'write "{word}"')


class Members:
    """The members of one object that have not been taken yet."""

    def __init__(self, value: object, path: str, faults: Faults) -> None:
        if not isinstance(value, dict):
            raise InvalidMetadataDocument("an object is expected", target=path)
        self.path = path
        self._left: dict[str, object] = dict(value)
        self._faults = faults

    def take(self, name: str, kind: type[T], default: Any = None) -> Any:
        """Take a member of a type; without it, `default`."""
        if name not in self._left:
            return default
        value = self._left.pop(name)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise InvalidMetadataDocument(f"{_WORDS[kind]} is expected", target=f"{self.path}/{name}")
        return value

    def need(self, name: str, kind: type[T]) -> Any:
        """Take a member that must be there."""
        if name not in self._left:
            raise InvalidMetadataDocument(f"{name} is missing", target=self.path)
        return self.take(name, kind)

    def raw(self, name: str, default: object = None) -> object:
        """Take a member of any type."""
        return self._left.pop(name, default)

    def named(self) -> Iterator[tuple[str, object]]:
        """Take what is declared here: the members that are neither the document's own words nor annotations."""
        for name in [name for name in self._left if name[:1] != "$" and "@" not in name]:
            yield name, self._left.pop(name)

    def annotations(self, target: str = "") -> list[xml.Annotation]:
        """Take the annotations of the object, or of its member called `target`."""
        start = f"{target}@"
        found = {name.removeprefix(start): self._left.pop(name) for name in list(self._left) if name.startswith(start)}
        return _annotations(found)

    def close(self) -> None:
        """Refuse what is left over, or tell it."""
        for name in self._left:
            with self._faults.passed_over():
                raise InvalidMetadataDocument("no such member is known here", target=f"{self.path}/{name}")


def _annotations(found: dict[str, object]) -> list[xml.Annotation]:
    """Return annotations by ``Term#Qualifier``, each with those of ``Term#Qualifier@Nested``."""
    result = []
    for name, value in found.items():
        if "@" not in name:
            term, _, qualifier = name.partition("#")
            nested = {n.removeprefix(f"{name}@"): v for n, v in found.items() if n.startswith(f"{name}@")}
            element = xml.Annotation(Term=term, Qualifier=qualifier or None, annotations=_annotations(nested))
            xml.keep_json(element, value)
            result.append(element)
    return result
