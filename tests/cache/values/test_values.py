"""Values come back as they went in, or are not stored, or are not read: nothing in between."""

from __future__ import annotations

import datetime as dt
import enum
import math
import pickle
import random
import struct
import uuid
import zlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.cache import ByReference, Json, Msgpack, SignedPickle, Unreadable, Unstorable, WrongCacheUse
from demotic.cache.values import Kind, Record, immutable, pack, same, unpack

PARIS = ZoneInfo("Europe/Paris")
OWN = [
    *(
        None,
        True,
        False,
        0,
        -1,
        2**64,
        -(2**63),
        -(2**63) - 1,
        10**50,
        1.5,
        -0.0,
        math.inf,
        math.nan,
        "",
        "é",
        "a" * 70000,
    ),
    *(b"", b"\x00\xff", bytearray(b"ab"), (), (1,), ((1, "1"), [2]), [], [1, [2, (3,)]], {}, {"a": {"b": ()}}),
    *({1: "a", (2, 3): "b", None: "c"}, {1, 2}, frozenset({"a"}), {frozenset({1})}, Decimal("1.0"), Decimal("-0E+3")),
    *(Decimal("NaN"), 1 + 2j, uuid.UUID(int=7), dt.date(1, 1, 1), dt.timedelta(-1, 5, 6), dt.time(1, 2, 3, 4)),
    *(dt.time(1, tzinfo=dt.UTC), dt.datetime(2024, 2, 29, 12), dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC)),
    *(dt.datetime(2024, 10, 27, 2, 30, tzinfo=PARIS), dt.datetime(2024, 10, 27, 2, 30, tzinfo=PARIS, fold=1)),
    dt.datetime(2024, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=-3, minutes=-30))),
    dt.datetime(2024, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=2), "here")),
]


@pytest.mark.feature("F-CACHE-20")
@pytest.mark.parametrize("value", OWN, ids=lambda value: repr(value)[:40])
def test_values_of_pythons_own_types_come_back_as_they_were(value: object) -> None:
    back = Msgpack().loads(Msgpack().dumps(value, "k"), "k")
    assert same(value, back) or value != value
    assert repr(value) == repr(back)


NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary() | st.datetimes(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text() | st.integers() | st.booleans(), inner)
        | st.dictionaries(st.text(), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=200)
@given(NESTED)
def test_nested_values_come_back_as_they_were(value: object) -> None:
    assert same(value, Msgpack().loads(Msgpack().dumps(value, "k"), "k"))


class Colour(enum.Enum):
    RED = 1


@dataclass
class Point:
    x: int
    at: tuple[int, ...] = ()


class Struct(msgspec.Struct):
    name: str
    colour: Colour = Colour.RED


class Odd:
    pass


TYPED = [
    (Point(1, (2, 3)), Point),
    ([Point(1), Point(2)], list[Point]),
    ({"a": Struct("b")}, dict[str, Struct]),
    (Colour.RED, Colour),
    (None, Point | None),
]


@pytest.mark.feature("F-CACHE-20")
@pytest.mark.parametrize("serializer", [Msgpack(), Json()], ids=["msgpack", "json"])
@pytest.mark.parametrize(("value", "annotation"), TYPED, ids=lambda value: str(value)[:40])
def test_other_values_come_back_through_the_annotation(serializer: Any, value: object, annotation: Any) -> None:
    typed = serializer.for_type(annotation)
    assert same(value, typed.loads(typed.dumps(value, "k"), "k"))


REFUSED = [
    (Msgpack(), Odd(), Any),
    (Msgpack(), Odd(), Odd),
    (Msgpack(), [Odd()], None),
    (Msgpack(), Point(1), Any),
    (Msgpack(), Point(1, [2]), Point),  # type: ignore[arg-type]
    (Msgpack(), Point("1"), Point),  # type: ignore[arg-type]
    (Msgpack(), "\ud800", Any),
    (Msgpack(), iter(()), Any),
    (Json(), (1, 2), Any),
    (Json(), math.nan, Any),
    (Json(), {1: 2}, Any),
    (Json(), b"x", Any),
    (Json(), {"a": (1,)}, dict[str, list[int]]),
    (SignedPickle(b"x" * 16), lambda: None, Any),
    (ByReference(), 1, Any),
]


@pytest.mark.feature("F-CACHE-20")
@pytest.mark.parametrize(("serializer", "value", "annotation"), REFUSED, ids=lambda value: repr(value)[:30])
def test_a_value_that_would_come_back_as_another_is_not_stored(serializer: Any, value: object, annotation: Any) -> None:
    with pytest.raises(Unstorable):
        serializer.for_type(annotation).dumps(value, "k")


