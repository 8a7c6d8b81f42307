"""The columns of a CSV file, as the request and the model say: the same ones whatever the rows hold, or without any."""

from __future__ import annotations

from urllib.parse import urlsplit

from demotic.cli._client import ROOT
from demotic.cli._tables import Path
from demotic.model import Model
from demotic.query import Query, Selection, Target, bind_request, read_options, read_path

_ENTITIES = (Target.COLLECTION, Target.ENTITY)


def csv_columns(model: Model, url: str) -> list[Path]:
    """Return the columns of the entities that a request asks for, in the order of its ``$select``.

    Nothing for a request that asks for something else.
    """
    parts = urlsplit(url)
    path = read_path(parts.path.removeprefix(urlsplit(ROOT).path))
    bound = bind_request(path, read_options(parts.query), model=model)
    if bound.target not in _ENTITIES or bound.read is None:
        return []
    return _columns(bound.read.query, bound.selection)


def _columns(query: Query, selection: Selection) -> list[Path]:
    """Return the columns of one level, then those of what is expanded in it; related entities to many are one."""
    names = [item.name for item in query.delivered] + [part.property.name for part in query.parts]
    words = [word.partition("/")[0] for word in selection.names or ()]
    selected = [name for name in words if name in names]
    found: list[Path] = [(name,) for name in dict.fromkeys([*selected, *names])]
    for expand, inside in zip(query.expand, selection.expand, strict=True):
        name = expand.navigation.name
        further = [()] if expand.navigation.collection else _columns(expand.query, inside)
        found += [(name, *path) for path in further]
    return found
