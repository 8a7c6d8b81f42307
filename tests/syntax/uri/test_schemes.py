"""Files, names and data in place: cases of their RFCs from files, both ways."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.syntax.uri import (
    URI,
    URN,
    DataURI,
    FileURI,
    InvalidURI,
    Level,
    NotAPath,
    URIFault,
    data_uri,
    file_uri,
    make_urn,
    parse_uri,
)

CASES = Path(__file__).parent / "cases"
FILES = json.loads((CASES / "file_urls.json").read_text("utf-8"))
URNS = json.loads((CASES / "urns.json").read_text("utf-8"))


def _label(case: dict[str, str]) -> str:
    return ascii(case.get("url") or case.get("path"))


def _system(case: dict[str, str]) -> str:
    return "posix" if "posix" in case else "windows"


def _file(text: str) -> FileURI:
    uri = parse_uri(text)
    assert isinstance(uri, FileURI)
    return uri


@pytest.mark.spec("URI-019", "URI-020", "URI-022")
@pytest.mark.feature("F-URI-10")
@pytest.mark.parametrize("case", FILES["both_ways"], ids=_label)
def test_a_path_has_a_url_and_that_the_path(case: dict[str, str]) -> None:
    system = _system(case)
    assert _file(case["url"]).to_path(system) == case[system]
    assert str(file_uri(case[system], system)) == case["url"]


@pytest.mark.spec("URI-020", "URI-021")
@pytest.mark.feature("F-URI-10")
@pytest.mark.parametrize("case", FILES["to_path"], ids=_label)
def test_other_forms_of_file_urls_are_read(case: dict[str, str]) -> None:
    assert _file(case["url"]).to_path(_system(case)) == case[_system(case)]


@pytest.mark.spec("URI-022")
@pytest.mark.parametrize("case", FILES["to_url"], ids=lambda case: case["windows"])
def test_other_forms_of_paths_have_urls(case: dict[str, str]) -> None:
    assert str(file_uri(case["windows"], "windows")) == case["url"]


@pytest.mark.spec("URI-020", "URI-033")
@pytest.mark.feature("F-URI-10")
@pytest.mark.parametrize("case", FILES["no_path"], ids=_label)
def test_a_url_that_is_no_path_here_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(NotAPath, match=case["message"]) as fault:
        _file(case["url"]).to_path(case["system"])
    assert isinstance(fault.value, URIFault)


@pytest.mark.spec("URI-022")
@pytest.mark.parametrize("case", FILES["no_url"], ids=_label)
def test_a_path_that_has_no_url_is_refused(case: dict[str, str]) -> None:
    with pytest.raises(NotAPath, match=case["message"]):
        file_uri(case["path"], case["system"])


@pytest.mark.spec("URI-019", "URI-021", "URI-022")
def test_the_host_names_a_file_system() -> None:
    assert str(file_uri()) == "file:///"
    named = _file(str(file_uri(PurePosixPath("/a b"), host="backup")))
    assert str(named) == "file://backup/a%20b"
    assert (named.host, named.is_local) == ("backup", False)
    assert str(file_uri(PureWindowsPath("C:/a"), host="backup")) == "file://backup/C:/a"
    with pytest.raises(NotAPath, match="of the machine server"):
        file_uri(r"\\server\share\a", "windows", host="backup")
    assert str(file_uri("/a", "posix", host="my files:1")) == "file://my%20files%3A1/a"


@pytest.mark.spec("URI-022")
def test_a_pure_path_says_which_system_it_is_of() -> None:
    assert str(file_uri(PureWindowsPath("C:/a"))) == str(file_uri("C:\\a", "windows")) == "file:///C:/a"
    assert str(file_uri(b"/\xff/a", "posix")) == "file:///%FF/a"
    assert file_uri("/a", "posix") == parse_uri("file:/a") == parse_uri("file://localhost/a")
    assert parse_uri("file://other/a") != parse_uri("file:///a")


_LETTERS = st.characters(exclude_characters='/\\<>:"|?*', min_codepoint=32, exclude_categories=["Cs"])
_NAMES = st.text(_LETTERS, min_size=1)


@given(st.lists(_NAMES, min_size=1, max_size=4))
def test_every_path_comes_back(names: list[str]) -> None:
    posix, windows, share = "/" + "/".join(names), "D:\\" + "\\".join(names), "\\\\server\\" + "\\".join(names)
    assert _file(str(file_uri(posix, "posix"))).to_path("posix") == posix
    for path in (windows, share):
        assert _file(str(file_uri(path, "windows"))).to_path("windows") == path


@given(st.binary(max_size=20))
def test_every_name_of_posix_comes_back(name: bytes) -> None:
    path = b"/" + name.replace(b"\0", b"").replace(b"/", b"")
    text = _file(str(file_uri(path, "posix"))).to_path("posix")
    assert text.encode("utf-8", "surrogateescape") == path


@pytest.mark.spec("URI-023")
@pytest.mark.feature("F-URI-10")
def test_a_url_for_programs_that_expect_a_local_encoding() -> None:
    uri = _file("file:///C:/Caf%C3%A9/a%20b")
    assert uri.to_local_text("cp1252") == "file:///C:/Caf%E9/a%20b"
    assert uri.to_local_text("utf-8") == str(uri)
    with pytest.raises(NotAPath, match="cannot be written in ascii"):
        uri.to_local_text("ascii")
    with pytest.raises(NotAPath):
        _file("file:///%FF").to_local_text("utf-8")


@pytest.mark.spec("URI-034")
@pytest.mark.feature("F-URI-11")
@pytest.mark.parametrize("case", URNS["parts"], ids=lambda case: case["text"])
def test_a_urn_has_a_namespace_a_name_and_components(case: dict[str, str]) -> None:
    urn = parse_uri(case["text"])
    assert isinstance(urn, URN)
    components = (urn.r_component, urn.q_component, urn.f_component)
    assert (urn.nid, urn.nss, *components) == tuple(case.get(name) for name in ("nid", "nss", "r", "q", "f"))
    made = make_urn(urn.nid, urn.nss, r=components[0], q=components[1], f=components[2])
    assert str(made) == case["text"].replace("URN:", "urn:")
    assert made == urn
    assert urn.file_name is None


@pytest.mark.spec("URI-034")
@pytest.mark.feature("F-URI-11")
def test_urns_are_equivalent_as_the_rfc_says() -> None:
    members = [(group, text) for group, texts in enumerate(URNS["equivalent"]) for text in texts]
    for (group, one), (other_group, other) in product(members, members):
        assert parse_uri(one).is_equivalent(other) == (group == other_group), (one, other)
        assert parse_uri(one).is_equivalent(other, Level.TEXT) == (one == other)


def test_components_count_where_urns_are_keys() -> None:
    assert parse_uri("urn:example:a#b") != parse_uri("urn:example:a")
    assert parse_uri("URN:EXAMPLE:a%2c#b") == parse_uri("urn:example:a%2C#b")
    assert str(parse_uri("URN:EXAMPLE:%7e%2c").normalized()) == "urn:example:%7E%2C"
    assert parse_uri("urn:example:a").root == "urn:"


@pytest.mark.spec("URI-034")
@pytest.mark.parametrize(("text", "position"), URNS["refused"])
def test_what_is_no_urn_is_refused(text: str, position: int) -> None:
    with pytest.raises(InvalidURI) as fault:
        parse_uri(text)
    assert (fault.value.text, fault.value.position) == (text, position)


# RFC 2397, sections 2 and 4 (its longer example is a GIF), and what browsers read.
DATA = [
    ("data:,A%20brief%20note", "text/plain;charset=US-ASCII", b"A brief note", False),
    ("data:text/plain;charset=iso-8859-7,%be%d3%be", "text/plain;charset=iso-8859-7", b"\xbe\xd3\xbe", False),
    ("data:image/gif;base64,R0lGODdhMAAwAPAAAAAA", "image/gif", b"GIF87a0\x000\x00\xf0\x00\x00\x00\x00", True),
    ("data:;charset=utf-8,%C3%BC", "text/plain;charset=utf-8", "ü".encode(), False),
    ("data:application/vnd-xxx-query,select_vcount,fcol_from_fieldtable/local", "application/vnd-xxx-query",
     b"select_vcount,fcol_from_fieldtable/local", False),
    ("data:,", "text/plain;charset=US-ASCII", b"", False),
    ("data:;base64,", "text/plain;charset=US-ASCII", b"", True),
    ("data:a/b;BASE64,YQ", "a/b", b"a", True),
    ("data:a/b;base64,YQ%3D%3D", "a/b", b"a", True),
    ("data:a/b;base64,Y%20Q%0A=", "a/b", b"a", True),
    ("data:a/b;x=%22y%22,a?b/../c", 'a/b;x="y"', b"a?b/../c", False),
    ("data:base64,YQ", "base64", b"YQ", False),
]  # fmt: skip


@pytest.mark.feature("F-URI-12")
@pytest.mark.parametrize(("text", "media_type", "data", "is_base64"), DATA)
def test_data_are_in_place(text: str, media_type: str, data: bytes, is_base64: bool) -> None:
    uri = parse_uri(f"{text}#part")
    assert isinstance(uri, DataURI)
    assert (uri.media_type, uri.data, uri.is_base64) == (media_type, data, is_base64)
    assert str(uri) == f"{text}#part"
    assert str(parse_uri("http://h/").resolve(text)) == text


@pytest.mark.parametrize(("text", "position"), [("data:", 5), ("data:a/b#,", 8), ("data://h/,", 5), ("data:a b,", 6)])
def test_what_has_no_data_is_refused(text: str, position: int) -> None:
    with pytest.raises(InvalidURI) as fault:
        parse_uri(text)
    assert fault.value.position == position


@pytest.mark.parametrize("code", ["!", "a", "YQ=x", "%FF", "YQ==YQ=="])
def test_data_that_are_not_in_base64_are_refused(code: str) -> None:
    uri = parse_uri(f"data:;base64,{code}")
    assert isinstance(uri, DataURI)
    with pytest.raises(InvalidURI, match="data in base64 at position 13"):
        uri.data  # noqa: B018


_TYPES = st.sampled_from(["", "a/b", 'a/b;x="y,z"'])


@given(st.one_of(st.binary(), st.text()), _TYPES, st.sampled_from([None, True, False]))
def test_all_data_come_back(data: bytes | str, media_type: str, base64: bool | None) -> None:
    uri = parse_uri(str(data_uri(data, media_type, base64=base64)))
    assert isinstance(uri, DataURI)
    assert uri.data == (data.encode() if isinstance(data, str) else data)
    assert uri.media_type.startswith(media_type or "text/plain")
    assert base64 in (None, uri.is_base64)


def test_the_shorter_way_to_write_data_is_taken() -> None:
    assert str(data_uri("a b", "text/html")) == "data:text/html,a%20b"
    assert str(data_uri(b"\0" * 6, "a/b")) == "data:a/b;base64,AAAAAAAA"
    assert str(data_uri("ü", "text/html;charset=UTF-8")) == "data:text/html;charset=UTF-8,%C3%BC"


def test_a_part_that_leaves_the_scheme_broken_is_refused() -> None:
    with pytest.raises(InvalidURI):
        parse_uri("urn:example:a").resolve("b")
    assert str(parse_uri("urn:example:a").resolve("#b")) == "urn:example:a#b"
    assert isinstance(URI("file", path="/a"), FileURI)
