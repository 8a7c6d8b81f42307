"""From a batch to its answers: requests one after the other, groups each in one transaction.

Requests may refer to the entities of those before them by ``$id``, in URLs and in bodies (OData Protocol 4.01, section
11.7; OData 2.0, "Batch Processing", section 2.2.1). What a version has of its own is what `Batch` leaves open.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar, Final, TypeAlias

from demotic.errors import (
    DemoticError,
    InvalidInput,
    LimitExceeded,
    MethodNotAllowed,
    NotFound,
    SyntaxFault,
    UnsupportedMediaType,
)
from demotic.protocols.odata.common._answer import Call
from demotic.protocols.odata.common._body import read_bytes, with_body
from demotic.protocols.odata.common._media import MediaResponse
from demotic.protocols.odata.common.batch._items import Answer, Group, Item, requests
from demotic.service import Service, Transaction
from demotic.syntax.http import MediaType, Request, Response, parse_media_type

PATHS: Final = ("$batch", "%24batch")
"""Where batches are posted to, below the service root."""

_REFERENCE: Final = re.compile(r"\$([^/?#]+)")

Write: TypeAlias = Callable[[Sequence[Answer]], tuple[str, bytes]]
"""From the answers of a batch to the media type and the body of its own."""


class FailedDependency(DemoticError):
    """A request of a batch was not done, since one that it depends on failed."""

    code = "FailedDependency"
    status = 424


class Batch(ABC):
    """Answers batches."""

    inherited: ClassVar[tuple[str, ...]]
    """The header fields of a batch that count for each of its requests."""
    forms: ClassVar[tuple[str, ...]]
    """The media types in which batches come."""
    status: ClassVar[int] = 200
    """The status of the answer to a batch that could be read."""

    def __init__(self, service: Service, root_path: str) -> None:
        self._service = service
        self.root_path = root_path
        self.most = service.limits.body_length

    @abstractmethod
    def read(self, media: MediaType, body: bytes) -> list[Item | Group]:
        """Return what a batch asks for. Raises InvalidInput naming the part that is wrong."""

    @abstractmethod
    def writer(self, request: Request, media: MediaType) -> Write:
        """Return what writes the answers to a batch of a media type."""

    @abstractmethod
    def continues(self, request: Request) -> tuple[bool, str | None]:
        """Return whether to go on after errors, and the preference that says so as applied."""

    @abstractmethod
    def version(self, fields: Mapping[str, str]) -> str:
        """Return the version that one request of a batch is answered in. Raises DemoticError for one not spoken."""

    @abstractmethod
    def version_field(self, version: str) -> tuple[str, str]:
        """Return the header field that says a version."""

    @abstractmethod
    def alone(self, request: Request) -> Response:
        """Answer one request, whatever becomes of it."""

    @abstractmethod
    def within(self, call: Call, version: str, transaction: Transaction, known: Mapping[str, str]) -> Response:
        """Answer a request that belongs to a transaction with others. Raises DemoticError."""

    @abstractmethod
    def error(self, error: DemoticError, request: Request, version: str) -> Response:
        """Return the answer for an error."""

    def respond(self, call: Call, version: str) -> Response:
        """Answer a batch. Raises DemoticError for one that cannot be read, having done nothing of it."""
        request = call.request
        if request.method != "POST":
            raise MethodNotAllowed("a batch is posted", allowed=("POST",))
        media = self._media(request)
        parts = self.read(media, read_bytes(request, self._service.limits.body_length))
        most = self._service.limits.batch_requests
        if sum(1 for _ in requests(parts)) > most:
            raise LimitExceeded(f"a batch has at most {most} requests", target="body")
        write = self.writer(request, media)
        going_on, applied = self.continues(request)
        content_type, body = write(_Run(self, call, version).all(parts, going_on=going_on))
        fields = [("content-type", content_type), self.version_field(version), ("content-length", str(len(body)))]
        return Response(self.status, fields + ([("preference-applied", applied)] if applied else []), body)

    def _media(self, request: Request) -> MediaType:
        field = request.fields.get("content-type") or ""
        try:
            media = parse_media_type(field)
        except (SyntaxFault, InvalidInput):
            media = None
        if media is None or media.essence not in self.forms:
            hint = f"send {' or '.join(self.forms)}"
            raise UnsupportedMediaType(f"{field!r} is no batch", target="Content-Type", hint=hint)
        return media

    def group(self, calls: Sequence[tuple[Call, str]], known: dict[str, str], items: Sequence[Item]) -> list[Response]:
        """Answer requests that change data in one transaction. Raises `_GroupFailed`, having changed nothing."""
        responses: list[Response] = []

        def work(transaction: Transaction) -> dict[str, str]:
            responses.clear()
            named = dict(known)
            for (call, version), item in zip(calls, items, strict=True):
                call = _followed(replace(call, request=with_body(call.request, item.body)), named)
                response = self.within(call, version, transaction, named)
                responses.append(response)
                if item.id is not None:
                    named[item.id] = response.field("location") or call.root + call.rest
            return named

        try:
            known.update(self._service.transact(work))
        except DemoticError as error:
            raise _GroupFailed(len(responses), error) from error
        return responses


class _GroupFailed(Exception):
    """A request of a group failed: its place, and the error. The place is beyond the last if committing failed."""

    def __init__(self, place: int, error: DemoticError) -> None:
        super().__init__(str(error))
        self.place = place
        self.error = error


class _Run:
    """One batch under way: what its requests have led to so far."""

    def __init__(self, batch: Batch, call: Call, version: str) -> None:
        self._batch = batch
        self._call = call
        self._version = version
        self._root_path = batch.root_path
        self._urls: dict[str, str] = {}
        self._failed: set[str] = set()
        self._streamed = 0

    def all(self, parts: Sequence[Item | Group], *, going_on: bool) -> list[Answer]:
        """Do the parts in order, and return the answers: up to the first that fails, unless ``going_on``."""
        answers: list[Answer] = []
        for part in parts:
            made = self._group(part) if isinstance(part, Group) else [self._item(part)]
            answers += made
            if not going_on and any(answer.response.status >= 400 for answer in made):
                break
        return answers

    def _item(self, item: Item) -> Answer:
        try:
            self._ensure_done(item.depends)
            response = self._together(Group((item,)), self._urls)[0] if self._refers(item) else self._alone(item)
        except _GroupFailed as failure:
            response = self._error(failure.error)
        except DemoticError as error:
            response = self._error(error)
        self._note(item.id, response)
        return Answer(item, response)

    def _alone(self, item: Item) -> Response:
        request = self._request(item)
        response = self._bounded(self._batch.alone(request))
        if item.id is not None:
            url = f"{self._call.root}{request.path[len(self._root_path) :]}"
            self._urls[item.id] = response.field("location") or url
        return response

    def _refers(self, item: Item) -> bool:
        """Whether the body of a change may name entities of requests before it."""
        changes = item.method not in ("GET", "HEAD") and "json" in item.fields.get("content-type", "")
        return changes and any(f'"${name}"'.encode() in item.body for name in self._urls)

    def _bounded(self, response: Response) -> Response:
        """Return an answer of the batch, which is kept whole: streams have no more bytes together than a body may."""
        if isinstance(response, MediaResponse):
            self._streamed += response.length
            if self._streamed > self._batch.most:
                if not isinstance(response.body, bytes):
                    response.body.close()
                raise LimitExceeded(
                    f"the streams in this batch have more than {self._batch.most} bytes", hint="ask for them alone"
                )
        return response

    def _group(self, group: Group) -> list[Answer]:
        known = dict(self._urls)
        try:
            self._ensure_done(group.depends)
            responses = self._together(group, known)
        except _GroupFailed as failure:
            return self._refused(group, failure)
        except DemoticError as error:
            return self._refused(group, _GroupFailed(0, error))
        self._urls = known
        return [Answer(item, response, group) for item, response in zip(group.items, responses, strict=True)]

    def _together(self, group: Group, known: dict[str, str]) -> list[Response]:
        calls = []
        for place, item in enumerate(group.items):
            try:
                request = self._request(item, within=group)
                version = self._batch.version(request.fields)
            except DemoticError as error:
                raise _GroupFailed(place, error) from error
            rest = request.path[len(self._root_path) :]
            calls.append((replace(self._call, request=request, rest=rest, page=None, preferred=None), version))
        return self._batch.group(calls, known, group.items)

    def _refused(self, group: Group, failure: _GroupFailed) -> list[Answer]:
        """Return the answers for a group that failed: in a multipart batch one, in a JSON batch one for each."""
        place = min(failure.place, len(group.items) - 1)
        error = self._error(failure.error)
        self._failed |= {name for name in (group.id, *(item.id for item in group.items)) if name is not None}
        if group.id is None:
            return [Answer(group.items[place] if group.items else Item("POST", ""), error)]
        other = FailedDependency(f"{group.items[place].id} failed, and with it all of {group.id}")
        return [Answer(item, error if n == place else self._error(other), group) for n, item in enumerate(group.items)]

    def _error(self, error: DemoticError) -> Response:
        return self._batch.error(error, self._call.request, self._version)

    def _note(self, name: str | None, response: Response) -> None:
        if name is not None and response.status >= 400:
            self._failed.add(name)

    def _ensure_done(self, names: Sequence[str]) -> None:
        failed = [name for name in names if name in self._failed]
        if failed:
            raise FailedDependency(f"{failed[0]} failed, which this depends on")

    def _request(self, item: Item, within: Group | None = None) -> Request:
        """Return a request of the batch as one of its own. Raises InvalidInput, NotFound for a URL of another place."""
        path, _, query = self._path(item.url, within).partition("?")
        outer = self._call.request
        fields = {name: outer.fields[name] for name in self._batch.inherited if outer.fields.get(name) is not None}
        fields.update(item.fields)
        fields["content-length"] = str(len(item.body))  # the batch has parted it, whatever was announced
        if path[len(self._root_path) :] in PATHS:
            raise InvalidInput("a batch within a batch is not offered", target="url")
        request = Request(item.method, path, query, fields, outer.scheme, outer.host, f"{outer.id}")
        return with_body(request, item.body)

    def _path(self, url: str, within: Group | None) -> str:
        root = self._call.root
        found = _REFERENCE.match(url)
        names = {item.id for item in within.items} if within is not None else set()
        self._ensure_done([found[1]] if found is not None else [])
        if found is not None and found[1] in self._urls:
            url = self._urls[found[1]] + url[found.end() :]
        elif found is not None and found[1] in names:
            return f"{self._root_path}{url}"  # to be followed when the entity is there
        if url.startswith(root):
            return self._root_path + url[len(root) :]
        if url.startswith("/"):
            if not url.startswith(self._root_path):
                raise NotFound(f"{url} is not a resource of this service", target="url", hint=f"its root is {root}")
            return url
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url):
            raise NotFound(f"{url} is not a resource of this service", target="url", hint=f"its root is {root}")
        return self._root_path + url


def _followed(call: Call, known: Mapping[str, str]) -> Call:
    """Return a call whose path begins with ``$id`` as one of that entity's URL."""
    found = _REFERENCE.match(call.rest)
    url = known.get(found[1]) if found is not None else None
    return (
        call if found is None or url is None else replace(call, rest=url[len(call.root) :] + call.rest[found.end() :])
    )
