"""A pattern that is compiled late is used like any other."""

from __future__ import annotations

import re

import pytest

from demotic.syntax._lazy import lazy_pattern


def test_it_does_what_a_pattern_does() -> None:
    lazy, plain = lazy_pattern(r"(a)(b)?", re.IGNORECASE), re.compile(r"(a)(b)?", re.IGNORECASE)
    text = "xAbaab"
    assert lazy.pattern == plain.pattern and lazy.groups == plain.groups
    assert [m.groups() for m in lazy.finditer(text)] == [m.groups() for m in plain.finditer(text)]
    for name in ("match", "fullmatch", "search", "split", "findall"):
        assert repr(getattr(lazy, name)(text)) == repr(getattr(plain, name)(text))
    assert lazy.sub("-", text) == plain.sub("-", text)


def test_what_is_wrong_in_it_is_told_when_it_is_used() -> None:
    broken = lazy_pattern("(")
    with pytest.raises(re.error):
        broken.match("")
