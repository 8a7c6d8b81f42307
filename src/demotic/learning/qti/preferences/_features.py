"""The features that a candidate may need or prefer, and what can be set of each: one row per element of the schema.

Specification: AfA PNP 3.0, profile for QTI 3.0 (XML binding). The rows are in the order of the schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from demotic.syntax import format_double, parse_double

__all__ = ["FEATURES", "MODES", "SETS", "Feature", "Setting"]

MODES: Final = (
    "auditory", "color", "item-size", "olfactory", "orientation", "position", "tactile", "text-on-image", "textual",
    "visual",
)  # fmt: skip
"""The modes of access that a feature may replace."""

SETS: Final = ("activate-at-initialization-set", "activate-as-option-set", "prohibit-set")
"""The elements that say which features are on from the start, which are offered, and which are forbidden."""


class Setting(NamedTuple):
    """Something that can be set of a feature: where it is written, what reads and writes it, what it must be.

    `path` leads from the feature to an element or, after `@`, an attribute.
    """

    path: str
    parse: Callable[[str], Any]
    format: Callable[[Any], str]
    meaning: str
    many: bool = False


class Feature(NamedTuple):
    """What can be set of a feature, by name; whether it may be there more than once."""

    settings: dict[str, Setting] = {}  # noqa: RUF012  # a table, which nobody changes
    many: bool = False
    modes: bool = True


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


def _flag(text: str) -> bool:
    if text:
        raise ValueError(text)
    return True


def _color(text: str) -> str:
    if not re.fullmatch(r"#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})", text):
        raise ValueError(text)
    return f"#{text.removeprefix('#')}"


def _language(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", text):
        raise ValueError(text)
    return text


def _short(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else format_double(number)


def _positive(text: str) -> float:
    number = parse_double(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


def _text(path: str, *, many: bool = False) -> Setting:
    return Setting(path, str, str, "a text", many)


def _number(path: str) -> Setting:
    return Setting(path, _positive, _short, "a number above 0")


def _whole(path: str) -> Setting:
    return Setting(path, int, str, "an integer")


def _truth(path: str) -> Setting:
    return Setting(path, _boolean, lambda value: "true" if value else "false", "true or false")


def _empty(path: str) -> Setting:
    return Setting(path, _flag, lambda value: "", "an empty element")


def _colored(path: str) -> Setting:
    return Setting(path, _color, str, "a color such as #FFCC00")


def _one_of(path: str, *words: str) -> Setting:
    return Setting(path, {word: word for word in words}.__getitem__, str, f"one of {', '.join(words)}")


_LANG: Final = {"lang": Setting("@xml:lang", _language, str, "a language tag such as en-US")}
_PLAIN: Final = Feature()
_TOOL: Final = Feature(modes=False)

FEATURES: Final[dict[str, Feature]] = {
    "hazard-avoidance": Feature({"hazard": _text(".")}, many=True, modes=False),
    "input-requirements": Feature({"requirements": _text(".")}, modes=False),
    "language-of-interface": Feature(_LANG, many=True),
    "linguistic-guidance": _PLAIN,
    "keyword-emphasis": _PLAIN,
    "keyword-translation": Feature(_LANG),
    "simplified-language-portions": _PLAIN,
    "simplified-graphics": _PLAIN,
    "item-translation": Feature(_LANG),
    "sign-language": Feature(_LANG),
    "encouragement": _PLAIN,
    "additional-testing-time": Feature({
        "time-multiplier": _number("time-multiplier"),
        "fixed-minutes": _whole("fixed-minutes"),
        "unlimited": _empty("unlimited"),
    }),
    "line-reader": Feature({"highlight-color": _colored("@highlight-color")}),
    "invert-display-polarity": Feature({
        "foreground": _colored("@foreground"), "background": _colored("@background"),
    }),
    "magnification": Feature({
        "all-content": _number("all-content/@zoom-amount"),
        "text": _number("text/@zoom-amount"),
        "non-text": _number("non-text/@zoom-amount"),
    }),
    "spoken": Feature({
        "reading-type": _one_of("reading-type", "screen-reader", "computer-read-aloud"),
        "restriction-type": _text("restriction-type", many=True),
        "speech-rate": _whole("speech-rate"),
        "pitch": _number("pitch"),
        "volume": _number("volume"),
        "link-indication": _one_of("link-indication", "speak-link", "different-voice", "sound-effect", "none"),
        "typing-echo": _one_of("typing-echo", "characters", "words", "characters-and-words", "none"),
    }),
    "tactile": _PLAIN,
    "braille": Feature(_LANG | {
        "delivery-mode": _one_of("delivery-mode", "refreshable", "embossed"),
        "grade": _one_of("grade", "1", "2", "3"),
        "braille-type": _text("braille-type"),
        "math-type": _text("math-type"),
    }),
    "answer-masking": _PLAIN,
    "keyboard-directions": _PLAIN,
    "additional-directions": _PLAIN,
    "long-description": Feature({"hide-visually": _truth("@hide-visually")}),
    "captions": _PLAIN,
    "environment": Feature({
        "description": _text("description"), "medical": _text("medical"), "software": _text("software"),
        "hardware": _text("hardware"), "breaks": _truth("breaks"),
    }),
    "transcript": _PLAIN,
    "alternative-text": _PLAIN,
    "audio-description": _PLAIN,
    "high-contrast": _PLAIN,
    "layout-single-column": _PLAIN,
    "text-appearance": Feature({
        "background-color": _colored("background-color"),
        "font-color": _colored("font-color"),
        "font-size": _number("font-size"),
        "font-name": _text("font-face/font-name", many=True),
        "generic-font-face": _one_of(
            "font-face/generic-font-face", "serif", "sans serif", "monospaced", "cursive", "fantasy"
        ),
        "line-spacing": _number("line-spacing"),
        "line-height": _number("line-height"),
        "letter-spacing": _number("letter-spacing"),
        "uniform-font-sizing": _empty("uniform-font-sizing"),
        "word-spacing": _number("word-spacing"),
        "word-wrapping": _empty("word-wrapping"),
    }),
    "calculator-on-screen": Feature({"calculator-type": _text("@calculator-type")}, modes=False),
    "dictionary-on-screen": _TOOL,
    "glossary-on-screen": _TOOL,
    "thesaurus-on-screen": _TOOL,
    "homophone-checker-on-screen": _TOOL,
    "note-taking-on-screen": _TOOL,
    "visual-organizer-on-screen": _TOOL,
    "outliner-on-screen": _TOOL,
    "peer-interaction-on-screen": _TOOL,
    "spell-checker-on-screen": _TOOL,
}  # fmt: skip
"""The features by the names of their elements."""
