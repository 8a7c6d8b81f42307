"""What the direct verbs do, in threads and in tasks alike."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from demotic.cache import Backend, WrongCacheUse

# Keys that some server would not take as they are, or would take for something else.
KEYS = ("a", "a b", "", "x" * 1000, "é\n\r\0", "{slot}", "*", "#1", "get a\r\nflush_all", "\ud800")
VALUES = (b"", b"1", b"\r\nEND\r\n", bytes(range(256)), b"VALUE a 0 1\r\n", b"x" * 100_000)

Ask = Callable[..., Any]


def in_a_thread(backend: Backend) -> Ask:
    """Return what asks a verb as threads do."""
    return lambda verb, *args: getattr(backend, verb)(*args)


def in_a_task(backend: Backend) -> Ask:
    """Return what asks a verb as tasks do, each in an event loop of its own."""

    async def ask(verb: str, *args: Any) -> Any:
        try:
            answer: Awaitable[Any] = getattr(backend.aio, verb)(*args)
            return await answer
        finally:
            await backend.aio.close()

    return lambda verb, *args: asyncio.run(ask(verb, *args))


class VerbSuite:
    """The verbs over an empty back end."""

    @pytest.fixture(params=[in_a_thread, in_a_task], ids=["threads", "tasks"])
    def ask(self, request: pytest.FixtureRequest, backend: Backend) -> Ask:
        """Asks a verb, in one of the two ways."""
        asked: Ask = request.param(backend)
        return asked

    @pytest.mark.parametrize("key", KEYS, ids=ascii)
    def test_any_text_is_a_key(self, ask: Ask, key: str) -> None:
        assert ask("get", key) is None
        assert ask("set", key, b"value") and ask("get", key) == b"value"
        assert ask("get_many", [key, "other"]) == {key: b"value"}
        assert ask("delete", key) and not ask("delete", key)

    def test_keys_are_told_apart(self, ask: Ask) -> None:
        assert ask("set_many", {key: key.encode("utf-8", "surrogatepass") for key in KEYS})
        assert ask("get_many", KEYS) == {key: key.encode("utf-8", "surrogatepass") for key in KEYS}
        assert ask("delete_many", [*KEYS, "not there"]) == len(KEYS)
        assert ask("get_many", KEYS) == {} == ask("get_many", [])

    @pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:20])
    def test_any_bytes_are_a_value(self, ask: Ask, value: bytes) -> None:
        assert ask("set", "key", value) and ask("get", "key") == value
        assert ask("append", "key", value) and ask("prepend", "key", b"<") and ask("get", "key") == b"<" + value + value

    def test_storing_verbs_look_at_what_is_there(self, ask: Ask) -> None:
        assert not ask("replace", "key", b"1") and not ask("append", "key", b"1") and not ask("prepend", "key", b"1")
        assert ask("add", "key", b"2") and not ask("add", "key", b"3") and ask("get", "key") == b"2"
        assert ask("replace", "key", b"4") and ask("get", "key") == b"4"

    def test_cas_stores_only_over_what_was_seen(self, ask: Ask) -> None:
        assert ask("gets", "key") is None
        ask("set", "key", b"1")
        value, token = ask("gets", "key")
        assert value == b"1" and ask("cas", "key", b"2", token) and ask("get", "key") == b"2"
        assert not ask("cas", "key", b"3", token) and ask("get", "key") == b"2"
        _, token = ask("gets", "key")
        ask("delete", "key")
        assert not ask("cas", "key", b"3", token) and ask("get", "key") is None

    def test_numbers_are_counted(self, ask: Ask) -> None:
        assert ask("incr", "n", 1) is None and ask("decr", "n", 1) is None
        ask("set", "n", b"10")
        assert [ask("incr", "n", 5), ask("incr", "n"), ask("decr", "n", 7), ask("decr", "n", 100)] == [15, 16, 9, 0]
        assert ask("incr", "n", 0) == 0 and int(ask("get", "n")) == 0

    def test_what_is_no_number_is_not_counted(self, ask: Ask) -> None:
        ask("set", "n", b"ten")
        for verb in ("incr", "decr"):
            with pytest.raises(WrongCacheUse, match="no number"):
                ask(verb, "n", 1)
        assert ask("get", "n") == b"ten"

    def test_entries_can_be_given_a_time_to_live(self, ask: Ask) -> None:
        for ttl in (3600, 0.5, 40 * 24 * 3600, None, 10**12):
            assert ask("set", "key", b"1", ttl) and ask("touch", "key", ttl) and ask("get", "key") == b"1"
        assert not ask("touch", "not there", 10) and not ask("touch", "not there")

    @pytest.mark.parametrize(
        ("verb", "args"),
        [
            ("set", ("key", "text")),
            ("set", ("key", b"1", 0)),
            ("set", ("key", b"1", -1)),
            ("add", ("key", b"1", float("nan"))),
            ("set", (3, b"1")),
            ("get", (b"key",)),
            ("append", ("key", None)),
            ("incr", ("key", -1)),
            ("incr", ("key", 1.5)),
            ("touch", ("key", 0)),
        ],
    )
    def test_what_is_no_key_value_or_time_is_refused(self, ask: Ask, verb: str, args: tuple[Any, ...]) -> None:
        ask("set", "key", b"1")
        with pytest.raises(WrongCacheUse):
            ask(verb, *args)
        assert ask("get", "key") == b"1"

    def test_flush_forgets_everything(self, ask: Ask) -> None:
        ask("set_many", {"a": b"1", "b": b"2"})
        assert ask("flush") and ask("get_many", ["a", "b"]) == {}

    def test_servers_tell_of_themselves(self, ask: Ask) -> None:
        answers = ask("ping")
        assert answers and all(answers.values())
        assert set(ask("stats")) == set(answers)

    def test_threads_and_tasks_see_the_same(self, backend: Backend) -> None:
        thread, task = in_a_thread(backend), in_a_task(backend)
        for number in range(20):
            thread("set", f"a{number}", b"1")
            task("set", f"b{number}", b"2")
        names = [f"{letter}{number}" for letter in "ab" for number in range(20)]
        assert task("get_many", names) == thread("get_many", names)
        assert len(thread("get_many", names)) == 40
