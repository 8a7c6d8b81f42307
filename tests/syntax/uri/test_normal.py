"""The ladder of normal forms: which texts are one URI, and from which level on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from demotic.syntax.uri import Level, join_path, normalize_segments, parse_uri, split_path

from .strategies import references

CASES = json.loads((Path(__file__).parent / "cases" / "normal_forms.json").read_text("utf-8"))


@pytest.mark.spec("URI-009", "URI-010")
@pytest.mark.feature("F-URI-07")
@pytest.mark.parametrize(("one", "other", "level"), CASES["equal"])
def test_two_texts_are_one_uri_from_a_level_on(one: str, other: str, level: str) -> None:
    first, second = parse_uri(one), parse_uri(other)
    assert first == second
    assert hash(first) == hash(second)
    assert [first.is_equivalent(other, rung) for rung in Level] == [rung >= Level[level] for rung in Level]
    assert str(first.normalized()) == str(second.normalized())


@pytest.mark.spec("URI-009", "URI-010")
@pytest.mark.parametrize(("one", "other"), CASES["different"])
def test_two_texts_are_two_uris(one: str, other: str) -> None:
    assert parse_uri(one) != parse_uri(other)
    assert not parse_uri(one).is_equivalent(parse_uri(other))


@given(references(["", "s:", "FTP:"]))
def test_a_normal_form_is_its_own_and_equal_to_what_it_came_from(text: str) -> None:
    uri = parse_uri(text)
    for level in Level:
        normal = uri.normalized(level)
        assert str(normal.normalized(level)) == str(normal)
        assert normal == uri
        assert str(parse_uri(str(normal))) == str(normal)


@pytest.mark.spec("URI-030")
@pytest.mark.parametrize(
    ("path", "segments"),
    [
        (None, ()),
        ("", ()),
        ("/", ("",)),
        ("a", ("a",)),
        ("/a/b", ("a", "b")),
        ("a/", ("a", "")),
        ("/a//b/", ("a", "", "b", "")),
        ("%2F/a;x", ("%2F", "a;x")),
    ],
)
def test_a_path_has_segments(path: str | None, segments: tuple[str, ...]) -> None:
    assert split_path(path) == segments
    assert join_path(segments, absolute=(path or "").startswith("/")) == (path or "")
    if path is not None:
        assert parse_uri(path).segments == segments


@pytest.mark.spec("URI-031")
@pytest.mark.parametrize(
    ("segments", "normal"),
    [
        ((), ()),
        (("a", ".", "b"), ("a", "b")),
        (("a", "."), ("a", "")),
        ((".",), ("",)),
        (("a", ".."), ("",)),
        (("a", "b", "..", "c"), ("a", "c")),
        (("a", "b", ".."), ("a", "")),
        (("..", "a"), ("..", "a")),
        (("..",), ("..", "")),
        (("a", "..", "..", "b"), ("..", "b")),
        (("a", "", "..", "b"), ("a", "b")),
    ],
)
def test_dots_are_folded(segments: tuple[str, ...], normal: tuple[str, ...]) -> None:
    assert normalize_segments(segments) == normal