UNREADABLE = [
    (Msgpack(), b""),
    (Msgpack(), b"x"),
    (Msgpack(), b"=\xc1"),
    (Msgpack(), b"=" + msgspec.msgpack.encode(msgspec.msgpack.Ext(99, b""))),
    (Msgpack(), b"=" + msgspec.msgpack.encode(msgspec.msgpack.Ext(10, b"\x90"))),
    (Msgpack(), b"=" + msgspec.msgpack.encode(msgspec.msgpack.Ext(7, b"nonsense"))),
    (Msgpack(), b":\x01"),
    (Msgpack(Point), b":\x01"),
    (Json(), b"{"),
    (SignedPickle(b"x" * 16), b""),
    (SignedPickle(b"x" * 16), pickle.dumps(1)),
    (ByReference(), b""),
]


@pytest.mark.feature("F-CACHE-22")
@pytest.mark.parametrize(("serializer", "data"), UNREADABLE, ids=repr)
def test_bytes_that_are_no_value_are_told(serializer: Any, data: bytes) -> None:
    with pytest.raises(Unreadable):
        serializer.loads(data, "k")


@pytest.mark.feature("F-CACHE-21")
def test_a_pickle_is_read_only_with_our_signature_for_this_key() -> None:
    ours, other = SignedPickle(b"s" * 16), SignedPickle(b"t" * 32)
    data = ours.dumps(Point(1, (2,)), "key")
    assert ours.loads(data, "key") == Point(1, (2,))
    assert SignedPickle(b"t" * 32, previous=(b"s" * 16,)).loads(data, "key") == Point(1, (2,))
    for serializer, found, key in [(other, data, "key"), (ours, data, "kex"), (ours, data[:-1] + b"x", "key")]:
        with pytest.raises(Unreadable, match="signature"):
            serializer.loads(found, key)
    assert "s" * 16 not in repr(ours)


@pytest.mark.parametrize("secret", [b"short", "x" * 32, b""])
def test_a_weak_secret_is_refused(secret: Any) -> None:
    with pytest.raises(WrongCacheUse, match="16 bytes"):
        SignedPickle(secret)


RECORD = Record(Kind.VALUE, b"payload" * 100, 12.5, 13.5, 14.5, 0.25, b"versions", b"serial12")


@pytest.mark.feature("F-CACHE-22")
@pytest.mark.parametrize("compress_over", [None, 10, 10_000])
def test_a_record_is_written_and_read(compress_over: int | None) -> None:
    data = pack(RECORD, "key", compress_over=compress_over)
    assert unpack(data, "key") == RECORD
    assert (len(data) < 200) == (compress_over == 10)


def test_bytes_that_do_not_get_smaller_stay_as_they_are() -> None:
    noise = random.Random(1).randbytes(5000)
    record = Record(Kind.VALUE, noise, 12.5)
    assert pack(record, "key", compress_over=1).endswith(noise)


@pytest.mark.feature("F-CACHE-22")
def test_no_damage_to_a_record_goes_unnoticed() -> None:
    data = pack(RECORD, "key", compress_over=10)
    damaged = [data[:position] + bytes([data[position] ^ 1 << bit]) + data[position + 1 :]
               for position in range(len(data)) for bit in range(8)]  # fmt: skip
    cut = [data[:length] for length in range(len(data))]
    for broken in [*damaged, *cut, data + b"x", b"", b"12345", b"D1" + b"\0" * 60]:
        with pytest.raises(Unreadable):
            unpack(broken, "key")
    with pytest.raises(Unreadable, match="another key"):
        unpack(data, "other key")


def test_a_few_bytes_that_stand_for_gigabytes_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demotic.cache.values._record._MOST_BYTES", 1000)
    with pytest.raises(Unreadable, match="more than 1000 bytes"):
        unpack(pack(Record(Kind.VALUE, b"0" * 100_000, 12.5), "key", compress_over=10), "key")


def test_a_record_of_another_kind_is_told() -> None:
    data = bytearray(pack(RECORD, "key", compress_over=None))
    data[6] = 77
    data[2:6] = struct.pack(">I", zlib.crc32(bytes(data[6:]), zlib.crc32(b"key")))
    with pytest.raises(Unreadable, match="another release"):
        unpack(bytes(data), "key")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((value, True) for value in (1, "a", (1, ("a", None)), frozenset({1}), dt.datetime(2024, 1, 1))),
        *((value, False) for value in ([], (1, []), {}, Odd(), Point(1), bytearray())),
    ],
    ids=repr,
)
def test_what_nobody_can_change_is_told_from_what_somebody_can(value: object, expected: bool) -> None:
    assert immutable(value) is expected
