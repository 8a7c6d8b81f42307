"""Names of tables and columns as names of the model: SimpleIdentifiers (OData CSDL 4.01, section 15.2), unique and
stable.

A name that fits is kept. In one that does not, each character that may not stand there becomes an underscore, and one
is put in front of a digit: a blank gives ``_``, ``1st`` gives ``_1st``. Of several that come out alike but for case,
those that needed no change go first, and later ones are numbered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256

MOST_CHARACTERS = 128
_FIRST = {"Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Pc"}
_LATER = _FIRST | {"Nd", "Mn", "Mc", "Cf"}
_KEY_SUFFIX = re.compile(r"(?<=.)_(?:ID|Id|id)$|(?<=[a-z0-9])I[Dd]$")


def identifier(name: str) -> str:
    """Return the SimpleIdentifier for a name."""
    text = "".join(c if unicodedata.category(c) in _LATER else "_" for c in unicodedata.normalize("NFC", name))
    if not text or unicodedata.category(text[0]) not in _FIRST:
        text = text if text.startswith("_") else f"_{text}"
    if len(text) > MOST_CHARACTERS:
        text = f"{text[: MOST_CHARACTERS - 9]}_{sha256(name.encode()).hexdigest()[:8]}"
    return text


def identifiers(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return the identifier of each name, no two of which (nor of ``taken``) differ in case alone."""
    given = list(names)
    used = {name.casefold() for name in taken}
    result: dict[str, str] = {}
    for name in sorted(given, key=lambda name: identifier(name) != name):
        result[name] = unique(identifier(name), used)
        used.add(result[name].casefold())
    return {name: result[name] for name in given}


def unique(name: str, used: set[str]) -> str:
    """Return the name, or the first of ``name_2``, ``name_3`` ... whose casefolded form is not used."""
    candidate, number = name, 1
    while candidate.casefold() in used:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def without_key_suffix(column: str) -> str:
    """Return ``customer`` for ``customer_ID``, ``customerId`` or ``customerID``; another name as it is."""
    return _KEY_SUFFIX.sub("", column)
