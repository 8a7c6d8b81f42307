"""Which functions are cached; keys of calls that are; invalidation by function, class, tag, or all; counters, hooks."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from demotic.cache import MISSING, Event, Memory, UnknownFunction, WrongCacheUse, cached, configure, on_event, registry


class Shop:
    __cache_fields__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    @cached(tags=lambda self, item: [f"item:{item}", "shop"])
    def price(self, item: int) -> int:
        return item * 10

    @cached(tags=("shop",))
    async def stock(self, item: int) -> int:
        return item


@cached(ttl=60, tags=lambda user_id, **_: [f"user:{user_id}"])
def email(user_id: int, *, domain: str = "example.com") -> str:
    return f"{user_id}@{domain}"


@pytest.mark.spec("CACHE-009", "CACHE-016")
@pytest.mark.feature("F-CACHE-17")
def test_the_key_of_a_call_is_told_if_the_call_is_cached(memory: Memory) -> None:
    assert registry.key(email, 1) is None
    email(1)
    assert registry.key(email, 1) == email.key(1) == registry.key(email.original, user_id=1)
    assert registry.key(email, 2) is None
    assert registry.key(f"{__name__}:email", 1) == email.key(1)
    Shop("a").price(1)
    assert registry.key(Shop.price, Shop("a"), 1) and registry.key(Shop.price, Shop("b"), 1) is None
    assert asyncio.run(registry.aio.key(email, 1)) == email.key(1)
    email.invalidate(1)
    assert registry.key(email, 1) is None


@pytest.mark.feature("F-CACHE-17")
def test_calls_are_invalidated_together(memory: Memory) -> None:
    shop = Shop("a")

    def cached_now() -> list[bool]:
        calls: list[Any] = [
            email.peek(1),
            email.peek(1, domain="x"),
            email.peek(2),
            shop.price.peek(1),
            shop.price.peek(2),
        ]
        return [entry is not None for entry in calls]

    def fill() -> None:
        email(1), email(1, domain="x"), email(2), shop.price(1), shop.price(2)
        assert all(cached_now())

    fill()
    assert registry.invalidate_tags("user:1") and cached_now() == [False, False, True, True, True]
    fill()
    assert registry.invalidate_tags("user:2", "item:2", "nobody") and cached_now() == [True, True, False, True, False]
    fill()
    assert registry.invalidate_tags("shop") and cached_now() == [True, True, True, False, False]
    fill()
    assert registry.invalidate_class(Shop) and cached_now() == [True, True, True, False, False]
    fill()
    assert registry.invalidate_class(f"{__name__}:Shop") and cached_now() == [True, True, True, False, False]
    fill()
    assert registry.invalidate(email) and cached_now() == [False, False, False, True, True]
    fill()
    assert registry.invalidate_all(backend=memory) and not any(cached_now())
    fill()
    assert registry.invalidate_all() and not any(cached_now())
    assert registry.invalidate_tags() and registry.invalidate_tags("nobody")


@pytest.mark.feature("F-CACHE-17")
def test_tasks_invalidate_too(memory: Memory) -> None:
    shop = Shop("a")

    async def program() -> list[object]:
        found: list[object] = []
        for forget in (
            registry.aio.invalidate_tags("shop"),
            registry.aio.invalidate_class(Shop),
            registry.aio.invalidate(Shop.stock),
            registry.aio.invalidate_all(),
        ):
            await shop.stock(1)
            assert await forget
            found.append(await shop.stock.get(1))
        return found

    assert asyncio.run(program()) == [MISSING] * 4


@pytest.mark.feature("F-CACHE-17")
def test_many_tags_are_forgotten_together_rather_than_remembered_for_ever(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demotic.cache.backends.memory._memory._MOST_SCOPES", 10)
    email(1)
    for number in range(2, 20):
        registry.invalidate_tags(f"user:{number}")
    assert email.peek(1) is None  # more than need be, never less
    assert email(1) == email.get(1)


@pytest.mark.feature("F-CACHE-17")
def test_the_registry_tells_what_is_cached_where_and_with_what(memory: Memory) -> None:
    found = {registration.name: registration for registration in registry}
    mine = found[f"{__name__}:email"]
    assert (mine.original, mine.backend, mine.options.freshness.ttl) == (email.original, memory, 60)
    assert mine.counters is email.counters and f"{__name__}:Shop.price" in found and len(registry) >= 3


def test_a_function_that_is_gone_is_not_registered(memory: Memory) -> None:
    @cached(name="short-lived")
    def short_lived() -> int:
        return 1

    assert registry.find("short-lived").original() == 1
    del short_lived
    gc.collect()
    with pytest.raises(UnknownFunction, match="no cached function"):
        registry.find("short-lived")


@pytest.mark.parametrize("tags", ["user", lambda n: "user", [3], lambda n: [n], lambda n: [f"{i}" for i in range(99)]])
def test_tags_that_are_no_list_of_texts_are_refused(memory: Memory, tags: Any) -> None:
    @cached(tags=tags)
    def some(n: int) -> int:
        return n

    with pytest.raises(WrongCacheUse, match="tag"):
        some(1)
    with pytest.raises(WrongCacheUse, match="a tag is a text"):
        registry.invalidate_tags(3)  # type: ignore[arg-type]


@pytest.mark.feature("F-CACHE-18")
def test_what_happens_is_counted_and_told(memory: Memory, clock: Any, caplog: pytest.LogCaptureFixture) -> None:
    mine: list[Event] = []
    everything: list[Event] = []

    @cached(ttl=10, on_event=mine.append, name="square")
    def square(number: int) -> int:
        if number < 0:
            raise ValueError(number)
        return number * number

    stop = on_event(everything.append)
    square(1), square(1), square.invalidate(1), square.get(1)
    with pytest.raises(ValueError, match="-1"):
        square(-1)
    stop()
    square(2)
    assert [event.what for event in mine] == [
        *("miss", "stored", "hit", "invalidated", "miss", "miss", "error", "miss", "stored")]  # fmt: skip
    assert everything == mine[:7]
    assert everything[0] == Event("miss", "square", square.key(1))
    counters = square.counters.as_dict()
    assert (counters["hits"], counters["misses"], counters["errors"], counters["invalidated"]) == (1, 4, 1, 1)
    assert square.counters.hit_ratio == 0.2 and counters["seconds_saved"] > 0
    square.counters.reset()
    assert square.counters.hit_ratio == 0 == square.counters.misses


@pytest.mark.feature("F-CACHE-18")
def test_bytes_are_counted(memory: Memory) -> None:
    @cached()
    def listed() -> list[str]:
        return ["x" * 1000]

    listed(), listed(), listed()
    assert listed.counters.bytes_written > 1000 and listed.counters.bytes_read == 2 * listed.counters.bytes_written


def test_a_hook_that_fails_harms_nobody(memory: Memory, caplog: pytest.LogCaptureFixture) -> None:
    def hook(event: Event) -> None:
        raise RuntimeError("in the hook")

    @cached(on_event=hook)
    def one() -> int:
        return 1

    assert one() == one() == 1
    assert "in the hook" in caplog.text


@pytest.mark.feature("F-CACHE-09")
def test_functions_that_name_no_backend_follow_the_configured_one(memory: Memory) -> None:
    email(7)
    other = Memory()
    assert configure(other) is other and email.peek(7) is None
    email(7)
    assert len(other) == 1
    configure(memory)
    assert email.peek(7) is not None
    assert isinstance(configure("memory://"), Memory)
