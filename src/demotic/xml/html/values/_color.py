"""Colors: `#ffa500`, `#fa0` and `orange`, and what browsers make of anything else.

Specifications: HTML 4.01, section 6.5 (%Color and its sixteen names); CSS Color Module Level 4, section 6.1 (all names)
and 5.2 (three digits); HTML Standard, section 2.3.6 (legacy color values).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

from demotic.errors import SyntaxFault
from demotic.xml.html.values._length import HtmlValueFault

__all__ = ["COLOR_NAMES", "Color"]

# Names and digits in turn. The sixteen of HTML 4.01 come first, so that they name their colors where CSS has another
# name for the same.
_TABLE: Final = """
black 000000 silver c0c0c0 gray 808080 white ffffff maroon 800000 red ff0000 purple 800080 fuchsia ff00ff
green 008000 lime 00ff00 olive 808000 yellow ffff00 navy 000080 blue 0000ff teal 008080 aqua 00ffff
aliceblue f0f8ff antiquewhite faebd7 aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4
blanchedalmond ffebcd blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00
chocolate d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff
darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9
darkkhaki bdb76b darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000
darksalmon e9967a darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f
darkturquoise 00ced1 darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969
dodgerblue 1e90ff firebrick b22222 floralwhite fffaf0 forestgreen 228b22 gainsboro dcdcdc ghostwhite f8f8ff
gold ffd700 goldenrod daa520 greenyellow adff2f grey 808080 honeydew f0fff0 hotpink ff69b4 indianred cd5c5c
indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00
lemonchiffon fffacd lightblue add8e6 lightcoral f08080 lightcyan e0ffff lightgoldenrodyellow fafad2
lightgray d3d3d3 lightgreen 90ee90 lightgrey d3d3d3 lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa
lightskyblue 87cefa lightslategray 778899 lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0
limegreen 32cd32 linen faf0e6 magenta ff00ff mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3
mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a
mediumturquoise 48d1cc mediumvioletred c71585 midnightblue 191970 mintcream f5fffa mistyrose ffe4e1
moccasin ffe4b5 navajowhite ffdead oldlace fdf5e6 olivedrab 6b8e23 orange ffa500 orangered ff4500
orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee palevioletred db7093
papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6
rebeccapurple 663399 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 salmon fa8072 sandybrown f4a460
seagreen 2e8b57 seashell fff5ee sienna a0522d skyblue 87ceeb slateblue 6a5acd slategray 708090
slategrey 708090 snow fffafa springgreen 00ff7f steelblue 4682b4 tan d2b48c thistle d8bfd8 tomato ff6347
turquoise 40e0d0 violet ee82ee wheat f5deb3 whitesmoke f5f5f5 yellowgreen 9acd32
"""

_HEX: Final = re.compile("#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})")


@dataclass(frozen=True, slots=True)
class Color:
    """Red, green and blue, each from 0 to 255.

    >>> str(Color.parse("orange")), Color.parse("#FFA500").name, Color.parse("#fff")
    ('#ffa500', 'orange', Color(red=255, green=255, blue=255))
    """

    red: int
    green: int
    blue: int

    def __post_init__(self) -> None:
        for part in (self.red, self.green, self.blue):
            if isinstance(part, bool) or not isinstance(part, int) or not 0 <= part <= 255:
                raise HtmlValueFault(f"{part!r} is no part of a color: a whole number from 0 to 255 is needed")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `#rrggbb`, `#rgb` or a name in any case, or raise `SyntaxFault`."""
        digits = _NAMED.get(text.lower())
        if digits is None:
            found = _HEX.fullmatch(text)
            if not found:
                raise SyntaxFault("'#' and 6 or 3 hexadecimal digits, or the name of a color", text, 0)
            digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
        return cls._of(digits)

    @classmethod
    def parse_legacy(cls, text: str) -> Self | None:
        """Read any text as browsers read the attributes `color` and `bgcolor`; `None` for those that mean no color.

        >>> str(Color.parse_legacy("chucknorris"))
        '#c00000'
        """
        text = text.strip(" \t\r\n\f")
        if not text or text.lower() == "transparent":
            return None
        if text.lower() in _NAMED or (len(text) == 4 and _HEX.fullmatch(text)):
            return cls.parse(text)
        digits = "".join("00" if char > "\uffff" else char for char in text)[:128].removeprefix("#")
        digits = re.sub("[^0-9A-Fa-f]", "0", digits)
        digits += "0" * (-len(digits) % 3 or (0 if digits else 3))
        return cls._of("".join(_shortened(digits)))

    @classmethod
    def _of(cls, digits: str) -> Self:
        return cls(*bytes.fromhex(digits))

    @property
    def name(self) -> str | None:
        """The color's name, if it has one; that of HTML 4.01 before others."""
        return _NAME_OF.get(str(self))

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


def _shortened(digits: str) -> list[str]:
    """Return the two digits of each third that browsers keep."""
    length = len(digits) // 3
    parts = [digits[at * length : (at + 1) * length][-8:] for at in range(3)]
    while len(parts[0]) > 2 and all(part[0] == "0" for part in parts):
        parts = [part[1:] for part in parts]
    return [part[:2].rjust(2, "0") for part in parts]


_WORDS: Final = _TABLE.split()
_NAMED: Final = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
COLOR_NAMES: Final = MappingProxyType({name: Color(*bytes.fromhex(digits)) for name, digits in _NAMED.items()})
"""The colors that have names, by their names."""
_NAME_OF: Final = {f"#{digits}": name for name, digits in reversed(_NAMED.items())}
