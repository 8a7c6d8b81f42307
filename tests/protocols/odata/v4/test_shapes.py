"""Requests that differ in literals only share a shape, and a shape never confuses what reading would tell apart."""

import pytest

from demotic.protocols.odata.common import decoded, lift, match

LIFTED = [
    ("Orders(5)", "", ["5"]),
    ("Orders(ID=5,Line=7)", "", ["5", "7"]),
    ("Orders", "$filter=customer_ID eq 5 and amount gt 500&$orderby=ID&$top=20", ["5", "500", "20"]),
    ("Orders", "%24filter=customer_ID%20eq%205%20and%20amount%20gt%20500.25", ["5", "500.25"]),
    ("Orders", "$filter=customer_ID+eq+-5", ["-5"]),
    ("Orders", "$filter=note eq 'it''s 5'", ["'it''s 5'"]),
    ("Orders", "$filter=note%20eq%20%27it%27%27s%205%27", ["'it''s 5'"]),
    ("Orders", "$filter=orderDate ge 2020-01-01T00:00:00Z", ["2020-01-01T00:00:00Z"]),
    ("Orders", "$filter=orderDate ge 2020-01-01T00:00:00%2B02:00", ["2020-01-01T00:00:00%2B02:00"]),
    ("Orders", "$filter=day eq 2020-01-01", ["2020-01-01"]),
    ("Things(0f8fad5b-d9cb-469f-a165-70867728950e)", "", ["0f8fad5b-d9cb-469f-a165-70867728950e"]),
    ("Orders", "$filter=ID in (1,2,3)", ["1", "2", "3"]),
    ("Orders('A%2FB')", "", ["'A%2FB'"]),
    ("Order2", "$select=Line1,Line2&$filter=Line1 eq x3", []),
    ("Orders", "$filter=a eq 1e5", []),
    ("Orders", "$filter=a eq 'x&$top=5", ["5"]),
]


@pytest.mark.parametrize(("path", "query", "texts"), LIFTED)
def test_literals_are_lifted_out_of_a_target(path: str, query: str, texts: list[str]) -> None:
    assert lift(path, query)[1] == texts


SAME = [
    ("$filter=a eq 5&$top=3", "$filter=a eq 123456789&$top=7"),
    ("$filter=a eq 5", "$filter=a%20eq%207"),
    ("$filter=a eq 'x'", "$filter=a+eq+%27yy%27"),
    ("$filter=a eq 2020-01-01", "$filter=a eq 1999-12-31"),
]
APART = [
    ("$filter=a eq 5", "$filter=a eq 1234567890"),
    ("$filter=a eq 5", "$filter=a eq -5"),
    ("$filter=a eq 5", "$filter=a eq 5.0"),
    ("$filter=a eq 5", "$filter=a eq '5'"),
    ("$filter=a eq 2020-01-01", "$filter=a eq 2020-01-01T00:00Z"),
    ("$filter=a eq 5", "$filter=b eq 5"),
    ("$top=5", "$skip=5"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_targets_that_differ_in_literals_alone_share_a_shape(one: str, other: str) -> None:
    assert lift("Orders", one)[0] == lift("Orders", other)[0]


@pytest.mark.parametrize(("one", "other"), APART)
def test_targets_that_are_read_differently_have_shapes_of_their_own(one: str, other: str) -> None:
    assert lift("Orders", one)[0] != lift("Orders", other)[0]


def test_an_encoded_slash_is_not_taken_for_a_separator() -> None:
    assert lift("Orders%2F5", "")[0] != lift("Orders/5", "")[0]


def test_a_plus_in_a_path_is_not_taken_for_a_blank() -> None:
    assert lift("a+b", "")[0] != lift("a%20b", "")[0]


@pytest.mark.parametrize(
    ("lifted", "origins", "places"),
    [
        (["5", "7"], ["7", "5"], (1, 0)),
        (["5"], ["5", "5"], (0, 0)),
        ([], [], ()),
        (["5", "5"], ["5"], None),
        (["5", "7"], ["5"], None),
        (["5"], ["5", "7"], None),
        (["'a%26b'"], ["'a&b'"], (0,)),
    ],
)
def test_a_shape_is_kept_only_if_lifted_texts_and_parameters_pair_off(
    lifted: list[str], origins: list[str], places: tuple[int, ...] | None
) -> None:
    assert match(lifted, origins) == places


def test_rare_escapes_are_decoded_when_a_literal_is_filled_in() -> None:
    assert decoded("'K%C3%B6ln'") == "'Köln'"
