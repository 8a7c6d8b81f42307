"""Compression on the way out: every case behind WSGI and ASGI, streams in time, and what stands around and inside."""

from __future__ import annotations

import itertools
import random
import zlib
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
from backports import zstd

from demotic.cache.web import asgi, wsgi
from demotic.errors import InvalidInput

from .support import Scripted, ask_asgi, ask_wsgi, cases, environ_of, run_case

ASK = {"wsgi": (wsgi, ask_wsgi), "asgi": (asgi, ask_asgi)}


@pytest.mark.parametrize("form", ASK)
@pytest.mark.parametrize("case", cases("compress"), ids=lambda case: case["title"])
@pytest.mark.feature("F-WEBCACHE-03", "F-WEBCACHE-04")
@pytest.mark.spec("APP-007")
def test_a_case(case: dict[str, Any], form: str) -> None:
    module, ask = ASK[form]
    run_case(case, form, module.compress, ask)


@pytest.mark.parametrize("form", ASK)
def test_what_does_not_get_smaller_is_left_as_it_is(form: str) -> None:
    module, ask = ASK[form]
    noise = random.Random(7).randbytes(600)
    app = Scripted(fields={"Content-Type": "text/plain", "ETag": '"a"'}, chunks=(noise,))
    got = ask(module.compress(getattr(app, form)), accept_encoding="gzip")
    assert (got.body, got.fields.get("content-encoding"), got.fields["etag"]) == (noise, None, '"a"')


@pytest.mark.parametrize("form", ASK)
def test_a_compressed_page_has_a_length(form: str) -> None:
    module, ask = ASK[form]
    app = Scripted(fields={"Content-Type": "text/plain", "Content-Length": "3000"}, chunks=(b"hello " * 500,))
    got = ask(module.compress(getattr(app, form)), accept_encoding="gzip")
    assert got.fields["content-length"] == str(len(got.body))
    assert len(got.body) < 100


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
@pytest.mark.feature("F-WEBCACHE-05")
def test_each_piece_of_a_stream_can_be_read_when_it_is_sent(coding: str) -> None:
    app = Scripted(fields={"Content-Type": "text/plain"}, chunks=tuple(b"line %d\n" % n for n in range(5)), stream=True)
    pieces = iter(wsgi.compress(app.wsgi)(environ_of(accept_encoding=coding), lambda *_: None))
    read = STREAMS[coding]()
    for number in range(5):
        assert read(next(pieces)) == b"line %d\n" % number
        assert app.sent == number + 1


STREAMS = {
    "gzip": lambda: zlib.decompressobj(31).decompress,
    "br": lambda: brotli.Decompressor().process,
    "zstd": lambda: zstd.ZstdDecompressor().decompress,
}


@pytest.mark.feature("F-WEBCACHE-05")
def test_a_stream_without_end_is_neither_collected_nor_left_open() -> None:
    closed = []

    def app(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        try:
            for number in itertools.count():
                yield b"%d " % number
        finally:
            closed.append(True)

    wrapped = wsgi.compress(wsgi.conditional(app))
    body = wrapped(environ_of(accept_encoding="gzip"), lambda *_: None)
    first = zlib.decompressobj(31).decompress(b"".join(itertools.islice(body, 100)))
    assert first.startswith(b"0 1 2 3 ")
    assert closed == []
    body.close()
    assert closed == [True]


@pytest.mark.parametrize("form", ASK)
@pytest.mark.parametrize("outside", ["compress", "conditional"])
@pytest.mark.feature("F-WEBCACHE-04")
@pytest.mark.spec("APP-006", "APP-007")
def test_either_middleware_may_stand_outside(form: str, outside: str) -> None:
    module, ask = ASK[form]
    app = Scripted(fields={"Content-Type": "text/plain"}, chunks=(b"hello " * 500,))
    first, second = (
        (module.conditional, module.compress) if outside == "compress" else (module.compress, module.conditional)
    )
    wrapped = second(first(getattr(app, form)))
    got = {coding: ask(wrapped, accept_encoding=coding) for coding in ("gzip", "br", "identity")}
    assert {response.plain for response in got.values()} == {b"hello " * 500}
    assert len({response.fields["etag"] for response in got.values()}) == 3
    for coding, response in got.items():
        tag = response.fields["etag"]
        again = ask(wrapped, accept_encoding=coding, if_none_match=tag)
        assert (again.status, again.fields["etag"], again.body) == (304, tag, b"")
        assert again.fields["vary"] == "Accept-Encoding"
    assert ask(wrapped, accept_encoding="gzip", if_none_match=got["br"].fields["etag"]).status == 200


@pytest.mark.parametrize("form", ASK)
@pytest.mark.feature("F-WEBCACHE-06")
def test_a_coding_that_is_not_there_is_told_at_once(form: str) -> None:
    module, _ = ASK[form]
    with pytest.raises(InvalidInput, match="'deflate' is not available"):
        module.compress(None, codings=["gzip", "deflate"])


@pytest.mark.parametrize("form", ASK)
@pytest.mark.feature("F-WEBCACHE-06")
def test_codings_types_and_sizes_can_be_chosen(form: str) -> None:
    module, ask = ASK[form]
    app = Scripted(fields={"Content-Type": "image/png"}, chunks=(b"hello " * 10,))
    wrapped = module.compress(getattr(app, form), codings=["gzip", "br"], types={"image/*"}, minimum=60)
    assert ask(wrapped, accept_encoding="zstd, br, gzip").fields["content-encoding"] == "gzip"
    wrapped = module.compress(getattr(app, form), types={"image/*"}, minimum=61)
    assert "content-encoding" not in ask(wrapped, accept_encoding="zstd, br, gzip").fields
