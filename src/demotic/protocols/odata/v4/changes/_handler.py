"""From a request that changes data to its response: all of it in one transaction, committed before it is answered.

OData Protocol 4.01, sections 8.2.8.7 (return), 8.3.4 (OData-EntityId), 10.8 and 11.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from demotic.errors import InvalidInput, MethodNotAllowed, NotFound, SyntaxFault
from demotic.model import EntitySet
from demotic.protocols.odata.common import Call
from demotic.protocols.odata.common.changes import Asked, Done, Operation, References, set_of
from demotic.protocols.odata.v4._compile import Compiler
from demotic.protocols.odata.v4._entities import ReadEntity, ReadProperty
from demotic.protocols.odata.v4._negotiation import json_format
from demotic.protocols.odata.v4._rows import key_literal
from demotic.protocols.odata.v4.changes._dialect import DialectV4
from demotic.protocols.odata.v4.changes._methods import OPERATIONS, REFERENCE_OPERATIONS
from demotic.query import BoundRequest, Options, Target, bind_request, read_options, read_path, split_query
from demotic.service import Entity, Representation, Service, Transaction, View, converter, entity_tag
from demotic.syntax.http import Response, parse_prefer

READ: Final = ("GET", "HEAD")
_DIALECT: Final = DialectV4()
_READING: Final = ("filter", "orderby", "top", "skip", "skiptoken", "count")


class Changer:
    """Answers requests that change data."""

    def __init__(self, service: Service, compiler: Compiler, root_path: str) -> None:
        self._service = service
        self._compiler = compiler
        self._root_path = root_path

    def respond(self, call: Call, version: str) -> Response:
        """Answer a request with another method than GET and HEAD. Raises DemoticError, having changed nothing."""
        prepared = self._prepared(call, version)
        with self._service.transaction() as transaction:
            return prepared(transaction, {})

    def within(self, call: Call, version: str, transaction: Transaction, known: Mapping[str, str]) -> Response:
        """Answer a request that belongs to a transaction with others; ``known`` are the URLs of their entities."""
        return self._prepared(call, version)(transaction, known)

    def _prepared(self, call: Call, version: str) -> Callable[[Transaction, Mapping[str, str]], Response]:
        """Check a request as far as that needs no data, and return what answers it."""
        request = call.request
        if self._service.read_only:
            hint = "this service is read-only"
            raise MethodNotAllowed(f"{request.method} is not offered here", allowed=READ, hint=hint)
        path, of_reference = _without_ref(call.rest)
        pairs = split_query(request.query)
        identifier = next((value for name, value in pairs if name in ("$id", "id")), None) if of_reference else None
        options = read_options([pair for pair in pairs if not (of_reference and pair[0] in ("$id", "id"))])
        bound = self._bound(path)
        operation = self._operation(request.method, bound, of_reference)
        _ensure_shaping(options, request.method, bound.target)
        json_format(request.fields.get("accept"), options.format, version)  # what cannot be answered is not done
        preferred = _preferred(request.fields.get("prefer"))

        def answer(transaction: Transaction, known: Mapping[str, str]) -> Response:
            references = References(self._bound, transaction.view, call.root, self._root_path, known)
            most = self._service.limits.body_length
            asked = Asked(request, bound, transaction, references, _DIALECT, most, identifier=identifier)
            return self._response(call, bound, operation(asked), transaction.view, preferred, version)

        return answer

    def _bound(self, path: str) -> BoundRequest:
        return bind_request(read_path(path), model=self._service.model, limits=self._service.limits.query)

    def _operation(self, method: str, bound: BoundRequest, of_reference: bool) -> Operation:
        table = REFERENCE_OPERATIONS if of_reference else OPERATIONS
        offered = table.get(bound.target, {})
        if of_reference and bound.target not in table:
            raise NotFound("$ref follows a navigation property", hint="address Set(key)/Navigation/$ref")
        if method not in offered:
            allowed = (*READ, *offered)
            raise MethodNotAllowed(
                f"{method} is not offered for {bound.target.value}",
                allowed=allowed,
                hint=f"it takes {', '.join(allowed)}",
            )
        return offered[method]

    def _response(
        self, call: Call, bound: BoundRequest, done: Done, view: View, preferred: str | None, version: str
    ) -> Response:
        if done.entity is None:
            return Response(204, [("odata-version", version)])
        entity_set = set_of(bound.read.source) if bound.read is not None else None
        assert entity_set is not None
        wanted = preferred or ("representation" if done.created else "minimal")
        whole = bound.target in (Target.COLLECTION, Target.ENTITY)
        url = call.root + _relative(entity_set, done.entity)
        if wanted == "representation":
            response = self._representation(call, bound, entity_set, done, view, version, whole=whole)
        else:
            response = Response(204, [("odata-version", version), ("etag", entity_tag(entity_set.type, done.entity))])
        if done.created:
            response.status = 201 if response.status == 200 else response.status
            response.fields += [("location", url)] + ([("odata-entityid", url)] if response.status == 204 else [])
        if preferred:
            response.fields.append(("preference-applied", f"return={preferred}"))
        return response

    def _representation(
        self,
        call: Call,
        bound: BoundRequest,
        entity_set: EntitySet,
        done: Done,
        view: View,
        version: str,
        *,
        whole: bool,
    ) -> Response:
        """Answer with the entity, or the property, as it is now: in the state that the transaction sees."""
        assert done.entity is not None
        path, query = _relative(entity_set, done.entity), call.request.query
        if not whole:
            path += "".join(f"/{item.name}" for item in bound.properties)
        if done.shown and not read_options(query).expand:  # as deep as was inserted (section 11.4.2.2)
            query = f"{query}&$expand={done.shown}" if query else f"$expand={done.shown}"
        compiled = self._compiler.compile(path, query, call.request.fields.get("accept"), version)
        operation = compiled.operation
        assert isinstance(operation, (ReadEntity, ReadProperty))
        operation = replace(operation, service=replace(self._service, store=view))
        plain = replace(call.request, method="GET", fields={})
        return operation.respond(replace(call, request=plain), compiled.values)


def _without_ref(path: str) -> tuple[str, bool]:
    for suffix in ("/$ref", "/%24ref"):
        if path.endswith(suffix):
            return path[: -len(suffix)], True
    return path, False


def _ensure_shaping(options: Options, method: str, target: Target) -> None:
    """Raise InvalidInput for options that say nothing about a change: only the answer can be shaped."""
    given = [name for name in _READING if getattr(options, name)]
    if given:
        raise InvalidInput(f"${given[0]} says nothing about a {method}", target=f"${given[0]}", hint="leave it out")
    if target not in (Target.COLLECTION, Target.ENTITY) and (options.select or options.expand):
        raise InvalidInput("$select and $expand shape entities", target="$select", hint="leave them out")


def _preferred(field: str | None) -> str | None:
    """Return what the caller prefers to be returned, ``None`` where it does not say (or not so that it can be read)."""
    if field is None:
        return None
    try:
        found = parse_prefer(field).get("return")
    except SyntaxFault:
        return None
    return found.value if found is not None and found.value in ("minimal", "representation") else None


def _relative(entity_set: EntitySet, entity: Entity) -> str:
    """Return the URL of an entity below the service root."""
    values = []
    for item in entity_set.type.key:
        convert, value = converter(item, Representation.JSON), entity[item.name]
        values.append(value if convert is None else convert(value))
    literal = key_literal(entity_set.type.key, values)
    assert literal is not None
    return entity_set.name + literal
