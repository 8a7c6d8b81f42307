"""Functions that return Deferreds, cached: in the reactor's thread, with all the verbs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet.defer import Deferred, DeferredList, fail, succeed
from twisted.internet.threads import deferToThread

from demotic.cache import MISSING, Memory, WrongCacheUse, caching
from demotic.cache import cached as core_cached
from demotic.cache.twisted import cached, registry

Within = Callable[..., Any]


class Users:
    """A store of e-mail addresses that takes its time."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.reads: list[str] = []
        self.waiting: list[Deferred[str]] = []

    @cached(60, exclude_self=True, backend=Memory(), tags=lambda self, user: [f"user:{user}"])
    def email(self, user: str) -> Deferred[str]:
        self.reads.append(user)
        return fail(KeyError(user)) if user == "nobody" else succeed(f"{user}@example.com")


@pytest.mark.feature("F-TWISTED-01")
@pytest.mark.spec("CACHE-002", "CACHE-003", "CACHE-004", "CACHE-014")
def test_a_method_that_returns_a_deferred_runs_once(within: Within) -> None:
    users, others = Users(), Users("others")
    within(users.email.invalidate_all)
    assert [within(users.email, "bob") for _ in range(3)] == ["bob@example.com"] * 3
    assert within(others.email, "bob") == "bob@example.com"
    assert (users.reads, others.reads) == (["bob"], [])


@pytest.mark.feature("F-TWISTED-02")
@pytest.mark.spec("CACHE-009", "CACHE-010", "CACHE-011")
def test_the_verbs_bring_deferreds(within: Within) -> None:
    users = Users()
    within(users.email.invalidate_all)
    assert within(users.email.get, "bob") is MISSING
    assert within(registry.key, Users.email, users, "bob") is None
    assert within(users.email.replace, "new@example.com", "bob") is False
    within(users.email, "bob")
    assert within(registry.key, Users.email, users, "bob") == users.email.key("bob")
    assert within(users.email.replace, "new@example.com", "bob") is True
    assert within(users.email, "bob") == "new@example.com"
    assert within(users.email.peek, "bob").value == "new@example.com"
    assert within(users.email.invalidate, "bob") is True
    assert within(users.email, "bob") == "bob@example.com"
    assert within(users.email.refresh, "bob") == "bob@example.com"
    assert within(users.email.set, "set@example.com", "bob") is True
    assert within(users.email, "bob") == "set@example.com"
    assert users.reads == ["bob"] * 3


@pytest.mark.parametrize(
    "forget",
    [
        lambda users: registry.invalidate_tags("user:bob"),
        lambda users: registry.invalidate(Users.email),
        lambda users: registry.invalidate_class(Users),
        lambda users: registry.invalidate_all(),
        lambda users: users.email.invalidate_all(),
    ],
)
@pytest.mark.feature("F-TWISTED-02")
@pytest.mark.spec("CACHE-011")
def test_calls_are_forgotten_together(forget: Callable[[Users], Any], within: Within) -> None:
    users = Users()
    within(users.email, "bob")
    assert within(forget, users) is True
    reads = len(users.reads)
    within(users.email, "bob")
    assert len(users.reads) == reads + 1


@pytest.mark.feature("F-TWISTED-03")
@pytest.mark.spec("CACHE-015")
def test_a_failure_is_not_cached_unless_asked_for(within: Within) -> None:
    users = Users()
    for _ in range(2):
        with pytest.raises(KeyError, match="nobody"):
            within(users.email, "nobody")
    assert users.reads == ["nobody"] * 2
    runs = []

    @cached(60, negative={KeyError: 5}, backend=Memory())
    def failing() -> Deferred[str]:
        runs.append(1)
        return fail(KeyError("nobody"))

    for _ in range(3):
        with pytest.raises(KeyError):
            within(failing)
    assert runs == [1]


@pytest.mark.feature("F-TWISTED-04")
@pytest.mark.spec("CACHE-018")
def test_many_who_ask_at_once_wait_for_one(within: Within) -> None:
    waiting: list[Deferred[str]] = []

    @cached(backend=Memory())
    def slow(user: str) -> Deferred[str]:
        waiting.append(Deferred())
        return waiting[-1]

    def ask() -> Deferred[Any]:
        asked = [slow("bob") for _ in range(1000)]
        assert len(waiting) == 1
        waiting[0].callback("page")
        return DeferredList(asked, fireOnOneErrback=True)

    assert within(ask) == [(True, "page")] * 1000
    assert len(waiting) == 1


