"""200 literals of each built-in type, right and nearly right, judged the same here and by xmlschema.

Where the two differ, one row of `differences.json` must say why we are right; the page of differences has those rows.
"""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from xmlschema import XMLSchema11

from demotic.syntax import xsd
from demotic.syntax.xsd import Context

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
DIFFERENCES = json.loads((HERE / "differences.json").read_text(encoding="utf-8"))
COUNT = 200
WORDS = (
    "+ - . : , ; / = _ 0 00 1 9 12 24 59 60 13 14:00 +01:00 -14:00 Z T P Y M D H S E e E5 INF NaN true a b é × xml "
    "A== BQ 0F 2000 -0001 29 31 ٣ İ # % & \\ \u200b"
)
PIECES = [*WORDS.split(" "), "\xa0", " ", "  ", "\t", "\n"]


def seeds(name: str) -> list[str]:
    """Return the literals that the case files have for a type, the refused ones too."""
    files = ("examples.json", "literals.json", "refused.json")
    cases = [case for file in files for case in json.loads((HERE / file).read_text(encoding="utf-8"))]
    found = [case["literal"] for case in cases if case["type"] == name]
    return [text for text in found if text.isprintable() or text.isspace() or "\n" in text] or ["a"]


def near_literals(name: str, count: int) -> Iterator[str]:
    """Yield so many literals: first those of the case files, then ones with a character or two changed."""
    source = random.Random(name)
    good = seeds(name)
    yield from good[:count]
    for _ in range(count - len(good)):
        text = source.choice(good)
        for _ in range(source.choice((1, 1, 2))):
            text = _changed(text, source)
        yield text


def _changed(text: str, source: random.Random) -> str:
    start, end = sorted(source.randrange(len(text) + 1) for _ in range(2))
    digit = source.choice("0123456789")
    return source.choice(
        (
            text[:start] + source.choice(PIECES) + text[start:],
            text[:start] + source.choice(PIECES) + text[start + 1 :],
            text[:start] + text[start + 1 :],
            text[:start] + digit + text[start + 1 :],
            text[:start] + digit + text[start:],
            text[:end] + text[start:end] + text[end:],
            f" {text}\n",
        )
    )


@pytest.fixture(scope="module")
def schema() -> XMLSchema11:
    """A schema with nothing in it but the built-in types."""
    return XMLSchema11('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>')


def namespaces(literal: str) -> dict[str, str]:
    """Return a namespace for the prefix of a literal, so that it is judged by its form alone."""
    prefix = literal.strip().partition(":")[0]
    own = "http://www.w3.org/XML/1998/namespace" if prefix == "xml" else f"urn:{prefix}"
    return {prefix: own} if ":" in literal else {}


def judged(schema: XMLSchema11, name: str, literal: str) -> tuple[bool, bool]:
    """Return whether a literal is one of a type, by us and by xmlschema.

    NOTATION, which xmlschema lets through unread, has the literals of QName (3.3.19.1).
    """
    scope = namespaces(literal)
    ours = xsd.BUILT_IN[name].is_valid(literal, Context(scope))
    kind = schema.maps.types[f"{{http://www.w3.org/2001/XMLSchema}}{'QName' if name == 'NOTATION' else name}"]
    try:
        theirs = kind.is_valid(literal, namespaces=scope)
    except OverflowError:
        theirs = False
    return ours, theirs


def explained(name: str, literal: str, ours: bool) -> str | None:
    """Return the row that explains why we judge differently."""
    for row in DIFFERENCES:
        if re.fullmatch(row["types"] or ".*", name) and re.search(row["pattern"], literal) and ours is row["ours"]:
            return row["id"]
    return None


@pytest.mark.spec("XSD-013", "XSD-001", "XSD-003", "XSD-007", "XSD-011")
@pytest.mark.feature("F-XSD-01")
@pytest.mark.parametrize("name", xsd.BUILT_IN)
def test_literals_are_judged_as_by_xmlschema(schema: XMLSchema11, name: str) -> None:
    literals = list(near_literals(name, COUNT))
    assert len(literals) == COUNT
    verdicts = [(literal, *judged(schema, name, literal)) for literal in literals]
    assert any(ours for _, ours, _ in verdicts)
    unexplained = [v for v in verdicts if v[1] != v[2] and explained(name, v[0], v[1]) is None]
    assert unexplained == []


@pytest.mark.parametrize("row", DIFFERENCES, ids=lambda row: row["id"])
def test_a_difference_is_one_and_stands_on_the_page(schema: XMLSchema11, row: dict) -> None:
    for name, literal in row["examples"]:
        ours, theirs = judged(schema, name, literal)
        assert (ours, theirs) == (row["ours"], not row["ours"])
        assert explained(name, literal, ours) == row["id"]
    page = (ROOT / "docs" / "xsd-differences.md").read_text(encoding="utf-8")
    line = next(line for line in page.splitlines() if line.startswith(f"| {row['id']} |"))
    assert f"| {row['clause']} |" in line
