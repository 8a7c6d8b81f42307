"""From a batch to its answers: requests one after the other, groups each in one transaction.

OData Protocol 4.01, section 11.7. What comes after a request that failed is not done, unless the caller prefers it to
be (section 8.2.8.3). Requests may refer to the entities of those before them by ``$id``, in URLs and in bodies.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from demotic.errors import (
    DemoticError,
    InvalidInput,
    LimitExceeded,
    MethodNotAllowed,
    NotFound,
    SyntaxFault,
    UnsupportedMediaType,
)
from demotic.protocols.odata.v4._answer import Call
from demotic.protocols.odata.v4._errors import error_response
from demotic.protocols.odata.v4._negotiation import version_for
from demotic.protocols.odata.v4.batch._items import Answer, Group, Item, requests
from demotic.protocols.odata.v4.batch._json import read_json_batch, write_json_batch
from demotic.protocols.odata.v4.batch._multipart import read_multipart, write_multipart
from demotic.protocols.odata.v4.changes import Changer, read_bytes
from demotic.service import Service
from demotic.syntax.http import Handler, Request, Response, negotiate, parse_media_type, parse_prefer

PATHS: Final = ("$batch", "%24batch")
_INHERITED: Final = ("odata-maxversion", "authorization")
_REFERENCE: Final = re.compile(r"\$([^/?#]+)")
_JSON: Final = parse_media_type("application/json")
_MIXED: Final = parse_media_type("multipart/mixed")


class FailedDependency(DemoticError):
    """A request of a batch was not done, since one that it depends on failed."""

    code = "FailedDependency"
    status = 424


class Batch:
    """Answers batches. ``handler`` answers single requests."""

    def __init__(self, service: Service, handler: Handler, changer: Changer, root_path: str) -> None:
        self._service = service
        self._handler = handler
        self._changer = changer
        self._root_path = root_path

    def respond(self, call: Call, version: str) -> Response:
        """Answer a batch. Raises DemoticError for one that cannot be read, having done nothing of it."""
        request = call.request
        if request.method != "POST":
            raise MethodNotAllowed("a batch is posted", allowed=("POST",))
        as_json, parts = self._read(request)
        most = self._service.limits.batch_requests
        if sum(1 for _ in requests(parts)) > most:
            raise LimitExceeded(f"a batch has at most {most} requests", target="body")
        write = self._writer(request.fields.get("accept"), as_json=as_json)
        going_on, applied = _continues(request.fields.get("prefer"))
        answers = _Run(self, call, version).all(parts, going_on=going_on)
        media, body = write(answers)
        fields = [("content-type", media), ("odata-version", version), ("content-length", str(len(body)))]
        return Response(200, fields + ([("preference-applied", applied)] if applied else []), body)

    def _read(self, request: Request) -> tuple[bool, list[Item | Group]]:
        field = request.fields.get("content-type") or ""
        try:
            media = parse_media_type(field)
        except (SyntaxFault, InvalidInput):
            media = None
        essence = media.essence if media is not None else ""
        if media is None or essence not in ("multipart/mixed", "application/json"):
            hint = "send multipart/mixed or application/json"
            raise UnsupportedMediaType(f"{field!r} is no batch", target="Content-Type", hint=hint)
        body = read_bytes(request, self._service.limits.body_length)
        if essence == "application/json":
            return True, read_json_batch(body)
        return False, read_multipart(media, body)

    @staticmethod
    def _writer(accept: str | None, *, as_json: bool) -> Callable[[Sequence[Answer]], tuple[str, bytes]]:
        """Return what writes the answers: in the form that the caller takes, of two the one of the batch."""
        offered = [_JSON, _MIXED] if as_json else [_MIXED, _JSON]
        try:
            chosen = negotiate(accept, offered)
        except SyntaxFault:
            chosen = None
        return write_json_batch if (chosen or offered[0]) is _JSON else write_multipart

    def alone(self, request: Request) -> Response:
        """Answer one request."""
        return self._handler(request)

    def group(
        self, calls: Sequence[tuple[Call, str]], known: dict[str, str], ids: Sequence[str | None]
    ) -> list[Response]:
        """Answer requests that change data in one transaction. Raises `_GroupFailed`, having changed nothing."""
        responses: list[Response] = []
        try:
            with self._service.transaction() as transaction:
                for (call, version), name in zip(calls, ids, strict=True):
                    call = _followed(call, known)
                    response = self._changer.within(call, version, transaction, known)
                    responses.append(response)
                    if name is not None:
                        known[name] = response.field("location") or call.root + call.rest
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
        self._root_path = batch._root_path
        self._urls: dict[str, str] = {}
        self._failed: set[str] = set()

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
            request = self._request(item)
            response = self._batch.alone(request)
            if item.id is not None:
                url = f"{self._call.root}{request.path[len(self._root_path) :]}"
                self._urls[item.id] = response.field("location") or url
        except DemoticError as error:
            response = error_response(error, self._version)
        self._note(item.id, response)
        return Answer(item, response)

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
                version = version_for(request.fields.get("odata-maxversion"), request.fields.get("odata-version"))
            except DemoticError as error:
                raise _GroupFailed(place, error) from error
            rest = request.path[len(self._root_path) :]
            calls.append((replace(self._call, request=request, rest=rest, page=None, preferred=None), version))
        return self._batch.group(calls, known, [item.id for item in group.items])

    def _refused(self, group: Group, failure: _GroupFailed) -> list[Answer]:
        """Return the answers for a group that failed: in a multipart batch one, in a JSON batch one for each."""
        place = min(failure.place, len(group.items) - 1)
        error = error_response(failure.error, self._version)
        self._failed |= {name for name in (group.id, *(item.id for item in group.items)) if name is not None}
        if group.id is None:
            return [Answer(group.items[place] if group.items else Item("POST", ""), error)]
        other = FailedDependency(f"{group.items[place].id} failed, and with it all of {group.id}")
        return [
            Answer(item, error if n == place else error_response(other, self._version), group)
            for n, item in enumerate(group.items)
        ]

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
        fields = {name: outer.fields[name] for name in _INHERITED if outer.fields.get(name) is not None}
        fields.update(item.fields)
        fields.setdefault("content-length", str(len(item.body)))
        if path[len(self._root_path) :] in PATHS:
            raise InvalidInput("a batch within a batch is not offered", target="url")
        body = io.BytesIO(item.body).read
        return Request(item.method, path, query, fields, outer.scheme, outer.host, f"{outer.id}", body)

    def _path(self, url: str, within: Group | None) -> str:
        root = self._call.root
        found = _REFERENCE.match(url)
        names = {item.id for item in within.items} if within is not None else set()
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


def _continues(field: str | None) -> tuple[bool, str | None]:
    """Return whether to go on after errors, and the preference that says so as applied."""
    if field is None:
        return False, None
    try:
        preferences: Mapping[str, object] = parse_prefer(field)
    except SyntaxFault:
        return False, None
    for name in ("continue-on-error", "odata.continue-on-error"):
        if name in preferences and getattr(preferences[name], "value", None) != "false":
            return True, name
    return False, None
