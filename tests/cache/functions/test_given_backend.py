"""A backend that is given is the one that is used, empty or not."""

from __future__ import annotations

from demotic.cache import Memory, cached, default_backend


def test_an_empty_backend_is_not_taken_for_none() -> None:
    memory = Memory()

    @cached(backend=memory)
    def number() -> int:
        return 1

    assert number() == 1
    assert len(memory) == 1
    assert number.machine.backend is memory is not default_backend()