@pytest.mark.feature("F-TWISTED-04")
def test_a_value_that_was_invalidated_while_it_was_made_is_not_kept(within: Within) -> None:
    waiting: list[Deferred[str]] = []

    @cached(backend=Memory())
    def slow() -> Deferred[str]:
        waiting.append(Deferred())
        return waiting[-1]

    def race() -> Deferred[Any]:
        first = slow()
        forgotten = slow.invalidate()
        forgotten.addCallback(lambda _: waiting[0].callback("old"))
        return first

    assert within(race) == "old"
    assert within(slow.get) is MISSING


@pytest.mark.feature("F-TWISTED-05")
@pytest.mark.spec("CACHE-002", "CACHE-019")
def test_a_function_that_blocks_runs_in_a_thread(within: Within) -> None:
    threads: list[str] = []

    @cached(in_thread=True, backend=Memory())
    def heavy(number: int) -> int:
        threads.append(threading.current_thread().name)
        return number * 2

    assert [within(heavy, 21), within(heavy, 21)] == [42, 42]
    assert len(threads) == 1
    assert threads[0] != "reactor"


@pytest.mark.feature("F-TWISTED-01")
@pytest.mark.spec("CACHE-002")
def test_coroutines_and_plain_functions_become_deferreds(within: Within) -> None:
    runs: list[str] = []

    @cached(backend=Memory())
    async def awaited(name: str) -> str:
        runs.append(name)
        return await deferToThread(str.upper, name)

    @cached(backend=Memory())
    def plain(name: str) -> str:
        """Say it."""
        runs.append(name)
        return name.upper()

    assert [within(awaited, "a"), within(awaited, "a")] == ["A", "A"]
    assert [within(plain, "b"), within(plain, "b")] == ["B", "B"]
    assert runs == ["a", "b"]
    assert (plain.__name__, plain.__doc__, plain.original("c")) == ("plain", "Say it.", "C")


@pytest.mark.feature("F-TWISTED-01")
def test_class_methods_and_static_methods(within: Within) -> None:
    runs: list[str] = []

    class Shop:
        @cached(backend=Memory())
        @classmethod
        def of_class(cls, name: str) -> Deferred[str]:
            runs.append(name)
            return succeed(name)

        @cached(backend=Memory())
        @staticmethod
        def static(name: str) -> Deferred[str]:
            runs.append(name)
            return succeed(name)

    for method in (Shop.of_class, Shop().of_class, Shop.static, Shop().static):
        assert within(method, "a") == "a"
    assert runs == ["a", "a"]
    assert within(Shop.of_class.invalidate, "a") is True


@pytest.mark.feature("F-TWISTED-06")
@pytest.mark.spec("CACHE-021")
def test_caching_can_be_switched_off(within: Within) -> None:
    runs = []

    @cached(backend=Memory())
    def read() -> Deferred[int]:
        runs.append(1)
        return succeed(1)

    def off() -> Any:
        with caching(False):
            return DeferredList([read(), read()])

    within(off)
    assert runs == [1, 1]


@pytest.mark.feature("F-TWISTED-04")
def test_threads_and_the_reactor_wait_for_one_another(within: Within) -> None:
    """A function cached for threads and one for Deferreds, of one name: they share the entry."""
    memory = Memory()
    first = core_cached(backend=memory, name="shared:number")(lambda number: number * 2)
    runs = []

    @cached(backend=memory, name="shared:number")
    def second(number: int) -> int:
        runs.append(number)
        return number * 2

    assert first(4) == 8
    assert within(second, 4) == 8
    assert runs == []


@pytest.mark.feature("F-TWISTED-06")
def test_arguments_without_a_key_fail_the_deferred(within: Within) -> None:
    @cached(backend=Memory())
    def read(thing: object) -> int:
        return 1

    with pytest.raises(TypeError, match="cannot be part of a key"):
        within(read, object())


def test_a_property_is_refused() -> None:
    with pytest.raises(WrongCacheUse, match="a property cannot be waited for"):
        cached()(property(lambda self: 1))
