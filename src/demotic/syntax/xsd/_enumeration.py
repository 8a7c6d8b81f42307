"""Enumerations: the texts of constants, one at a time, as lists, and as dictionaries (XSD 1.1 part 2, 4.3.5).

The constants are those of an `enum.Enum` of Python; what is added is how documents spell them.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Generic, Literal, Self, TypeAlias, TypeVar

from demotic.errors import InvalidInput
from demotic.syntax.xsd._errors import DatatypeError, LiteralFault

__all__ = ["Enumeration", "Fold"]

E = TypeVar("E", bound=enum.Enum)

Fold: TypeAlias = Literal["lower", "upper", "title"]
"""How a text is changed before it is looked up."""

_FOLDS: Final[Mapping[Fold | None, Callable[[str], str]]] = {
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    None: str,
}


class Enumeration(Generic[E]):
    """The texts of the constants of an enumeration class.

    >>> fruit = Enumeration.declare("Fruit", ["apples", "oranges", "pears"], default="apples")
    >>> fruit.parse("pears"), fruit.constants.pears == 3, fruit.format(None)
    (<Fruit.pears: 3>, True, 'apples')
    >>> fruit.format_dict(fruit.parse_dict("PEARS Apples pears", fold="lower"))
    'apples pears'

    A constant's text is its value, if that is a `str`, or else its name. `aliases` are further texts, which are read
    but never written; so are the aliases of the class. `default` is what `None` is written as. All texts are looked up
    after white space is collapsed, and after `fold`, if one is given here or to the call.
    """

    def __init__(
        self,
        constants: type[E],
        *,
        default: E | str | None = None,
        aliases: Mapping[str, E | str] | None = None,
        fold: Fold | None = None,
    ) -> None:
        self.constants = constants
        self.fold = _checked_fold(fold)
        self._texts: dict[E, str] = {member: _text(member, member.name) for member in constants}
        self.meaning = f"one of {', '.join(self._texts.values())}"
        self._members: dict[str, E] = {_text(m, name): m for name, m in constants.__members__.items()}
        for text, meant in (aliases or {}).items():
            self._alias(text, self._member(meant))
        self._order = {member: place for place, member in enumerate(constants)}
        self.default = None if default is None else self._member(default)

    @classmethod
    def declare(
        cls,
        name: str,
        texts: Iterable[str],
        *,
        default: str | None = None,
        aliases: Mapping[str, str] | None = None,
        fold: Fold | None = None,
    ) -> Enumeration[enum.IntEnum]:
        """Return the enumeration of some texts, with constants 1, 2, 3, … named by them, in an `IntEnum` made for it.

        A text that is no identifier is found as `constants["x-large"]`.
        """
        listed = list(texts)
        if not listed or len(set(listed)) < len(listed):
            raise InvalidInput(f"the texts of {name} are not all different" if listed else f"{name} has no texts")
        try:
            constants = enum.IntEnum(name, listed)  # type: ignore[misc]
        except ValueError as error:
            raise InvalidInput(f"{name} cannot be made: {error}", hint="give a class of your own") from None
        made: Any = cls(constants, default=default, aliases=aliases, fold=fold)  # type: ignore[arg-type]
        found: Enumeration[enum.IntEnum] = made
        return found

    def with_lower_aliases(self) -> Self:
        """Return the same with the lower-case form of every text as an alias, as folding to lower case needs it."""
        made = type(self)(self.constants, default=self.default, aliases=self._members, fold=self.fold)
        for text, member in self._members.items():
            made._alias(text.lower(), member)
        return made

    def parse(self, text: str, *, fold: Fold | None = None) -> E:
        """Return the constant of a text. Raises `LiteralFault` for a text of none."""
        literal = _FOLDS[_checked_fold(fold) or self.fold](" ".join(text.split()))
        found = self._members.get(literal)
        if found is None:
            raise LiteralFault(self.meaning, literal, 0, target=self.constants.__name__)
        return found

    def format(self, value: E | None) -> str | None:
        """Return the text of a constant; of `None`, that of the default, or `None` if there is no default."""
        if value is None:
            return None if self.default is None else self._texts[self.default]
        return self._texts[self._member(value)]

    def parse_list(self, text: str, *, fold: Fold | None = None, commas: bool = False) -> list[E]:
        """Return the constants of texts divided by blanks, in their order, each as often as it stands there.

        With `commas`, one after a text is let pass. Raises `LiteralFault` at a text of no constant.
        """
        return [member for _, member in self._items(text, fold, commas)]

    def parse_dict(self, text: str, *, fold: Fold | None = None, commas: bool = False) -> dict[E, str]:
        """Return, by constant, the text that was used for it first; as `parse_list` otherwise."""
        found: dict[E, str] = {}
        for word, member in self._items(text, fold, commas):
            found.setdefault(member, word)
        return found

    def format_list(self, values: Iterable[E]) -> str:
        """Return the texts of constants, in their order, with blanks between them."""
        return " ".join(self._texts[self._member(value)] for value in values)

    def format_dict(self, values: Iterable[E], *, sort: bool = True) -> str:
        """Return the texts of a dictionary's (or set's) constants, in the order of the class: equal ones, equal text.

        Without `sort` they stay in their own order, which costs less.
        """
        members = [self._member(value) for value in values]
        return self.format_list(sorted(members, key=self._order.__getitem__) if sort else members)

    def _items(self, text: str, fold: Fold | None, commas: bool) -> Iterable[tuple[str, E]]:
        for word in text.split():
            bare = word[:-1] if commas and word.endswith(",") else word
            yield bare, self.parse(bare, fold=fold)

    def _member(self, value: E | str) -> E:
        if isinstance(value, self.constants):
            return value
        if isinstance(value, str) and value in self._members:
            return self._members[value]
        name = self.constants.__name__
        raise DatatypeError(f"{value!r} is no constant of {name}", target=name, hint=self.meaning)

    def _alias(self, text: str, member: E) -> None:
        if self._members.setdefault(text, member) is not member:
            raise InvalidInput(f"{text!r} stands for {self._members[text]!r} already, not for {member!r}")


def _text(member: enum.Enum, name: str) -> str:
    """Return the text of a constant under one of its names; an alias of the class has only that."""
    return member.value if isinstance(member.value, str) and name == member.name else name


def _checked_fold(fold: Fold | None) -> Fold | None:
    if fold not in _FOLDS:
        raise InvalidInput(f"fold is 'lower', 'upper' or 'title', not {fold!r}")
    return fold
