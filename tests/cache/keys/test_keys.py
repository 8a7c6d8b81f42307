"""Keys: the same for the same call, in every process; different for every other."""

from __future__ import annotations

import datetime as dt
import enum
import inspect
import math
import re
import subprocess
import sys
import uuid
from collections import OrderedDict, namedtuple
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demotic.cache import UnkeyableArgument, WrongCacheUse
from demotic.cache.keys import Keys, encode, identify, make_keys
from demotic.cache.values import same


def keys_of(function: Any, **options: Any) -> Keys:
    return make_keys(inspect.signature(function), "module:function", **options)


def one(value: object) -> None:
    """A function of one argument."""


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Level(enum.IntEnum):
    LOW = 1


@dataclass
class Point:
    x: int
    y: int


@dataclass
class Other:
    x: int
    y: int


class Struct(msgspec.Struct):
    x: int


class Named:
    __cache_fields__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name
        self.connection = object()


class Keyed:
    def __init__(self, name: str) -> None:
        self.name = name

    def __cache_key__(self) -> object:
        return self.name


Pair = namedtuple("Pair", "a b")

DIFFERENT = [
    *(None, ..., True, False, 0, 1, -1, 2**70, "1", b"1", 1.0, 0.0, -0.0, 1e300, math.inf, -math.inf, math.nan),
    *(1j, complex(1, -0.0), Decimal(1), Decimal("1.0"), Fraction(1), "", b"", bytearray(b""), bytearray(b"1")),
    *((), [], {}, set(), frozenset(), (1,), [1], {1}, frozenset({1}), {1: 1}, {"1": 1}, {1: "1"}, {True: 1}),
    *((1, 2), ((1,), 2), (1, (2,)), ((1, 2),), [[1], 2], [1, [2]], ["1", "2"], ["12"], ["", "12"], [[], []], [[[]]]),
    *(range(3), range(1, 3), slice(1), slice(1, 2), {1, "1"}, {(1,)}, memoryview(b"1")),
    *("a,b", ("a", "b"), "('a', 'b')", "i1:1", "s1:1", "None", "True", "é", "e\u0301", "\ud800", "a\0b"),
    *(dt.date(2024, 1, 1), dt.datetime(2024, 1, 1), dt.time(0), dt.timedelta(1), dt.timedelta(0, 1), dt.UTC),
    dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
    dt.datetime(2024, 1, 1, tzinfo=ZoneInfo("UTC")),
    dt.datetime(2024, 1, 1, 1, tzinfo=ZoneInfo("Europe/Paris")),
    dt.datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Paris")),
    dt.datetime(2024, 10, 27, 2, 30, tzinfo=ZoneInfo("Europe/Paris"), fold=1),
    dt.datetime(2024, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1))),
    *(uuid.UUID(int=1), uuid.UUID(int=1).bytes, str(uuid.UUID(int=1)), PurePosixPath("a"), PurePosixPath("a/b")),
    *(Colour.RED, Colour.BLUE, Level.LOW, "RED", Point(1, 2), Other(1, 2), Struct(1), Named("a"), Named("b")),
    *(Keyed("a"), Pair(1, 2), Point, Other, int, len, OrderedDict(a=1, b=2), OrderedDict(b=2, a=1), {"a": 1, "b": 2}),
]


@pytest.mark.spec("CACHE-006")
@pytest.mark.feature("F-CACHE-02")
def test_no_two_of_many_different_arguments_share_a_key() -> None:
    keys = keys_of(one)
    found: dict[str, object] = {}
    for value in DIFFERENT:
        key = keys((value,), {})
        assert key not in found, (value, found.get(key))
        found[key] = value


EQUAL = [
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ({1, 2, 3}, {3, 2, 1}),
    (Named("a"), Named("a")),
    (Point(1, 2), Point(1, 2)),
    ("ab", "".join(["a", "b"])),
    (10**30, int("1" + "0" * 30)),
]


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal_arguments_share_a_key(left: object, right: object) -> None:
    keys = keys_of(one)
    assert keys((left,), {}) == keys((right,), {})


def several(a: int, b: int = 2, *rest: int, c: int = 3, **more: int) -> None:
    """A function of all kinds of parameters."""


SAME_CALLS = [
    (((1,), {}), ((1, 2), {})),
    (((1,), {}), ((), {"a": 1})),
    (((1,), {}), ((1,), {"c": 3, "b": 2})),
    (((1,), {"x": 1, "y": 2}), ((1,), {"y": 2, "x": 1})),
]
OTHER_CALLS = [
    ((1,), {}),
    ((2,), {}),
    ((1, 3), {}),
    ((1, 2, 3), {}),
    ((1,), {"c": 4}),
    ((1,), {"x": 1}),
    ((1,), {"y": 1}),
]


@pytest.mark.spec("CACHE-006")
@pytest.mark.parametrize(("left", "right"), SAME_CALLS)
def test_defaults_are_applied_and_keywords_put_in_place(left: Any, right: Any) -> None:
    keys = keys_of(several)
    assert keys(*left) == keys(*right)


def test_other_calls_have_other_keys() -> None:
    keys = keys_of(several)
    assert len({keys(*call) for call in OTHER_CALLS}) == len(OTHER_CALLS)


def test_a_call_that_does_not_fit_is_refused_as_by_the_function() -> None:
    with pytest.raises(TypeError, match=r"function\(\) missing 1 required positional argument: 'a'"):
        keys_of(several)((), {})


def test_parameters_may_be_called_anything() -> None:
    def odd(type: int, shape: int, _default_type: int = 3, /, args: int = 4, *, kwargs: int = 5) -> None: ...

    keys = keys_of(odd)
    assert keys((1, 2), {}) == keys((1, 2, 3), {"args": 4, "kwargs": 5}) != keys((1, 3), {})


