"""Ranges: which parts are sent, how they are told, and several of them in one body."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, LimitExceeded, SyntaxFault
from demotic.syntax.http import parse_entity_tag
from demotic.syntax.http.conditional import Validators
from demotic.syntax.http.ranges import (
    AcceptRanges,
    ByteRanges,
    ContentRange,
    Range,
    RangeSpec,
    parse_accept_ranges,
    parse_byteranges,
    parse_content_range,
    parse_range,
    select_ranges,
)

from .http_cases import cases

NOW = datetime(2026, 1, 1, 0, 0, 0, 500_000, tzinfo=UTC)


@pytest.mark.feature("F-HTTP-10")
@pytest.mark.parametrize("case", cases("ranges.json"))
def test_the_parts_to_send(case: dict[str, Any]) -> None:
    fields = {name: case[name] for name in ("range", "if-range") if name in case}
    tag = parse_entity_tag(case["tag"]) if "tag" in case else None
    state = Validators(tag, datetime.fromisoformat(case["modified"]) if "modified" in case else None)
    found = select_ranges(case.get("method", "GET"), fields, state, case["size"], now=NOW)
    assert (None if found is None else [[part[0], part[-1]] for part in found]) == case["parts"]


@pytest.mark.spec("HTTP-077")
def test_a_content_range_tells_a_part_or_that_there_is_none() -> None:
    assert str(ContentRange()) == "bytes */*"
    assert str(ContentRange(size=10)) == "bytes */10"
    assert str(ContentRange(0, 4, 10)) == str(ContentRange.of(range(5), 10)) == "bytes 0-4/10"
    assert ContentRange(0, 4).positions == range(5)
    assert ContentRange(3, 2).positions == range(0)
    with pytest.raises(InvalidInput):
        ContentRange(0)
    with pytest.raises(InvalidInput):
        ContentRange.of(range(0), 10)


@pytest.mark.spec("HTTP-077")
@pytest.mark.parametrize(
    ("value", "valid"),
    [
        (ContentRange(), False),
        (ContentRange(size=5), False),
        (ContentRange(0, 0, 1), True),
        (ContentRange(0, 1, 1), False),
        (ContentRange(2, 1, 5), False),
        (ContentRange(0, 99), True),
    ],
)
def test_a_content_range_is_valid_if_it_is_a_part_inside_the_whole(value: ContentRange, valid: bool) -> None:
    assert value.is_valid is valid
    assert parse_content_range(str(value)) == value


@pytest.mark.spec("HTTP-075")
def test_accepted_ranges() -> None:
    assert str(AcceptRanges()) == str(parse_accept_ranges("none")) == "none"
    accepted = AcceptRanges(("Bytes", "lines"))
    assert (accepted[0], len(accepted), list(accepted), "BYTES" in accepted) == ("bytes", 2, ["bytes", "lines"], True)
    assert accepted == parse_accept_ranges("bytes, lines") > AcceptRanges(("bytes",)) > AcceptRanges()


@pytest.mark.parametrize(
    "make",
    [
        lambda: RangeSpec(),
        lambda: RangeSpec(1, suffix=2),
        lambda: RangeSpec(last=2),
        lambda: RangeSpec(-1),
        lambda: RangeSpec(2, 1),
        lambda: RangeSpec(suffix=-1),
        lambda: Range(()),
        lambda: Range((RangeSpec(0),), "a b"),
        lambda: ContentRange(-1, 2),
        lambda: ContentRange(0, 1, -1),
        lambda: ContentRange(0, 1, 2, ""),
        lambda: ByteRanges((), 0, None, ""),
        lambda: ByteRanges((), 0, None, "a" * 71),
        lambda: ByteRanges((), 0, None, "a\r\n"),
    ],
)
def test_what_no_field_can_say_is_not_made(make: Callable[[], Any]) -> None:
    with pytest.raises(InvalidInput):
        make()


NUMBERS = st.integers(0, 10**18)
SPECS = st.builds(RangeSpec, NUMBERS) | st.builds(lambda n: RangeSpec(suffix=n), NUMBERS)
SPECS |= st.tuples(NUMBERS, NUMBERS).map(lambda pair: RangeSpec(min(pair), max(pair)))


@given(st.lists(SPECS, min_size=1, max_size=5).map(tuple), st.integers(0, 10**6))
def test_a_range_survives_its_text_and_stays_within(specs: tuple[RangeSpec, ...], size: int) -> None:
    value = Range(specs)
    assert parse_range(str(value)) == value
    assert all(0 <= part.start <= part.stop <= size for part in value.within(size))


@given(st.none() | st.tuples(NUMBERS, NUMBERS), st.none() | NUMBERS)
def test_a_content_range_survives_its_text(part: tuple[int, int] | None, size: int | None) -> None:
    value = ContentRange(*(part or (None, None)), size)
    assert parse_content_range(str(value)) == value


CONTENT = bytes(range(256)) * 4


@pytest.mark.feature("F-HTTP-10")
def test_several_parts_travel_in_one_body() -> None:
    ranges = (range(500, 600), range(1000, 1024))
    body = ByteRanges(ranges, len(CONTENT), "application/pdf", "THIS_STRING_SEPARATES")
    sent = b"".join(body.pieces(lambda start, stop: CONTENT[start:stop]))
    assert len(sent) == body.length
    assert sent.startswith(
        b"--THIS_STRING_SEPARATES\r\nContent-Type: application/pdf\r\nContent-Range: bytes 500-599/1024\r\n\r\n"
    )
    assert str(body.media_type) == "multipart/byteranges;boundary=THIS_STRING_SEPARATES"
    parts = parse_byteranges(sent, "THIS_STRING_SEPARATES")
    assert [(part.content_range.positions, part.content) for part in parts] == [
        (r, CONTENT[r.start : r.stop]) for r in ranges
    ]
    assert parts[0].fields.get("content-type") == "application/pdf"


@given(st.lists(st.tuples(st.integers(0, 1023), st.integers(1, 50)), min_size=1, max_size=4))
def test_parts_survive_their_body(pairs: list[tuple[int, int]]) -> None:
    ranges = tuple(range(start, min(start + size, 1024)) for start, size in pairs)
    body = ByteRanges(ranges, 1024, None, "b")
    sent = b"".join(body.pieces(lambda start, stop: CONTENT[start:stop]))
    assert len(sent) == body.length
    assert [part.content_range.positions for part in parse_byteranges(b"preamble\r\n" + sent, "b")] == list(ranges)


@pytest.mark.parametrize(
    ("body", "position"),
    [
        (b"", 0),
        (b"--b", 3),
        (b"--b\r\nContent-Range: bytes 0-0/1\r\n\r\na", 36),
        (b"--b\r\n\r\na\r\n--b--", 0),
        (b"--b\r\nContent-Range: bytes 0-1/2\r\n\r\na\r\n--b--", 35),
        (b"--b\r\nContent-Range: bytes */2\r\n\r\n\r\n--b--", 33),
        (b"--b\r\nbroken\r\n\r\na\r\n--b--", 0),
    ],
)
def test_a_body_that_breaks_off_or_lies_is_refused(body: bytes, position: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse_byteranges(body, "b")
    assert caught.value.position == position


def test_a_body_of_too_many_parts_is_refused() -> None:
    with pytest.raises(LimitExceeded):
        parse_byteranges(b"--b\r\nContent-Range: bytes 0-0/1\r\n\r\na\r\n" * 1001 + b"--b--", "b")
