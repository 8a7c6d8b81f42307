"""The table of elements agrees with the published schemas: names, attributes, what is required, defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.learning.qti.schemas import FILES, Declared, attributes_of

from demotic.learning.qti.model import HTML, INTERACTIONS, Expression, Version
from demotic.learning.qti.model._node import ELEMENTS, REQUIRED

# Attributes of body elements, which the table has more of than any one version.
COMMON = {
    "id",
    "class",
    "label",
    "lang",
    "language",
    "dir",
    "role",
    "base",
    "xml:lang",
    "xml:base",
    "data-catalog-idref",
}
# Roots and types in the schemas that are no elements of items or tests (metadata, results, other vocabularies).
OTHERS = {"include", "math", "qtiMetadata"}
# The schemas leave these defaults to the information models, or inherit the values from what stands around.
DEFAULTS_ELSEWHERE = {
    "case_sensitive", "count_attempt", "fixed", "min_associations", "orientation", "primary_configuration",
    "secondary_configuration", "show_hide", "step", "step_label",
}  # fmt: skip
INHERITED = {"ItemSessionControl"}
# Known to the table beside the schemas, because documents in the field have them.
BESIDE = {
    ("AssessmentSectionRef", "required"), ("AssessmentSectionRef", "fixed"), ("FileHref", "mime_type"),
    ("HtmlContent", "data_type"), ("ResourceIcon", "mime_type"),
}  # fmt: skip
# The schema of 2.1 misspells it; its own information model and all later schemas say targetValue.
MISSPELT = {("matchTableEntry", "targetType"), ("matchTableEntry", "targetValue")}


@pytest.fixture(scope="module", params=["2.0", "2.1", "2.2", "3.0"])
def schema(request: pytest.FixtureRequest, shared_data: Path) -> tuple[Version, dict[str, dict[str, Declared]]]:
    return Version(request.param), attributes_of(shared_data / "learning" / "xsd", request.param)


def test_there_are_sixty_four_expressions_and_twenty_two_interactions() -> None:
    expressions = {cls for cls in ELEMENTS.values() if issubclass(cls, Expression)}
    assert (len(expressions), len(INTERACTIONS)) == (64, 22)


def test_every_element_of_the_schema_has_a_class(schema: Any) -> None:
    version, declared = schema
    known = {name for name in declared if name in ELEMENTS or name in HTML}
    missing = set(declared) - known - OTHERS
    if version is Version.V2_0:  # its schema also declares results, metadata and profiles
        missing = {name for name in missing if name.endswith("Interaction")}
    assert missing == set()


def test_attributes_are_those_of_the_schema(schema: Any) -> None:
    version, declared = schema
    wrong: list[str] = []
    for name, attributes in declared.items():
        cls = ELEMENTS.get(name)
        if cls is None:
            continue
        spelled = cls.tag if version is Version.V3_0 else cls.old
        if not cls.since <= version <= cls.until or spelled != name:
            wrong.append(f"{name}: {spelled}, from {cls.since} to {cls.until}")
        mine = {f.wire_in(version): f for f in cls.attribute_table.values() if f.exists_in(version)}
        named = {a for a in attributes if a not in COMMON and not a.startswith(("aria-", "data-"))}
        wrong += [f"{name}/{a}: not in the table" for a in named - set(mine) if (name, a) not in MISSPELT]
        wrong += [
            f"{name}/{a}: not in the schema"
            for a, field in mine.items()
            if a not in attributes and a not in COMMON
            if (cls.__name__, field.name) not in BESIDE and (name, a) not in MISSPELT
        ]
    assert wrong == []


def test_what_is_required_and_what_is_the_default_are_as_the_schema_says(schema: Any) -> None:
    version, declared = schema
    wrong: list[str] = []
    for name, attributes in declared.items():
        cls = ELEMENTS.get(name)
        if cls is None:
            continue
        mine = {f.wire_in(version): f for f in cls.attribute_table.values()}
        for wire, stated in attributes.items():
            field = mine.get(wire)
            if field is None or wire in COMMON:
                continue
            default: Any = field.default_in(version)
            if stated.required != (default is REQUIRED):
                wrong.append(f"{name}/{wire}: required is {stated.required}")
            elif not stated.required and stated.default is None:
                if default is not None and field.name not in DEFAULTS_ELSEWHERE:
                    wrong.append(f"{name}/{wire}: no default, not {default!r}")
            elif not stated.required and not (default is None and cls.__name__ in INHERITED):
                stated_default = field.type.parse(stated.default or "")
                wrong += [f"{name}/{wire}: {stated.default}, not {default!r}"] * (stated_default != default)
    assert wrong == []


def test_each_version_has_its_schema() -> None:
    assert set(FILES) == {str(version) for version in Version if version > Version.V1_2}