@pytest.mark.spec("CACHE-006")
def test_a_key_fits_memcached() -> None:
    key = keys_of(one)(("x" * 100_000,), {})
    assert re.fullmatch(r"[!-~]{1,200}", key)


@pytest.mark.spec("CACHE-006", "CACHE-016")
@pytest.mark.feature("F-CACHE-03")
def test_a_key_is_the_same_in_every_process_and_release() -> None:
    program = (
        "import inspect\n"
        "from demotic.cache.keys import make_keys\n"
        "def f(a, b=('x', 1.5), *, c=None): pass\n"
        "print(make_keys(inspect.signature(f), 'm:f', version=3)(({'k', 'l', 'm'},), {'c': {'a': 1, 'b': b'2'}}))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout.strip()
        for seed in ("1", "2", "3")
    }
    assert answers == {"call:70b6f1735efeb56b68e81ff88ae7b223045821cc"}


def test_function_version_and_parameter_names_are_part_of_the_key() -> None:
    def first(a: int) -> None: ...
    def second(b: int) -> None: ...

    made = {
        make_keys(inspect.signature(function), name, version=version)((1,), {})
        for function in (first, second)
        for name in ("m:f", "m:g")
        for version in (None, 1, 2, "1")
    }
    assert len(made) == 16


NESTED = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.binary(max_size=4)
    | st.decimals(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2) | st.integers(), inner, max_size=3)
        | st.frozensets(st.integers() | st.text(max_size=2) | st.booleans(), max_size=3)
        | st.sets(st.integers() | st.text(max_size=2), max_size=3)
    ),
    max_leaves=8,
)


def alike(one: Any, other: Any) -> bool:
    """Return whether two values are the same call: `same`, but dictionaries in any order."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        pairs = {(type(key), key): value for key, value in other.items()}
        return len(one) == len(other) and all(
            (type(key), key) in pairs and alike(value, pairs[type(key), key]) for key, value in one.items()
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return same(one, other)


@pytest.mark.spec("CACHE-006")
@settings(max_examples=400)
@given(NESTED, NESTED)
def test_values_have_the_same_bytes_only_if_they_are_the_same(left: object, right: object) -> None:
    assert (encode(left) == encode(right)) == alike(left, right)


def _generated() -> Any:
    """Yield 100,000 small arguments that are easily mistaken for each other."""
    atoms: list[Any] = [0, 1, True, 1.0, "1", b"1", None, "", "a", 2]
    for a in atoms:
        for b in atoms:
            for c in atoms:
                for d in atoms:
                    yield from ((a, b, c, d), [a, b, c, d], ((a, b), (c, d)), (a, (b, c), d), [[a], b, [c, d]])
                    yield from (((a,), b, c, d), (a, b, (c, d)), {0: (a, b), 1: (c, d)}, {"a": [a, b], "b": [c, d]})
                    yield (((a, b), c), d)


@pytest.mark.spec("CACHE-006")
@pytest.mark.feature("F-CACHE-02")
def test_a_hundred_thousand_generated_calls_have_as_many_keys() -> None:
    keys = keys_of(one)
    assert len({keys((value,), {}) for value in _generated()}) == 100_000


def recursive() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


UNKEYABLE = [
    object(),
    lambda: None,
    open,
    recursive(),
    (item for item in ()),
    [object()],
    {"a": object()},
    dt.datetime(2024, 1, 1, tzinfo=type("Zone", (dt.tzinfo,), {"utcoffset": lambda self, at: None})()),
]


@pytest.mark.feature("F-CACHE-04")
@pytest.mark.parametrize("value", UNKEYABLE[:2] + UNKEYABLE[3:], ids=str)
def test_what_has_no_stable_form_is_refused_with_the_parameter_and_the_way_out(value: object) -> None:
    with pytest.raises(UnkeyableArgument, match=r"^value: .*key=.*|^value: .*zoneinfo") as caught:
        keys_of(one)((value,), {})
    assert caught.value.target == "value"
    assert isinstance(caught.value, TypeError)


def test_an_unknown_parameter_to_ignore_is_refused() -> None:
    with pytest.raises(WrongCacheUse, match=r"no parameter session \(its parameters: value\)"):
        keys_of(one, ignore=("session",))


def test_ignored_parameters_make_no_difference() -> None:
    keys = keys_of(several, ignore=("b", "more"))
    assert keys((1, 5), {"z": object()}) == keys((1, 6), {}) != keys((2, 6), {})


def test_a_key_function_stands_for_the_arguments() -> None:
    keys = keys_of(several, custom=lambda a, **_: a % 10)
    assert keys((13,), {"c": 5}) == keys((3,), {"c": 6}) != keys((4,), {})


def make(n: int) -> Any:
    def inner() -> int:
        return n

    return inner


def test_functions_that_share_a_name_are_told_apart_in_memory_and_refused_where_it_is_shared() -> None:
    assert identify(make(1), None, shared=False) != identify(make(2), None, shared=False)
    assert identify(make(1), "mine", shared=True) == "mine"
    with pytest.raises(WrongCacheUse, match="name="):
        identify(make(1), None, shared=True)
    with pytest.raises(WrongCacheUse, match=r"lambda.*name="):
        identify(lambda: None, None, shared=True)
    assert identify(one, None, shared=True) == f"{__name__}:one"


def test_remembered_keys_are_bounded() -> None:
    keys = keys_of(one)
    for number in range(20_050):
        keys((number,), {})
    keys(("x" * 300,), {})
    assert len(keys.memo) == 50
