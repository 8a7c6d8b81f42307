"""Resolution and its inverse: all examples of RFC 3986, section 5.4, cases in a file, and what holds for all texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import assume, example, given

from demotic.syntax.uri import InvalidURI, NoReference, URIFault, parse_uri, remove_dot_segments

from .strategies import fragments, references

CASES = Path(__file__).parent / "cases"
RFC = json.loads((CASES / "rfc3986_resolution.json").read_text("utf-8"))
OWN = json.loads((CASES / "references.json").read_text("utf-8"))

EVERY = ["", "s:", "t:"]


@pytest.mark.spec("URI-012")
@pytest.mark.feature("F-URI-05")
@pytest.mark.parametrize(("reference", "result"), [*RFC["normal"].items(), *RFC["abnormal"].items()])
def test_the_examples_of_the_rfc(reference: str, result: str) -> None:
    assert str(parse_uri(RFC["base"]).resolve(reference)) == result
    assert str(parse_uri(RFC["base"]).resolve(parse_uri(reference))) == result


@pytest.mark.spec("URI-012", "URI-013")
@pytest.mark.feature("F-URI-05")
@pytest.mark.parametrize("case", OWN["resolve"], ids=lambda case: f"{case['base']} {case['reference']}")
def test_a_reference_means_a_place(case: dict[str, str]) -> None:
    assert str(parse_uri(case["base"]).resolve(case["reference"])) == case["result"]


@pytest.mark.spec("URI-012")
def test_a_reference_to_the_document_itself_is_not_one_to_its_base() -> None:
    base, document = parse_uri("http://base/a/b"), parse_uri("http://h/doc?q#x")
    assert str(base.resolve("", document=document)) == "http://h/doc?q"
    assert str(base.resolve("#f", document=document)) == "http://h/doc?q#f"
    assert str(base.resolve("?r", document=document)) == "http://base/a/b?r"
    assert str(base.resolve("c", document=document)) == "http://base/a/c"


@pytest.mark.spec("URI-014")
@pytest.mark.feature("F-URI-06")
@pytest.mark.parametrize("case", OWN["relative"], ids=lambda case: f"{case['base']} {case['target']}")
def test_a_reference_leads_from_here_to_there(case: dict[str, str]) -> None:
    base = parse_uri(case["base"])
    reference = base.relative(case["target"])
    assert str(reference) == case["reference"]
    assert base.resolve(reference) == parse_uri(case["target"])


@pytest.mark.spec("URI-014", "URI-033")
@pytest.mark.parametrize("case", OWN["no_reference"], ids=lambda case: f"{case['base']} {case['target']}")
def test_nothing_leads_from_a_base_that_says_more(case: dict[str, str]) -> None:
    with pytest.raises(NoReference, match="no reference leads from") as fault:
        parse_uri(case["base"]).relative(case["target"])
    assert isinstance(fault.value, URIFault)


@pytest.mark.feature("F-URI-06")
@given(references(EVERY), references(["s:", "t:"]), fragments)
@example("s://h?q", "s://h", None)
@example("s:/.//a", "s:/.//b", None)
def test_relative_is_the_exact_inverse_of_resolve(base_text: str, target_text: str, fragment: str | None) -> None:
    base = parse_uri(base_text)
    target = parse_uri(target_text).replace(fragment=fragment)
    reference = base.relative(target)
    settled = target.resolve(target)
    # Written and read again, it still leads there, to the letter.
    assert str(base.resolve(str(reference))) == str(settled)
    assert settled == target


@given(references([""]), references([""]))
def test_relative_is_the_inverse_among_relative_references_too(base_text: str, target_text: str) -> None:
    base, target = parse_uri(base_text), parse_uri(target_text)
    try:
        reference = base.relative(target)
    except NoReference:
        return
    there = base.resolve(str(reference))
    assert (there.authority, there.query) == (target.authority, target.query)
    assert parse_uri("s://x/1/2/3/4/5/6/").resolve(there) == parse_uri("s://x/1/2/3/4/5/6/").resolve(target)


@pytest.mark.spec("URI-013")
@given(references(["s:", ""]), references([""]), references([""]), fragments)
def test_resolution_is_associative(first: str, second: str, third: str, fragment: str | None) -> None:
    a, b, c = parse_uri(first), parse_uri(second), parse_uri(third).replace(fragment=fragment)
    # A path without a root behind a scheme (`s:a/b`) is not hierarchical; the RFC's algorithm gives it a root then.
    assume(not a.is_absolute or a.authority is not None or a.path.startswith("/"))
    assert str(a.resolve(b).resolve(c)) == str(a.resolve(b.resolve(c)))


def _by_the_letter(path: str) -> str:
    """The algorithm of section 5.2.4, step by step."""
    output = ""
    while path:
        if path.startswith(("../", "./")):
            path = path.partition("/")[2]
        elif path.startswith("/./") or path == "/.":
            path = "/" + path[3:]
        elif path.startswith("/../") or path == "/..":
            path = "/" + path[4:]
            output = output[: max(output.rfind("/"), 0)]
        elif path in (".", ".."):
            path = ""
        else:
            end = path.find("/", 1)
            end = len(path) if end < 0 else end
            output, path = output + path[:end], path[end:]
    return output


@given(references(["", "s:"]))
@example("s:a/../..")
@example("..//../a")
@example("a//..")
def test_dot_segments_are_removed_as_the_algorithm_says(text: str) -> None:
    path = parse_uri(text).path
    assert remove_dot_segments(path) == _by_the_letter(path)


@given(references(["", "s:", "http:"]), references(["", "s:", "http:"]))
def test_what_comes_out_is_a_reference_or_a_fault(base: str, reference: str) -> None:
    try:
        result = parse_uri(base).resolve(reference)
    except InvalidURI:
        assert "http:" in (base[:5], reference[:5])
        return
    assert str(parse_uri(str(result))) == str(result)
    assert parse_uri(str(result)).parts == result.parts
