"""Cached functions and methods: called like the original, computed once, with verbs about a call."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import pytest

from demotic.cache import (
    MISSING,
    ByReference,
    Memory,
    UnkeyableArgument,
    WrongCacheUse,
    cached,
    caching,
    is_caching,
    switch_caching,
)

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.mark.spec("CACHE-001", "CACHE-014", "CACHE-020")
@pytest.mark.feature("F-CACHE-01")
def test_a_function_runs_once_for_each_call(memory: Memory) -> None:
    runs = []

    @cached()
    def double(number: int, *, plus: int = 0) -> int:
        """Twice the number."""
        runs.append(number)
        return number * 2 + plus

    assert [double(2), double(2), double(number=2), double(2, plus=0), double(3), double(2, plus=1)] == [
        4,
        4,
        4,
        4,
        6,
        5,
    ]
    assert runs == [2, 3, 2]
    assert (double.counters.hits, double.counters.misses, double.counters.stored) == (3, 3, 3)
    assert (double.__name__, double.__doc__) == ("double", "Twice the number.")
    assert str(inspect.signature(double)) == "(number: 'int', *, plus: 'int' = 0) -> 'int'"
    assert double.original(2) == 4 and len(runs) == 4


@pytest.mark.spec("CACHE-002", "CACHE-020")
@pytest.mark.feature("F-CACHE-01")
def test_an_asynchronous_function_stays_one(memory: Memory) -> None:
    runs = []

    @cached()
    async def double(number: int) -> int:
        runs.append(number)
        return number * 2

    async def program() -> list[int]:
        return [await double(2), await double(2), await double(3)]

    assert inspect.iscoroutinefunction(double)
    assert asyncio.run(program()) == [4, 4, 6]
    assert runs == [2, 3]


@pytest.mark.spec("CACHE-002", "CACHE-019")
@pytest.mark.feature("F-CACHE-01")
def test_a_blocking_function_may_run_in_a_thread_so_that_the_loop_goes_on(memory: Memory) -> None:
    going_on = threading.Event()

    @cached(in_thread=True)
    def slow(number: int) -> int:
        assert going_on.wait(30)
        return number * 2

    async def program() -> tuple[int, int]:
        call = asyncio.create_task(slow(2))
        await asyncio.sleep(0)
        going_on.set()  # only a loop that is not blocked gets here
        return await call, await slow(2)

    assert asyncio.run(program()) == (4, 4)
    assert slow.counters.misses == 1


class Base:
    @cached()
    def who(self) -> str:
        return type(self).__name__


class Users(Base):
    calls: list[object]

    def __init__(self, name: str) -> None:
        self.name = name

    @cached()
    def greet(self, word: str = "hello") -> str:
        """Say something."""
        CALLS.append((self.name, word))
        return f"{word} {self.name}"

    @cached()
    async def greet_later(self, word: str = "hello") -> str:
        return f"{word} {self.name}"

    @cached(exclude_self=True)
    def total(self, number: int) -> int:
        CALLS.append(number)
        return number + 1

    @cached()
    @classmethod
    def kind(cls, suffix: str = "") -> str:
        CALLS.append(cls)
        return cls.__name__ + suffix

    @cached()
    @staticmethod
    def plain(a: int, b: int = 1) -> int:
        CALLS.append((a, b))
        return a + b

    @cached()
    @property
    def length(self) -> int:
        CALLS.append(self.name)
        return len(self.name)

    @property
    @cached()
    def inner_length(self) -> int:
        return len(self.name)

    @staticmethod
    @cached()
    def inner_plain(a: int) -> int:
        return a + 1

    @classmethod
    @cached()
    def inner_kind(cls, n: int = 1) -> str:
        return cls.__name__ * n


class Special(Users):
    pass


CALLS: list[object] = []


@pytest.fixture(autouse=True)
def no_calls() -> None:
    CALLS.clear()


@pytest.mark.spec("CACHE-003", "CACHE-005")
@pytest.mark.feature("F-CACHE-05")
def test_instances_of_equal_state_share_their_values(memory: Memory) -> None:
    assert [Users("a").greet(), Users("a").greet(), Users("b").greet(), Users("a").greet("bye")] == [
        "hello a", "hello a", "hello b", "bye a"]  # fmt: skip
    assert CALLS == [("a", "hello"), ("b", "hello"), ("a", "bye")]


@pytest.mark.spec("CACHE-004")
@pytest.mark.feature("F-CACHE-05")
def test_instances_share_all_values_where_they_make_no_difference(memory: Memory) -> None:
    assert [Users("a").total(1), Users("b").total(1), Special("c").total(1)] == [2, 2, 2]
    assert CALLS == [1]


@pytest.mark.spec("CACHE-003")
@pytest.mark.feature("F-CACHE-05")
def test_classes_are_told_apart(memory: Memory) -> None:
    assert [Users("a").who(), Special("a").who(), Users.kind(), Special.kind(), Users("x").kind()] == [
        "Users", "Special", "Users", "Special", "Users"]  # fmt: skip
    assert [Users, Special] == CALLS


@pytest.mark.feature("F-CACHE-05")
def test_static_methods_and_properties_are_cached(memory: Memory) -> None:
    user = Users("abc")
    assert [Users.plain(1), user.plain(1, 1), user.length, user.length] == [2, 2, 3, 3]
    assert CALLS == [(1, 1), "abc"]
    assert [user.inner_length, user.inner_plain(1), user.inner_kind(), Users.inner_kind(2)] == [
        3,
        2,
        "Users",
        "UsersUsers",
    ]


@pytest.mark.feature("F-CACHE-06")
def test_verbs_of_methods_are_bound_with_them(memory: Memory) -> None:
    user = Users("a")
    user.greet("x")
    assert user.greet.get("x") == Users("a").greet.get(word="x") == "x a"
    assert user.greet.set("other", "x") and user.greet("x") == "other"
    assert user.greet.invalidate("x") and user.greet.get("x") is MISSING
    assert user.greet.key() == Users.greet.key(user) != Users("b").greet.key()
    assert Users.kind.key() == Users.kind.key("") != Special.kind.key()
    assert user.length == 1 and Users.length.invalidate(user) and not Users.length.invalidate(user)
    assert str(inspect.signature(user.greet)) == "(word: 'str' = 'hello') -> 'str'"
    assert user.greet == user.greet and user.greet.__doc__ == "Say something."


@pytest.mark.feature("F-CACHE-06")
def test_a_verb_of_a_method_without_its_instance_is_refused(memory: Memory) -> None:
    with pytest.raises(WrongCacheUse, match="'x' is no Users"):
        Users.greet.invalidate("x")


def test_asynchronous_methods_are_known_as_such(memory: Memory) -> None:
    user = Users("a")
    assert asyncio.iscoroutinefunction(user.greet_later)
    assert not asyncio.iscoroutinefunction(user.greet)

    async def program() -> object:
        await user.greet_later("x")
        return await user.greet_later.get("x"), await user.greet_later.invalidate("x"), await user.greet_later.peek("x")

    assert asyncio.run(program()) == ("x a", True, None)


class Open:
    """A class with state that has no form."""

    def __init__(self) -> None:
        self.connection = object()

    @cached()
    def answer(self) -> int:
        return 42


@pytest.mark.feature("F-CACHE-04")
def test_an_instance_that_cannot_be_a_key_is_refused_with_the_way_out(memory: Memory) -> None:
    with pytest.raises(UnkeyableArgument, match=r"self: .*__cache_fields__ = \(\.\.\.\) in Open, or exclude_self"):
        Open().answer()


@pytest.mark.spec("CACHE-010", "CACHE-011", "CACHE-012")
@pytest.mark.feature("F-CACHE-06")
def test_the_verbs_about_a_call(memory: Memory, clock: Any) -> None:
    runs: list[int] = []

    @cached(ttl=10)
    def double(number: int) -> int:
        runs.append(number)
        return number * 2

    assert double.get(1) is MISSING and not MISSING
    assert double.replace(5, 1) is False  # nothing there
    assert double(1) == 2 and double.get(1) == 2
    assert double.replace(5, 1) is True and double(1) == 5
    assert double.set(6, 1) and double.set(7, 2) and (double(1), double(2)) == (6, 7)
    assert double.refresh(1) == 2 and double(1) == 2
    clock.advance(4)
    entry = double.peek(1)
    assert entry is not None and (entry.value, entry.age, entry.fresh_for, entry.stale) == (2, 4.0, 6.0, False)
    assert double.invalidate(1) and not double.invalidate(1) and double.peek(1) is None
    assert double(1) == 2 and runs == [1, 1, 1]
    assert double.invalidate_all() and double.get(1) is MISSING


@pytest.mark.feature("F-CACHE-06")
def test_the_verbs_of_an_asynchronous_function_are_awaited(memory: Memory) -> None:
    @cached()
    async def double(number: int) -> int:
        return number * 2

    async def program() -> None:
        assert await double.get(1) is MISSING
        assert await double(1) == 2 and await double.replace(5, 1) and await double(1) == 5
        assert await double.set(6, 1) and await double.refresh(1) == 2
        assert await double.peek(1) and await double.invalidate(1) and await double.invalidate_all()
        assert double.key(1) == double.key(number=1)

    asyncio.run(program())


@dataclass
class Box:
    content: list[int]


@pytest.mark.feature("F-CACHE-07")
def test_nobody_can_change_what_the_next_one_gets(memory: Memory) -> None:
    @cached()
    def made(kind: str) -> Any:
        return {"list": [1], "dict": {"a": [1]}, "tuple": ([1],)}[kind]

    for kind, spoil in [
        ("list", lambda v: v.append(2)),
        ("dict", lambda v: v["a"].clear()),
        ("tuple", lambda v: v[0].append(3)),
    ]:
        first = made(kind)
        spoil(first)
        second = made(kind)
        spoil(second)
        assert made(kind) == {"list": [1], "dict": {"a": [1]}, "tuple": ([1],)}[kind]


@pytest.mark.feature("F-CACHE-07")
def test_the_object_itself_is_kept_on_request(memory: Memory) -> None:
    @cached(serializer=ByReference())
    def made() -> object:
        return object()

    assert made() is made()


@pytest.mark.feature("F-CACHE-20")
def test_a_value_that_cannot_be_stored_is_returned_counted_and_told_once(
    memory: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    @cached()
    def made(number: int) -> Any:
        return Users("x")

    assert made(1) is not made(1) and made(2).name == "x"
    assert (made.counters.unstorable, made.counters.stored) == (3, 0)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "SignedPickle" in caplog.text and len(memory) == 0


@pytest.mark.feature("F-CACHE-08")
def test_none_is_a_value(memory: Memory) -> None:
    runs = []

    @cached()
    def nothing() -> None:
        runs.append(1)

    assert nothing() is None and nothing() is None and runs == [1]


@pytest.mark.spec("CACHE-021")
@pytest.mark.feature("F-CACHE-09")
def test_caching_is_switched_off_for_a_block_or_the_program(memory: Memory) -> None:
    runs = []

    @cached()
    def count() -> int:
        runs.append(1)
        return len(runs)

    assert count() == count() == 1
    with caching(False):
        assert (count(), is_caching(), count.set(9), count.get(), count.refresh()) == (2, False, False, MISSING, 3)
        with caching(True):
            assert count() == 1
    switch_caching(False)
    assert count() == 4
    with caching(True):
        assert count() == 1
    assert count.invalidate()  # invalidations are made in any case
    switch_caching(True)
    assert count() == 5


@pytest.mark.feature("F-CACHE-09")
def test_tasks_take_the_switch_of_their_block_with_them(memory: Memory) -> None:
    runs = []

    @cached(in_thread=True)
    def count() -> int:
        runs.append(1)
        return len(runs)

    async def program() -> list[int]:
        with caching(False):
            off = asyncio.create_task(count())
        return [await count(), await count(), await off]

    assert asyncio.run(program()) == [2, 2, 1] or runs == [1, 1]
    assert len(runs) == 2


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"ttl": 0}, "time to live"),
    ({"ttl": -1}, "time to live"),
    ({"ttl": "60"}, "time to live"),
    ({"ttl": True}, "time to live"),
    ({"ttl": float("nan")}, "time to live"),
    ({"soft_ttl": 5, "ttl": 5}, "not shorter"),
    ({"jitter": 0.5}, "ttl"),
    ({"jitter": 1, "ttl": 5}, "fraction"),
    ({"early": -1, "ttl": 5}, "negative"),
    ({"lease": 0}, "time to live"),
    ({"lease": float("inf")}, "no end"),
    ({"serializer": "pickle"}, "SignedPickle"),
    ({"serializer": "xml"}, "msgpack, json"),
    ({"serializer": 3}, "no serializer"),
    ({"backend": "ftp://x"}, "no address"),
    ({"backend": 3}, "no backend"),
    ({"negative": {int: 3}}, "exception"),
    ({"negative": {KeyError: 0}}, "time to live"),
    ({"ignore": "self"}, "list of names"),
    ({"ignore": ["nothing"]}, "no parameter nothing"),
    ({"exclude_self": True}, "methods"),
    ({"stale_on_error": 5}, "ttl"),
]


@pytest.mark.feature("F-CACHE-10")
@pytest.mark.parametrize(("options", "message"), REFUSED, ids=str)
def test_options_that_do_not_go_together_are_refused_at_once(options: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongCacheUse, match=message):
        cached(**options)(lambda number: number)


def generator() -> Any:
    yield 1


async def later() -> Any:
    return 1


NO_FUNCTIONS = [
    (lambda: cached(len), "write @cached()"),
    (lambda: cached()(generator), "generator"),
    (lambda: cached()(3), "no function"),
    (lambda: cached()(int), "no function"),
    (lambda: cached()(cached()(lambda: 1)), "already"),
    (lambda: cached(in_thread=True)(later), "awaited already"),
    (lambda: cached()(property()), "getter"),
]


@pytest.mark.feature("F-CACHE-10")
@pytest.mark.parametrize(("decorate", "message"), NO_FUNCTIONS, ids=[message for _, message in NO_FUNCTIONS])
def test_what_cannot_be_cached_is_refused(decorate: Any, message: str) -> None:
    with pytest.raises(WrongCacheUse, match=message):
        decorate()
