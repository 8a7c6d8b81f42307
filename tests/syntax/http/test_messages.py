"""Messages on the wire: read however the bytes come, written as promised, refused where two readers would differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demotic.errors import InvalidInput, LimitExceeded, SyntaxFault
from demotic.syntax.http import HTTP_1_0, HTTP_1_1, Fields, reason
from demotic.syntax.http.fields import format_field_section, parse_field_section
from demotic.syntax.http.messages import (
    MAX_KEPT,
    METHODS,
    ChunkHeader,
    Content,
    End,
    Framing,
    Head,
    MessageReader,
    MessageWriter,
    ReadLimits,
    RequestLine,
    StatusLine,
    check_content,
    content_length,
    format_chunk,
    format_last_chunk,
    framing,
    is_idempotent,
    is_safe,
    keeps_alive,
    origin_form,
    parse_chunk_header,
    parse_request_line,
    parse_status_line,
)

from .http_cases import cases
from .http_values import QUOTABLE, TOKENS, WORDS


def read(case: dict[str, Any], pieces: Iterable[bytes]) -> list[dict[str, Any]]:
    """Return the messages that a reader finds in bytes that come in pieces."""
    reader = MessageReader.of_requests() if case["of"] == "requests" else MessageReader.of_responses()
    for method in case.get("methods", ()):
        reader.expect(method)
    messages: list[dict[str, Any]] = []
    for piece in (*pieces, b""):
        for event in reader.receive(piece):
            if isinstance(event, Head):
                fields = [list(item) for item in event.fields]
                messages.append({"start": str(event.start), "fields": fields, "content": ""})
            elif isinstance(event, Content):
                messages[-1]["content"] += event.data.decode("latin-1")
            elif event.trailers:
                messages[-1]["trailers"] = [list(item) for item in event.trailers]
    return messages


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@pytest.mark.spec("HTTP-045", "HTTP-046", "HTTP-047", "HTTP-081")
@pytest.mark.feature("F-HTTP-12")
@pytest.mark.parametrize("case", cases("messages.json", "messages"))
def test_messages_are_read_however_they_come(case: dict[str, Any]) -> None:
    data = case["bytes"].encode("latin-1")
    for size in (1, 2, 3, 7, len(data)):
        assert read(case, cut(data, size)) == case["messages"]


@pytest.mark.feature("F-HTTP-12")
@pytest.mark.parametrize("case", cases("messages.json", "error"))
def test_what_two_readers_would_understand_differently_is_refused(case: dict[str, Any]) -> None:
    data = case["bytes"].encode("latin-1")
    for size in (1, len(data)):
        with pytest.raises(SyntaxFault) as caught:
            read(case, cut(data, size))
        assert caught.value.expected == case["error"]


CHUNKED = b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 200, ReadLimits(head=100)),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 200 + b"\r\n\r\n", ReadLimits(head=100)),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 4 + b"\r\n", ReadLimits(fields=3)),
        (CHUNKED + b"1;" + b"a" * 200, ReadLimits(chunk_line=100)),
        (
            CHUNKED + b"0\r\n" + b"A: b\r\n" * 4 + b"\r\n",
            ReadLimits(fields=3),
        ),
        (CHUNKED + b"0\r\nA: " + b"b" * 200, ReadLimits(head=100)),
    ],
)
def test_no_message_takes_more_than_it_may(data: bytes, limits: ReadLimits) -> None:
    with pytest.raises(LimitExceeded):
        list(MessageReader.of_requests(limits).receive(data))


def test_what_follows_a_change_of_protocol_is_handed_over() -> None:
    reader = MessageReader.of_responses()
    reader.expect("GET")
    events = reader.receive(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x00\x01")
    assert [type(next(events)), type(next(events))] == [Head, End]
    assert reader.stop() == b"\x00\x01"
    assert reader.stop() == b""


@pytest.mark.spec("HTTP-043", "HTTP-044", "HTTP-049")
@pytest.mark.feature("F-HTTP-12")
def test_a_message_is_written_step_by_step() -> None:
    writer = MessageWriter(RequestLine("POST", "/a?b"), Fields({"host": "a", "TE": "trailers"}), length=None)
    written = writer.start() + writer.content(b"Wiki") + writer.content(b"") + writer.content(b"pedia")
    written += writer.end(Fields({"X": "y"}))
    assert written == (
        b"POST /a?b HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"4\r\nWiki\r\n5\r\npedia\r\n0\r\nX: y\r\n\r\n"
    )
    sized = MessageWriter(StatusLine(200), Fields({"etag": '"a"'}), length=2)
    assert sized.start() + sized.content(b"ok") + sized.end() == (
        b'HTTP/1.1 200 OK\r\nETag: "a"\r\nContent-Length: 2\r\n\r\nok'
    )


@pytest.mark.spec("HTTP-044", "HTTP-048")
@pytest.mark.parametrize(
    ("method", "length", "peer", "framed"),
    [
        ("GET", 0, HTTP_1_1, {}),
        ("DELETE", 0, HTTP_1_1, {}),
        ("POST", 0, HTTP_1_1, {"Content-Length": "0"}),
        ("PUT", 5, HTTP_1_1, {"Content-Length": "5"}),
        ("PUT", None, HTTP_1_1, {"Transfer-Encoding": "chunked"}),
        ("PUT", None, HTTP_1_0, {}),
        ("MKCOL", 0, HTTP_1_1, {"Content-Length": "0"}),
    ],
)
def test_a_request_tells_the_length_of_its_content(
    method: str, length: int | None, peer: Any, framed: dict[str, str]
) -> None:
    assert MessageWriter(RequestLine(method, "/"), Fields(), length=length, peer=peer).fields == Fields(framed)


@pytest.mark.spec("HTTP-043", "HTTP-044")
def test_an_old_server_is_told_the_length_before() -> None:
    writer = MessageWriter(RequestLine("PUT", "/", HTTP_1_0), Fields(), length=None, peer=HTTP_1_0)
    assert writer.start() + writer.content(b"abc") == b""
    assert writer.end() == b"PUT / HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc"
    writer = MessageWriter(RequestLine("PUT", "/"), Fields(), length=None, peer=HTTP_1_0)
    writer.content(bytes(MAX_KEPT))
    with pytest.raises(LimitExceeded):
        writer.content(b"x")


def test_an_old_client_is_told_the_end_by_the_end_of_the_connection() -> None:
    writer = MessageWriter(StatusLine(200), Fields(), length=None, peer=HTTP_1_0)
    assert writer.start() + writer.content(b"abc") + writer.end() == b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc"
    assert MessageWriter(StatusLine(304), Fields(), length=None).start() == b"HTTP/1.1 304 Not Modified\r\n\r\n"
    head = MessageWriter(StatusLine(200), Fields({"Content-Length": "9"}), method="HEAD")
    assert head.start() + head.end() == b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"


@pytest.mark.spec("HTTP-048")
@pytest.mark.parametrize("method", ["GET", "HEAD", "CONNECT", "TRACE"])
@pytest.mark.parametrize("length", [1, None])
def test_a_method_without_content_gets_none(method: str, length: int | None) -> None:
    with pytest.raises(InvalidInput, match=method):
        MessageWriter(RequestLine(method, "/"), Fields(), length=length)
    check_content(method, 0)
    check_content("X-OWN", length)


def test_what_was_promised_about_the_length_is_kept() -> None:
    put = RequestLine("PUT", "/")
    with pytest.raises(InvalidInput, match="Content-Length says 3"):
        MessageWriter(put, Fields({"Content-Length": "3"}), length=2)
    with pytest.raises(InvalidInput, match="1 bytes more"):
        MessageWriter(put, Fields(), length=2).content(b"abc")
    with pytest.raises(InvalidInput, match="2 bytes less"):
        MessageWriter(put, Fields(), length=2).end()
    with pytest.raises(InvalidInput, match="chunked"):
        MessageWriter(put, Fields(), length=0).end(Fields({"A": "b"}))
    with pytest.raises(InvalidInput, match="content-length"):
        MessageWriter(put, Fields(), length=None).end(Fields({"Content-Length": "1"}))
    assert MessageWriter(put, Fields({"Transfer-Encoding": "chunked"}), length=2).content(b"ab") == b"2\r\nab\r\n"


PIECES = st.lists(st.binary(max_size=20), max_size=5)
SECTIONS = st.lists(st.tuples(TOKENS, st.text(QUOTABLE, max_size=9).map(lambda value: value.strip(" \t"))), max_size=4)
FRAMING_NAMES = {"content-length", "transfer-encoding", "connection"}


@given(PIECES, SECTIONS, st.booleans(), st.integers(1, 40))
def test_a_message_survives_the_wire(pieces: list[bytes], items: list[tuple[str, str]], sized: bool, size: int) -> None:
    fields = Fields([item for item in items if item[0].lower() not in FRAMING_NAMES])
    length = sum(map(len, pieces)) if sized else None
    writer = MessageWriter(RequestLine("PUT", "/x"), fields, length=length)
    data = writer.start() + b"".join(map(writer.content, pieces)) + writer.end()
    reader = MessageReader.of_requests()
    events = [event for piece in cut(data, size) for event in reader.receive(piece)]
    assert [event.fields for event in events if isinstance(event, Head)] == [writer.fields]
    assert b"".join(event.data for event in events if isinstance(event, Content)) == b"".join(pieces)
    assert isinstance(events[-1], End)


@pytest.mark.spec("HTTP-049")
def test_start_lines_read_and_write() -> None:
    line = parse_request_line("get /a%20b?c HTTP/1.0")
    assert line == RequestLine("get", "/a%20b?c", HTTP_1_0)
    assert str(line) == "get /a%20b?c HTTP/1.0"
    status = parse_status_line("HTTP/1.1 404 Nicht da")
    assert (status, status.phrase) == (StatusLine(404), "Nicht da")
    assert str(StatusLine(404)) == "HTTP/1.1 404 Not Found"
    assert parse_status_line("HTTP/1.1 299").phrase == ""


@pytest.mark.parametrize(
    "make",
    [
        lambda: RequestLine("G T", "/"),
        lambda: RequestLine("GET", "/a b"),
        lambda: RequestLine("GET", ""),
        lambda: RequestLine("GET", "/é"),
        lambda: StatusLine(99),
        lambda: StatusLine(200, "a\r\nb"),
        lambda: ChunkHeader(-1),
        lambda: ChunkHeader(1, (("a b", None),)),
        lambda: format_last_chunk(Fields({"Host": "a"})),
    ],
)
def test_what_no_message_can_say_is_not_made(make: Callable[[], Any]) -> None:
    with pytest.raises(InvalidInput):
        make()


@pytest.mark.spec("HTTP-051")
@pytest.mark.parametrize(
    ("target", "origin", "host"),
    [
        ("http://www.example.org/pub/WWW/TheProject.html", "/pub/WWW/TheProject.html", "www.example.org"),
        ("HTTPS://example.org:8001?a", "/?a", "example.org:8001"),
        ("http://[::1]:80", "/", "[::1]:80"),
        ("/a?b=http://c/", "/a?b=http://c/", "old"),
        ("*", "*", "old"),
    ],
)
def test_an_absolute_target_becomes_path_and_host(target: str, origin: str, host: str) -> None:
    request, fields = origin_form(RequestLine("GET", target), Fields({"Host": "old"}))
    assert (request.target, fields.get("host")) == (origin, host)


@pytest.mark.spec("HTTP-051")
def test_the_odd_targets() -> None:
    assert origin_form(RequestLine("OPTIONS", "http://a"), Fields())[0].target == "*"
    assert origin_form(RequestLine("CONNECT", "a:80"), Fields()) == (RequestLine("CONNECT", "a:80"), Fields())
    assert "host" not in origin_form(RequestLine("GET", "/"), Fields())[1]
    for target in ("http://me@a/", "http:///a", "http://a:b/"):
        with pytest.raises(SyntaxFault):
            origin_form(RequestLine("GET", target), Fields())


@pytest.mark.spec("HTTP-050")
def test_what_methods_promise() -> None:
    assert [name for name in METHODS if not is_idempotent(name)] == ["CONNECT", "PATCH", "POST"]
    assert [name for name in METHODS if is_safe(name)] == ["GET", "HEAD", "OPTIONS", "TRACE"]
    assert not is_idempotent("get")
    assert not is_safe("X-OWN")


@pytest.mark.spec("HTTP-054")
@pytest.mark.parametrize(
    ("status", "phrase"),
    [
        (100, "Continue"),
        (103, "Early Hints"),
        (206, "Partial Content"),
        (207, "Multi-Status"),
        (303, "See Other"),
        (308, "Permanent Redirect"),
        (404, "Not Found"),
        (423, "Locked"),
        (428, "Precondition Required"),
        (431, "Request Header Fields Too Large"),
        (451, "Unavailable For Legal Reasons"),
        (505, "HTTP Version Not Supported"),
        (507, "Insufficient Storage"),
        (511, "Network Authentication Required"),
        (599, ""),
    ],
)
def test_each_status_has_its_phrase(status: int, phrase: str) -> None:
    assert reason(status) == phrase


@pytest.mark.spec("HTTP-042")
@pytest.mark.parametrize(
    ("version", "connection", "kept"),
    [
        (HTTP_1_1, None, True),
        (HTTP_1_1, "close", False),
        (HTTP_1_1, "Keep-Alive, CLOSE", False),
        (HTTP_1_0, None, False),
        (HTTP_1_0, "keep-alive", True),
        (HTTP_1_1, "a b", False),
    ],
)
def test_a_connection_is_kept_as_the_sender_says(version: Any, connection: str | None, kept: bool) -> None:
    assert keeps_alive(version, Fields().set("Connection", connection)) is kept


@pytest.mark.spec("HTTP-046")
def test_the_framing_of_a_message() -> None:
    get, ok = RequestLine("GET", "/"), StatusLine(200)
    chunked = Fields({"Transfer-Encoding": "gzip, chunked"})
    assert [framing(get, Fields()), framing(ok, Fields())] == [0, Framing.UNTIL_CLOSE]
    assert [framing(get, chunked), framing(ok, chunked, method="HEAD")] == [Framing.CHUNKED, 0]
    assert framing(ok, Fields({"Content-Length": "7"}), method="CONNECT") == 0
    assert content_length(Fields({"Content-Length": "7"})) == 7
    assert content_length(Fields()) is None


@pytest.mark.spec("HTTP-081")
@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("0", ChunkHeader()),
        ("1f", ChunkHeader(31)),
        ('a;b;c=d;e="f g"', ChunkHeader(10, (("b", None), ("c", "d"), ("e", "f g")))),
    ],
)
def test_the_line_before_a_chunk(text: str, header: ChunkHeader) -> None:
    assert parse_chunk_header(text) == header
    assert str(header) == text
    assert parse_chunk_header(f"000{text.upper()} ").size == header.size


@pytest.mark.spec("HTTP-081")
@pytest.mark.parametrize(
    ("text", "position"), [("", 0), ("g", 0), ("-1", 0), ("1;", 2), ("1;a=", 4), ("1 2", 2), ("1\r\n", 1)]
)
def test_a_broken_line_before_a_chunk_is_told_by_place(text: str, position: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse_chunk_header(text)
    assert caught.value.position == position


EXTENSIONS = st.lists(st.tuples(TOKENS, st.none() | WORDS), max_size=3).map(tuple)


@given(st.builds(ChunkHeader, st.integers(0, 16**15 - 1), EXTENSIONS))
def test_the_line_before_a_chunk_survives(header: ChunkHeader) -> None:
    assert parse_chunk_header(str(header)) == header


def test_an_empty_chunk_is_not_written_by_accident() -> None:
    assert format_chunk(b"") == b""
    assert format_chunk(b"a" * 16) == b"10\r\n" + b"a" * 16 + b"\r\n"
    assert format_last_chunk() == b"0\r\n\r\n"


@pytest.mark.spec("HTTP-092")
def test_folded_lines_are_unfolded_on_request() -> None:
    section = b"A: b\r\n  c\r\n\td \r\nE: f\r\n"
    assert list(parse_field_section(section, unfold=True)) == [("A", "b c d"), ("E", "f")]
    for broken, position in ((section, 6), (b" a: b\r\n", 0), (b"a: b", 0), (b"a\r\n", 0)):
        with pytest.raises(SyntaxFault) as caught:
            parse_field_section(broken)
        assert caught.value.position == position
    with pytest.raises(SyntaxFault):
        parse_field_section(b" a\r\n", unfold=True)


@given(SECTIONS)
def test_a_section_survives(items: list[tuple[str, str]]) -> None:
    assert parse_field_section(format_field_section(Fields(items))) == Fields(items)
