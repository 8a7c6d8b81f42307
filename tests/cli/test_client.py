"""Requests as people type them, and answers in this process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from demotic.cli._client import ROOT, get, get_all, request_url
from demotic.cli._errors import RequestRefused
from demotic.syntax.http import Request, Response

JSON = [("content-type", "application/json;odata.metadata=minimal")]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("", ""),
        ("Products", "Products"),
        ("/Products", "Products"),
        ("Products?$filter=Price gt 20&$top=5", "Products?$filter=Price%20gt%2020&$top=5"),
        ("Products?$filter=Name eq 'Käse'", "Products?$filter=Name%20eq%20'K%C3%A4se'"),
        ("Products('a%2Fb')", "Products('a%2Fb')"),
        ("Products?$filter=contains(Name,'50%')", "Products?$filter=contains(Name,'50%25')"),
        ("Products?$filter=Name eq 'a#\"b'", "Products?$filter=Name%20eq%20'a%23%22b'"),
    ],
)
def test_a_request_may_be_typed_as_it_reads(typed: str, sent: str) -> None:
    assert request_url(typed) == ROOT + sent


def test_next_links_are_followed_to_the_end() -> None:
    pages = {"": b'{"value":[1],"@odata.nextLink":"A?n=2"}', "n=2": b'{"value":[2]}'}
    asked = []

    def handler(request: Request) -> Response:
        asked.append(request.target)
        return Response(200, JSON, pages[request.query])

    assert [page.content["value"] for page in get_all(handler, request_url("A"))] == [[1], [2]]
    assert asked == ["/odata/v4/A", "/odata/v4/A?n=2"]


class _Chunks:
    def __init__(self) -> None:
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return iter([b'{"value"', b":1.50}"])

    def close(self) -> None:
        self.closed += 1


def test_a_body_in_chunks_is_put_together_and_closed() -> None:
    body = _Chunks()
    answer = get(lambda _: Response(200, JSON, body), ROOT)
    assert answer is not None
    assert str(answer.content["value"]) == "1.50"
    assert body.closed == 1


def test_no_content_is_nothing() -> None:
    assert get(lambda _: Response(204, []), ROOT) is None


REFUSALS = [
    (400, JSON, b'{"error":{"code":"X","message":"wrong"}}', "wrong", None),
    (
        400,
        JSON,
        b'{"error":{"message":"wrong","details":[{"code":"Position","message":"a b\\n  ^"},'
        b'{"code":"Y","message":"and"}]}}',
        "wrong\n  and",
        "a b\n  ^",
    ),
    (404, [("content-type", "text/plain")], b"gone", "the request is answered with status 404", None),
    (500, JSON, b"", "the request is answered with status 500", None),
]


@pytest.mark.parametrize(("status", "fields", "body", "message", "place"), REFUSALS)
def test_an_error_answer_becomes_an_error(
    status: int, fields: list[tuple[str, str]], body: bytes, message: str, place: str | None
) -> None:
    with pytest.raises(RequestRefused) as caught:
        get(lambda _: Response(status, fields, body), ROOT)
    assert (caught.value.message, caught.value.place, caught.value.answered) == (message, place, status)
