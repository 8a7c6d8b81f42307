"""Texts in languages, and terms of vocabularies: the two types that most of LOM is made of.

IEEE 1484.12.1, sections 4.5 (LangString) and 4.6 (Vocabulary).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from demotic.learning.lom._names import IEEE_NAMESPACES, MD_NAMESPACES, also, lom_name
from demotic.xml import XML, Bound, QName, attribute, child, children, text

__all__ = ["LangStrings", "OddString", "Source", "String", "Value", "Vocabulary"]

_NONE: Final = "x-none"  # what IMS MD 1.2 says of text that is in no language


class String(Bound, name=lom_name("string"), namespaces=also("langstring")):
    """A text and its language. `tag` is the language, however it is written."""

    language = attribute("language")
    xml_lang = attribute(QName(XML, "lang"))
    lang = attribute("lang")
    value = text()

    @property
    def tag(self) -> str | None:
        """The language tag; none for a text in no language, or where nothing is said."""
        stated = self.language or self.xml_lang or self.lang
        return None if stated in (None, "", _NONE) else stated


class OddString(
    String,
    name=lom_name("langstring"),
    namespaces={**dict.fromkeys(IEEE_NAMESPACES, ""), **dict.fromkeys(MD_NAMESPACES, "string")},
):
    """The same under the name that it has in the other binding, as tools mix them up."""


class LangStrings(Bound):
    """One text in any number of languages."""

    strings = children(String, OddString)

    def in_language(self, *tags: str) -> str | None:
        """Return the text in the first of these languages that there is, else in none, else the first there is.

        A tag also stands for the more special ones: `en` for `en-GB`.
        """
        for tag in tags:
            for string in self.strings:
                if _is_in(string.tag, tag):
                    return string.value
        neutral = (string.value for string in self.strings if string.tag is None)
        return next(neutral, self.strings[0].value if self.strings else None)

    def texts(self) -> Iterator[tuple[str | None, str]]:
        """Yield language tags and texts."""
        for string in self.strings:
            yield string.tag, string.value


def _is_in(tag: str | None, wanted: str) -> bool:
    known = (tag or "").lower()
    return known == wanted.lower() or known.startswith(f"{wanted.lower()}-")


class _Term(Bound):
    """Text, or in IMS MD 1.2 a text in no language."""

    plain = text()
    strings = children(String, OddString)

    @property
    def text(self) -> str:
        """What it says, in either way."""
        return self.strings[0].value.strip() if self.strings else self.plain.strip()


class Source(_Term, name=lom_name("source"), namespaces=also("source")):
    """The vocabulary that a term is of."""


class Value(_Term, name=lom_name("value"), namespaces=also("value")):
    """A term."""


class Vocabulary(Bound):
    """A term and the vocabulary that it is of."""

    source = child(Source)
    value = child(Value)

    @property
    def term(self) -> str | None:
        """The term alone."""
        return None if self.value is None else self.value.text or None

    @property
    def vocabulary(self) -> str | None:
        """The vocabulary alone, such as `LOMv1.0`."""
        return None if self.source is None else self.source.text or None
