"""Negotiation: the cases of the specification, the order of ranges, and round trips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, SyntaxFault
from demotic.syntax.http import MediaType, parse_media_type
from demotic.syntax.http.negotiation import (
    MediaRange,
    Weighted,
    choose_charset,
    choose_coding,
    choose_language,
    closest_range,
    negotiate,
    parse_accept,
    parse_accept_language,
    parse_weighted,
)

from .http_cases import cases
from .http_values import PARAMETERS, QUALITIES, TOKENS


def choose_type(accept: str | None, offered: Sequence[str]) -> str | None:
    chosen = negotiate(accept, [parse_media_type(text) for text in offered])
    return None if chosen is None else str(chosen)


CHOICES: dict[str, Callable[[str | None, Sequence[str]], str | None]] = {
    "type": choose_type,
    "charset": choose_charset,
    "coding": choose_coding,
    "language": choose_language,
}


@pytest.mark.spec("HTTP-052", "HTTP-068", "HTTP-072", "HTTP-073", "HTTP-074")
@pytest.mark.feature("F-HTTP-01")
@pytest.mark.parametrize("case", cases("negotiation.json", "chosen"))
def test_the_choice_follows_what_the_client_wants(case: dict[str, Any]) -> None:
    assert CHOICES[case["choose"]](case["accept"], case["offered"]) == case["chosen"]


@pytest.mark.feature("F-HTTP-01")
@pytest.mark.parametrize("case", cases("negotiation.json", "error"))
def test_a_field_that_cannot_be_read_is_told_by_place(case: dict[str, Any]) -> None:
    with pytest.raises(SyntaxFault) as caught:
        CHOICES[case["choose"]](case["accept"], ["en"] if case["choose"] != "type" else ["a/b"])
    assert caught.value.position == case["error"]


@pytest.mark.spec("HTTP-070")
@pytest.mark.parametrize("case", cases("negotiation.json", "qualities"))
def test_each_type_has_the_quality_of_the_closest_range(case: dict[str, Any]) -> None:
    ranges = parse_accept(case["accept"])
    for text, quality in case["qualities"].items():
        closest = closest_range(ranges, parse_media_type(text))
        assert closest is not None
        assert closest.quality == quality


def test_nothing_offered_is_nothing_chosen() -> None:
    assert [choose(None, []) for choose in CHOICES.values()] == [None] * 4
    assert [choose("*;q=0.5" if name != "type" else "*/*", []) for name, choose in CHOICES.items()] == [None] * 4


@pytest.mark.spec("HTTP-070")
def test_a_range_wants_all_its_parameters_and_no_others() -> None:
    wanted = MediaRange("text", "plain", (("Charset", "utf-8"),))
    assert not wanted.matches(parse_media_type("text/plain"))
    assert wanted.matches(parse_media_type("text/plain;format=flowed;CHARSET=utf-8"))
    assert not wanted.matches(parse_media_type("text/plain;charset=utf-16"))
    assert MediaRange().matches(MediaType())


@pytest.mark.spec("HTTP-069")
def test_ranges_sort_from_the_specific_to_the_general() -> None:
    texts = ["image/png", "image/*", "text/plain;charset=utf-8", "text/plain", "text/*", "*/*"]
    ranges = list(parse_accept(",".join(reversed(texts))))
    assert [str(r) for r in sorted(ranges)] == texts
    assert MediaRange() == MediaRange("*", "*")
    assert len({*ranges, *parse_accept(" , ".join(texts))}) == len(texts)
    assert parse_accept("a/a;b=1")[0] < parse_accept("a/a;b=2")[0] < parse_accept("a/b")[0]
    assert MediaRange() >= MediaRange() <= MediaRange()
    assert MediaRange() > MediaRange("a")


@pytest.mark.spec("HTTP-071")
def test_equal_ranges_sort_by_descending_quality_whatever_their_extensions() -> None:
    items = parse_accept("a/b;q=0.5, a/b;q=0.75;x;y=z")
    assert [item.quality for item in sorted(items)] == [0.75, 0.5]
    assert items[1].extensions == (("x", None), ("y", "z"))
    assert items[1] == MediaRange("a", "b", quality=0.75)
    assert [str(item) for item in items] == ["a/b;q=0.5", "a/b;q=0.75;x;y=z"]
    assert str(MediaRange("a", "b", extensions=(("x", "1"),))) == "a/b;q=1;x=1"


@pytest.mark.spec("HTTP-072")
def test_tokens_sort_with_the_wild_card_last() -> None:
    items = parse_weighted("*, b;q=0.5, B, a")
    assert list(map(str, sorted(items))) == ["a", "b", "b;q=0.5", "*"]
    assert Weighted() == Weighted("*", 1.0)
    assert parse_weighted("") == ()


@pytest.mark.parametrize(
    "make",
    [
        lambda: MediaRange("*", "html"),
        lambda: MediaRange("a b"),
        lambda: MediaRange("a", "b", (("c d", "e"),)),
        lambda: MediaRange(quality=1.1),
        lambda: Weighted("a,b"),
        lambda: Weighted(""),
        lambda: Weighted("a", -0.1),
        lambda: Weighted("a", float("nan")),
    ],
)
def test_what_no_field_can_say_is_not_made(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidInput):
        make()


EXTENSIONS = st.lists(st.tuples(TOKENS.map(str.lower), st.none() | TOKENS), max_size=2).map(tuple)
NOT_QUALITY = PARAMETERS.filter(lambda pairs: all(name.lower() != "q" for name, _ in pairs))
RANGES = st.builds(MediaRange, TOKENS, TOKENS, NOT_QUALITY, QUALITIES, EXTENSIONS)


@given(st.lists(RANGES, max_size=4))
def test_ranges_survive_their_text(ranges: list[MediaRange]) -> None:
    read = parse_accept(", ".join(map(str, ranges)))
    assert read == tuple(ranges)
    assert [item.extensions for item in read] == [item.extensions for item in ranges]


@given(st.lists(st.builds(Weighted, TOKENS, QUALITIES), max_size=4))
def test_weighted_tokens_survive_their_text(items: list[Weighted]) -> None:
    assert parse_weighted(", ".join(map(str, items))) == tuple(items)


@given(st.lists(st.from_regex(r"\*|[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,3}", fullmatch=True), max_size=4))
def test_language_ranges_are_read(tags: list[str]) -> None:
    assert [item.token for item in parse_accept_language(",".join(tags))] == [tag.lower() for tag in tags]
