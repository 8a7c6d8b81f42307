"""Conditional requests: the cases of the specification, and their order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http import EntityTag, Fields, parse_entity_tag, parse_entity_tags
from demotic.syntax.http.conditional import (
    NOT_MODIFIED_FIELDS,
    NOWHERE,
    Outcome,
    Preconditions,
    Validators,
    evaluate,
    parse_preconditions,
)

from .http_cases import cases


def state_of(given: dict[str, Any]) -> Validators:
    tag = parse_entity_tag(given["tag"]) if "tag" in given else None
    modified = datetime.fromisoformat(given["modified"]) if "modified" in given else None
    return Validators(tag, modified, given.get("exists", True))


@pytest.mark.feature("F-HTTP-03")
@pytest.mark.parametrize("case", cases("conditional.json", "outcome"))
def test_conditions_are_evaluated_in_their_order(case: dict[str, Any]) -> None:
    conditions = parse_preconditions(Fields(case["fields"]))
    assert evaluate(conditions, case["method"], state_of(case["state"])) is Outcome[case["outcome"]]
    lower = {name.lower(): value for name, value in case["fields"].items()}
    assert parse_preconditions(lower) == conditions


@pytest.mark.feature("F-HTTP-03")
@pytest.mark.parametrize("case", cases("conditional.json", "error"))
def test_broken_tags_are_told_by_field_and_place(case: dict[str, Any]) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse_preconditions(Fields(case["fields"]))
    assert [caught.value.target, caught.value.position] == case["error"]


def test_conditions_are_true_if_there_are_any() -> None:
    assert not parse_preconditions({})
    assert not Preconditions()
    assert parse_preconditions({"if-none-match": "*"})
    assert Outcome.FAILED.value == 412
    assert Outcome.NOT_MODIFIED.value == 304
    assert not NOWHERE.exists
    assert "etag" in NOT_MODIFIED_FIELDS


def test_a_date_is_strong_once_its_second_is_over() -> None:
    at = datetime(2024, 1, 1, 12, 0, 0, 500_000, tzinfo=UTC)
    assert not Validators(modified=at).date_is_strong(at.replace(microsecond=900_000))
    assert Validators(modified=at).date_is_strong(at.replace(second=1, microsecond=0))
    assert not Validators(modified=at).date_is_strong(None)
    assert not Validators().date_is_strong(at)
    with pytest.raises(InvalidInput, match="no zone"):
        Validators(modified=at.replace(tzinfo=None))


@pytest.mark.spec("HTTP-085")
@pytest.mark.parametrize(
    ("one", "other", "strongly", "weakly"),
    [
        ('W/"1"', 'W/"1"', False, True),
        ('W/"1"', 'W/"2"', False, False),
        ('W/"1"', '"1"', False, True),
        ('"1"', '"1"', True, True),
    ],
)
def test_tags_compare_as_the_table_of_the_specification_says(
    one: str, other: str, strongly: bool, weakly: bool
) -> None:
    a, b = parse_entity_tag(one), parse_entity_tag(other)
    assert (a.matches_strongly(b), a.matches_weakly(b)) == (strongly, weakly)
    assert (b.matches_strongly(a), b.matches_weakly(a)) == (strongly, weakly)


TAG_TEXT = st.text("".join(map(chr, (0x21, *range(0x23, 0x7F), *range(0x80, 0x100)))), max_size=12)


@pytest.mark.spec("HTTP-085")
@given(st.lists(st.builds(EntityTag, TAG_TEXT, st.booleans()), min_size=1, max_size=5))
def test_tags_survive_their_text(tags: list[EntityTag]) -> None:
    assert [parse_entity_tag(str(tag)) for tag in tags] == tags
    assert parse_entity_tags(", ".join(map(str, tags))) == tuple(tags)
