"""Characters by what XML lets them do.

Specifications: XML 1.0 (fifth edition), sections 2.2 and 2.3; its fourth edition, appendix B, from which older
specifications still take their letters and digits (`fourth_edition.tsv`).
"""

from __future__ import annotations

from functools import cache

from demotic.syntax.unicode import NAME_CHAR, NAME_START_CHAR, WHITE_SPACE, XML_CHAR, CharacterClass

__all__ = [
    "fourth_edition",
    "is_char",
    "is_discouraged",
    "is_name_char",
    "is_name_start_char",
    "is_pubid_char",
    "is_space",
]

is_char = XML_CHAR.test
"""Whether a character may stand in a document; None is none."""

is_name_start_char = NAME_START_CHAR.test
"""Whether a name may begin with a character."""

is_name_char = NAME_CHAR.test
"""Whether a character may stand in a name."""

is_space = WHITE_SPACE.test
"""Whether a character is white space: blank, tab, carriage return or line feed."""

is_pubid_char = CharacterClass(" \r\n", ("a", "z"), ("A", "Z"), ("0", "9"), "-'()+,./:=?;!*#@$_%").freeze().test
"""Whether a character may stand in a public identifier."""

_DISCOURAGED = CharacterClass(
    ("\x7f", "\x84"),
    ("\x86", "\x9f"),
    ("\ufdd0", "\ufdef"),
    *((chr(plane + 0xFFFE), chr(plane + 0xFFFF)) for plane in range(0x10000, 0x110000, 0x10000)),
).freeze()

is_discouraged = _DISCOURAGED.test
"""Whether a document had better not hold a character, though it may: controls, and what is no character in Unicode."""


@cache
def fourth_edition(name: str) -> CharacterClass:
    """Return a class of the fourth edition: Letter, BaseChar, Ideographic, CombiningChar, Digit or Extender.

    Raises `KeyError` for another name.
    """
    if name == "Letter":
        return (fourth_edition("BaseChar") | fourth_edition("Ideographic")).freeze()
    from importlib import resources  # loads archives' modules along, which reading a document does not need

    text = resources.files(__package__).joinpath("fourth_edition.tsv").read_text("ascii")
    rows = dict(line.split("\t") for line in text.splitlines())
    pairs = [part.split("-") for part in rows[name].split(" ")]
    return CharacterClass(*((chr(int(pair[0], 16)), chr(int(pair[-1], 16))) for pair in pairs)).freeze()
